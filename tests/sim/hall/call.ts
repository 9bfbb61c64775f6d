/** A client's call over a network with faults: the real retry step drives it, and every effect is watched. */
import { createRetry, stepRetry, type RetryEffect, type RetryEvent } from '../../../src/cli/retry.js';
import type { Hall } from '../../../src/contract/ports.js';
import type { MmsError } from '../../../src/contract/problem.js';
import type { Faults } from '../faults.js';
import { drawOf } from '../random.js';
import type { Timeline } from '../timeline.js';
import type { HallSchedule } from './schedule.js';
import { HEAL_MS } from './schedule.js';
import type { Service } from './service.js';

/** What the HTTP edge says with a problem that may pass. */
const RETRY_AFTER_S = 1;
/** No patience allows for more, with waits that double. */
const MAX_TRIES = 30;
/** A request that a proxy holds back reaches the service within this time. */
const HELD_MS = 40_000;

export interface World {
  readonly schedule: HallSchedule;
  readonly time: Timeline;
  readonly service: Service;
  readonly faults: Faults;
  readonly broken: (text: string) => void;
  /** Requests that are still on their way, some without anybody who waits for them. */
  underway: number;
}

export interface CallPlan<T> {
  readonly who: string;
  /** Of the client, different for each of its calls. */
  readonly number: number;
  readonly key: string | null;
  readonly patienceMs: number;
  readonly ask: (hall: Hall, key: string | null) => T | Promise<T>;
  readonly answered: (answer: T) => void;
  /** Null when no answer came. */
  readonly failed: (error: MmsError | null) => void;
}

/** What the watch remembers of a call. */
interface Watched {
  tries: number;
  firstFailureMs: number | null;
}

export function call<T>(world: World, plan: CallPlan<T>): void {
  const { time } = world;
  const state = createRetry(plan.number, plan.patienceMs, plan.key);
  const watched: Watched = { tries: 0, firstFailureMs: null };
  let last: () => void = () => undefined;
  const go = (event: RetryEvent): void => {
    const effect = stepRetry(state, event);
    if (!watch(world, plan, watched, event, effect)) return;
    if (effect.type === 'end') last();
    else if (effect.type === 'wait') time.at(effect.waitMs, () => go({ type: 'woke' }));
    else
      attempt(world, plan, watched.tries, effect, (came, take) => {
        last = take;
        go(came);
      });
  };
  go({ type: 'begin' });
}

/** One try; tells once what came of it, at the latest when its limit is over. */
function attempt<T>(
  world: World,
  { who, number, ask, answered, failed }: CallPlan<T>,
  tries: number,
  { limitMs, key }: Extract<RetryEffect, { type: 'send' }>,
  told: (event: RetryEvent, take: () => void) => void,
): void {
  const { schedule, time, service, faults } = world;
  const id = 1_000 + 100 * number + tries;
  const draw = (stream: number): number => drawOf(schedule.seed, stream, id);
  const fault = (what: string): boolean =>
    faults.happens(id, () => `${Math.round(time.nowMs)} ms: ${what} of try ${tries} of ${who}`);
  let waits = true;
  const tell = (event: RetryEvent, take: () => void): void => {
    if (!waits) return;
    waits = false;
    told(event, take);
  };
  const lost = (why: string): void => tell({ type: 'lost', nowMs: time.nowMs, why }, () => failed(null));
  const heals = time.nowMs > HEAL_MS;
  const fate = heals ? 1 : draw(20);
  const { requestLost, answerLost, heldBack } = schedule;
  const isRequestLost = fate < requestLost && fault('the request is lost');
  const isAnswerLost = fate > 1 - answerLost && !heals && fault('the answer is lost');
  const isHeld = fate > requestLost && fate < requestLost + heldBack && fault('a proxy holds the request');
  time.at(limitMs, () => lost('TIMEOUT'));
  if (isRequestLost) return time.at(5, () => lost('ECONNRESET'));
  const wayMs = isHeld ? HELD_MS * draw(21) : 1 + 3 * draw(21);
  world.underway++;
  time.at(wayMs, () => {
    world.underway--;
    if (!service.hall) return lost('ECONNREFUSED');
    service.ask((hall) => ask(hall, key), {
      answer: (answer) => {
        if (isAnswerLost) return lost('ECONNRESET');
        tell(answerOf(time.nowMs, 200, null), () => answered(answer));
      },
      refused: (error) => {
        if (isAnswerLost) return lost('ECONNRESET');
        tell(answerOf(time.nowMs, error.problem.status, error), () => failed(error));
      },
      broken: () => lost('UND_ERR_SOCKET'),
    });
  });
}

function answerOf(nowMs: number, status: number, error: MmsError | null): RetryEvent {
  const retryAfterS = error?.problem.retryable ? RETRY_AFTER_S : null;
  return { type: 'answered', nowMs, status, problem: error?.problem.code ?? null, retryAfterS };
}

/** What a repetition must not do; false once a promise is broken, so that a storm ends. */
function watch<T>(
  { time, broken }: World,
  { who, patienceMs }: CallPlan<T>,
  seen: Watched,
  event: RetryEvent,
  effect: RetryEffect,
): boolean {
  const say = (text: string): boolean => {
    broken(`${text}: ${who}, try ${seen.tries}`);
    return false;
  };
  const { nowMs } = time;
  if (event.type === 'answered' || event.type === 'lost') {
    const passes = event.type === 'lost' || event.retryAfterS !== null;
    const leastMs = event.type === 'lost' ? 0 : 1e3 * (event.retryAfterS ?? 0);
    if (!passes && effect.type !== 'end') return say('I4 asks again although the answer is final');
    if (!passes) return true;
    seen.firstFailureMs ??= nowMs;
    const leftMs = seen.firstFailureMs + patienceMs - nowMs;
    if (effect.type === 'end' && leftMs > 0 && leastMs <= leftMs)
      return say(`I5 gives up with ${Math.round(leftMs)} ms of patience left`);
    if (effect.type === 'wait' && effect.waitMs < leastMs) return say('I4 asks again before Retry-After');
  }
  if (effect.type !== 'send') return true;
  if (++seen.tries > MAX_TRIES) return say('I4 asks too often');
  if (seen.firstFailureMs !== null && nowMs > seen.firstFailureMs + patienceMs + 1e-6)
    return say('I6 asks again after its patience');
  return true;
}
