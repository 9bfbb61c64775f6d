/** What a client sees of a sweep. */
import type { SweepCounts, SweepMark, SweepRecord } from '../../contract/stored-sweep.js';
import type { SweepView } from '../../contract/sweep.js';

/** What only a process that computes it knows. */
export interface Present {
  readonly running: number;
  readonly threads: number;
  readonly jobsPerS: number | null;
}

export function viewOfSweep(
  { id, plan, createdMs }: SweepRecord,
  { state, finishedMs }: Pick<SweepMark, 'state' | 'finishedMs'>,
  { cellsDone, cellsFailed, ...jobs }: SweepCounts,
  { running, threads, jobsPerS }: Present,
): SweepView {
  const total = plan.cells * plan.repeats;
  const ended = jobs.done + jobs.failed + jobs.cancelled;
  return {
    id,
    plan,
    state,
    jobs: { total, ...jobs, running },
    cellsDone,
    cellsFailed,
    progress: ended / total,
    jobsPerS,
    etaS: jobsPerS === null ? null : (total - ended) / jobsPerS,
    threads,
    createdMs,
    finishedMs,
  };
}
