/** Calibrates GARCH(1,1) to returns. */
import { positiveEstimate, ratioEstimate, symmetricEstimate } from '../../../core/fit/estimate.js';
import { fitGarch, garchVariances } from '../../../core/fit/garch.js';
import { deltaErrors } from '../../../core/fit/maximise.js';
import { log } from '../../../core/math/log.js';
import { normalCdf } from '../../../core/math/normal.js';
import { bestOf, drawOverTime, judgeSeries } from '../series/judge.js';
import type { SeriesSample } from '../series/sample.js';
import type { GarchModel } from '../series/spec.js';
import type { Rows } from '../tables.js';

const LN2 = 0.6931471805599453;
const SCALE = [0.01, 0.01, 0.01, 0.01];

export function calibrateGarch(sample: SeriesSample, model: GarchModel, rows: Rows): void {
  const { unit, values } = sample;
  const fit = bestOf(sample.starts, (start) => fitGarch(values, start));
  const { x } = fit;
  const covariance = model.errors === 'robust' ? fit.robustCovariance : fit.covariance;
  const error = (i: number): number => (covariance ? Math.sqrt(covariance[5 * i]!) : -1);
  rows.parameter(unit, 'garchMean', 0, 0, symmetricEstimate(x[0]!, error(0)));
  rows.parameter(unit, 'garchOmega', 0, 0, positiveEstimate(x[1]!, error(1)));
  rows.parameter(unit, 'garchAlpha', 0, 0, ratioEstimate(x[2]!, error(2)));
  rows.parameter(unit, 'garchBeta', 0, 0, ratioEstimate(x[3]!, error(3)));
  const persistence = x[2]! + x[3]!;
  const scale = SCALE.map((size, i) => (i === 1 ? 0.01 * x[1]! : size));
  const [sumError] = deltaErrors(x, covariance, scale, (at) => [at[2]! + at[3]!]);
  rows.parameter(unit, 'persistence', 0, 0, ratioEstimate(persistence, sumError!));
  if (persistence < 1) {
    const longRun = (at: Float64Array): number[] => [Math.sqrt(at[1]! / (1 - at[2]! - at[3]!))];
    // So near to 1 that a difference would step over it, nothing is known of the long run.
    const [longError] = persistence < 0.9999 ? deltaErrors(x, covariance, scale, longRun) : [-1];
    rows.parameter(unit, 'longRunSd', 0, 0, positiveEstimate(longRun(x)[0]!, longError!));
    rows.fact(unit, 'halfLifeSteps', persistence > 0 ? -LN2 / log(persistence) : 0);
  } else rows.warning(unit, 'no mean variance', unit, persistence);
  if (!fit.covariance) rows.warning(unit, 'parameter on its bound', unit, 0);
  const h = new Float64Array(values.length);
  garchVariances(values, x, h);
  const uniforms = values.map((y, t) => normalCdf((y - x[0]!) / Math.sqrt(h[t]!)));
  judgeSeries(sample, fit, uniforms, 4, rows);
  const size = (t: number): number => Math.abs(values[t]! - x[0]!);
  drawOverTime(sample, 0, size, (t) => Math.sqrt(h[t]!), h.length, rows);
}
