/** Calibrates Merton's jump diffusion to log-returns. */
import { positiveEstimate, symmetricEstimate } from '../../../core/fit/estimate.js';
import { fitMerton, mertonCdf } from '../../../core/fit/merton.js';
import { univariate } from '../../../core/fit/univariate.js';
import { log } from '../../../core/math/log.js';
import { bestOf, drawDensity, judgeSeries } from '../series/judge.js';
import type { SeriesSample } from '../series/sample.js';
import type { MertonModel } from '../series/spec.js';
import type { Rows } from '../tables.js';

const LN_2PI = 1.8378770664093453;
const NAMES = ['driftPerYr', 'sigmaPerSqrtYr', 'jumpsPerYr', 'jumpLogMean', 'jumpLogSd'] as const;
/** Names of numbers that may have either sign. */
const SIGNED: readonly string[] = ['driftPerYr', 'jumpLogMean'];

export function calibrateMerton(sample: SeriesSample, model: MertonModel, rows: Rows): void {
  const { unit, values, stepYr } = sample;
  const fit = bestOf(sample.starts, (start) => fitMerton(values, stepYr, start, model.search));
  NAMES.forEach((name, i) => {
    const of = SIGNED.includes(name) ? symmetricEstimate : positiveEstimate;
    rows.parameter(unit, name, 0, 0, of(fit.parameters[i]!, fit.standardErrors[i]!));
  });
  const cdf = (x: number): number => mertonCdf(fit.x, x);
  judgeSeries(sample, fit, values.map(cdf), NAMES.length, rows);
  drawDensity(sample, values, cdf, rows);
  if (fit.onBound) rows.warning(unit, 'parameter on its bound', unit, 0);
  // Without jumps: three parameters fewer, each worth ln n in the Bayesian criterion.
  const { sd } = univariate(values);
  const n = values.length;
  const plain = -0.5 * n * (LN_2PI + log((sd * sd * (n - 1)) / n) + 1);
  const gain = 2 * (fit.logLikelihood - plain) - 3 * log(n);
  if (gain < 0) rows.warning(unit, 'no jumps', unit, gain);
}
