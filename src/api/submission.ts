/** Turns a POST /v1/jobs, body and headers, into what the hall is asked. */
import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { MAX_BATCH_JOBS } from '../contract/batch.js';
import { MAX_TIMEOUT_S, MIN_TIMEOUT_S } from '../contract/job.js';
import type { SubmitBatchRequest, SubmitRequest } from '../contract/ports.js';
import type { SubmitSweepRequest, SweepRequest } from '../contract/sweep.js';
import { MmsError } from '../contract/problem.js';
import type { ProblemFault } from '../contract/problem.js';
import { withInstrument } from '../data/instruments.js';
import { withMarket, type Markets } from '../data/markets.js';
import { canonicalJson } from '../jobs/key.js';
import { showValue } from '../jobs/words.js';
import { faultsOf, refuse } from './fields.js';
import type { Fields } from './fields.js';
import { SEED_FIELD, fromShortForm } from './short-form.js';

export const FULL_FORM: Fields = {
  kind: {
    required: true,
    expected: 'the name of a job kind',
    accepts: (value) => typeof value === 'string' && value.length > 0,
    schema: { type: 'string', description: 'A name from GET /v1/kinds.' },
  },
  spec: {
    expected: 'an object',
    accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    schema: {
      type: 'object',
      description:
        "By the kind's schema; what is left out keeps its default. In market-making, market and instrument may be names: see GET /v1/kinds.",
    },
  },
  seed: SEED_FIELD,
  priority: {
    expected: 'an integer from 0 to 9',
    accepts: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 9,
    schema: {
      type: 'integer',
      minimum: 0,
      maximum: 9,
      default: 5,
      description: 'Each gets twice the compute time of the one below, while both wait.',
    },
  },
  timeoutS: {
    expected: `a number of seconds from ${MIN_TIMEOUT_S} to ${MAX_TIMEOUT_S}`,
    accepts: (value) => typeof value === 'number' && value >= MIN_TIMEOUT_S && value <= MAX_TIMEOUT_S,
    schema: {
      type: 'number',
      minimum: MIN_TIMEOUT_S,
      maximum: MAX_TIMEOUT_S,
      description:
        'Seconds that the job has from its acceptance on; if it has not ended by then, queued or running, it ends as expired.',
    },
  },
};

/** The body of POST /v1/batches. */
const BATCH_FORM: Fields = {
  jobs: {
    required: true,
    expected: `a list of 1 to ${MAX_BATCH_JOBS} jobs`,
    accepts: (value) => Array.isArray(value) && value.length >= 1 && value.length <= MAX_BATCH_JOBS,
    schema: { type: 'array', minItems: 1, maxItems: MAX_BATCH_JOBS },
  },
};
/** A thousand jobs may be wrong in as many places. */
const MAX_FAULTS = 50;

type Members = Readonly<Record<string, unknown>>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Throws MmsError: E_BODY for a body that is no object, E_SPEC with pointers for everything else. */
export function toSubmitRequest(
  body: unknown,
  headers: IncomingHttpHeaders,
  markets: Markets,
): SubmitRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const message = 'Expected a JSON object: {"kind", "spec", "seed"} or {"ticker", "date", "mm_strategy"}.';
    throw new MmsError('E_BODY', message, [{ pointer: '', message }]);
  }
  const members = body as Members;
  const request = requestOf(members, markets);
  return headers['idempotency-key'] === undefined ? request : { ...request, ...identityOf(members, headers) };
}

/** The body of POST /v1/batches. Throws as toSubmitRequest does, with pointers to the job: /jobs/17/seed. */
export function toBatchRequest(
  body: unknown,
  headers: IncomingHttpHeaders,
  markets: Markets,
): SubmitBatchRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const message = 'Expected a JSON object: {"jobs": [{"kind", "spec", "seed"}, ...]}.';
    throw new MmsError('E_BODY', message, [{ pointer: '', message }]);
  }
  const members = body as Members;
  refuse(faultsOf(members, BATCH_FORM));
  const faults: ProblemFault[] = [];
  const jobs = (members['jobs'] as unknown[]).map((job, number): SubmitRequest => {
    const at = `/jobs/${number}`;
    if (typeof job !== 'object' || job === null || Array.isArray(job)) {
      faults.push({
        pointer: at,
        message: `Expected an object {"kind", "spec", "seed"}; got ${showValue(job)}.`,
      });
      return { kind: '', spec: {} };
    }
    try {
      return requestOf(job as Members, markets);
    } catch (error) {
      if (!(error instanceof MmsError)) throw error;
      const { detail, errors = [{ pointer: '', message: detail }] } = error.problem;
      faults.push(...errors.map((fault) => ({ ...fault, pointer: at + fault.pointer })));
      return { kind: '', spec: {} };
    }
  });
  refuse(faults.slice(0, MAX_FAULTS));
  return { jobs, ...identityOf(members, headers) };
}

