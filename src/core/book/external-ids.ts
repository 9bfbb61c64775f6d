/**
 * Arbitrary order ids at the edge of the book: any 64-bit number or text gets a dense id while its order
 * lives.
 *
 * The book's id table is indexed by the id, so that ids must be small and dense; freed ones are used
 * again, last in, first out. Cost: one Map operation per call, amortised O(1); it allocates, unlike the
 * book.
 */
import { NIL } from './codes.js';

export type ExternalId = number | bigint | string;

export class ExternalIds {
  private readonly dense = new Map<ExternalId, number>();
  private readonly names: ExternalId[] = [];
  private readonly free: number[] = [];

  /** Ids that are in use. */
  get size(): number {
    return this.dense.size;
  }

  /** Dense id of a known external one, NIL when it is not known. */
  find(external: ExternalId): number {
    return this.dense.get(external) ?? NIL;
  }

  /** Dense id of an external one, a new one when it is not known. */
  take(external: ExternalId): number {
    const known = this.dense.get(external);
    if (known !== undefined) return known;
    const id = this.free.pop() ?? this.names.length;
    this.dense.set(external, id);
    this.names[id] = external;
    return id;
  }

  /** External id of a dense one that is in use. */
  nameOf(id: number): ExternalId {
    return this.names[id];
  }

  /** The order is gone: its dense id may be used again. False when the external id is not known. */
  release(external: ExternalId): boolean {
    const id = this.dense.get(external);
    if (id === undefined) return false;
    this.dense.delete(external);
    this.free.push(id);
    return true;
  }
}
