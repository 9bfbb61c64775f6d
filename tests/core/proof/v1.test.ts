/**
 * The expected values of V1 by other ways: closed forms of the symmetric strategy, and what a wrong fill
 * gives.
 */
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../../src/core/proof/models.js';
import { averageSpread, V1_MARKET, V1_TABLE, v1Quoter } from '../../../src/core/proof/v1.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import {
  IntensityTable,
  linearFillProbability,
  runIntensityMarket,
} from '../../../src/core/sim/intensity-market.js';

const symmetric = V1_TABLE.filter(({ strategy }) => strategy === 'symmetric');

describe.each(symmetric)('the symmetric strategy at gamma $gamma', ({ gamma, exact }) => {
  it('has the closed forms of two binomial counts and a walk as its exact column', () => {
    const { steps: n, horizon, sigma, intensityA, intensityK } = V1_MARKET;
    const dt = horizon / n;
    const delta = 0.5 * averageSpread(gamma, MODELS);
    const p = linearFillProbability(intensityA, intensityK, delta, dt);
    const fills = 2 * n * p * (1 - p);
    const walk = (sigma ** 2 * dt * 2 * p * (1 - p) * n * (n + 1)) / 2;
    expect(2 * n * p * delta).toBeCloseTo(exact[0], 2);
    expect(Math.sqrt(fills * delta ** 2 + walk)).toBeCloseTo(exact[1], 2);
    expect(Math.sqrt(fills)).toBeCloseTo(exact[2], 2);
  });
});

describe('a fill probability of 1 - exp(-lambda dt)', () => {
  it('gives the inventory strategy 57.2 in place of 64.9', () => {
    const runs = 4_000;
    const table = new IntensityTable(
      V1_MARKET,
      v1Quoter(V1_TABLE[0]!, MODELS),
      (a, k, delta, dt) => 1 - Math.exp(-a * Math.exp(-k * delta) * dt),
    );
    const [wealth, inventory] = [new Float64Array(runs), new Int32Array(runs)];
    runIntensityMarket(table, new Stream(1, 0, FLOW), runs, wealth, inventory);
    const mean = wealth.reduce((a, b) => a + b) / runs;
    const error = Math.sqrt(wealth.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / runs;
    expect(Math.abs(mean - 57.2)).toBeLessThan(4 * error + 0.05);
    expect(64.892 - mean).toBeGreaterThan(50 * error);
  });
});
