/** Calibrates Heston's model to option quotes. */
import { positiveEstimate, symmetricEstimate } from '../../../core/fit/estimate.js';
import { fitHeston, HESTON_NAMES, quoteVolatilities, type Quotes } from '../../../core/fit/heston.js';
import { normalCdf } from '../../../core/math/normal.js';
import { tQuantile975 } from '../../../core/metrics/estimate.js';
import { START } from '../../../core/rng/names.js';
import { bestOf, judgeSeries } from '../series/judge.js';
import type { SeriesSample } from '../series/sample.js';
import type { Rows } from '../tables.js';

/** Names as in kind paths, in the order of HESTON_NAMES. */
const NAMES = ['startVariancePerYr', 'varianceKappaPerYr', 'longVariancePerYr', 'xiPerYr', 'rho'] as const;
/** Below it the errors are those of arithmetic, and no law of theirs is tested. */
const EXACT = 1e-9;

export function calibrateHeston(sample: SeriesSample, quotes: Quotes, rows: Rows): void {
  const { unit, seed } = sample;
  const fit = bestOf(sample.starts, (start) => fitHeston(quotes, start, seed, START));
  // The size of the errors is itself an estimate, from a few quotes more than parameters.
  const quantile = tQuantile975(Math.max(1, quotes.price.length - NAMES.length));
  NAMES.forEach((name, i) => {
    const of = name === 'rho' ? symmetricEstimate : positiveEstimate;
    rows.parameter(unit, name, 0, 0, of(fit.x[i]!, fit.standardErrors[i]!, quantile));
  });
  rows.fact(unit, 'volatilityError', fit.residualSd);
  const scale = Math.max(fit.residualSd, EXACT);
  const uniforms = fit.residuals.map((residual) => normalCdf(residual / scale));
  judgeSeries(sample, fit, uniforms, HESTON_NAMES.length, rows);
  if (fit.onBound) rows.warning(unit, 'parameter on its bound', unit, 0);
  const { kappa, theta, xi } = fit.law;
  if (2 * kappa * theta < xi * xi)
    rows.warning(unit, 'Feller violated', unit, (2 * kappa * theta) / (xi * xi));
  if (!sample.isShown) return;
  const volatility = quoteVolatilities(quotes);
  const horizons = [...new Set(quotes.horizonYr)].sort((a, b) => a - b);
  const order = [...volatility.keys()].sort((a, b) => quotes.strike[a]! - quotes.strike[b]!);
  for (const i of order) {
    const series = horizons.indexOf(quotes.horizonYr[i]!);
    rows.line(unit, series, quotes.strike[i]!, volatility[i]!, volatility[i]! + fit.residuals[i]!);
  }
}
