/** The pictures of a `paths` run: payoffs, the fan of sample paths, and the density of the terminal price. */
import type { DescribedTable } from '../contract/columns.js';
import type { Metric } from '../contract/kind.js';
import type { JobResult } from '../contract/ports.js';
import { formatNumber, formatValue } from './format.js';
import { card, escapeHtml, spreadRows, tableDetails } from './html.js';
import { terminalDensity, type Density } from './path-law.js';
import { drawPlot, place, type Range } from './plot.js';
import { column, tableNamed } from './tables.js';
import type { ReportedJob } from './terminal.js';

const TABLE_ROWS = 200;
/** Bins with fewer paths than this share of the fullest are cut off at the ends of the axis. */
const TAIL_SHARE = 0.002;
/** Bars at most; the histogram's bins are finer than a picture bears. */
const MAX_BARS = 80;
const CURVE_POINTS = 200;

interface Path {
  readonly times: readonly number[];
  readonly prices: readonly number[];
}

interface Bin {
  readonly low: number;
  readonly high: number;
  readonly paths: number;
}

/** Null for results without the tables of `paths`. */
export function pathCharts(job: ReportedJob, result: JobResult): string | null {
  const samples = tableNamed(result.tables, 'samplePaths');
  const histogram = tableNamed(result.tables, 'terminalHistogram');
  if (!samples || !histogram || samples.rows === 0 || histogram.rows === 0) return null;
  const series = [...new Set(column(histogram, 'series'))];
  const law = series.length === 1 ? terminalDensity(job.spec) : null;
  const pictures = series.map((id) => {
    const of = series.length === 1 ? '' : id === series.length - 1 ? ': basket' : `: asset ${id + 1}`;
    return fanCard(samples, id, of) + densityCard(histogram, id, of, law);
  });
  return payoffCard(result.summary.metrics) + pictures.join('');
}

