/** The sentences with which the hall says no. */
import type { JobView } from '../contract/job.js';
import { MmsError, type ProblemFault } from '../contract/problem.js';

/** Faults of one answer; a batch of a thousand jobs may be wrong a thousand times. */
export const MAX_FAULTS = 50;

/** A store that forgets cannot tell what it has forgotten. */
const MAY_BE_REMOVED = 'It was never given, or retention (store.retain) has removed it.';

export function otherBody(key: string): MmsError {
  return new MmsError(
    'E_IDEMPOTENCY',
    `Idempotency-Key "${key}" came before with another body. Use a new key.`,
  );
}

export function queueFull(limit: number): MmsError {
  return new MmsError(
    'E_QUEUE_FULL',
    `${limit} jobs are queued or running, which is the limit. Try again later.`,
  );
}

export function shareFull(share: number): MmsError {
  return new MmsError(
    'E_RATE',
    `${share} jobs of this client are queued or running, which is its share of the queue. Try again later.`,
  );
}

export function draining(): MmsError {
  return new MmsError('E_DRAINING', 'The service is stopping and takes no jobs. Try again in a moment.');
}

export function storeFailed(cause: unknown): MmsError {
  if (cause instanceof MmsError) return cause;
  return new MmsError('E_STORE', cause instanceof Error ? cause.message : String(cause));
}

export function unknownJob(id: string): MmsError {
  return new MmsError('E_NOT_FOUND', `No job has the id ${id}. ${MAY_BE_REMOVED}`);
}

export function unknownBatch(id: string): MmsError {
  return new MmsError('E_NOT_FOUND', `No batch has the id ${id}. ${MAY_BE_REMOVED}`);
}

export function unknownSweep(id: string): MmsError {
  return new MmsError('E_NOT_FOUND', `No sweep has the id ${id}. ${MAY_BE_REMOVED}`);
}

export function sweepsFull(limit: number): MmsError {
  return new MmsError('E_QUEUE_FULL', `${limit} sweeps are running, which is the limit. Try again later.`);
}

export function sweepEnded(id: string, state: string): MmsError {
  return new MmsError(
    'E_CONFLICT',
    `Expected a sweep with open jobs; all of ${id} have ended: it is ${state}.`,
  );
}

export function sweepRunning(id: string): MmsError {
  return new MmsError(
    'E_CONFLICT',
    `Expected a sweep that has ended; ${id} is running. Wait for its end, or cancel it.`,
  );
}

export function nothingToRetry(id: string): MmsError {
  return new MmsError('E_CONFLICT', `Expected a sweep with failed or cancelled jobs; all of ${id} are done.`);
}

export function alreadyEnded(view: JobView): MmsError {
  return new MmsError('E_CONFLICT', `Expected a job that is queued or running; ${view.id} is ${view.state}.`);
}

/** Why a job that is not done has no result. */
export function noResult({ id, state, problem }: JobView): MmsError {
  if (state === 'cancelled') return new MmsError('E_CANCELLED', `Job ${id} was cancelled and has no result.`);
  if (problem) return new MmsError(problem.code, problem.detail, problem.errors);
  return new MmsError('E_NOT_READY', `Job ${id} is ${state}; its result comes when it is done.`);
}

export function corruptResult(id: string): MmsError {
  const hint = 'Submit the same job again to compute it anew.';
  return new MmsError(
    'E_CORRUPT_RESULT',
    `The result of ${id} is missing or has not its recorded digest. ${hint}`,
  );
}

/** The refusal of job `number`, with pointers into the batch. */
export function atJob({ problem }: MmsError, number: number): MmsError {
  const { code, detail, errors } = problem;
  const at = `/jobs/${number}`;
  const faults: readonly ProblemFault[] = errors ?? [{ pointer: '', message: detail }];
  return new MmsError(
    code,
    `${at}: ${detail}`,
    faults.map((fault) => ({ ...fault, pointer: at + fault.pointer })),
  );
}

/** One refusal for several: that of the first, with the faults of all that are of its sort. */
export function allOf(refused: readonly MmsError[]): MmsError {
  const [first] = refused as [MmsError, ...MmsError[]];
  const alike = refused.filter(({ problem }) => problem.code === first.problem.code);
  const faults = alike.flatMap(({ problem }) => problem.errors ?? []).slice(0, MAX_FAULTS);
  return new MmsError(first.problem.code, first.problem.detail, faults);
}
