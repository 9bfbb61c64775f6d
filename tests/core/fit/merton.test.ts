/** Merton's mixture: its score, its distribution function, one maximum from several starts. */
import { describe, expect, it } from 'vitest';
import { fitMerton, MERTON_STARTS, mertonCdf, mertonObjective } from '../../../src/core/fit/merton.js';
import { Stream } from '../../../src/core/rng/stream.js';

const stream = new Stream(8, 0, 1);
const STEP = 1 / 252;
/** sigma 0.15, 20 jumps a year of mean -0.02 and sd 0.04. */
const returns = Float64Array.from({ length: 2_500 }, () => {
  let x = 0.0005 + 0.15 * Math.sqrt(STEP) * stream.normal();
  for (let t = stream.exponential() / 20; t < STEP; t += stream.exponential() / 20) {
    x += -0.02 + 0.04 * stream.normal();
  }
  return x;
});

describe('merton', () => {
  const x = Float64Array.of(0.001, 1e-4, 0.3, -0.01, 4e-4);

  it('differentiates its log-likelihood', () => {
    const [gradient, none] = [new Float64Array(5), new Float64Array(5)];
    mertonObjective(returns, x, gradient);
    x.forEach((value, i) => {
      const at = x.slice();
      const h = 1e-5 * Math.abs(value);
      at[i] = value + h;
      const above = mertonObjective(returns, at, none);
      at[i] = value - h;
      const slope = (above - mertonObjective(returns, at, none)) / (2 * h);
      expect(Math.abs(gradient[i]! / slope - 1)).toBeLessThan(1e-5);
    });
    expect(mertonObjective(returns, [0, 0, 1, 0, 1], none)).toBe(Infinity);
  });

  it('has the density as derivative of its distribution function', () => {
    const h = 1e-6;
    for (const y of [-0.05, -0.001, 0.02]) {
      const density = (mertonCdf(x, y + h) - mertonCdf(x, y - h)) / (2 * h);
      const single = -mertonObjective(Float64Array.of(y), x, new Float64Array(5));
      expect(Math.log(density)).toBeCloseTo(single, 5);
    }
    expect(mertonCdf(x, 9)).toBeCloseTo(1, 12);
  });

  it('reaches one maximum from most starts, near the parameters behind the returns', () => {
    const fits = Array.from({ length: MERTON_STARTS }, (_, start) => fitMerton(returns, STEP, start));
    const best = Math.max(...fits.map(({ logLikelihood }) => logLikelihood));
    const arrived = fits.filter(({ logLikelihood, converged }) => converged && logLikelihood > best - 1e-6);
    expect(arrived.length).toBeGreaterThanOrEqual(3);
    for (const [k, truth] of [
      [1, 0.15],
      [2, 20],
      [3, -0.02],
      [4, 0.04],
    ] as const) {
      const { parameters, standardErrors } = arrived[0]!;
      expect(Math.abs(parameters[k]! - truth)).toBeLessThan(4 * standardErrors[k]!);
    }
  });

  it('finds the same by the simplex, from values alone', () => {
    const few = returns.subarray(0, 400);
    const [simplex, newton] = [fitMerton(few, STEP, 0, 'simplex'), fitMerton(few, STEP)];
    expect(simplex.logLikelihood).toBeCloseTo(newton.logLikelihood, 6);
    expect(simplex.converged).toBe(true);
  });
});