/** Members of the request that are no part of a body. */
const NOT_IN_BODY = ['client', 'idempotencyKey', 'requestHash', 'reqId'];

/** The body of POST /v1/sweeps; what it says is judged by the hall. */
export function toSweepRequest(
  body: unknown,
  headers: IncomingHttpHeaders,
  markets: Markets,
): SubmitSweepRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const message = 'Expected a JSON object: {"kind", "spec", "axes", "repeats"}.';
    throw new MmsError('E_BODY', message, [{ pointer: '', message }]);
  }
  const members = body as Members;
  const foreign = NOT_IN_BODY.find((name) => Object.hasOwn(members, name));
  if (foreign !== undefined)
    refuse([{ pointer: `/${foreign}`, message: `Expected no such member; got "${foreign}". Remove it.` }]);
  const request = body as SweepRequest;
  const isMarketMaking = request.kind === 'market-making' && typeof (request.spec ?? {}) === 'object';
  return {
    ...request,
    ...(isMarketMaking && { spec: withInstrument(withMarket(request.spec ?? {}, markets)) }),
    ...identityOf(members, headers),
  };
}

function requestOf(members: Members, markets: Markets): SubmitRequest {
  const isShort = !('kind' in members) && ('ticker' in members || 'mm_strategy' in members);
  return isShort ? fromShortForm(members, markets) : fromFullForm(members, markets);
}

/** By what a repeated request is known; nothing without an Idempotency-Key. */
function identityOf(
  members: Members,
  headers: IncomingHttpHeaders,
): { idempotencyKey?: string; requestHash?: string } {
  const idempotencyKey = idempotencyKeyOf(headers);
  if (idempotencyKey === null) return {};
  // Canonical, so that a client that repeats itself in another key order is still the same client.
  return { idempotencyKey, requestHash: hash('sha256', canonicalJson(members), 'hex') };
}

/** Seconds of "Prefer: wait=N" (RFC 7240), 0 when absent or not a number; never more than `maxS`. */
export function waitSecondsOf(prefer: string | string[] | undefined, maxS: number): number {
  if (prefer === undefined) return 0;
  const match = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec([prefer].flat().join(','));
  return Math.min(Number(match?.[1] ?? 0), maxS);
}

function fromFullForm(members: Members, markets: Markets): SubmitRequest {
  if (!isFullForm(members)) refuse(faultsOf(members, FULL_FORM));
  const { kind, spec, seed, priority, timeoutS } = members as {
    kind: string;
    spec?: unknown;
    seed?: number;
    priority?: number;
    timeoutS?: number;
  };
  const request: Writable<SubmitRequest> = {
    kind,
    spec: kind === 'market-making' ? withInstrument(withMarket(spec ?? {}, markets)) : (spec ?? {}),
  };
  if (seed !== undefined) request.seed = seed;
  if (priority !== undefined) request.priority = priority;
  if (timeoutS !== undefined) request.timeoutS = timeoutS;
  return request;
}

/** Without a list of faults, which most requests do not need. */
function isFullForm(members: Members): boolean {
  for (const name in members) {
    // A name such as valueOf is a member of every object.
    if (!Object.hasOwn(FULL_FORM, name) || !FULL_FORM[name]!.accepts(members[name])) return false;
  }
  return 'kind' in members;
}

function idempotencyKeyOf(headers: IncomingHttpHeaders): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new MmsError(
    'E_BODY',
    'Expected an Idempotency-Key of 1 to 255 visible ASCII characters without spaces.',
  );
}
