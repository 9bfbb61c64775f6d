/** The limits name estimate, limit and the largest job allowed, and let nothing unknown through. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cost } from '../../src/contract/kind.js';
import type { MmsError } from '../../src/contract/problem.js';
import { checkCost, chunkLimitMs, type Limits } from '../../src/jobs/limits.js';
import { toyKind } from '../support/toy-kind.js';

const limits: Limits = {
  maxQueuedJobs: 1,
  maxClientShare: 1,
  maxJobCoreS: 10,
  maxResultBytes: 1e6,
  maxThreadBytes: 1e6,
  maxUnits: 1000,
  overrunS: 2,
};
const small: Cost = { stepsPerUnit: 1e6, nsPerStep: 10, resultBytes: 1000, threadBytes: 1000 };
const check = (units: number, cost: Partial<Cost>) =>
  checkCost(
    { ...toyKind, units: () => units, cost: () => ({ ...small, ...cost }) },
    { units, stepsPerUnit: 1, factor: 1 },
    limits,
  );
const messages = (units: number, cost: Partial<Cost>): string[] => {
  try {
    check(units, cost);
    return [];
  } catch (error) {
    expect((error as MmsError).problem.code).toBe('E_COST');
    return (error as MmsError).problem.errors!.map(({ message }) => message);
  }
};

describe('checkCost', () => {
  it('lets pass what is within the limits', () => {
    expect(check(1000, {})).toEqual({ units: 1000, nsPerUnit: 10e6, cost: small });
  });

  it.each<[string, number, Partial<Cost>, string]>([
    ['units', 1001, {}, 'Expected at most 1,000 units; the estimate is 1,000'],
    [
      'core seconds',
      100,
      { stepsPerUnit: 5e7 },
      'at most 10 core seconds; the estimate is 50. The largest job of this size per unit has 20 units; this one has 100.',
    ],
    [
      'one unit',
      1,
      { stepsPerUnit: 4e9 },
      'at most 10 core seconds; the estimate is 40. Make each unit at least 4 times smaller.',
    ],
    [
      'result',
      10,
      { resultBytes: 5e6 },
      'at most 1,000,000 bytes of result; the estimate is 5,000,000. The largest job of this size per unit has 2 units; this one has 10.',
    ],
    [
      'thread',
      10,
      { threadBytes: 2.5e6 },
      'at most 1,000,000 bytes in a thread; the estimate is 2,500,000. Make each unit at least 2.5 times smaller.',
    ],
  ])('refuses too much: %s', (_name, units, cost, message) => {
    expect(messages(units, cost).join('\n')).toContain(message);
  });

  it.each([
    [0, {}],
    [NaN, {}],
    [1, { stepsPerUnit: NaN }],
    [1, { resultBytes: Infinity }],
    [1, { threadBytes: NaN }],
  ])('refuses an estimate that is no number: %s units, %j', (units, cost) =>
    expect(messages(units, cost)).not.toEqual([]),
  );

  it('allows exactly the job that it names as the largest', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1000 }),
        fc.integer({ min: 1, max: 1e9 }),
        (units, stepsPerUnit) => {
          const said = /has ([\d,]+) units;/.exec(messages(units, { stepsPerUnit }).join())?.[1];
          fc.pre(said !== undefined);
          const largest = Number(said!.replaceAll(',', ''));
          expect(messages(largest, { stepsPerUnit })).toEqual([]);
          expect(messages(largest + 1, { stepsPerUnit })).not.toEqual([]);
        },
      ),
    );
  });

  it('gives a chunk ten times its estimate and what the operator adds', () => {
    expect(chunkLimitMs(5e6, limits)).toBe(2_050);
  });
});
