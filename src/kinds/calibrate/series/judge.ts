/** What all models of a series tell of a fit: its row, information criteria, test of fit, warnings, lines. */
import { exponentialQuantiles, goodnessOf } from '../../../core/fit/goodness.js';
import type { Maximum } from '../../../core/fit/maximise.js';
import { log, log1p } from '../../../core/math/log.js';
import type { Rows } from '../tables.js';
import type { SeriesSample } from './sample.js';

const QQ_POINTS = 200;
const POOR = 0.01;
const OBSERVATIONS_PER_PARAMETER = 30;
const SMALLEST = 1e-300;
/** Points of a line; longer ones are thinned. */
const MAX_POINTS = 2_000;
const BINS = 60;

export type Told = Pick<Maximum, 'logLikelihood'> &
  Partial<Pick<Maximum, 'iterations' | 'evaluations' | 'decrement' | 'gradientNorm' | 'converged'>>;

/**
 * `uniforms` are the observations put through the distribution functions that the fit gave them: uniform and
 * independent where the model is true. `parameters` is the number of free ones.
 */
export function judgeSeries(
  sample: SeriesSample,
  told: Told,
  uniforms: Float64Array,
  parameters: number,
  rows: Rows,
): void {
  const { unit, fromS, toS } = sample;
  const n = uniforms.length;
  // As exponential residuals, the form in which this kind tests every fit.
  const residuals = uniforms.map((u) => -log1p(-Math.min(u, 1 - 1e-16)));
  const { ksStatistic, ksPValue, serialCorrelation } = goodnessOf(residuals);
  const { gradientNorm, ...row } = told;
  rows.fit({
    ...row,
    unit,
    component: unit,
    fromS,
    toS,
    events: n,
    ksStatistic,
    ksPValue,
    serialCorrelation,
  });
  rows.fact(unit, 'aic', 2 * parameters - 2 * told.logLikelihood);
  rows.fact(unit, 'bic', parameters * log(n) - 2 * told.logLikelihood);
  if (sample.lastPrice > 0) rows.fact(unit, 'lastPrice', sample.lastPrice);
  if (gradientNorm !== undefined) rows.fact(unit, 'gradientNorm', gradientNorm);
  if (n < OBSERVATIONS_PER_PARAMETER * parameters) rows.warning(unit, 'short sample', unit, n);
  if (ksPValue < POOR) rows.warning(unit, 'poor fit', unit, ksPValue);
  if (told.converged === false) rows.warning(unit, 'search not converged', unit, told.decrement ?? 0);
  if (!sample.isShown) return;
  const quantiles = exponentialQuantiles(residuals, QQ_POINTS);
  quantiles?.expected.forEach((expected, i) => rows.residual(unit, expected, quantiles.observed[i]!));
}

/** The best of several searches: the highest likelihood among those that arrived, else among all. */
export function bestOf<F extends Pick<Maximum, 'logLikelihood' | 'converged'>>(
  starts: readonly number[],
  fit: (start: number) => F,
): F {
  const found = starts.map(fit);
  const arrived = found.filter(({ converged }) => converged);
  const among = arrived.length > 0 ? arrived : found;
  return among.reduce((best, one) => (one.logLikelihood > best.logLikelihood ? one : best));
}

/** A line over the observations, thinned to MAX_POINTS; x in years since the first one. */
export function drawOverTime(
  sample: SeriesSample,
  series: number,
  observed: (t: number) => number,
  fitted: (t: number) => number,
  count: number,
  rows: Rows,
): void {
  if (!sample.isShown) return;
  const every = Math.ceil(count / MAX_POINTS);
  const before = sample.values.length - count;
  for (let t = 0; t < count; t += every) {
    rows.line(sample.unit, series, (t + before) * sample.stepYr, observed(t), fitted(t));
  }
}

/** Density of the values as counted in bins, beside the fitted one. */
export function drawDensity(
  sample: SeriesSample,
  values: Float64Array,
  cdf: (x: number) => number,
  rows: Rows,
): void {
  if (!sample.isShown) return;
  const sorted = values.slice().sort();
  const n = sorted.length;
  const [low, high] = [sorted[Math.floor(0.002 * n)]!, sorted[Math.ceil(0.998 * n) - 1]!];
  const width = (high - low) / BINS;
  if (!(width > SMALLEST)) return;
  let at = 0;
  while (at < n && sorted[at]! < low) at++;
  for (let b = 0; b < BINS; b++) {
    const [from, to] = [low + b * width, low + (b + 1) * width];
    const first = at;
    while (at < n && sorted[at]! < to) at++;
    rows.line(sample.unit, 0, 0.5 * (from + to), (at - first) / (n * width), (cdf(to) - cdf(from)) / width);
  }
}
