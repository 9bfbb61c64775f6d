/** Calibrates geometric Brownian motion to log-returns: a closed form. */
import { positiveEstimate, symmetricEstimate } from '../../../core/fit/estimate.js';
import { univariate } from '../../../core/fit/univariate.js';
import { log } from '../../../core/math/log.js';
import { normalCdf } from '../../../core/math/normal.js';
import { drawDensity, judgeSeries } from '../series/judge.js';
import type { SeriesSample } from '../series/sample.js';
import type { Rows } from '../tables.js';

const LN_2PI = 1.8378770664093453;

/**
 * sigma has n - 1 in its denominator, as the mean is estimated too; the drift of the price is that of its
 * logarithm plus sigma^2 / 2. The errors of both are independent.
 */
export function calibrateGbm(sample: SeriesSample, rows: Rows): void {
  const { unit, values, stepYr } = sample;
  const { mean, sd } = univariate(values);
  const n = values.length;
  const sigma = sd / Math.sqrt(stepYr);
  const sigmaError = sigma / Math.sqrt(2 * (n - 1));
  const logDriftError = sigma / Math.sqrt(n * stepYr);
  const logDrift = mean / stepYr;
  const slope = sigma * sigmaError;
  const driftError = Math.sqrt(logDriftError * logDriftError + slope * slope);
  rows.parameter(unit, 'driftPerYr', 0, 0, symmetricEstimate(logDrift + 0.5 * sigma * sigma, driftError));
  rows.parameter(unit, 'sigmaPerSqrtYr', 0, 0, positiveEstimate(sigma, sigmaError));
  rows.parameter(unit, 'logDriftPerYr', 0, 0, symmetricEstimate(logDrift, logDriftError));
  const likely = (sd * sd * (n - 1)) / n;
  const logLikelihood = -0.5 * n * (LN_2PI + log(likely) + 1);
  const cdf = (x: number): number => normalCdf((x - mean) / sd);
  judgeSeries(sample, { logLikelihood }, values.map(cdf), 2, rows);
  drawDensity(sample, values, cdf, rows);
}
