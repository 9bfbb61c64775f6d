/** Two figures that every calibration shares: a titled plot with its words, and quantiles of residuals. */
import type { DescribedTable } from '../contract/columns.js';
import { formatNumber } from './format.js';
import { card, escapeHtml } from './html.js';
import { drawPlot, place, type Range } from './plot.js';
import { column } from './tables.js';

/** Quantiles in the given rows of a table against the exponential law; `residuals` says what of. */
export function qqFigure(
  table: DescribedTable,
  rows: readonly number[],
  name: string,
  residuals = 'time-rescaled residuals',
): string {
  const [expected, observed] = ['expected', 'observed'].map((field) => {
    const data = column(table, field);
    return rows.map((row) => data[row]!);
  }) as [number[], number[]];
  const end = expected.at(-1) ?? 1;
  const x: Range = [0, end];
  const y: Range = [0, Math.max(end, Math.min(3 * end, observed.at(-1) ?? 1))];
  const at = place(x, y);
  const points = expected.map((one, i) => at(one, Math.min(y[1], observed[i]!))).join(' ');
  const shapes = `<polyline class="interval" points="${at(0, 0)} ${at(end, end)}"/><polyline class="mean" points="${points}"/>`;
  const median = observed[Math.floor(observed.length / 2)] ?? 0;
  const told =
    `Quantiles of the ${residuals} of ${name} against the exponential law; the thin line is a perfect fit. The median ` +
    `is ${formatNumber(median)}, and 0.693 in the model. Values beyond the plot stand at its edge.`;
  const plot = drawPlot({ x, y, xLabel: 'model quantile', yLabel: 'sample quantile', shapes });
  return figure(`Residuals: ${name}`, told, plot);
}

/** A card with a plot and the sentence that a reader hears in its place. */
export function figure(title: string, told: string, plot: string): string {
  return card(title, `<figure><figcaption><p>${escapeHtml(told)}</p></figcaption>${plot}</figure>`);
}
