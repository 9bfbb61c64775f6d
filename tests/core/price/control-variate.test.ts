/** Control variates: unbiased with few paths, a right error, and the variance that theory leaves. */
import { describe, expect, it } from 'vitest';
import {
  controlledMean,
  emptyPairs,
  groupedMean,
  mergePairs,
  pairMomentsOf,
  type PairMoments,
} from '../../../src/core/price/control-variate.js';
import { PRICE } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';

/** Groups of `size` pairs: x = e^(z/2) and y = x^2 + noise, whose beta bends with the sample. */
function groupsOf(stream: Stream, groups: number, size: number): PairMoments[] {
  const [y, x] = [new Float64Array(size), new Float64Array(size)];
  return Array.from({ length: groups }, () => {
    for (let i = 0; i < size; i++) {
      x[i] = Math.exp(0.5 * stream.normal());
      y[i] = x[i]! * x[i]! + 0.3 * stream.normal();
    }
    const out = emptyPairs();
    pairMomentsOf(y, x, size, out);
    return out;
  });
}
const MEAN_X = Math.exp(0.125);
const MEAN_Y = Math.exp(0.5);

describe('controlledMean', () => {
  it('is unbiased with four groups of four paths, where one beta for all is not', () => {
    const stream = new Stream(1, 0, PRICE);
    const repeats = 60_000;
    let [sum, squares, naive] = [0, 0, 0];
    for (let i = 0; i < repeats; i++) {
      const groups = groupsOf(stream, 4, 4);
      const { mean, beta } = controlledMean(groups, MEAN_X);
      sum += mean;
      squares += mean * mean;
      naive += groups.reduce((total, g) => total + g.meanY - beta * (g.meanX - MEAN_X), 0) / 4;
    }
    const error = Math.sqrt((squares / repeats - (sum / repeats) ** 2) / repeats);
    expect(Math.abs(sum / repeats - MEAN_Y)).toBeLessThan(4 * error);
    // The check has teeth: the usual estimator fails it by far.
    expect(Math.abs(naive / repeats - MEAN_Y)).toBeGreaterThan(10 * error);
  });

  it('states an error that holds, and one as small as the correlation allows', () => {
    const stream = new Stream(2, 0, PRICE);
    let [inside, ratios] = [0, 0];
    const repeats = 400;
    for (let i = 0; i < repeats; i++) {
      const groups = groupsOf(stream, 16, 200);
      const controlled = controlledMean(groups, MEAN_X);
      if (Math.abs(controlled.mean - MEAN_Y) < 2.131 * controlled.standardError) inside++;
      ratios += controlled.standardError / groupedMean(groups).standardError / repeats;
    }
    // 95 % of a t law with 15 degrees of freedom, within 4 binomial deviations.
    expect(Math.abs(inside / repeats - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / repeats));
    // cov(x, x^2) = e^(9/8) - e^(5/8), var(x^2) = e^2 - e: x = e^(z/2).
    const covariance = Math.exp(9 / 8) - Math.exp(5 / 8);
    const left = 1 - covariance ** 2 / ((Math.exp(0.5) - Math.exp(0.25)) * (Math.exp(2) - Math.E + 0.09));
    expect(Math.abs(ratios / Math.sqrt(left) - 1)).toBeLessThan(0.1);
  });

  it('leaves the mean alone where the control never moves', () => {
    const groups = groupsOf(new Stream(3, 0, PRICE), 3, 5).map((g) => ({ ...g, meanX: 2, m2X: 0, mXY: 0 }));
    const total = emptyPairs();
    for (const group of groups) mergePairs(total, group);
    const { mean, beta } = controlledMean(groups, 2);
    expect([mean, beta]).toEqual([expect.closeTo(total.meanY, 12), 0]);
    expect(controlledMean(groups, 2)).toEqual(groupedMean(groups));
  });
});

describe('mergePairs', () => {
  it('gives the moments of all pairs together', () => {
    const stream = new Stream(4, 0, PRICE);
    const [y, x] = [new Float64Array(100), new Float64Array(100)];
    for (let i = 0; i < 100; i++) {
      x[i] = 1e6 + stream.normal();
      y[i] = x[i]! + stream.normal();
    }
    const [whole, merged] = [emptyPairs(), emptyPairs()];
    pairMomentsOf(y, x, 100, whole);
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [1, 40],
      [40, 100],
    ] as const) {
      const part = emptyPairs();
      pairMomentsOf(y.subarray(from), x.subarray(from), to - from, part);
      mergePairs(merged, part);
    }
    expect(merged.count).toBe(100);
    for (const key of ['meanY', 'meanX', 'm2Y', 'm2X', 'mXY'] as const) {
      expect(Math.abs(merged[key] / whole[key] - 1)).toBeLessThan(1e-9);
    }
  });
});
