/** Turns a POST /simulate, body and headers, into what the hall is asked. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { SubmitRequest } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { withInstrument } from '../data/instruments.js';
import { withMarket, type Markets } from '../data/markets.js';
import { canonicalJson } from '../jobs/key.js';
import { faultsOf, refuse } from './fields.js';
import type { Fields } from './fields.js';
import { SEED_FIELD, fromShortForm } from './short-form.js';

export const FULL_FORM: Fields = {
  kind: {
    required: true,
    expected: 'the name of a job kind',
    accepts: (value) => typeof value === 'string' && value.length > 0,
    schema: { type: 'string', description: 'A name from GET /kinds.' },
  },
  spec: {
    expected: 'an object',
    accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    schema: {
      type: 'object',
      description:
        "By the kind's schema; what is left out keeps its default. In market-making, market and instrument may be names: see GET /kinds.",
    },
  },
  seed: SEED_FIELD,
  priority: {
    expected: 'an integer from 0 to 9',
    accepts: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 9,
    schema: { type: 'integer', minimum: 0, maximum: 9, default: 0, description: 'A higher one runs first.' },
  },
};

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
  const members = body as Readonly<Record<string, unknown>>;
  const isShort = !('kind' in members) && ('ticker' in members || 'mm_strategy' in members);
  const request = isShort ? fromShortForm(members, markets) : fromFullForm(members, markets);
  const idempotencyKey = idempotencyKeyOf(headers);
  if (idempotencyKey === null) return request;
  // Canonical, so that a client that repeats itself in another key order is still the same client.
  const requestHash = createHash('sha256').update(canonicalJson(members)).digest('hex');
  return { ...request, idempotencyKey, requestHash };
}

/** Seconds of "Prefer: wait=N" (RFC 7240), 0 when absent or not a number; never more than `maxS`. */
export function waitSecondsOf(prefer: string | string[] | undefined, maxS: number): number {
  const match = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec([prefer ?? ''].flat().join(','));
  return Math.min(Number(match?.[1] ?? 0), maxS);
}

function fromFullForm(members: Readonly<Record<string, unknown>>, markets: Markets): SubmitRequest {
  refuse(faultsOf(members, FULL_FORM));
  const { kind, spec, seed, priority } = members as {
    kind: string;
    spec?: unknown;
    seed?: number;
    priority?: number;
  };
  return {
    kind,
    spec: kind === 'market-making' ? withInstrument(withMarket(spec ?? {}, markets)) : (spec ?? {}),
    ...(seed !== undefined && { seed }),
    ...(priority !== undefined && { priority }),
  };
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
