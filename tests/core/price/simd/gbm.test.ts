/** Geometric Brownian motion by the kernels: equal to the oracle's in every bit, and of the right law. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp } from '../../../../src/core/math/exp.js';
import {
  GBM_LEVELS,
  type GbmColumns,
  gbmColumns,
  type GbmLevel,
  type GbmSteps,
  SimdGbm,
} from '../../../../src/core/price/simd/gbm.js';
import type { Precision } from '../../../../src/core/price/simd/normals.js';
import { OracleGbm, priceExp } from '../../../../src/core/price/simd/oracle.js';

const PRECISIONS: readonly Precision[] = ['f64', 'f32-draws'];
const year: GbmSteps = { driftPerStep: 0.03 / 252, sdPerStep: 0.2 / Math.sqrt(252), steps: 252 };
const bitsOf = (values: Float64Array): string => Buffer.from(values.buffer).toString('base64');
const columnBits = (columns: GbmColumns): string[] => Object.values(columns).map(bitsOf);

describe.each(PRECISIONS)('paths of the kernels, %s', (precision) => {
  const lawOf = fc.record({
    driftPerStep: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    sdPerStep: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    steps: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 700 })),
  });

  it('reduce to the columns of the oracle in every bit', () => {
    const level = fc.constantFrom<GbmLevel>(...GBM_LEVELS);
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        lawOf,
        level,
        fc.maxSafeNat(),
        fc.nat(9),
        (seed, law, what, first, count) => {
          const [ours, theirs] = [gbmColumns(count), gbmColumns(count)];
          new SimdGbm(seed, precision).reduce(law, what, Math.min(first, 2 ** 53 - 20), count, ours);
          new OracleGbm(seed, precision).reduce(law, what, Math.min(first, 2 ** 53 - 20), count, theirs);
          expect(columnBits(ours)).toEqual(columnBits(theirs));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are those of the oracle in every bit', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        lawOf,
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        fc.nat(9),
        (seed, law, s0, count) => {
          const [ours, theirs] = [0, 0].map(() => new Float64Array(count * law.steps));
          new SimdGbm(seed, precision).paths(law, s0, 7, count, ours!);
          new OracleGbm(seed, precision).paths(law, s0, 7, count, theirs!);
          expect(bitsOf(ours!)).toBe(bitsOf(theirs!));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('do not depend on how they are cut into calls', () => {
    const whole = gbmColumns(5_001);
    new SimdGbm(1, precision).reduce(year, 'sums', 3, 5_001, whole);
    const row = new Float64Array(252);
    for (const path of [0, 1, 2_047, 2_048, 5_000]) {
      const one = gbmColumns(1);
      new SimdGbm(1, precision).reduce(year, 'sums', 3 + path, 1, one);
      for (const name of ['terminal', 'maximum', 'minimum', 'logSum', 'priceSum'] as const) {
        expect(one[name][0]).toBe(whole[name][path]);
      }
      new SimdGbm(1, precision).paths(year, 1, 3 + path, 1, row);
      expect(row.reduce((sum, price) => sum + price, 0)).toBe(one.priceSum[0]);
      expect(Math.max(1, ...row)).toBe(priceExp(one.maximum[0]!));
      expect(Math.min(1, ...row)).toBe(priceExp(one.minimum[0]!));
      expect(row[251]).toBe(priceExp(one.terminal[0]!));
    }
  });

  it('have the moments of the law, and mirrored ones of the negative sd', () => {
    const n = 40_000;
    const [plain, mirrored] = [gbmColumns(n), gbmColumns(n)];
    new SimdGbm(2, precision).reduce(year, 'extremes', 0, n, plain);
    new SimdGbm(2, precision).reduce({ ...year, sdPerStep: -year.sdPerStep }, 'extremes', 0, n, mirrored);
    const mean = (of: (i: number) => number): number => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += of(i);
      return sum / n;
    };
    const sd = 0.2;
    expect(Math.abs(mean((i) => plain.terminal[i]!) - 0.03)).toBeLessThan((4 * sd) / Math.sqrt(n));
    const variance = mean((i) => (plain.terminal[i]! - 0.03) ** 2);
    expect(Math.abs(variance - sd * sd)).toBeLessThan(4 * sd * sd * Math.sqrt(2 / n));
    const logSd = sd * Math.sqrt((253 * 505) / (6 * 252 * 252));
    const geometric = mean((i) => plain.logSum[i]! / 252);
    expect(Math.abs(geometric - (0.03 * 253) / 504)).toBeLessThan((4 * logSd) / Math.sqrt(n));
    for (let i = 0; i < n; i += 99) {
      expect(Math.abs(plain.terminal[i]! + mirrored.terminal[i]! - 0.06)).toBeLessThan(1e-13);
    }
  });

  it('hold an exponent that is too large or too small, and refuse what does not fit the memory', () => {
    const huge = gbmColumns(4);
    new SimdGbm(1, precision).reduce({ driftPerStep: 500, sdPerStep: 0.1, steps: 3 }, 'sums', 0, 4, huge);
    expect(huge.priceSum[0]).toBeGreaterThan(exp(708));
    expect(Number.isFinite(huge.priceSum[0])).toBe(true);
    const row = new Float64Array(3);
    new SimdGbm(1, precision).paths({ driftPerStep: -500, sdPerStep: 0.1, steps: 3 }, 1, 0, 1, row);
    expect(row[2]).toBe(priceExp(-708));
    const long = { ...year, steps: 2_200_000 };
    expect(() => new SimdGbm(1, precision).paths(long, 1, 0, 1, row)).toThrow(/numbers in a batch/);
  });
});

it('the exponential of prices is right to 1.5e-15 and |x| 1.5e-16', () => {
  for (let x = -708; x <= 709; x += 0.0137) {
    const bound = 1.5e-15 + Math.abs(x) * 1.5e-16;
    expect(Math.abs(priceExp(x) / exp(x) - 1)).toBeLessThan(bound);
  }
});
