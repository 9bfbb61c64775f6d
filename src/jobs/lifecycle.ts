/** The state table of a job: which state may follow which; whatever is not in it is a broken invariant. */
import { TERMINAL_STATES, type JobState } from '../contract/job.js';

const NEXT: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['running', ...TERMINAL_STATES],
  running: TERMINAL_STATES,
  done: [],
  failed: [],
  cancelled: [],
  expired: [],
};

/** True when a job in this state never changes again. */
export function isTerminal(state: JobState): boolean {
  return TERMINAL_STATES.includes(state);
}

/** Returns `to` when the table allows it; throws otherwise. */
export function advance(from: JobState, to: JobState): JobState {
  if (!NEXT[from].includes(to)) throw new Error(`A job cannot go from ${from} to ${to}`);
  return to;
}

/** The later of two times on the wall clock, which may leap backwards: the times of a job do not. */
export function notBefore(earlierMs: number, nowMs: number): number {
  return Math.max(earlierMs, nowMs);
}
