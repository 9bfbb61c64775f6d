/** GARCH(1,1): derivatives against differences, the published benchmarks, every start, and its bounds. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fitGarch, GARCH_STARTS, garchInformation, garchObjective } from '../../../src/core/fit/garch.js';
import { garchVariances } from '../../../src/core/fit/garch.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { withShared } from '../../support/shared.js';

const errorsOf = (covariance: Float64Array): number[] =>
  [0, 5, 10, 15].map((at) => Math.sqrt(covariance[at]!));

withShared('fitGarch on published series', (dir) => {
  const folder = `${dir}/data`;
  const lines = (path: string): string[][] =>
    gunzipSync(readFileSync(`${folder}/${path}`))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
  const expected = (name: string): unknown => JSON.parse(readFileSync(`${folder}/reference/${name}`, 'utf8'));

  it('gives the DEM/GBP benchmark to six digits, standard errors by the Hessian included', () => {
    const benchmark = expected('dem_gbp_garch_expected.json') as {
      published: Record<string, number>;
      published_std_errors_hessian: Record<string, number>;
      my_nelder_mead: { params: number[]; loglik: number };
    };
    const rows = lines('reference/dem_gbp_daily_returns_1974.csv.gz');
    const fit = fitGarch(Float64Array.from(rows, ([, value]) => Number(value)));
    // The printed omega is cut off, not rounded: one unit of the sixth digit.
    const same = (value: number, printed: number): void =>
      expect(Math.abs(value - printed)).toBeLessThan(10 ** (Math.floor(Math.log10(Math.abs(printed))) - 5));
    Object.values(benchmark.published).forEach((printed, i) => same(fit.x[i]!, printed));
    const errors = errorsOf(fit.covariance!);
    Object.values(benchmark.published_std_errors_hessian).forEach((printed, i) => same(errors[i]!, printed));
    const { params, loglik } = benchmark.my_nelder_mead;
    params.forEach((value, i) => expect(Math.abs(fit.x[i]! / value - 1)).toBeLessThan(1e-6));
    expect(fit.logLikelihood).toBeCloseTo(loglik, 8);
    expect(fit.converged).toBe(true);
  });

  it('gives the S&P 500 figures, whose search stopped at 2e-3 of the parameters', () => {
    const {
      params,
      loglik,
      loglik_at_fixed_params: fixed,
    } = expected('sp500_garch_expected.json') as {
      params: Record<string, number>;
      loglik: number;
      loglik_at_fixed_params: { params: number[]; loglik: number };
    };
    const prices = lines('bars/sp500_daily_1999_2018.csv.gz').map((row) => Number(row[5]));
    const values = Float64Array.from(prices.slice(1), (price, i) => 100 * (price / prices[i]! - 1));
    const at = garchObjective(values, fixed.params, new Float64Array(4));
    expect(-at).toBeCloseTo(fixed.loglik, 6);
    const fit = fitGarch(values);
    Object.values(params).forEach((value, i) => expect(Math.abs(fit.x[i]! - value)).toBeLessThan(2e-3));
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(loglik);
    expect(fit.logLikelihood - loglik).toBeLessThan(0.05);
  });
});

/** A series with omega 0.1, alpha 0.1, beta 0.8 around 0.05. */
function simulated(count: number, seed: number): Float64Array {
  const stream = new Stream(seed, 0, 1);
  let [h, square] = [1, 1];
  return Float64Array.from({ length: count }, () => {
    h = 0.1 + 0.1 * square + 0.8 * h;
    const e = Math.sqrt(h) * stream.normal();
    square = e * e;
    return 0.05 + e;
  });
}

describe('fitGarch', () => {
  const values = simulated(2_000, 3);

  it('differentiates its likelihood exactly, once and twice', () => {
    const x = Float64Array.of(0.1, 0.2, 0.15, 0.6);
    const gradient = new Float64Array(4);
    garchObjective(values, x, gradient);
    const { hessian } = garchInformation(values, x);
    const [above, below, none] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
    for (let i = 0; i < 4; i++) {
      const [high, low] = [x.slice(), x.slice()];
      high[i]! += 1e-5;
      low[i]! -= 1e-5;
      const slope = (garchObjective(values, high, above) - garchObjective(values, low, below)) / 2e-5;
      expect(Math.abs(gradient[i]! / slope - 1)).toBeLessThan(1e-6);
      for (let j = 0; j < 4; j++) {
        const second = (above[j]! - below[j]!) / 2e-5;
        expect(Math.abs(hessian[i * 4 + j]! - second)).toBeLessThan(1e-4 * (1 + Math.abs(second)));
      }
    }
    expect(garchObjective(values, Float64Array.of(0, -1, 0, 0), none)).toBe(Infinity);
  });

  it('reaches one maximum from every start, whatever the unit of the series', () => {
    const fits = Array.from({ length: GARCH_STARTS }, (_, start) => fitGarch(values, start));
    for (const fit of fits) {
      expect(fit.converged).toBe(true);
      expect(fit.logLikelihood).toBeCloseTo(fits[0]!.logLikelihood, 6);
    }
    const scaled = fitGarch(values.map((value) => value / 100));
    expect(scaled.x[1]! * 1e4).toBeCloseTo(fits[0]!.x[1]!, 5);
    expect(scaled.x[3]).toBeCloseTo(fits[0]!.x[3]!, 5);
    const variances = new Float64Array(values.length);
    garchVariances(values, fits[0]!.x, variances);
    const ratio = values.reduce((sum, y, t) => sum + (y - fits[0]!.x[0]!) ** 2 / variances[t]!, 0);
    expect(ratio / values.length).toBeCloseTo(1, 1);
  });

  it('knows no errors of parameters on their bound: independent values have no memory', () => {
    const stream = new Stream(11, 0, 1);
    const independent = Float64Array.from({ length: 200 }, () => stream.normal());
    const fits = Array.from({ length: GARCH_STARTS }, (_, start) => fitGarch(independent, start));
    const held = fits.filter(({ x }) => x[2] === 0 || x[3] === 0);
    expect(held.length).toBeGreaterThan(0);
    for (const { covariance, robustCovariance } of held) expect(covariance ?? robustCovariance).toBeNull();
  });
});
