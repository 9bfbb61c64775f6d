/** Counts of a sweep's jobs and cells by their last end; 3 bytes a cell, whatever the number of jobs. */
import type { JobState } from '../../contract/job.js';
import type { SweepCounts } from '../../contract/stored-sweep.js';

/** How a job stands: open, or its last end. */
export const OPEN = 0;
export const DONE = 1;
/** Done, and its result was there before. */
export const CACHED = 2;
/** Failed or expired. */
export const FAILED = 3;
export const CANCELLED = 4;

/** Of a job that has ended. */
export function codeOf({ state, attempts }: { state: JobState; attempts: number }): number {
  if (state === 'done') return attempts === 0 ? CACHED : DONE;
  return state === 'cancelled' ? CANCELLED : FAILED;
}

/** True for a job that may be asked for again. */
export function hasNoResult(code: number): boolean {
  return code === FAILED || code === CANCELLED;
}

export class Tally {
  readonly #repeats: number;
  /** Jobs of each cell that are done. */
  readonly #done: Uint16Array;
  /** 1 for a cell with a failed job. */
  readonly #hasFailed: Uint8Array;
  /** By code. */
  readonly #jobs = new Float64Array(CANCELLED + 1);
  #cellsDone = 0;
  #cellsFailed = 0;

  constructor(cells: number, repeats: number) {
    this.#repeats = repeats;
    this.#done = new Uint16Array(cells);
    this.#hasFailed = new Uint8Array(cells);
    this.#jobs[OPEN] = cells * repeats;
  }

  /** An open job has ended so. */
  end(job: number, code: number): void {
    this.#jobs[OPEN]!--;
    this.#jobs[code]!++;
    const cell = Math.floor(job / this.#repeats);
    if (code === FAILED && this.#hasFailed[cell] === 0) {
      this.#hasFailed[cell] = 1;
      this.#cellsFailed++;
    }
    if (code !== DONE && code !== CACHED) return;
    this.#done[cell]!++;
    if (this.#done[cell] === this.#repeats) this.#cellsDone++;
  }

  /** Jobs without an end. */
  open(): number {
    return this.#jobs[OPEN]!;
  }

  counts(): SweepCounts {
    const [, done, cached, failed, cancelled] = this.#jobs as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    return {
      done: done + cached,
      ...{ cached, failed, cancelled },
      cellsDone: this.#cellsDone,
      cellsFailed: this.#cellsFailed,
    };
  }
}
