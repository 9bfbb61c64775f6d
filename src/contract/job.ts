/** Jobs as the whole house speaks of them: states, the record on disk, the view a client sees. */
import type { Summary } from './kind.js';
import type { Problem, ProblemCode } from './problem.js';

/** queued -> running -> one of the four terminal states, which never change. queued may also end directly. */
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'expired';
export const TERMINAL_STATES: readonly JobState[] = ['done', 'failed', 'cancelled', 'expired'];

/** Bounds of a deadline in seconds: what timers can count in milliseconds. */
export const MIN_TIMEOUT_S = 0.001;
export const MAX_TIMEOUT_S = 1_000_000;

/** The line that is fsynced before a client hears 202. */
export interface JobRecord {
  /** ULID, 26 characters. */
  readonly id: string;
  readonly kind: string;
  readonly kindVersion: number;
  /** Canonical: defaults filled in, keys sorted. */
  readonly spec: unknown;
  readonly seed: number;
  /** sha256 hex over engine version, kind, kind version, canonical spec, input digests, seed. */
  readonly key: string;
  /** Digest of each input by its name; the bytes are in the input store until the job is terminal. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly units: number;
  readonly priority: number;
  readonly createdMs: number;
  /** From createdMs on; a job that has not ended by then ends as expired. Absent: no deadline. */
  readonly timeoutMs?: number;
  readonly idempotencyKey: string | null;
  /** sha256 of the request body that came with idempotencyKey. */
  readonly requestHash: string | null;
}

/**
 * Failures that are no answer of the job's own: it was lost again and again with what ran it, or its time was
 * over.
 */
export const DEAD_CODES: readonly ProblemCode[] = ['E_POISON', 'E_TIMEOUT', 'E_INTERNAL'];

/** Holds a space, which no key of a client does. */
const REQUEUE = 'requeue of ';

/** The idempotency key of the one job that takes up a job again. */
export function requeueKeyOf(id: string): string {
  return REQUEUE + id;
}

/** Written once, when a job reaches its end. */
export interface JobEnd {
  readonly state: 'done' | 'failed' | 'cancelled' | 'expired';
  readonly finishedMs: number;
  readonly problem: Problem | null;
  /** sha256 hex of the raw result frames; null unless done. */
  readonly digest: string | null;
  readonly summary: Summary | null;
  /** Most attempts that one chunk needed; 1 when nothing was lost. */
  readonly attempts: number;
}

/** What GET /v1/jobs/:id and the CLI show. */
export interface JobView {
  readonly id: string;
  readonly kind: string;
  readonly spec: unknown;
  readonly seed: number;
  readonly key: string;
  readonly state: JobState;
  /** 0..1 */
  readonly progress: number;
  readonly units: number;
  readonly createdMs: number;
  /** A job that has not ended by then ends as expired; null without a deadline. */
  readonly deadlineMs: number | null;
  readonly startedMs: number | null;
  readonly finishedMs: number | null;
  readonly attempts: number;
  readonly cached: boolean;
  readonly digest: string | null;
  readonly summary: Summary | null;
  readonly problem: Problem | null;
  /** The command that gives the same bytes again. */
  readonly reproduce: string;
  /** The job that was requeued as this one; null otherwise. */
  readonly requeueOf: string | null;
}

/** The job that was requeued under this idempotency key. */
export function requeueOfKey(key: string | null): string | null {
  return key?.startsWith(REQUEUE) ? key.slice(REQUEUE.length) : null;
}

/** True for a job that is a dead letter. */
export function isDead(end: JobEnd | null): boolean {
  return end?.state === 'failed' && end.problem !== null && DEAD_CODES.includes(end.problem.code);
}
