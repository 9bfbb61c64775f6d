/** Retention: which ended jobs a store removes, and what it never does. */

/**
 * Which ended jobs are removed; null: none for this reason. Always kept are the newest job, those that ended
 * within the last minute, those with an Idempotency-Key for a day after their end, the requeued form of a
 * dead letter that is kept, a batch of which one job has not ended, a result that another kept job has, every
 * job of a sweep that is kept. A sweep is gone at once, its jobs follow batch by batch.
 */
export interface RetentionRules {
  /** Time after its end. */
  readonly ageMs: number | null;
  /** So many numbers of acceptance after it. */
  readonly jobs: number | null;
  /** Oldest first while the jobs take more bytes of the file. */
  readonly bytes: number | null;
}

export type RemovalReason = 'age' | 'count' | 'bytes';

/** What a slice removed. */
export interface Removal {
  /** Jobs by reason. */
  readonly counts: Readonly<Record<RemovalReason, number>>;
  /** The job or the sweep, or the batch with so many jobs. */
  readonly removed: readonly { readonly id: string; readonly batchJobs: number | null }[];
  /** False when all was looked at that could go now. */
  readonly more: boolean;
}

/** Whoever waits for a job sees its end. */
export const KEPT_MS = 60_000;
/** Whoever repeats a request with an Idempotency-Key gets the same job. */
export const KEPT_KEYED_MS = 24 * 3_600_000;