/** One row a payoff: its price and Greeks, and what its words say, the closed form among them. */
function payoffCard(metrics: readonly Metric[]): string {
  const prices = metrics.filter(({ name }) => /^payoff\d+$/.test(name));
  if (prices.length === 0) return '';
  const greeks = ['Delta', 'Gamma', 'Vega'].filter((greek) =>
    prices.some(({ name }) => metrics.some((metric) => metric.name === name + greek)),
  );
  const cell = (metric: Metric | undefined): string =>
    `<td>${metric === undefined ? '' : escapeHtml(formatValue(metric))}</td>`;
  const rows = prices.map((price) => {
    const own = greeks.map((greek) => cell(metrics.find(({ name }) => name === price.name + greek)));
    return `<tr>${cell(price)}${own.join('')}<td class="words">${escapeHtml(price.meaning)}</td></tr>`;
  });
  const heads = ['Price ± standard error', ...greeks].map((head) => `<th scope="col">${head}</th>`).join('');
  return card(
    'Payoffs',
    '<div class="scroll whole" tabindex="0" role="region" aria-label="Payoffs"><table class="data"><thead><tr>' +
      `${heads}<th scope="col" class="words">Payoff</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
  );
}

function fanCard(samples: DescribedTable, series: number, of: string): string {
  const paths = pathsOf(samples, series);
  const all = paths.flatMap((path) => path.prices);
  const ends = paths.map((path) => path.prices.at(-1) ?? 0);
  const times = paths[0]?.times ?? [];
  const x: Range = [times[0] ?? 0, times.at(-1) ?? 1];
  const y: Range = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  const at = place(x, y);
  const mean = times.map(
    (_, i) => paths.reduce((sum, path) => sum + (path.prices[i] ?? 0), 0) / paths.length,
  );
  const line = (path: Path, name: string): string =>
    `<polyline class="${name}" points="${path.prices.map((price, i) => at(path.times[i] ?? 0, price)).join(' ')}"/>`;
  const shapes = paths.map((path) => line(path, 'path')).join('') + line({ times, prices: mean }, 'mean');
  const told =
    `${paths.length} sample paths over ${formatNumber(x[1] - x[0])} yr, with their mean as the thick line. They end ` +
    `between ${formatNumber(Math.min(...ends))} and ${formatNumber(Math.max(...ends))}.`;
  const plot = drawPlot({ x, y, xLabel: 'time [yr]', yLabel: 'price [currency]', shapes });
  return figure(`Sample paths${of}`, told, plot, samples, series);
}

function densityCard(histogram: DescribedTable, series: number, of: string, law: Density | null): string {
  const bins = coarse(trimmed(binsOf(histogram, series)));
  const total = bins.reduce((sum, bin) => sum + bin.paths, 0);
  const density = (bin: Bin): number => bin.paths / total / (bin.high - bin.low);
  const x: Range = [bins[0]?.low ?? 0, bins.at(-1)?.high ?? 1];
  const curve = law === null ? [] : curveOf(law, x);
  const y: Range = [0, Math.max(...bins.map(density), ...curve.map(([, height]) => height)) * 1.05];
  const at = place(x, y);
  const bars = bins.map((bin) => {
    const corners = [at(bin.low, 0), at(bin.low, density(bin)), at(bin.high, density(bin)), at(bin.high, 0)];
    return `<polygon class="bar" points="${corners.join(' ')}"/>`;
  });
  const line =
    curve.length === 0
      ? ''
      : `<polyline class="mean" points="${curve.map((point) => at(...point)).join(' ')}"/>`;
  const mode = bins.reduce((best, bin) => (density(bin) > density(best) ? bin : best), bins[0]!);
  const told =
    `Density of the terminal price over ${formatNumber(total)} paths; it is highest near ` +
    `${formatNumber((mode.low + mode.high) / 2)}. The thin ends are cut off.` +
    (law === null ? '' : ' The line is the closed form.');
  const plot = drawPlot({
    x,
    y,
    xLabel: 'terminal price [currency]',
    yLabel: 'density',
    shapes: bars.join('') + line,
  });
  return figure(`Terminal price${of}`, told, plot, histogram, series);
}

function curveOf(law: Density, [low, high]: Range): [number, number][] {
  return Array.from({ length: CURVE_POINTS + 1 }, (_, i) => {
    const price = low + ((high - low) * i) / CURVE_POINTS;
    return [price, law(price)];
  });
}

function figure(title: string, told: string, plot: string, table: DescribedTable, series: number): string {
  const own = [...column(table, 'series')].flatMap((id, row) => (id === series ? [row] : []));
  const rows = tableDetails(
    table,
    spreadRows(own.length, TABLE_ROWS).map((i) => own[i]!),
    title,
  );
  return card(title, `<figure><figcaption><p>${escapeHtml(told)}</p></figcaption>${plot}</figure>${rows}`);
}

function pathsOf(samples: DescribedTable, series: number): Path[] {
  const names = ['path', 'series', 'timeYr', 'price'];
  const [ids, of, times, prices] = names.map((name) => column(samples, name));
  const byId = new Map<number, { times: number[]; prices: number[] }>();
  for (let i = 0; i < samples.rows; i++) {
    if (of?.[i] !== series) continue;
    const id = ids?.[i] ?? 0;
    let path = byId.get(id);
    if (!path) byId.set(id, (path = { times: [], prices: [] }));
    path.times.push(times?.[i] ?? 0);
    path.prices.push(prices?.[i] ?? 0);
  }
  return [...byId.values()];
}

/** The histogram of one series in the order of price. */
function binsOf(histogram: DescribedTable, series: number): Bin[] {
  const names = ['series', 'lowPrice', 'highPrice', 'paths'];
  const [of, lows, highs, counts] = names.map((name) => column(histogram, name));
  const bins: Bin[] = [];
  for (let i = 0; i < histogram.rows; i++) {
    if (of?.[i] !== series) continue;
    bins.push({ low: lows?.[i] ?? 0, high: highs?.[i] ?? 0, paths: counts?.[i] ?? 0 });
  }
  return bins.sort((a, b) => a.low - b.low);
}

function trimmed(bins: readonly Bin[]): Bin[] {
  const least = Math.max(...bins.map((bin) => bin.paths)) * TAIL_SHARE;
  const first = bins.findIndex((bin) => bin.paths >= least);
  const last = bins.findLastIndex((bin) => bin.paths >= least);
  return bins.slice(first, last + 1);
}

/** Neighbours joined, so that there are few enough bars. */
function coarse(bins: readonly Bin[]): Bin[] {
  const size = Math.ceil(bins.length / MAX_BARS);
  const joined: Bin[] = [];
  for (let from = 0; from < bins.length; from += size) {
    const group = bins.slice(from, from + size);
    const paths = group.reduce((sum, bin) => sum + bin.paths, 0);
    joined.push({ low: group[0]!.low, high: group.at(-1)!.high, paths });
  }
  return joined;
}
