/**
 * V7: moments of geometric Brownian motion, the law of its maximum, and the exact against the stepped way.
 */
import { describe, expect, it } from 'vitest';
import { CONTROL_CANCEL, CONTROL_SLOTS } from '../../../src/core/control.js';
import { exp } from '../../../src/core/math/exp.js';
import { gbmBridge, gbmExact, gbmPath, gbmStepped, logMean, logSd } from '../../../src/core/price/gbm.js';
import {
  emptyMoments,
  meanErrorOf,
  momentsOf,
  sdErrorOf,
  sdOf,
  skewnessOf,
} from '../../../src/core/price/moments.js';
import { PRICE } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { chiSquareZ, normalCdf } from '../../support/statistics.js';

const law = { driftPerYr: 0.05, sigmaPerSqrtYr: 0.2, horizonYr: 1 };
const S0 = 100;
const PATHS = 400_000;
const control = (): Int32Array => new Int32Array(CONTROL_SLOTS);

function sample(steps: number | null, paths = PATHS, seed = 1) {
  const terminal = new Float64Array(paths);
  const maximum = new Float64Array(paths);
  const stream = new Stream(seed, 0, PRICE);
  if (steps === null) gbmExact(stream, law, paths, terminal, maximum);
  else gbmStepped(stream, law, steps, paths, terminal, maximum, control());
  return { terminal, maximum };
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
    const nu = logMean(law);
    const sd = logSd(law);
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

describe('gbmStepped', () => {
  it('walks the same path as gbmPath, whatever the buffer holds', () => {
    for (const steps of [1, 7, 4095, 4096, 4097]) {
      const paths = 3;
      const terminal = new Float64Array(paths);
      const maximum = new Float64Array(paths);
      gbmStepped(new Stream(8, 1, PRICE), law, steps, paths, terminal, maximum, control());
      const stream = new Stream(8, 1, PRICE);
      const path = new Float64Array(steps + 1);
      for (let p = 0; p < paths; p++) {
        gbmPath(stream, law, steps, path);
        expect(terminal[p]).toBe(path[steps]);
        expect(maximum[p]).toBe(Math.max(...path));
      }
    }
  });

  it('stops when it is told to', () => {
    const told = control();
    told[CONTROL_CANCEL] = 1;
    const out = new Float64Array(10);
    expect(gbmStepped(new Stream(), law, 10, 10, out, out, told)).toBe(false);
  });
});

describe('gbmBridge', () => {
  it('starts at 0, ends where it must, and has the variance of a bridge in the middle', () => {
    const points = 8;
    const end = 0.3;
    const middle = new Float64Array(50_000);
    const path = new Float64Array(points + 1);
    const stream = new Stream(4, 0, PRICE);
    for (let i = 0; i < middle.length; i++) {
      gbmBridge(stream, law, end, points, path);
      middle[i] = path[points / 2]!;
      expect(path[0]! + path[points]!).toBe(end);
    }
    const values = moments(middle);
    expect(Math.abs(values.mean - end / 2)).toBeLessThan(4 * meanErrorOf(values));
    expect(Math.abs(sdOf(values) - logSd(law) / 2)).toBeLessThan(4 * sdErrorOf(values));
  });
});
