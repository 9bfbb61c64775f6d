/**
 * A book kept by a snapshot and numbered differences, by the rules that Binance documents for its streams.
 *
 * Spot (developers.binance.com, web socket streams, "How to manage a local order book correctly"):
 * differences that end at or before the snapshot's last update id L are dropped; the first one applied
 * covers L + 1 (U <= L + 1 <= u); each next one begins where the one before ended (U = previous u + 1).
 * USD-M futures (the page of the same name): those that end before L are dropped; the first one covers L
 * (U <= L <= u, or pu = L, which leaves no room for a gap either); each next one names its predecessor
 * (pu = previous u).
 * A difference that breaks the chain is a gap: from then on the book is not known until another snapshot
 * comes. Quantities are absolute, 0 removes a level; removing a level that is not there is normal.
 */
import { LevelBook } from './level-book.js';

/** Set its levels, then call end(). */
export const DIFF_APPLY = 0;
/** It ends before what the book holds: drop it. */
export const DIFF_STALE = 1;
/** Ids are missing between the book and it: the book is lost until the next snapshot. */
export const DIFF_GAP = 2;
/** No snapshot holds yet: keep it until one comes. */
export const DIFF_WAIT = 3;

/** "No previous id": the difference is one of a spot stream. */
export const SPOT = -1;

export class DiffBook {
  readonly levels = new LevelBook();
  /** Last update id in the book; NaN while there is none. */
  lastId = NaN;
  /** True until the first difference after a snapshot. */
  private fresh = false;

  /** True when the levels are those of the exchange at lastId. */
  get inSync(): boolean {
    return this.lastId >= 0;
  }

  /** Empties the book for a snapshot's levels, which the caller sets next. */
  snapshot(lastUpdateId: number): void {
    this.levels.clear();
    this.lastId = lastUpdateId;
    this.fresh = true;
  }

  /** What to do with the difference of ids first..last; `previous` is its pu, or SPOT. Returns DIFF_*. */
  admit(first: number, last: number, previous: number): number {
    if (!this.inSync) return DIFF_WAIT;
    const { lastId } = this;
    if (previous === SPOT ? last <= lastId : last < lastId || (last === lastId && !this.fresh)) {
      return DIFF_STALE;
    }
    // After a snapshot it may also reach back before it; that it ends after it is known here.
    const follows = this.chained(first, previous) || (this.fresh && first <= lastId);
    if (follows) return DIFF_APPLY;
    this.lose();
    return DIFF_GAP;
  }

  /** After the levels of an admitted difference were set. */
  end(last: number): void {
    this.lastId = last;
    this.fresh = false;
  }

  /** Forgets the book until the next snapshot. */
  lose(): void {
    this.levels.clear();
    this.lastId = NaN;
  }

  private chained(first: number, previous: number): boolean {
    return previous === SPOT ? first === this.lastId + 1 : previous === this.lastId;
  }
}
