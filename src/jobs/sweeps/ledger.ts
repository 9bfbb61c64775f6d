/**
 * What the store tells of a sweep's jobs. A part is a batch in the first round; in each later round it is the
 * batch of those of its jobs that had no result by then, in their order. So the place of every job follows
 * from ends alone, which never change.
 */
import type { JobStore } from '../../contract/ports.js';
import { partKeyOf, type BatchEnds, type SweepRecord } from '../../contract/stored-sweep.js';
import { CANCELLED, codeOf, hasNoResult, OPEN } from './tally.js';

/** How far a sweep is: rounds begun, and whether jobs are still to be made. */
export interface Standing {
  readonly round: number;
  readonly isRunning: boolean;
}

/** A batch of a part: `jobs` are places in the part, one for each of its jobs. */
export interface Round {
  readonly jobs: readonly number[];
  readonly batch: BatchEnds;
}

export interface PartState {
  /** Code of each job by its place in the part. */
  readonly codes: Uint8Array;
  /** Batches that there are, oldest first. */
  readonly rounds: readonly Round[];
  /** Places of jobs that are still to be made; null for none. */
  readonly missing: readonly number[] | null;
}

/** Parts of a sweep. */
export function partsOf({ plan, partJobs }: SweepRecord): number {
  return Math.ceil((plan.cells * plan.repeats) / partJobs);
}

/** Jobs of one part. */
export function jobsOfPart({ plan, partJobs }: SweepRecord, part: number): number {
  return Math.min(partJobs, plan.cells * plan.repeats - part * partJobs);
}

export async function readPart(
  store: JobStore,
  record: SweepRecord,
  part: number,
  { round, isRunning }: Standing,
): Promise<PartState> {
  const codes = new Uint8Array(jobsOfPart(record, part));
  const rounds: Round[] = [];
  let missing: readonly number[] | null = null;
  for (let q = 0; q <= round; q++) {
    const jobs = placesIn(codes, q);
    if (jobs.length === 0) break;
    const batch = await store.batchEnds(partKeyOf(record.id, part, q));
    if (batch) {
      for (const place of jobs) codes[place] = OPEN;
      for (const end of batch.ends)
        for (let i = end.first; i < end.first + end.jobs; i++) codes[jobs[i]!] = codeOf(end);
      rounds.push({ jobs, batch });
    } else if (q === round && isRunning) {
      for (const place of jobs) codes[place] = OPEN;
      missing = jobs;
    } else if (q === 0) codes.fill(CANCELLED);
  }
  return { codes, rounds, missing };
}

/** Places of the jobs that a part asks for in a round, after the rounds before it. */
function placesIn(codes: Uint8Array, round: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < codes.length; place++)
    if (round === 0 || hasNoResult(codes[place]!)) places.push(place);
  return places;
}
