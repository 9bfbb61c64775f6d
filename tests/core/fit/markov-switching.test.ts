/** Markov switching: the sum over all paths, its score, Hamilton's published figures, names of regimes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  MarkovFilter,
  stationary,
  transitions,
  type MarkovShape,
} from '../../../src/core/fit/markov-filter.js';
import { fitMarkovSwitching } from '../../../src/core/fit/markov-switching.js';
import { normalCdf, normalPdf } from '../../../src/core/math/normal.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { withShared } from '../../support/shared.js';

interface Hamilton {
  readonly rgnp: number[];
  readonly params: { p00: number; p10: number; mu0: number; mu1: number; sigma2: number; phi: number[] };
  readonly loglik: number;
  readonly std_err: { p00: number; p10: number; mu0: number; mu1: number; phi: number[] };
  readonly filtered_regime1: number[];
  readonly smoothed_regime1: number[];
}

withShared('fitMarkovSwitching on US GNP (Hamilton 1989)', (dir) => {
  const known = JSON.parse(readFileSync(`${dir}/data/reference/hamilton1989_gnp.json`, 'utf8')) as Hamilton;
  const shape: MarkovShape = { regimes: 2, lags: 4, switchingMean: true, switchingVariance: false };
  const values = Float64Array.from(known.rgnp);
  const fit = fitMarkovSwitching(values, shape);

  it('gives the published parameters and their errors to six decimals, and the log-likelihood', () => {
    const { p00, p10, mu0, mu1, sigma2, phi } = known.params;
    const near = (value: number, printed: number, digits = 6): void =>
      expect(Math.abs(value - printed)).toBeLessThan(10 ** -digits);
    expect(fit.logLikelihood).toBeCloseTo(known.loglik, 5);
    near(fit.means[0]!, mu0, 5);
    near(fit.means[1]!, mu1, 5);
    near(fit.transition[0]!, p00, 5);
    near(fit.transition[2]!, p10, 5);
    near(fit.sigmas[0]! ** 2, sigma2, 5);
    phi.forEach((value, k) => near(fit.phi[k]!, value, 5));
    near(fit.errors.means[0]!, known.std_err.mu0);
    near(fit.errors.means[1]!, known.std_err.mu1);
    near(fit.errors.transition[0]!, known.std_err.p00);
    near(fit.errors.transition[2]!, known.std_err.p10);
    known.std_err.phi.forEach((value, k) => near(fit.errors.phi[k]!, value));
  });

  it('gives the published filtered and smoothed probabilities', () => {
    for (const which of ['filtered', 'smoothed'] as const) {
      const probabilities = fit.filter.probabilities(which);
      known[`${which}_regime1`].forEach((value, t) =>
        expect(Math.abs(probabilities[2 * t + 1]! - value)).toBeLessThan(1e-5),
      );
    }
  });

  it('reaches them from other starts and by the simplex', () => {
    for (const start of [1, 2, 3]) {
      expect(fitMarkovSwitching(values, shape, { start }).logLikelihood).toBeCloseTo(known.loglik, 5);
    }
    const simplex = fitMarkovSwitching(values, shape, { method: 'simplex' });
    expect(simplex.logLikelihood).toBeCloseTo(known.loglik, 5);
    expect(simplex.means[0]).toBeCloseTo(fit.means[0]!, 3);
  });
});

const shapes: readonly MarkovShape[] = [
  { regimes: 2, lags: 0, switchingMean: true, switchingVariance: true },
  { regimes: 2, lags: 2, switchingMean: true, switchingVariance: false },
  { regimes: 3, lags: 1, switchingMean: false, switchingVariance: true },
];
const stream = new Stream(5, 0, 1);
const short = Float64Array.from({ length: 7 }, () => stream.normal());

function someParameters({ layout }: MarkovFilter): Float64Array {
  const x = new Float64Array(layout.count);
  for (let i = 0; i < layout.count; i++) x[i] = 0.3 * Math.cos(3 * i) - (i >= layout.logit ? 1 : 0);
  return x;
}

/** Likelihood as the sum over every path of the chain, and the chance of the last regime being 0. */
function allPaths(shape: MarkovShape, { layout }: MarkovFilter, x: Float64Array): [number, number] {
  const { regimes: k, lags } = shape;
  const p = transitions(x, layout.logit, k);
  const law = stationary(p, k);
  // The chain starts one step before the first value where there are no lags.
  const before = lags === 0 ? 1 : 0;
  const length = short.length + before;
  let [sum, lastIsZero] = [0, 0];
  for (let path = 0; path < k ** length; path++) {
    const s = Array.from({ length }, (_, t) => Math.floor(path / k ** t) % k);
    let share = law[s[0]!]!;
    for (let t = 1; t < length; t++) share *= p[s[t - 1]! * k + s[t]!]!;
    const mean = (t: number): number => x[shape.switchingMean ? s[t + before]! : 0]!;
    for (let t = lags; t < short.length; t++) {
      let u = short[t]! - mean(t);
      for (let lag = 1; lag <= lags; lag++) u -= x[layout.phi + lag - 1]! * (short[t - lag]! - mean(t - lag));
      const sigma = Math.exp(x[layout.logSigma + (shape.switchingVariance ? s[t + before]! : 0)]!);
      share *= normalPdf(u / sigma) / sigma;
    }
    sum += share;
    if (s.at(-1) === 0) lastIsZero += share;
  }
  return [sum, lastIsZero / sum];
}

