/**
 * How a call to a service goes on when it fails, as one function: (state, event) -> effect, with the clock in
 * the events and no socket, timer or randomness, so that the same code runs in the command line and under
 * seeded schedules of crashes and lost answers. The state is changed in place; each event has one effect.
 *
 * A call is repeated only where a repetition can mend it: nobody listens, the connection broke, no answer
 * came in time, or the answer itself says "later". That is safe because every call may come twice: a POST
 * carries one Idempotency-Key in all its tries. The waits double, each cut by up to a half at random so that
 * the clients of a service that died do not come back all at once; Retry-After is a lower bound of a wait.
 */
import { PROBLEMS, type ProblemCode } from '../contract/problem.js';

/** Milliseconds without a complete answer after which a try is given up. */
export const TRY_MS = 30_000;
const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 5_000;
/** Nobody waits longer for one try, whatever Retry-After says. */
const MAX_RETRY_AFTER_MS = 60_000;

/** Failures that pass: what fetch calls them, and TIMEOUT for a try that took too long. */
const PASSING: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['EAI_AGAIN', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'],
  ...['UND_ERR_BODY_TIMEOUT', 'TIMEOUT'],
]);
/** Answers of a proxy in front of the service, or of one that does not know our problems. */
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

export interface RetryState {
  /** Any integer; the random part of the waits follows from it. */
  readonly seed: number;
  /** What tells the service that all tries are one request; null where repeating changes nothing anyway. */
  readonly key: string | null;
  /** From the first failure on; 0 never repeats. */
  readonly patienceMs: number;
  tries: number;
  /** No try begins after this moment; null before the first failure. */
  untilMs: number | null;
}

export type RetryEvent =
  | { readonly type: 'begin' }
  | { readonly type: 'woke' }
  /** No answer, or not all of it; `why` is an error's code. */
  | { readonly type: 'lost'; readonly nowMs: number; readonly why: string }
  | {
      readonly type: 'answered';
      readonly nowMs: number;
      readonly status: number;
      /** Of a problem+json body; null for every other one. */
      readonly problem: ProblemCode | null;
      readonly retryAfterS: number | null;
    };

export type RetryEffect =
  /** Send the request, under `key` when there is one, and tell what came of it within `limitMs`. */
  | { readonly type: 'send'; readonly limitMs: number; readonly key: string | null }
  /** Say `woke` after `waitMs`; no try begins more than `leftMs` from now. */
  | { readonly type: 'wait'; readonly waitMs: number; readonly leftMs: number }
  /** The last answer, or the last failure, is what the caller gets. */
  | { readonly type: 'end' };

export function createRetry(seed: number, patienceMs: number, key: string | null = null): RetryState {
  return { seed, key, patienceMs, tries: 0, untilMs: null };
}

export function stepRetry(state: RetryState, event: RetryEvent): RetryEffect {
  switch (event.type) {
    case 'begin':
    case 'woke':
      state.tries++;
      return { type: 'send', limitMs: TRY_MS, key: state.key };
    case 'lost':
      return PASSING.has(event.why) ? again(state, event.nowMs, 0) : { type: 'end' };
    case 'answered':
      if (!passes(event.status, event.problem)) return { type: 'end' };
      return again(state, event.nowMs, Math.min((event.retryAfterS ?? 0) * 1e3, MAX_RETRY_AFTER_MS));
  }
}

/** Our own service says of each problem whether the same request may succeed later. */
function passes(status: number, problem: ProblemCode | null): boolean {
  return problem === null ? PASSING_STATUS.has(status) : PROBLEMS[problem].retryable;
}

/** Waits for the next try, unless that would begin too late; the last one begins when patience ends. */
function again(state: RetryState, nowMs: number, atLeastMs: number): RetryEffect {
  state.untilMs ??= nowMs + state.patienceMs;
  const leftMs = state.untilMs - nowMs;
  if (leftMs <= 0 || atLeastMs > leftMs) return { type: 'end' };
  const fullMs = Math.min(FIRST_WAIT_MS * 2 ** (state.tries - 1), MAX_WAIT_MS);
  const waitMs = Math.min(Math.max(fullMs * (1 - drawOf(state) / 2), atLeastMs), leftMs);
  return { type: 'wait', waitMs, leftMs };
}

/** A number in [0, 1) for each try, by the finalizer of MurmurHash3. */
function drawOf({ seed, tries }: RetryState): number {
  let h = Math.imul(seed, 0x9e3779b1) ^ Math.imul(tries, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
