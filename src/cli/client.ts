/** Talks to a running service over HTTP; every failure becomes an MmsError with what the service told. */
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobView } from '../contract/job.js';
import { MmsError, PROBLEMS, type Problem, type ProblemCode } from '../contract/problem.js';
import { createRetry, stepRetry, type RetryEffect, type RetryEvent } from './retry.js';

export const DEFAULT_SERVER = 'http://127.0.0.1:8080';
/** A service that is restarted is back long before. */
export const DEFAULT_PATIENCE_S = 30;
/** Shorter waits are not worth a line. */
const TOLD_MS = 500;

/** A job as the service answers it. */
export type RemoteJob = JobView & { readonly links?: Readonly<Record<string, string>> };

/** Calls that fail in passing are repeated (retry.ts). Throws MmsError, or the reason of `signal`. */
export interface Client {
  readonly server: string;
  get<T>(path: string): Promise<T>;
  /** All tries are one request: `key`, made up when it is not given, tells the service so. */
  post<T>(path: string, body: unknown, key?: string): Promise<T>;
  delete<T>(path: string): Promise<T>;
}

export interface ClientOptions {
  /** Sent as Authorization: Bearer. */
  readonly apiKey?: string;
  readonly patienceS?: number;
  /** Ends every call at once. */
  readonly signal?: AbortSignal;
  /** Hears why the client waits, and for how long. */
  readonly tell?: (line: string) => void;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Idempotency-Key. */
  readonly key: string | null;
}

/** What came of one try: the event for the step, and what the caller gets when it was the last. */
interface Came {
  readonly event: RetryEvent;
  readonly why: string;
  /** Throws for a failure. */
  readonly take: () => unknown;
}

/** `server` is an http or https address; a wrong one throws E_SPEC. */
export function createClient(server: string, options: ClientOptions = {}): Client {
  if (!/^https?:\/\/[^/\s]+/.test(server) || !URL.canParse(server)) {
    throw new MmsError('E_SPEC', `--server: Expected an address like ${DEFAULT_SERVER}; got "${server}".`);
  }
  const base = server.replace(/\/+$/, '');
  const call = async <T>(
    method: string,
    path: string,
    more: Partial<Pick<Call, 'headers' | 'body' | 'key'>> = {},
  ): Promise<T> => {
    const { apiKey } = options;
    const headers = {
      accept: 'application/json',
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...more.headers,
    };
    return (await repeat(base, { key: null, ...more, method, path, headers }, options)) as T;
  };
  return {
    server: base,
    get: (path) => call('GET', path),
    post: (path, body, key = randomUUID()) =>
      call('POST', path, {
        key,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    delete: (path) => call('DELETE', path),
  };
}

/** One call in as many tries as the step asks for. */
async function repeat(base: string, call: Call, options: ClientOptions): Promise<unknown> {
  const { patienceS = DEFAULT_PATIENCE_S, signal, tell = () => undefined } = options;
  const state = createRetry(randomInt(2 ** 32), patienceS * 1e3, call.key);
  let effect: RetryEffect = stepRetry(state, { type: 'begin' });
  let came: Came | null = null;
  while (effect.type !== 'end') {
    if (effect.type === 'send') {
      came = await attempt(base, call, effect, signal);
      effect = stepRetry(state, came.event);
      continue;
    }
    const { waitMs, leftMs } = effect;
    if (waitMs >= TOLD_MS) tell(waitLine(base, came!.why, waitMs, leftMs));
    await pause(waitMs, undefined, { signal });
    effect = stepRetry(state, { type: 'woke' });
  }
  return came!.take();
}

function waitLine(base: string, why: string, waitMs: number, leftMs: number): string {
  const seconds = (ms: number): string => (ms / 1e3).toFixed(ms < 9_950 ? 1 : 0);
  return (
    `${base} ${why}; trying again in ${seconds(waitMs)} s, for ${seconds(leftMs)} s at most.` +
    ' Ctrl-C ends this.'
  );
}

async function attempt(
  base: string,
  call: Call,
  { limitMs, key }: Extract<RetryEffect, { type: 'send' }>,
  signal?: AbortSignal,
): Promise<Came> {
  const headers = key === null ? call.headers : { ...call.headers, 'idempotency-key': key };
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await fetch(base + call.path, {
      ...call,
      headers,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return answered(base, response, await response.text());
  } catch (error) {
    signal?.throwIfAborted();
    const why = limit.aborted ? 'TIMEOUT' : codeOf(error);
    const nowMs = performance.now();
    return {
      event: { type: 'lost', nowMs, why },
      why: `does not answer (${why})`,
      take: () => lost(base, why),
    };
  }
}

function lost(base: string, why: string): never {
  throw new MmsError(
    'E_UNREACHABLE',
    `No service answers at ${base} (${why}). Start one with "mms serve", or name another by --server or MMS_SERVER.`,
  );
}

function codeOf(error: unknown): string {
  return (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
}

function answered(base: string, response: Response, body: string): Came {
  const { status, statusText } = response;
  const retryAfterS = retryAfterOf(response.headers.get('retry-after'));
  const problem = response.ok ? null : readProblem(body);
  const nowMs = performance.now();
  const event = { type: 'answered', nowMs, status, problem: problem?.code ?? null, retryAfterS } as const;
  const hint = retryAfterS === null ? '' : ` Try again in ${retryAfterS} s.`;
  if (response.ok) return { event, why: '', take: () => parseAnswer(base, body) };
  const told = problem?.title ?? statusText;
  return {
    event,
    why: `answers ${status}${told === '' ? '' : ` (${told})`}`,
    take: () => {
      if (problem) throw new MmsError(problem.code, `${problem.detail ?? ''}${hint}`, problem.errors);
      const code: ProblemCode = status >= 500 ? 'E_UNREACHABLE' : 'E_BODY';
      throw new MmsError(code, `${base} answered ${status} ${statusText}.${hint}`);
    },
  };
}

/** Seconds, from a number of them or a date (RFC 9110); null for anything else. */
function retryAfterOf(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, Math.ceil((atMs - Date.now()) / 1e3));
}

function parseAnswer(base: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new MmsError('E_UNREACHABLE', `${base} answers, but not as an MMS service. Check --server.`);
  }
}

/** Null for what is no problem of ours, such as the page of a proxy. */
function readProblem(body: string): (Partial<Problem> & { code: ProblemCode }) | null {
  try {
    const problem = JSON.parse(body) as Partial<Problem> | null;
    const code = problem?.code;
    return code !== undefined && Object.hasOwn(PROBLEMS, code) ? { ...problem, code } : null;
  } catch {
    return null;
  }
}
