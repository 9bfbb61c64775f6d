/** Deadlines of clients: when a job's time is over, and the timers that tell it. */
import { setTimeout as startTimer } from 'node:timers';
import type { BatchRecord } from '../contract/batch.js';
import type { JobEnd, JobRecord } from '../contract/job.js';
import { MmsError, type Problem } from '../contract/problem.js';

/** Calls back after `delayMs`, unless the function that it returns was called before. */
export type Later = (delayMs: number, act: () => void) => () => void;

/** Timers of the process, which do not keep it alive. */
export const later: Later = (delayMs, act) => {
  const timer = startTimer(act, delayMs).unref();
  return () => clearTimeout(timer);
};

/** An end that a job is brought to before it has one of its own. */
export interface Stop {
  readonly state: Exclude<JobEnd['state'], 'done' | 'failed'>;
  readonly problem: Problem;
}

export function cancelled(): Stop {
  return { state: 'cancelled', problem: new MmsError('E_CANCELLED', 'Cancelled on request.').problem };
}

export function expired(timeoutMs: number): Stop {
  const detail = `The job had not ended ${timeoutMs / 1e3} s after it was accepted, which was its timeoutS.`;
  return { state: 'expired', problem: new MmsError('E_EXPIRED', detail).problem };
}

/**
 * What is left of a stored job's time by the wall clock, the only one that outlives a process; never more
 * than all of it, where that clock was set back. Null without a deadline.
 */
export function leftMs({ createdMs, timeoutMs }: JobRecord, nowMs: number): number | null {
  return timeoutMs === undefined ? null : Math.min(timeoutMs, Math.max(0, createdMs + timeoutMs - nowMs));
}

/** Those of `jobs` of a batch that have a deadline, by the time that they have. */
export function timeoutsOf({ groups, groupOf }: BatchRecord, jobs: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const job of jobs) {
    const { timeoutMs } = groups[groupOf[job]!]!;
    if (timeoutMs === undefined) continue;
    const known = found.get(timeoutMs);
    if (known) known.push(job);
    else found.set(timeoutMs, [job]);
  }
  return found;
}

/** The timers of what lives, by what they belong to: jobs and batches. */
export class Deadlines {
  readonly #later: Later;
  readonly #timers = new Map<object, (() => void)[]>();

  constructor(start: Later) {
    this.#later = start;
  }

  add(owner: object, delayMs: number, act: () => void): void {
    const stop = this.#later(Math.max(0, delayMs), act);
    const others = this.#timers.get(owner);
    if (others) others.push(stop);
    else this.#timers.set(owner, [stop]);
  }

  /** The owner has ended. */
  drop(owner: object): void {
    for (const stop of this.#timers.get(owner) ?? []) stop();
    this.#timers.delete(owner);
  }

  /** What has not expired by now does so after the next start. */
  stop(): void {
    for (const owner of [...this.#timers.keys()]) this.drop(owner);
  }
}
