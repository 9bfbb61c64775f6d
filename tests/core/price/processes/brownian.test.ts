/**
 * V7: moments of geometric Brownian motion, the law of its maximum, and the exact against the stepped way.
 */
import { describe, expect, it } from 'vitest';
import { exp } from '../../../../src/core/math/exp.js';
import { log } from '../../../../src/core/math/log.js';
import {
  emptyMoments,
  meanErrorOf,
  momentsOf,
  sdErrorOf,
  sdOf,
  skewnessOf,
} from '../../../../src/core/price/moments.js';
import { SeriesStats, statsOfLogs } from '../../../../src/core/price/path-stats.js';
import { gbm } from '../../../../src/core/price/processes/brownian.js';
import { SimdNormals } from '../../../../src/core/price/simd/normals.js';
import { chiSquareZ, normalCdf } from '../../../support/statistics.js';

const law = { driftPerYr: 0.05, sigmaPerSqrtYr: 0.2, horizonYr: 1 };
const S0 = 100;
const PATHS = 400_000;

/** Logarithms of terminal price and maximum over S0, by exact sampling or over `steps` fixings. */
function sample(steps: number | null, paths = PATHS, seed = 1) {
  const out = new SeriesStats(paths);
  const process = gbm({ s0: 1, ...law }, law.horizonYr, steps ?? 1);
  const source = new SimdNormals(seed);
  const perPath = steps ?? process.exact!.normals;
  const normals = new Float64Array(paths * perPath);
  source.fill(0, paths, perPath, normals);
  if (steps === null) {
    process.exact!.sample(normals, paths, 0, [out]);
    return out;
  }
  const states = new Float64Array(paths * (steps + 1));
  process.walk(normals, paths, states);
  statsOfLogs(states, paths, steps, 1, 0, out);
  return { terminal: out.terminal.map(log), maximum: out.maximum.map(log) };
}

function moments(values: Float64Array) {
  const out = emptyMoments();
  momentsOf(values, values.length, out);
  return out;
}

const prices = (logs: Float64Array): Float64Array => logs.map((y) => S0 * exp(y));

/**
 * E[max S] / S0 in continuous time by the formula of the floating-strike lookback (Goldman, Sosin & Gatto
 * 1979).
 */
function expectedMaximum({ driftPerYr: mu, sigmaPerSqrtYr: sigma, horizonYr: t }: typeof law): number {
  const root = sigma * Math.sqrt(t);
  const ratio = (sigma * sigma) / (2 * mu);
  const d1 = ((mu + 0.5 * sigma * sigma) * t) / root;
  const d2 = ((mu - 0.5 * sigma * sigma) * t) / root;
  return Math.exp(mu * t) * (1 + ratio) * normalCdf(d1) + (1 - ratio) * normalCdf(-d2);
}

describe.each([
  ['exact', null],
  ['stepped', 4],
])('%s sampling', (_name, steps) => {
  const { terminal, maximum } = sample(steps);

  it('has the mean, deviation and skewness of V7 within 4 standard errors', () => {
    const price = moments(prices(terminal));
    expect(Math.abs(price.mean - 105.12711)).toBeLessThan(4 * meanErrorOf(price));
    expect(Math.abs(sdOf(price) - 21.237439)).toBeLessThan(4 * sdErrorOf(price));
    const logs = moments(terminal);
    expect(Math.abs(logs.mean - 0.03)).toBeLessThan(4 * meanErrorOf(logs));
    expect(Math.abs(sdOf(logs) - 0.2)).toBeLessThan(4 * sdErrorOf(logs));
    // The error of the skewness comes from 20 batches, because no short formula holds for a skewed law.
    const size = PATHS / 20;
    const batches = Float64Array.from({ length: 20 }, (_, i) =>
      skewnessOf(moments(prices(terminal.subarray(i * size, (i + 1) * size)))),
    );
    const skewness = moments(batches);
    expect(Math.abs(skewness.mean - 0.614295)).toBeLessThan(4 * meanErrorOf(skewness));
  });

  it('never has a maximum below the start or the end of the path', () => {
    for (let i = 0; i < PATHS; i++) {
      if (maximum[i]! < 0 || maximum[i]! < terminal[i]!) throw new Error(`path ${i} ends above its maximum`);
    }
  });
});

describe('the maximum', () => {
  it('in continuous time has the closed-form mean, 120.150', () => {
    const expected = S0 * expectedMaximum(law);
    expect(expected).toBeCloseTo(120.15037, 4);
    const price = moments(prices(sample(null).maximum));
    expect(Math.abs(price.mean - expected)).toBeLessThan(4 * meanErrorOf(price));
  });

  it('in continuous time has the closed law of a Brownian motion with drift', () => {
    const [nu, sd] = [0.03, 0.2];
    const cdf = (m: number): number =>
      normalCdf((m - nu) / sd) - Math.exp((2 * nu * m) / (sd * sd)) * normalCdf((-m - nu) / sd);
    const cells = 256;
    const counts = new Float64Array(cells);
    for (const m of sample(null, PATHS, 2).maximum)
      counts[Math.min(cells - 1, Math.floor(cdf(m) * cells))]!++;
    expect(Math.abs(chiSquareZ(counts, new Float64Array(cells).fill(PATHS / cells)))).toBeLessThan(4);
  });

  it('over fixings lies below it by the shift 0.5826 sigma sqrt(dt) of Broadie, Glasserman and Kou', () => {
    const steps = 252;
    const price = moments(prices(sample(steps, 20_000).maximum));
    const shifted = S0 * expectedMaximum(law) * Math.exp(-0.5826 * law.sigmaPerSqrtYr * Math.sqrt(1 / steps));
    // The shift is an approximation: of order dt, here below 0.1.
    expect(Math.abs(price.mean - shifted)).toBeLessThan(4 * meanErrorOf(price) + 0.1);
    expect(price.mean).toBeLessThan(S0 * expectedMaximum(law) - 4 * meanErrorOf(price));
  });
});
