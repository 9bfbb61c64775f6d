/** Coverage of the intervals of counts and shares, summed exactly over all outcomes. */
import { describe, expect, it } from 'vitest';
import {
  positiveEstimate,
  proportionEstimate,
  rateEstimate,
  shareEstimate,
  type Estimate,
} from '../../../src/core/fit/estimate.js';

const holds = ({ low, high }: Estimate, truth: number) => Number(low <= truth && truth <= high);

describe('rateEstimate', () => {
  it.each([0.05, 0.3, 1, 2, 2.5, 3, 5, 8, 20, 75])('holds the rate of %f expected events', (mean) => {
    let [coverage, chance] = [0, Math.exp(-mean)];
    for (let n = 0; n < 200; n++) {
      coverage += chance * holds(rateEstimate(n, 4), mean / 4);
      chance *= mean / (n + 1);
    }
    expect(coverage).toBeGreaterThan(0.945);
  });

  it('knows the exact ends of small counts, and nothing without exposure', () => {
    // Garwood (1936): halves of the chi-square points of 2 n and 2 n + 2 degrees.
    const exact = [
      [0, 0, 3.6889],
      [2, 0.2422, 7.2247],
      [10, 4.7954, 18.3904],
    ] as const;
    for (const [n, low, high] of exact) {
      expect(Math.abs(rateEstimate(n, 1).low - low)).toBeLessThan(0.025);
      expect(Math.abs(rateEstimate(n, 1).high - high)).toBeLessThan(0.025);
    }
    expect(rateEstimate(3, 0)).toEqual({ value: 0, standardError: -1, low: 0, high: 0 });
  });
});

describe('proportionEstimate', () => {
  it.each([0.05, 0.3, 0.7, 0.97])('holds a share of %f of 60 trials', (share) => {
    let [coverage, chance] = [0, (1 - share) ** 60];
    for (let n = 0; n <= 60; n++) {
      coverage += chance * holds(proportionEstimate(n / 60, 60), share);
      chance *= ((60 - n) / (n + 1)) * (share / (1 - share));
    }
    expect(coverage).toBeGreaterThan(0.93);
  });

  it('reaches its bounds where it was always or never so', () => {
    expect(proportionEstimate(1, 20).high).toBe(1);
    expect(proportionEstimate(0, 20).low).toBe(0);
    expect(proportionEstimate(1, 20).low).toBeCloseTo(1 - 1.96 ** 2 / (20 + 1.96 ** 2), 3);
  });
});

describe('an interval', () => {
  it('ends inside the domain where the error is beyond all measure', () => {
    expect(shareEstimate(1 - 1e-9, 1e9)).toMatchObject({ high: 1 });
    expect(shareEstimate(1e-9, 1e9)).toMatchObject({ high: 1 });
    expect(positiveEstimate(1e6, 1e300)).toMatchObject({ high: Number.MAX_VALUE });
  });
});
