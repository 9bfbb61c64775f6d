/**
 * A disk under the job store: what was written waits until the disk syncs it. A crash loses what still waits,
 * except for some first part that had reached the platter. What a sync carries out is the memory store, whose
 * promises the SQLite store keeps as well.
 */
import type { JobStore } from '../../../src/contract/ports.js';
import { MmsError } from '../../../src/contract/problem.js';
import { createMemoryStore } from '../../../src/store/memory.js';
import type { Timeline } from '../timeline.js';

const WRITES: ReadonlySet<PropertyKey> = new Set([
  ...['accept', 'finish', 'put', 'acceptBatch', 'finishBatch'],
  ...['acceptSweep', 'markSweep'],
]);

interface Write {
  readonly carryOut: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Disk {
  readonly durable: JobStore = createMemoryStore();
  readonly #time: Timeline;
  readonly #syncMs: () => number;
  #waiting: Write[] = [];
  /** Counts the processes that have opened it; answers of an earlier one reach nobody. */
  #opened = 0;
  #broken = false;

  constructor(time: Timeline, syncMs: () => number) {
    this.#time = time;
    this.#syncMs = syncMs;
  }

  /** The store of a new process. */
  open(): JobStore {
    const mine = ++this.#opened;
    this.#broken = false;
    this.#waiting = [];
    const failed = (): MmsError => new MmsError('E_STORE', 'the simulated disk fails');
    return new Proxy(this.durable, {
      get: (store, name) => {
        if (name === 'fault') return () => (this.#broken ? failed().problem.detail : null);
        // The hint of the real store is not synced before an answer either.
        if (name === 'markRunning') return (): void => {};
        const method = (store as unknown as Record<PropertyKey, (...args: unknown[]) => Promise<void>>)[
          name
        ]!;
        if (!WRITES.has(name)) return method.bind(store);
        return (...args: unknown[]): Promise<void> =>
          new Promise((resolve, reject) => {
            if (mine !== this.#opened) return;
            if (this.#broken) return reject(failed());
            this.#waiting.push({ carryOut: () => method.apply(store, args), resolve, reject });
            if (this.#waiting.length === 1) this.#syncSoon(mine);
          });
      },
    });
  }

  /** One sync for all that waits by then, in the order of the writes. */
  #syncSoon(mine: number): void {
    this.#time.at(this.#syncMs(), () => {
      if (mine !== this.#opened) return;
      const writes = this.#waiting;
      this.#waiting = [];
      for (const { carryOut, resolve, reject } of writes) {
        const carried = carryOut();
        // The word that it is on disk comes later, and not at all when the process dies before.
        this.#time.at(this.#syncMs() / 2, () => {
          if (mine === this.#opened) void carried.then(resolve, reject);
        });
        // A write that is refused says so by its word; this is for one whose word never comes.
        carried.catch(() => undefined);
      }
    });
  }

  /** The process dies: whoever waits is gone, and of what waits only the first `kept` writes are on disk. */
  crash(kept: number): void {
    this.#opened++;
    for (const { carryOut } of this.#waiting.slice(0, kept)) carryOut().catch(() => undefined);
    this.#waiting = [];
  }

  waiting(): number {
    return this.#waiting.length;
  }

  /** A sync fails: nothing more is written by this process. */
  breakDown(): void {
    this.#broken = true;
    for (const { reject } of this.#waiting) reject(new MmsError('E_STORE', 'the simulated disk fails'));
    this.#waiting = [];
  }
}
