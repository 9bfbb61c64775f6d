/** Ornstein-Uhlenbeck fits: recovery, the expected values of a real spread, and what cannot be fitted. */
import { describe, expect, it } from 'vitest';
import { fitOrnsteinUhlenbeck } from '../../../src/core/fit/ornstein-uhlenbeck.js';
import { Stream } from '../../../src/core/rng/stream.js';

/** n values by the exact step, the first from the stationary law. */
function simulate(
  seed: number,
  n: number,
  kappa: number,
  mu: number,
  sigma: number,
  step: number,
): Float64Array {
  const stream = new Stream(seed, 0, 3);
  const phi = Math.exp(-kappa * step);
  const sd = sigma * Math.sqrt((1 - phi * phi) / (2 * kappa));
  const values = new Float64Array(n);
  values[0] = mu + (sigma / Math.sqrt(2 * kappa)) * stream.normal();
  for (let i = 1; i < n; i++) values[i] = mu + (values[i - 1]! - mu) * phi + sd * stream.normal();
  return values;
}

describe('fitOrnsteinUhlenbeck', () => {
  it('reports the bias that kappa shows over many samples', () => {
    const [kappa, step, n] = [4, 1 / 50, 500];
    let [sum, squares, bias] = [0, 0, 0];
    const samples = 400;
    for (let seed = 1; seed <= samples; seed++) {
      const fit = fitOrnsteinUhlenbeck(simulate(seed, n + 1, kappa, 1, 0.5, step), step)!;
      const off = fit.kappa.value - kappa;
      sum += off / samples;
      squares += (off * off) / samples;
      bias += fit.kappaBias / samples;
    }
    const error = Math.sqrt((squares - sum * sum) / samples);
    expect(Math.abs(sum - bias)).toBeLessThan(4 * error);
    expect(sum).toBeGreaterThan(4 * error);
  });

  it('has standard errors that agree with the spread over samples', () => {
    const [kappa, mu, sigma, step, samples] = [20, 0, 0.4, 1 / 252, 300];
    const fits = Array.from({ length: samples }, (_, i) =>
      fitOrnsteinUhlenbeck(simulate(i + 1, 4_000, kappa, mu, sigma, step), step)!,
    );
    for (const name of ['kappa', 'mu', 'sigma', 'halfLife'] as const) {
      const values = fits.map((fit) => fit[name].value);
      const mean = values.reduce((a, b) => a + b, 0) / samples;
      const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (samples - 1));
      const claimed = fits.reduce((a, fit) => a + fit[name].standardError, 0) / samples;
      // A standard deviation of 300 values has a relative error of 4 %.
      expect(sd / claimed, name).toBeGreaterThan(0.84);
      expect(sd / claimed, name).toBeLessThan(1.16);
    }
  });

  it('ends the interval of the mean where the best likelihood has fallen by half the chi-square point', () => {
    const values = simulate(5, 1_000, 12, -0.4, 0.3, 1 / 252);
    const { mu, logLikelihood } = fitOrnsteinUhlenbeck(values, 1 / 252)!;
    const n = values.length - 1;
    for (const mean of [mu.low, mu.high]) {
      let [xx, xy, yy] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        const [x, y] = [values[i]! - mean, values[i + 1]! - mean];
        [xx, xy, yy] = [xx + x * x, xy + x * y, yy + y * y];
      }
      const variance = (yy - (xy * xy) / xx) / n;
      const profile = -0.5 * n * (Math.log(2 * Math.PI * variance) + 1);
      expect(logLikelihood - profile).toBeCloseTo(1.959963984540054 ** 2 / 2, 6);
    }
  });

  it('gives no end to the interval of the mean where a walk without one is as likely', () => {
    const stream = new Stream(2, 0, 3);
    let level = 0;
    const walk = Float64Array.from({ length: 400 }, () => (level += stream.normal()));
    const fit = fitOrnsteinUhlenbeck(walk, 1)!;
    expect([fit.isReverting, fit.mu.low, fit.mu.high]).toEqual([true, -Infinity, Infinity]);
  });

  it('does not move with the level or the unit of the values', () => {
    const values = simulate(3, 300, 6, 0.1, 0.2, 1 / 252);
    const fit = fitOrnsteinUhlenbeck(values, 1 / 252)!;
    const moved = fitOrnsteinUhlenbeck(
      values.map((x) => 1e6 + 10 * x),
      1 / 252,
    )!;
    expect(moved.kappa.value).toBeCloseTo(fit.kappa.value, 4);
    expect((moved.mu.value - 1e6) / 10).toBeCloseTo(fit.mu.value, 6);
    expect(moved.sigma.value / 10).toBeCloseTo(fit.sigma.value, 6);
  });

  it('says where nothing reverts, and null where nothing can be fitted', () => {
    const runaway = Float64Array.from({ length: 60 }, (_, i) => 1.1 ** i + (i % 3) * 0.01);
    const fit = fitOrnsteinUhlenbeck(runaway, 1)!;
    expect(fit.isReverting).toBe(false);
    expect(fit.phi.value).toBeGreaterThan(1);
    expect(fit.halfLife.value).toBe(-1);
    expect(fitOrnsteinUhlenbeck(new Float64Array(50).fill(101.7), 1)).toBeNull();
    expect(fitOrnsteinUhlenbeck(Float64Array.of(1, 2, 1, 2), 1)).toBeNull();
    expect(
      fitOrnsteinUhlenbeck(
        Float64Array.from({ length: 50 }, (_, i) => 3 * i),
        1,
      ),
    ).toBeNull();
  });
});
