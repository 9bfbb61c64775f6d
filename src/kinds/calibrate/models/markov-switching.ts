/** Calibrates a Markov-switching model to returns: Hamilton's filter, Kim's smoother. */
import { positiveEstimate, shareEstimate, symmetricEstimate } from '../../../core/fit/estimate.js';
import type { MarkovShape } from '../../../core/fit/markov-filter.js';
import { stationary } from '../../../core/fit/markov-filter.js';
import { fitMarkovSwitching } from '../../../core/fit/markov-switching.js';
import { normalCdf } from '../../../core/math/normal.js';
import { START } from '../../../core/rng/names.js';
import { parameterCount } from '../series/faults.js';
import { bestOf, drawOverTime, judgeSeries } from '../series/judge.js';
import type { SeriesSample } from '../series/sample.js';
import type { MarkovModel } from '../series/spec.js';
import type { Rows } from '../tables.js';

/** A regime that holds fewer observations than this, or than this share of them, is likely some outliers. */
const LEAST_HELD = 10;
const LEAST_SHARE = 0.02;

export function calibrateMarkovSwitching(sample: SeriesSample, model: MarkovModel, rows: Rows): void {
  const { unit, values, seed } = sample;
  const shape: MarkovShape = {
    regimes: model.regimes,
    lags: model.lags,
    switchingMean: model.switching !== 'variance',
    switchingVariance: model.switching !== 'mean',
  };
  const fit = bestOf(sample.starts, (start) =>
    fitMarkovSwitching(values, shape, { start, seed, streamName: START, method: model.search }),
  );
  const k = shape.regimes;
  const chain = stationary(Float64Array.from(fit.transition), k);
  for (let i = 0; i < k; i++) {
    rows.parameter(unit, 'regimeMean', i, 0, symmetricEstimate(fit.means[i]!, fit.errors.means[i]!));
    rows.parameter(unit, 'regimeSd', i, 0, positiveEstimate(fit.sigmas[i]!, fit.errors.sigmas[i]!));
    for (let j = 0; j < k; j++) {
      const at = i * k + j;
      const estimate = shareEstimate(fit.transition[at]!, fit.errors.transition[at]!);
      rows.parameter(unit, 'transition', i, j, estimate);
    }
    rows.fact(unit, 'regimeShare', chain[i]!, i);
    const leaving = 1 - fit.transition[i * k + i]!;
    if (leaving > 0) rows.fact(unit, 'regimeStay', 1 / leaving, i);
  }
  fit.phi.forEach((phi, i) =>
    rows.parameter(unit, 'phi', i + 1, 0, symmetricEstimate(phi, fit.errors.phi[i]!)),
  );
  judgeSeries(sample, fit, fit.filter.transforms(normalCdf), parameterCount(model), rows);
  if (fit.onBound) rows.warning(unit, 'parameter on its bound', unit, 0);
  const [filtered, smoothed] = [fit.filter.probabilities('filtered'), fit.filter.probabilities('smoothed')];
  for (let i = 0; i < k; i++) {
    let held = 0;
    for (let t = 0; t < fit.filter.count; t++) held += smoothed[t * k + i]!;
    if (held < Math.max(LEAST_HELD, LEAST_SHARE * fit.filter.count))
      rows.warning(unit, 'thin regime', unit, held);
    const of = (p: Float64Array) => (t: number) => p[t * k + i]!;
    drawOverTime(sample, i, of(filtered), of(smoothed), fit.filter.count, rows);
  }
}