describe.each(shapes)('MarkovFilter of %o', (shape) => {
  const filter = new MarkovFilter(short, shape);
  const x = someParameters(filter);

  it('gives the likelihood and the last probability of the sum over all paths', () => {
    const [likelihood, lastIsZero] = allPaths(shape, filter, x);
    expect(-filter.score(x, new Float64Array(x.length))).toBeCloseTo(Math.log(likelihood), 12);
    const at = (filter.count - 1) * shape.regimes;
    expect(filter.probabilities('filtered')[at]).toBeCloseTo(lastIsZero, 12);
    expect(filter.probabilities('smoothed')[at]).toBeCloseTo(lastIsZero, 12);
    for (const u of filter.transforms(normalCdf)) expect(u > 0 && u < 1).toBe(true);
  });

  it('differentiates it', () => {
    const [gradient, none] = [new Float64Array(x.length), new Float64Array(x.length)];
    filter.score(x, gradient);
    x.forEach((value, i) => {
      const at = x.slice();
      at[i] = value + 1e-5;
      const above = filter.score(at, none);
      at[i] = value - 1e-5;
      const slope = (above - filter.score(at, none)) / 2e-5;
      expect(Math.abs(gradient[i]! - slope)).toBeLessThan(1e-8);
    });
  });
});

describe('fitMarkovSwitching', () => {
  it('calls regimes by their rising volatility whatever the start calls them, with errors of each', () => {
    let regime = 0;
    const values = Float64Array.from({ length: 1_500 }, () => {
      regime = stream.uniform() < 0.97 ? regime : 1 - regime;
      return regime === 0 ? -2 + 0.5 * stream.normal() : 1 + stream.normal();
    });
    const shape = shapes[0]!;
    for (const start of [0, 1, 5]) {
      const fit = fitMarkovSwitching(values, shape, { start, seed: 3, streamName: 1 });
      expect(fit.means[0]).toBeCloseTo(-2, 0);
      expect(fit.sigmas[0]).toBeCloseTo(0.5, 1);
      expect(fit.transition[0]! + fit.transition[1]!).toBeCloseTo(1, 12);
      expect(Math.min(...fit.errors.means, ...fit.errors.sigmas, ...fit.errors.transition)).toBeGreaterThan(
        0,
      );
      expect(fit.converged).toBe(true);
    }
  });
});
