/** A job as a client sees it, made from memory while it lives and from the store afterwards. */
import { requeueOfKey, type JobEnd, type JobRecord, type JobView } from '../contract/job.js';
import type { StoredJob } from '../contract/ports.js';
import { canonicalJson } from './key.js';
import { progressOf, type LiveJob } from './live.js';

export type ReproduceLine = (record: JobRecord) => string;

/** The command line that gives the same bytes again. */
export const defaultReproduceLine: ReproduceLine = ({ kind, seed, spec }) =>
  `mms run ${kind} --seed ${seed} --spec '${canonicalJson(spec).replaceAll("'", "'\\''")}'`;

export function viewOfLive(live: LiveJob, reproduce: ReproduceLine): JobView {
  const { record, state, startedMs, attempts } = live;
  return {
    ...viewOfStored({ record, state, startedMs, end: null }, reproduce),
    progress: progressOf(live),
    attempts,
  };
}

export function viewOfStored(
  { record, state, startedMs, end }: StoredJob,
  reproduce: ReproduceLine,
): JobView {
  const { id, kind, spec, seed, key, units, createdMs, timeoutMs } = record;
  return {
    id,
    kind,
    spec,
    seed,
    key,
    state,
    progress: state === 'done' ? 1 : 0,
    units,
    createdMs,
    deadlineMs: timeoutMs === undefined ? null : createdMs + timeoutMs,
    startedMs,
    finishedMs: end?.finishedMs ?? null,
    attempts: end?.attempts ?? 0,
    cached: end !== null && isCachedEnd(end),
    digest: end?.digest ?? null,
    summary: end?.summary ?? null,
    problem: end?.problem ?? null,
    reproduce: reproduce(record),
    requeueOf: requeueOfKey(record.idempotencyKey),
  };
}

/** A job that was answered from a stored result needed no attempt at all. */
export function isCachedEnd(end: JobEnd): boolean {
  return end.state === 'done' && end.attempts === 0;
}
