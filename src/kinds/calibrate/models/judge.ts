/** What all models do with their residuals: a row of the fit, a QQ plot of the whole sample, warnings. */
import { exponentialQuantiles, goodnessOf } from '../../../core/fit/goodness.js';
import { isWhole, type Sample } from '../sample.js';
import type { FitRow, Rows } from '../tables.js';

const QQ_POINTS = 200;
/** Below this p-value the model is said to fit poorly. */
const POOR = 0.01;
/** Fewer events than this for each parameter are a short sample: the intervals are then too optimistic. */
const EVENTS_PER_PARAMETER = 30;

type Told = Partial<FitRow> & Pick<FitRow, 'component' | 'events'>;

/** `parameters` is the number of parameters that these events alone determine. */
export function judge(
  sample: Sample,
  residuals: Float64Array,
  told: Told,
  parameters: number,
  rows: Rows,
): void {
  const { unit, fromS, toS } = sample;
  const { ksStatistic, ksPValue, serialCorrelation } = goodnessOf(residuals);
  rows.fit({ unit, fromS, toS, ksStatistic, ksPValue, serialCorrelation, ...told });
  if (told.events < EVENTS_PER_PARAMETER * parameters) {
    rows.warning(unit, 'short sample', told.component, told.events);
  }
  if (residuals.length > 1 && ksPValue < POOR) rows.warning(unit, 'poor fit', told.component, ksPValue);
  if (told.converged === false) {
    rows.warning(unit, 'search not converged', told.component, told.decrement ?? 0);
  }
  if (!isWhole(sample)) return;
  const quantiles = exponentialQuantiles(residuals, QQ_POINTS);
  quantiles?.expected.forEach((expected, i) =>
    rows.residual(told.component, expected, quantiles.observed[i]!),
  );
}
