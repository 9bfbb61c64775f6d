/** V1: the tables of Avellaneda & Stoikov (2008), section 3.3, reproduced row by row. */
import { describe, expect, it } from 'vitest';
import { reservationPrice, totalSpread } from '../../../src/core/agent/avellaneda-stoikov.js';
import { emptyMoments, meanErrorOf, momentsOf, sdErrorOf, sdOf } from '../../../src/core/price/moments.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import {
  linearFillProbability,
  runIntensityMarket,
  type FillProbability,
  type IntensityQuoter,
} from '../../../src/core/sim/intensity-market.js';

const market = { startMid: 100, sigma: 2, horizon: 1, steps: 200, intensityA: 140, intensityK: 1.5 };
const PAPER_RUNS = 1_000;
const MANY_RUNS = 10_000;

/** Quotes around the reservation price, so that inventory is brought back to zero. */
function inventoryQuoter(gamma: number): IntensityQuoter {
  return (mid, inventory, timeLeft, out) => {
    const reservation = reservationPrice(mid, inventory, gamma, market.sigma, timeLeft);
    const half = 0.5 * totalSpread(gamma, market.sigma, timeLeft, market.intensityK);
    out[0] = reservation + half - mid;
    out[1] = mid - (reservation - half);
  };
}

/** Mean over the steps of the inventory strategy's spread, which depends on time alone. */
function averageSpread(gamma: number): number {
  let sum = 0;
  for (let step = 0; step < market.steps; step++) {
    const timeLeft = market.horizon * (1 - step / market.steps);
    sum += totalSpread(gamma, market.sigma, timeLeft, market.intensityK);
  }
  return sum / market.steps;
}

function symmetricQuoter(gamma: number): IntensityQuoter {
  const half = 0.5 * averageSpread(gamma);
  return (_mid, _inventory, _timeLeft, out) => {
    out[0] = half;
    out[1] = half;
  };
}

/** Moments of terminal wealth and inventory over `runs` runs, each with its own stream of `seed`. */
function simulate(quoter: IntensityQuoter, runs: number, seed: number, fill?: FillProbability) {
  const stream = new Stream();
  const wealth = new Float64Array(runs);
  const inventory = new Float64Array(runs);
  const result = { wealth: 0, inventory: 0, meanSpread: 0 };
  for (let run = 0; run < runs; run++) {
    runIntensityMarket(market, quoter, stream.key(seed, run, FLOW), result, fill ?? linearFillProbability);
    wealth[run] = result.wealth;
    inventory[run] = result.inventory;
  }
  const profit = emptyMoments();
  const terminalQ = emptyMoments();
  momentsOf(wealth, runs, profit);
  momentsOf(inventory, runs, terminalQ);
  return { profit, terminalQ, meanSpread: result.meanSpread };
}

interface Figures {
  readonly profit: number;
  readonly sd: number;
  readonly qMean: number;
  readonly qSd: number;
}
interface Row {
  readonly gamma: number;
  readonly strategy: 'inventory' | 'symmetric';
  readonly spread: number;
  readonly printed: Figures;
  readonly exact: Figures;
}

function row(
  gamma: number,
  strategy: Row['strategy'],
  spread: number,
  printed: number[],
  exact: number[],
): Row {
  const figures = ([profit, sd, qMean, qSd]: number[]) => ({
    profit: profit!,
    sd: sd!,
    qMean: qMean!,
    qSd: qSd!,
  });
  return { gamma, strategy, spread, printed: figures(printed), exact: figures(exact) };
}

/**
 * Printed: profit, its sd, mean and sd of terminal inventory; exact: the same (the mean of the inventory is
 * 0 by symmetry).
 */
const table: readonly Row[] = [
  row(0.1, 'inventory', 1.49, [65.0, 6.6, 0.08, 2.9], [64.892, 6.539, 0, 2.926]),
  row(0.1, 'symmetric', 1.49, [68.4, 12.7, 0.26, 8.4], [68.223, 13.456, 0, 8.399]),
  row(0.01, 'inventory', 1.35, [68.6, 8.7, 0.12, 5.1], [68.387, 8.953, 0, 5.211]),
  row(0.01, 'symmetric', 1.35, [68.8, 12.8, 0.09, 8.7], [68.666, 13.677, 0, 8.712]),
  row(1, 'inventory', 3.02, [31.4, 5.0, 0.02, 1.7], [31.457, 4.835, 0, 1.641]),
  row(1, 'symmetric', 3.02, [44.0, 11.0, 0.0, 5.1], [43.685, 10.733, 0, 5.171]),
];

