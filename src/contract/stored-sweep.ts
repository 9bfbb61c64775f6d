/**
 * Sweeps as the store keeps them: one small row each. The jobs of a sweep stand in batches, its parts, whose
 * idempotency keys follow from the sweep, so that a part that was accepted is found and never made twice.
 */
import type { JobEnd } from './job.js';
import { sweepBatchKey, type SweepPlan, type SweepState } from './sweep.js';

/** The row that is fsynced before a client hears 202. */
export interface SweepRecord {
  /** ULID, 26 characters. */
  readonly id: string;
  readonly createdMs: number;
  readonly idempotencyKey: string | null;
  readonly requestHash: string | null;
  /** All jobs follow from it. */
  readonly plan: SweepPlan;
  /** Jobs of a part: part p has those from number p x partJobs on. */
  readonly partJobs: number;
}

/** Jobs of a sweep by their last end. */
export interface SweepCounts {
  readonly done: number;
  /** Of `done`: never computed for this sweep, because the result was there. */
  readonly cached: number;
  /** Failed or expired. */
  readonly failed: number;
  readonly cancelled: number;
  readonly cellsDone: number;
  readonly cellsFailed: number;
}

/** What changes of a sweep. */
export interface SweepMark {
  readonly state: SweepState;
  /** How often jobs without a result were asked for again. */
  readonly round: number;
  /** Null while a job of it, or one that is still to be made, has no end. */
  readonly finishedMs: number | null;
  /** Null until it has finished. */
  readonly counts: SweepCounts | null;
}

export interface StoredSweep {
  readonly record: SweepRecord;
  readonly mark: SweepMark;
}

/** The ends of a batch without what they hold. */
export interface BatchEnds {
  readonly id: string;
  readonly jobs: number;
  readonly ends: readonly {
    readonly first: number;
    readonly jobs: number;
    readonly state: JobEnd['state'];
    readonly attempts: number;
  }[];
}

const PART = 'sweep ';

/** The idempotency key of the batch that is part `part` in round `round`. */
export function partKeyOf(sweepId: string, part: number, round: number): string {
  const key = sweepBatchKey(sweepId, part);
  return round === 0 ? key : `${key} round ${round}`;
}

/** The keys of all parts of a sweep are not less than the first of these and less than the second. */
export function partKeysOf(sweepId: string): [from: string, to: string] {
  return [`${PART}${sweepId} `, `${PART}${sweepId}!`];
}

/** True for the idempotency key of a part: it holds a space, which no key of a client does. */
export function isPartKey(key: string | null): boolean {
  return key?.startsWith(PART) === true;
}
