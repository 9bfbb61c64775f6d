/** From a request to a checked question: kind, complete spec, seed, size, inputs, key. */
import { hash } from 'node:crypto';
import { MAX_TIMEOUT_S, MIN_TIMEOUT_S, type JobRecord } from '../contract/job.js';
import type { InputData, InputRef, Kind } from '../contract/kind.js';
import type { InputReader, SubmitRequest } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { checkSeed, refuseFaults } from './check-spec.js';
import { canonicalJson, jobKey, keyOfText } from './key.js';
import type { JobSize } from './limits.js';
import type { CheckedSpec, SpecDesk } from './spec-desk.js';

/** Priorities are 0..9, higher first. */
const MAX_PRIORITY = 9;
export const DEFAULT_PRIORITY = 5;

export interface Question {
  readonly kind: Kind;
  readonly checked: CheckedSpec;
  readonly seed: number;
  readonly priority: number;
  readonly timeoutMs: number | null;
  readonly idempotencyKey: string | null;
  readonly requestHash: string | null;
  /** Whose share of the queue it takes; null where nobody's is limited. */
  readonly client: string | null;
  /** For the log; null where it is not known. */
  readonly reqId: string | null;
}

export interface InputPart {
  readonly ref: InputRef;
  readonly data: InputData;
}

/** Checks everything that needs no file. Throws MmsError E_SPEC. */
export function readQuestion(kind: Kind, request: SubmitRequest, desk: SpecDesk): Question {
  const checked = desk.check(kind, request.spec);
  const seed = checkSeed(request.seed);
  const priority = checkPriority(request.priority);
  const timeoutMs = checkTimeout(request.timeoutS);
  const idempotencyKey = request.idempotencyKey ?? null;
  const own = () =>
    hash('sha256', canonicalJson([kind.name, checked.spec, seed, priority, timeoutMs]), 'hex');
  const requestHash = idempotencyKey === null ? null : (request.requestHash ?? own());
  const client = request.client ?? null;
  const reqId = request.reqId ?? null;
  return { kind, checked, seed, priority, timeoutMs, idempotencyKey, requestHash, client, reqId };
}

/** Reads the files that the spec names, then makes the record. Throws MmsError E_COST or E_DATA. */
export async function prepare(
  question: Question,
  parts: { reader: InputReader; engineVersion: string; id: string; nowMs: number },
): Promise<{ record: JobRecord; size: JobSize; inputs: readonly InputPart[] }> {
  const { kind, checked, seed } = question;
  const { spec, refs } = checked;
  // A replay's cost depends on files that are not read yet, so the estimate comes first and bounds that too.
  const size = checked.size();
  const inputs = await Promise.all(refs.map((ref) => readInput(ref, parts.reader)));
  if (refs.length > 0) refuseFaults(kind, kind.inputFaults?.(spec, dataByName(inputs)) ?? []);
  const digests = Object.fromEntries(inputs.map(({ ref, data }) => [ref.name, data.digest]));
  const record: JobRecord = {
    id: parts.id,
    kind: kind.name,
    kindVersion: kind.version,
    spec,
    seed,
    key:
      refs.length === 0
        ? plainKeyOf(question, parts.engineVersion)
        : keyOf(kind, spec, seed, digests, parts.engineVersion),
    inputs: digests,
    units: size.units,
    priority: question.priority,
    createdMs: parts.nowMs,
    ...(question.timeoutMs !== null && { timeoutMs: question.timeoutMs }),
    idempotencyKey: question.idempotencyKey,
    requestHash: question.requestHash,
  };
  return { record, size, inputs };
}

/** What tells a batch from another where the caller gave no hash of its own. */
export function hashOfRequests(jobs: readonly SubmitRequest[]): string {
  const plain = jobs.map(({ kind, spec, seed = null, priority = null, timeoutS = null }) => [
    ...[kind, spec, seed, priority, timeoutS],
  ]);
  return hash('sha256', canonicalJson(plain), 'hex');
}

/** The key of a question without inputs. */
export function plainKeyOf({ kind, checked, seed }: Question, engineVersion: string): string {
  return keyOfText({ engineVersion, kind: kind.name, kindVersion: kind.version, seed }, checked.text);
}

const dataByName = (inputs: readonly InputPart[]): Record<string, InputData> =>
  Object.fromEntries(inputs.map(({ ref, data }) => [ref.name, data]));

/** The key that this program gives a question whose input digests are known. */
export function keyOf(
  kind: Kind,
  spec: unknown,
  seed: number,
  digests: Readonly<Record<string, string>>,
  engineVersion: string,
): string {
  const refs = kind.inputs?.(spec) ?? [];
  const inputs = refs.map((ref) => ({ ref, digest: digests[ref.name]! }));
  return jobKey({ engineVersion, kind: kind.name, kindVersion: kind.version, spec, seed, inputs });
}

/** Reads one input; a fault that the reader pins to a field of the spec is pinned to that of the request. */
async function readInput(ref: InputRef, reader: InputReader): Promise<InputPart> {
  try {
    return { ref, data: await reader.read(ref) };
  } catch (error) {
    if (!(error instanceof MmsError)) throw error;
    const known = Object.values(ref.pointers);
    const faults = error.problem.errors?.map((fault) =>
      known.includes(fault.pointer) ? { ...fault, pointer: `/spec${fault.pointer}` } : fault,
    );
    throw new MmsError(error.problem.code, error.problem.detail, faults);
  }
}

function checkPriority(priority: number | undefined): number {
  if (priority === undefined) return DEFAULT_PRIORITY;
  if (Number.isInteger(priority) && priority >= 0 && priority <= MAX_PRIORITY) return priority;
  const message = `Expected an integer from 0 to ${MAX_PRIORITY}, higher first; got ${priority}.`;
  throw new MmsError('E_SPEC', `priority: ${message}`, [{ pointer: '/priority', message }]);
}

function checkTimeout(timeoutS: number | undefined): number | null {
  if (timeoutS === undefined) return null;
  if (timeoutS >= MIN_TIMEOUT_S && timeoutS <= MAX_TIMEOUT_S) return Math.round(timeoutS * 1e3);
  const message = `Expected a number of seconds from ${MIN_TIMEOUT_S} to ${MAX_TIMEOUT_S}; got ${timeoutS}.`;
  throw new MmsError('E_SPEC', `timeoutS: ${message}`, [{ pointer: '/timeoutS', message }]);
}
