/**
 * Batches: jobs that were submitted together, or small ones that came at the same time. They stand in the
 * store as one row, and their ids follow from the batch's: it ends in 000, its jobs in 001, 002, ...
 * (Crockford's base 32), so that a job is found without an index of its own.
 */
import type { JobEnd, JobRecord, JobState } from './job.js';
import type { Problem } from './problem.js';

/** Jobs of one batch. */
export const MAX_BATCH_JOBS = 1_000;

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX = 23;

/** What jobs of a batch have in common. */
export interface JobGroup {
  readonly kind: string;
  readonly kindVersion: number;
  /** Canonical: defaults filled in, keys sorted. */
  readonly spec: unknown;
  readonly inputs: Readonly<Record<string, string>>;
  readonly units: number;
  readonly priority: number;
  /** As JobRecord.timeoutMs. */
  readonly timeoutMs?: number;
}

export interface BatchRecord {
  /** ULID that ends in 000. */
  readonly id: string;
  readonly createdMs: number;
  readonly idempotencyKey: string | null;
  readonly requestHash: string | null;
  /** Jobs that were submitted one by one and are only kept together: nobody knows them as a batch. */
  readonly gathered: boolean;
  readonly groups: readonly JobGroup[];
  /** For each job the number of its group. */
  readonly groupOf: readonly number[];
  readonly seeds: readonly number[];
  /** As JobRecord.key, one a job. */
  readonly keys: readonly string[];
}

/** The one end of `jobs` neighbouring jobs of a batch, from number `first` on. */
export interface BatchEnd {
  readonly first: number;
  readonly jobs: number;
  readonly state: JobEnd['state'];
  readonly startedMs: number | null;
  readonly finishedMs: number;
  readonly attempts: number;
  readonly problem: Problem | null;
  /** Result bytes one after the other and the length of each; null unless done. */
  readonly results: { readonly lengths: Uint32Array; readonly bytes: Uint8Array } | null;
}

/** What GET /v1/batches/:id shows. */
export interface BatchView {
  readonly id: string;
  readonly jobs: number;
  readonly counts: Readonly<Record<JobState, number>>;
  /** 0..1: the share of jobs that have ended. */
  readonly progress: number;
  readonly createdMs: number;
  /** When the last job ended; null before. */
  readonly finishedMs: number | null;
  /** State of each job, in the order of submission. */
  readonly states: readonly JobState[];
}

/** The batch id that belongs to a fresh ULID. */
export function batchIdOf(ulid: string): string {
  return `${ulid.slice(0, PREFIX)}000`;
}

/** Id of job `number`, counted from 0. */
export function memberId(batchId: string, number: number): string {
  const n = number + 1;
  return batchId.slice(0, PREFIX) + DIGITS[n >> 10]! + DIGITS[(n >> 5) & 31]! + DIGITS[n & 31]!;
}

/** The batch and number that an id would have as a job of a batch; null when it cannot be one. */
export function memberOf(id: string): { readonly batchId: string; readonly number: number } | null {
  if (id.length !== PREFIX + 3) return null;
  let n = 0;
  for (let at = PREFIX; at < id.length; at++) {
    const digit = DIGITS.indexOf(id[at]!);
    if (digit < 0) return null;
    n = n * 32 + digit;
  }
  return n >= 1 && n <= MAX_BATCH_JOBS ? { batchId: batchIdOf(id), number: n - 1 } : null;
}

/** Job `number` of a batch as a record of its own. */
export function memberRecord(batch: BatchRecord, number: number): JobRecord {
  const { kind, kindVersion, spec, inputs, units, priority, timeoutMs } =
    batch.groups[batch.groupOf[number]!]!;
  return {
    id: memberId(batch.id, number),
    kind,
    kindVersion,
    spec,
    seed: batch.seeds[number]!,
    key: batch.keys[number]!,
    inputs,
    units,
    priority,
    createdMs: batch.createdMs,
    ...(timeoutMs !== undefined && { timeoutMs }),
    idempotencyKey: null,
    requestHash: null,
  };
}