function quoterOf({ gamma, strategy }: Row): IntensityQuoter {
  return strategy === 'inventory' ? inventoryQuoter(gamma) : symmetricQuoter(gamma);
}

/**
 * |estimate - expected| in standard errors of `own`, widened by what rounding of the printed digit can add.
 */
function withinErrors(estimate: number, expected: number, error: number, errors: number, rounding = 0): void {
  expect(Math.abs(estimate - expected)).toBeLessThanOrEqual(errors * error + rounding);
}

describe.each(table)('gamma $gamma, $strategy strategy', (expected) => {
  it('has the printed average spread', () => {
    const { meanSpread } = simulate(quoterOf(expected), 1, 1);
    expect(meanSpread).toBeCloseTo(averageSpread(expected.gamma), 10);
    expect(Math.abs(meanSpread - expected.spread)).toBeLessThan(0.015);
  });

  it('gives the printed figures with as many runs as the paper', () => {
    const { profit, terminalQ } = simulate(quoterOf(expected), PAPER_RUNS, 2008);
    const { printed } = expected;
    withinErrors(profit.mean, printed.profit, meanErrorOf(profit), 3.5, 0.05);
    withinErrors(sdOf(profit), printed.sd, sdErrorOf(profit), 3.5, 0.05);
    withinErrors(terminalQ.mean, printed.qMean, meanErrorOf(terminalQ), 3.5, 0.005);
    withinErrors(sdOf(terminalQ), printed.qSd, sdErrorOf(terminalQ), 3.5, 0.05);
  });

  it('gives the exact figures with many runs', () => {
    const { profit, terminalQ } = simulate(quoterOf(expected), MANY_RUNS, 1);
    const { exact } = expected;
    withinErrors(profit.mean, exact.profit, meanErrorOf(profit), 4);
    withinErrors(sdOf(profit), exact.sd, sdErrorOf(profit), 4);
    withinErrors(terminalQ.mean, exact.qMean, meanErrorOf(terminalQ), 4);
    withinErrors(sdOf(terminalQ), exact.qSd, sdErrorOf(terminalQ), 4);
  });
});

describe('the closed forms of the symmetric strategy', () => {
  it.each([0.1, 0.01, 1])('agree with the exact column at gamma %d', (gamma) => {
    const { exact } = table.find((r) => r.gamma === gamma && r.strategy === 'symmetric')!;
    const n = market.steps;
    const dt = market.horizon / n;
    const delta = 0.5 * averageSpread(gamma);
    const p = linearFillProbability(market.intensityA, market.intensityK, delta, dt);
    const fills = 2 * n * p * (1 - p);
    const walk = (market.sigma ** 2 * dt * 2 * p * (1 - p) * n * (n + 1)) / 2;
    expect(2 * n * p * delta).toBeCloseTo(exact.profit, 2);
    expect(Math.sqrt(fills * delta ** 2 + walk)).toBeCloseTo(exact.sd, 2);
    expect(Math.sqrt(fills)).toBeCloseTo(exact.qSd, 2);
  });
});

describe('a fill probability of 1 - exp(-lambda dt)', () => {
  it('misses the printed profit: 57.2 in place of 64.9', () => {
    const saturating: FillProbability = (a, k, delta, dt) => 1 - Math.exp(-a * Math.exp(-k * delta) * dt);
    const { profit } = simulate(inventoryQuoter(0.1), 4_000, 1, saturating);
    withinErrors(profit.mean, 57.2, meanErrorOf(profit), 4, 0.05);
    expect(Math.abs(profit.mean - 64.892)).toBeGreaterThan(50 * meanErrorOf(profit));
  });
});

describe('a clipped fill probability', () => {
  it('is 1 for a quote far through the mid', () => {
    expect(linearFillProbability(140, 1.5, -10, 0.005)).toBe(1);
  });
});
