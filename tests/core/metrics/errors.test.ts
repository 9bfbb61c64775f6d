/** Standard errors and intervals against exact values and by their coverage; tails against sorting. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stationaryBootstrap } from '../../../src/core/metrics/bootstrap.js';
import { meanOf, ratioOf, tQuantile975 } from '../../../src/core/metrics/estimate.js';
import { tailOf } from '../../../src/core/metrics/tail.js';
import { Stream } from '../../../src/core/rng/stream.js';

describe('tQuantile975', () => {
  it('meets the tables of Student', () => {
    const printed: readonly [number, number][] = [
      [1, 12.7062],
      [2, 4.30265],
      [5, 2.570582],
      [10, 2.228139],
      [11, 2.200985],
      [15, 2.13145],
      [30, 2.042272],
      [120, 1.97993],
      [1e9, 1.959964],
    ];
    for (const [degrees, t] of printed) expect(Math.abs(tQuantile975(degrees) - t)).toBeLessThan(2e-5);
  });
});

/** Share of intervals that hold the truth, and whether it is 95 % within four errors. */
function covers(trials: number, hit: (trial: number) => boolean): void {
  let hits = 0;
  for (let trial = 0; trial < trials; trial++) if (hit(trial)) hits++;
  const bound = 4 * Math.sqrt((0.95 * 0.05) / trials);
  expect(Math.abs(hits / trials - 0.95)).toBeLessThan(bound);
}

const inside = (interval: readonly [number, number] | null, truth: number): boolean =>
  interval !== null && interval[0] <= truth && truth <= interval[1];

describe('estimates over runs', () => {
  const stream = new Stream(3, 0, 9);
  const normals = (n: number) => Array.from({ length: n }, () => stream.normal());

  it('hold the mean in 95 % of the intervals, also of 4 runs', () => {
    for (const n of [4, 32]) covers(4_000, () => inside(meanOf(normals(n))!.interval, 0));
  });

  it('hold the ratio of two dependent sums in 95 % of the intervals', () => {
    covers(4_000, () => {
      const b = normals(40).map((x) => 5 + x);
      const a = b.map((x) => 2 * x + stream.normal());
      return inside(ratioOf(a, b)!.interval, 2);
    });
  });

  it('are null where there is nothing, and have no error from one run', () => {
    expect(meanOf([])).toBeNull();
    expect(ratioOf([1, 2], [0, 0])).toBeNull();
    expect(meanOf([3])).toEqual({ value: 3, standardError: null, interval: null, runs: 1 });
  });
});

describe('stationaryBootstrap', () => {
  it('finds the error of a mean of dependent values, which the classical formula misses', () => {
    // AR(1) with coefficient 1/2: the variance of the mean is (1 + c) / (1 - c) = 3 times the independent
    // one.
    const n = 4_000;
    const stream = new Stream(11, 0, 9);
    const series = new Float64Array(n);
    for (let i = 1; i < n; i++) series[i] = 0.5 * series[i - 1]! + stream.normal();
    const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;
    const truth = 2 / Math.sqrt(n);
    const found = stationaryBootstrap(series, mean, new Stream(1, 0, 9), { copies: 400 })!;
    // 400 copies give the error to 3.5 %; blocks of n^(1/3) miss a little of the dependence.
    expect(found.standardError / truth).toBeGreaterThan(0.8);
    expect(found.standardError / truth).toBeLessThan(1.15);
    const independent = stationaryBootstrap(series, mean, new Stream(1, 0, 9), {
      copies: 400,
      blockLength: 1,
    })!;
    expect(independent.standardError / truth).toBeLessThan(0.7);
    expect(inside(found.interval, mean(series))).toBe(true);
  });

  it('is null where the statistic is mostly undefined', () => {
    expect(stationaryBootstrap(new Float64Array(9), () => null, new Stream())).toBeNull();
    expect(stationaryBootstrap(new Float64Array(1), () => 1, new Stream())).toBeNull();
  });
});

describe('tailOf', () => {
  it('equals sorting', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.01, 0.05, 0.5, 0.999),
        (list, share) => {
          const sorted = [...list].sort((a, b) => a - b);
          const k = Math.ceil(share * list.length);
          const found = tailOf(Float64Array.from(list), share);
          expect(found.valueAtRisk).toBe(0 - sorted[k - 1]!);
          const worst = sorted.slice(0, k).reduce((sum, x) => sum + x, 0);
          expect(found.expectedShortfall).toBeCloseTo(0 - worst / k, 10);
          expect(found.count).toBe(k);
        },
      ),
    );
    expect(tailOf(new Float64Array(0), 0.05)).toEqual({ valueAtRisk: 0, expectedShortfall: 0, count: 0 });
  });
});
