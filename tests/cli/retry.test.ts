/** The retry of a call as a pure step: what is repeated, how long it waits, and when it gives up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRetry, stepRetry, TRY_MS, type RetryEffect, type RetryEvent } from '../../src/cli/retry.js';
import { PROBLEMS, type ProblemCode } from '../../src/contract/problem.js';

const lost = (nowMs: number, why = 'ECONNREFUSED'): RetryEvent => ({ type: 'lost', nowMs, why });
const answer = (
  status: number,
  problem: ProblemCode | null = null,
  retryAfterS: number | null = null,
): RetryEvent => ({ type: 'answered', nowMs: 0, status, problem, retryAfterS });

/** What the first failure leads to. */
function afterFirst(event: RetryEvent, patienceMs = 30_000): RetryEffect {
  const state = createRetry(1, patienceMs);
  stepRetry(state, { type: 'begin' });
  return stepRetry(state, event);
}

/** The waits of a call whose every try fails at once by what `fail` says. */
function waitsOf(seed: number, patienceMs: number, fail: (nowMs: number) => RetryEvent): number[] {
  const state = createRetry(seed, patienceMs);
  const waits: number[] = [];
  let nowMs = 1_000;
  let effect = stepRetry(state, { type: 'begin' });
  while (effect.type !== 'end') {
    if (effect.type === 'wait') {
      waits.push(effect.waitMs);
      nowMs += effect.waitMs;
      effect = stepRetry(state, { type: 'woke' });
    } else effect = stepRetry(state, fail(nowMs));
  }
  return waits;
}

describe('a call', () => {
  it('is sent at once, with a limit for its answer', () => {
    expect(stepRetry(createRetry(1, 0), { type: 'begin' })).toEqual({
      ...{ type: 'send', limitMs: TRY_MS, key: null },
    });
  });

  it('has one key in all its tries', () => {
    const state = createRetry(1, 60_000, 'abc');
    const sent = [stepRetry(state, { type: 'begin' })];
    for (let i = 0; i < 5; i++) {
      stepRetry(state, lost(i));
      sent.push(stepRetry(state, { type: 'woke' }));
    }
    expect(sent.map((effect) => effect.type === 'send' && effect.key)).toEqual(Array(6).fill('abc'));
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE', 'TIMEOUT', 'EAI_AGAIN'])(
    'is repeated after %s',
    (why) => expect(afterFirst(lost(0, why)).type).toBe('wait'),
  );

  it.each(['ENOTFOUND', 'bad port', 'CERT_HAS_EXPIRED', 'fetch failed'])(
    'is not repeated after %s, which a second try would meet again',
    (why) => expect(afterFirst(lost(0, why))).toEqual({ type: 'end' }),
  );

  it('is repeated after a problem of ours exactly when that is called retryable', () => {
    for (const [code, { status, retryable }] of Object.entries(PROBLEMS))
      expect([code, afterFirst(answer(status, code as ProblemCode)).type]).toEqual([
        code,
        retryable ? 'wait' : 'end',
      ]);
  });

  it('is repeated after what proxies say of a service that is away, and after no other status', () => {
    const repeated = [];
    for (let status = 200; status < 600; status++)
      if (afterFirst(answer(status)).type === 'wait') repeated.push(status);
    expect(repeated).toEqual([408, 429, 500, 502, 503, 504]);
  });

  it('waits at least as long as Retry-After says, at most a minute, and not when patience is shorter', () => {
    expect(afterFirst(answer(429, 'E_RATE', 7))).toEqual({ type: 'wait', waitMs: 7_000, leftMs: 30_000 });
    expect(afterFirst(answer(503, 'E_QUEUE_FULL', 31))).toEqual({ type: 'end' });
    expect(afterFirst(answer(503, 'E_STORE', 1e9), 90_000)).toMatchObject({ waitMs: 60_000 });
    expect(afterFirst(answer(503, 'E_STORE', 0))).toMatchObject({ type: 'wait' });
  });

  it('is tried once without patience', () => {
    expect(afterFirst(lost(5), 0)).toEqual({ type: 'end' });
  });
});

describe('the waits of a call that fails again and again', () => {
  it('double from 100 ms to 5 s, each cut by less than a half, and end with patience to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 120_000 }), (seed, patienceMs) => {
        const waits = waitsOf(seed, patienceMs, lost);
        const full = waits.map((_, i) => Math.min(100 * 2 ** i, 5_000));
        const sum = waits.reduce((total, waitMs) => total + waitMs, 0);
        expect(sum).toBeCloseTo(patienceMs, 6);
        waits.slice(0, -1).forEach((waitMs, i) => {
          expect(waitMs).toBeGreaterThan(full[i]! / 2);
          expect(waitMs).toBeLessThanOrEqual(full[i]!);
        });
      }),
    );
  });

  it('are the same for one seed and part the clients of different seeds', () => {
    const second = Array.from({ length: 200 }, (_, seed) => waitsOf(seed, 10_000, lost)[5]!);
    expect(waitsOf(7, 10_000, lost)).toEqual(waitsOf(7, 10_000, lost));
    expect(new Set(second).size).toBe(200);
    const mean = second.reduce((sum, waitMs) => sum + waitMs, 0) / second.length;
    // Uniform between 1,600 and 3,200 ms: a standard error of 33 ms.
    expect(Math.abs(mean - 2_400)).toBeLessThan(130);
  });

  it('count the time that tries take: patience begins with the first failure', () => {
    const state = createRetry(3, 10_000);
    stepRetry(state, { type: 'begin' });
    expect(stepRetry(state, lost(30_000, 'TIMEOUT'))).toMatchObject({ type: 'wait', leftMs: 10_000 });
    stepRetry(state, { type: 'woke' });
    expect(stepRetry(state, lost(40_000, 'TIMEOUT'))).toEqual({ type: 'end' });
  });
});
