/** The sweeps of a memory store, oldest first. */
import type { JobStore } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import type { StoredSweep, SweepMark, SweepRecord } from '../contract/stored-sweep.js';

export class MemorySweeps {
  readonly #sweeps = new Map<string, StoredSweep>();

  accept(record: SweepRecord): void {
    const { id, idempotencyKey } = record;
    const owner = idempotencyKey === null ? null : this.byIdempotencyKey(idempotencyKey);
    if (owner) throw new MmsError('E_STORE', `The idempotency key of ${id} belongs to ${owner.record.id}.`);
    const mark = { state: 'running', round: 0, finishedMs: null, counts: null } as const;
    this.#sweeps.set(id, { record, mark });
  }

  mark(id: string, mark: SweepMark): void {
    const sweep = this.#sweeps.get(id);
    if (!sweep) throw new MmsError('E_STORE', `Sweep ${id} is unknown to the store.`);
    this.#sweeps.set(id, { ...sweep, mark });
  }

  load(id: string): StoredSweep | null {
    return this.#sweeps.get(id) ?? null;
  }

  byIdempotencyKey(key: string): StoredSweep | null {
    return this.#all().find(({ record }) => record.idempotencyKey === key) ?? null;
  }

  /** Newest first. */
  list({ state, limit, before }: Parameters<JobStore['listSweeps']>[0]): StoredSweep[] {
    const newestFirst = this.#all().reverse();
    const start = before === undefined ? 0 : newestFirst.findIndex(({ record }) => record.id === before) + 1;
    if (before !== undefined && start === 0) return [];
    const fits = newestFirst.slice(start).filter(({ mark }) => (state ?? mark.state) === mark.state);
    return fits.slice(0, limit);
  }

  open(): StoredSweep[] {
    return this.#all().filter(({ mark }) => mark.finishedMs === null);
  }

  remove(id: string): void {
    this.#sweeps.delete(id);
  }

  clear(): void {
    this.#sweeps.clear();
  }

  #all(): StoredSweep[] {
    return [...this.#sweeps.values()];
  }
}
