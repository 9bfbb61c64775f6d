/**
 * Bench case of variance reduction: the standard error of an arithmetic Asian call with 64 fixings by plain
 * Monte Carlo and by scrambled Sobol points on a Brownian bridge, with and without the geometric Asian as
 * control, from the same number of paths.
 */
import { exp } from '../../src/core/math/exp.js';
import { geometricAsianPrice } from '../../src/core/price/closed-form/asian.js';
import { discountFactor, type Market } from '../../src/core/price/closed-form/black-scholes.js';
import {
  controlledMean,
  emptyPairs,
  groupedMean,
  mergePairs,
  pairMomentsOf,
  type PairMoments,
} from '../../src/core/price/control-variate.js';
import type { NormalSource } from '../../src/core/price/normal-source.js';
import { SobolNormals } from '../../src/core/price/qmc/sobol-normals.js';
import { SimdNormals } from '../../src/core/price/simd/normals.js';
import type { BenchCase } from './cases.js';

const SEED = 1;
const FIXINGS = 64;
export const POINTS = 8_192;
/** Of an error a deviation of 1 / sqrt(2 x 63) = 9 % remains. */
const RANDOMISATIONS = 64;
const BLOCK = 1_024;
const SIGMA = 0.2;
const STRIKE = 100;
const market: Market = { spot: 100, ratePerYr: 0.05, yieldPerYr: 0, horizonYr: 1 };

/**
 * Discounted payoffs of the arithmetic (y) and the geometric (x) average over `points` paths, as one group.
 */
function groupOf(source: NormalSource, firstPath: number, points: number): PairMoments {
  const normals = new Float64Array(BLOCK * FIXINGS);
  const [y, x] = [new Float64Array(points), new Float64Array(points)];
  const drift = (market.ratePerYr - 0.5 * SIGMA * SIGMA) / FIXINGS;
  const sd = SIGMA / Math.sqrt(FIXINGS);
  const discount = discountFactor(market);
  for (let done = 0; done < points; done += BLOCK) {
    source.fill(firstPath + done, BLOCK, FIXINGS, normals);
    for (let p = 0; p < BLOCK; p++) {
      let [log, prices, logs] = [0, 0, 0];
      for (let j = p * FIXINGS; j < (p + 1) * FIXINGS; j++) {
        log += drift + sd * normals[j]!;
        logs += log;
        prices += exp(log);
      }
      y[done + p] = discount * Math.max(0, (market.spot * prices) / FIXINGS - STRIKE);
      x[done + p] = discount * Math.max(0, market.spot * exp(logs / FIXINGS) - STRIKE);
    }
  }
  const out = emptyPairs();
  pairMomentsOf(y, x, points, out);
  return out;
}

const groupsOf = (source: NormalSource, count: number, points: number): PairMoments[] =>
  Array.from({ length: count }, (_, group) => groupOf(source, group * points, points));

/** What a path costs and how much nearer its means come; errors are of one mean over `points` paths. */
export interface AsianErrors {
  /** Plain Monte Carlo's standard error over that of Sobol points on a bridge. */
  readonly sobol: number;
  /** The same, both with the control. */
  readonly controlled: number;
  /** Processor time of a path of Sobol points over that of a plain one. */
  readonly cost: number;
  readonly price: number;
  readonly standardError: number;
}

/**
 * Measures with `points` points and `randomisations` randomisations, and a quarter as many groups of plain
 * paths.
 */
export function asianErrors(points = POINTS, randomisations = RANDOMISATIONS): AsianErrors {
  const plainStart = process.cpuUsage();
  const plainGroups = groupsOf(new SimdNormals(SEED), randomisations / 4, points);
  const plainUs = process.cpuUsage(plainStart).user * 4;
  const start = process.cpuUsage();
  const groups = groupsOf(new SobolNormals({ seed: SEED, points }), randomisations, points);
  const us = process.cpuUsage(start).user;
  const all = emptyPairs();
  for (const group of plainGroups) mergePairs(all, group);
  const plainError = Math.sqrt(all.m2Y / (all.count - 1) / points);
  const expected = geometricAsianPrice(market, STRIKE, SIGMA, FIXINGS, 'call');
  const controlled = controlledMean(groups, expected);
  const one = Math.sqrt(randomisations);
  return {
    sobol: plainError / (groupedMean(groups).standardError * one),
    controlled: plainError / (controlled.standardError * one),
    cost: us / plainUs,
    price: controlled.mean,
    standardError: controlled.standardError,
  };
}

export const asianCases: readonly BenchCase[] = [
  {
    name: 'asian-sobol',
    unit: 'paths',
    sizes: { smoke: 1_024, full: POINTS },
    setup: (size) => ({
      count: 16 * size,
      run() {
        const { price, sobol, controlled } = asianErrors(size, 16);
        const bits = new BigUint64Array(Float64Array.of(price, sobol, controlled).buffer);
        return [...bits].map((word) => word.toString(16)).join('-');
      },
    }),
  },
];
