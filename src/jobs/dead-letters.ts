/**
 * Dead letters: jobs that failed because what ran them was lost again and again, or their time was over, and
 * that nobody has sent again. An end never changes: a job is requeued as a new one, linked to it.
 */
import { requeueKeyOf } from '../contract/job.js';
import type { JobStore, StoredJob, SubmitRequest } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { unknownJob } from './refusals.js';

/** Jobs that are looked at in one go for those that were not requeued yet. */
const PAGE = 1_000;

/** Newest first, at most `limit`, older than the job `before`. */
export async function deadLetters(
  store: JobStore,
  { limit, ...filter }: { limit: number; kind?: string; before?: string },
): Promise<StoredJob[]> {
  const found: StoredJob[] = [];
  let { before } = filter;
  for (;;) {
    const asked = { ...filter, state: 'dead', limit: PAGE, ...(before !== undefined && { before }) } as const;
    const page = await store.list(asked);
    for (const job of page) {
      if (await store.byIdempotencyKey(requeueKeyOf(job.record.id))) continue;
      if (found.push(job) === limit) return found;
    }
    if (page.length < PAGE) return found;
    before = page.at(-1)!.record.id;
  }
}

/**
 * The question of a job that ended without a result, under a key of its own: asked twice, it is one job.
 * Throws E_NOT_FOUND, E_CONFLICT.
 */
export async function askAgain(store: JobStore, id: string): Promise<SubmitRequest> {
  const stored = await store.load(id);
  if (!stored) throw unknownJob(id);
  const { record, state } = stored;
  if (!stored.end || state === 'done')
    throw new MmsError('E_CONFLICT', `Expected a job that ended without a result; ${id} is ${state}.`);
  const { kind, spec, seed, priority, timeoutMs } = record;
  const question = { kind, spec, seed, priority, idempotencyKey: requeueKeyOf(id), requestHash: id };
  return timeoutMs === undefined ? question : { ...question, timeoutS: timeoutMs / 1e3 };
}
