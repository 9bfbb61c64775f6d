/** The pictures of a fitted price series: density, volatility, regimes, smiles, residuals. */
import type { DescribedTable } from '../contract/columns.js';
import { formatNumber } from './format.js';
import { drawPlot, place, type Range } from './plot.js';
import { figure, qqFigure } from './residual-figure.js';
import { column, tableNamed } from './tables.js';

interface Words {
  readonly title: (series: number) => string;
  readonly x: string;
  readonly y: string;
  readonly told: string;
  /** How what was observed is drawn: bars from 0, a thin line, or points. */
  readonly observed: 'bars' | 'line' | 'points';
}

const DENSITY: Words = {
  title: () => 'Density: counted and fitted',
  x: 'return, or step of the level beyond the expected one',
  y: 'density',
  told: 'Bars are what was counted, the line is the fitted law.',
  observed: 'bars',
};

const WORDS: Readonly<Record<string, Words>> = {
  gbm: DENSITY,
  'ornstein-uhlenbeck': DENSITY,
  merton: DENSITY,
  garch: {
    title: () => 'Conditional volatility',
    x: 'years since the first value',
    y: 'as the series',
    told: 'Bars are the sizes of the returns around their mean, the line is the standard deviation that was expected of each.',
    observed: 'bars',
  },
  'markov-switching': {
    title: (regime) => `Probability of regime ${regime}`,
    x: 'years since the first value',
    y: 'probability',
    told: 'The thin line knows the series up to each moment (filtered), the other all of it (smoothed).',
    observed: 'line',
  },
  heston: {
    title: (maturity) => `Smile of maturity ${maturity + 1}`,
    x: 'strike [currency]',
    y: 'implied volatility [1/sqrt(yr)]',
    told: 'Marks are the volatilities of the quotes, the line is the fitted model.',
    observed: 'points',
  },
};
const MAX_PICTURES = 8;

export const isSeriesModel = (type: string): boolean => type in WORDS;

/** Of the start that is told: the first among those of the highest likelihood that arrived. */
export function seriesCharts(type: string, tables: readonly DescribedTable[]): string {
  const [fits, lines, residuals] = ['fits', 'lines', 'residuals'].map((name) => tableNamed(tables, name));
  if (!fits || !lines || !residuals || lines.rows === 0) return '';
  const best = bestUnit(fits);
  const ofBest = (table: DescribedTable, name: string): number[] => {
    const units = column(table, name);
    return [...Array(table.rows).keys()].filter((row) => units[row] === best);
  };
  const rows = ofBest(lines, 'unit');
  const series = column(lines, 'series');
  const groups = [...new Set(rows.map((row) => series[row]!))].slice(0, MAX_PICTURES);
  const pictures = groups.map((one) =>
    lineFigure(
      lines,
      rows.filter((row) => series[row] === one),
      one,
      WORDS[type]!,
    ),
  );
  return (
    pictures.join('') +
    qqFigure(residuals, ofBest(residuals, 'component'), 'the observations', 'residuals, made exponential,')
  );
}

function bestUnit(fits: DescribedTable): number {
  const [unit, likelihood, converged] = ['unit', 'logLikelihood', 'converged'].map((name) =>
    column(fits, name),
  );
  const rows = [...Array(fits.rows).keys()].filter((row) => converged![row] === 1);
  const highest = Math.max(...rows.map((row) => likelihood![row]!));
  // As near as this they are one maximum; the summary tells the first of them too.
  const first = rows.find((row) => likelihood![row]! >= highest - 1e-4);
  return first === undefined ? 0 : unit![first]!;
}

function lineFigure(table: DescribedTable, rows: readonly number[], series: number, words: Words): string {
  const [xs, observed, fitted] = ['x', 'observed', 'fitted'].map((name) => {
    const data = column(table, name);
    return rows.map((row) => data[row]!);
  }) as [number[], number[], number[]];
  const x: Range = [Math.min(...xs), Math.max(...xs)];
  const all = [...observed, ...fitted];
  const top = words.y === 'probability' ? 1 : 1.05 * Math.max(...all);
  const low = words.observed === 'points' ? Math.min(...all) : 0;
  const y: Range = [low - (words.observed === 'points' ? 0.05 * (top - low) : 0), top];
  const at = place(x, y);
  const thin = (points: readonly string[]): string =>
    `<polyline class="interval" points="${points.join(' ')}"/>`;
  const half = 0.012 * (y[1] - y[0]);
  const shapes = {
    line: () => thin(xs.map((one, i) => at(one, observed[i]!))),
    bars: () => xs.map((one, i) => thin([at(one, 0), at(one, observed[i]!)])).join(''),
    points: () =>
      xs.map((one, i) => thin([at(one, observed[i]! - half), at(one, observed[i]! + half)])).join(''),
  }[words.observed]();
  const line = `<polyline class="mean" points="${xs.map((one, i) => at(one, fitted[i]!)).join(' ')}"/>`;
  const told =
    `${words.told} It runs from ${formatNumber(fitted[0] ?? 0)} to ${formatNumber(fitted.at(-1) ?? 0)}, at most ` +
    `${formatNumber(Math.max(...fitted))}.`;
  const plot = drawPlot({ x, y, xLabel: words.x, yLabel: words.y, shapes: shapes + line });
  return figure(words.title(series), told, plot);
}
