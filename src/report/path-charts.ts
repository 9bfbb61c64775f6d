/** The pictures of a `paths` run: the fan of sample paths, and the density of the terminal price. */
import type { DescribedTable } from '../contract/columns.js';
import type { JobResult } from '../contract/ports.js';
import { formatNumber } from './format.js';
import { card, escapeHtml, spreadRows, tableDetails } from './html.js';
import { drawPlot, place, type Range } from './plot.js';
import { column, tableNamed } from './tables.js';

const TABLE_ROWS = 200;
/** Bins with fewer paths than this share of the fullest are cut off at the ends of the axis. */
const TAIL_SHARE = 0.002;

interface Path {
  readonly times: readonly number[];
  readonly prices: readonly number[];
}

interface Bin {
  readonly low: number;
  readonly high: number;
  paths: number;
}

/** Null for results without the tables of `paths`. */
export function pathCharts(result: JobResult): string | null {
  const samples = tableNamed(result.tables, 'samplePaths');
  const histogram = tableNamed(result.tables, 'terminalHistogram');
  if (!samples || !histogram || samples.rows === 0 || histogram.rows === 0) return null;
  return fanCard(samples) + densityCard(histogram);
}

function fanCard(samples: DescribedTable): string {
  const paths = pathsOf(samples);
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
  return figure('Sample paths', told, plot, samples);
}

function densityCard(histogram: DescribedTable): string {
  const bins = trimmed(binsOf(histogram));
  const total = bins.reduce((sum, bin) => sum + bin.paths, 0);
  const density = (bin: Bin): number => bin.paths / total / (bin.high - bin.low);
  const x: Range = [bins[0]?.low ?? 0, bins.at(-1)?.high ?? 1];
  const y: Range = [0, Math.max(...bins.map(density)) * 1.05];
  const at = place(x, y);
  const shapes = bins
    .map((bin) => {
      const corners = [
        at(bin.low, 0),
        at(bin.low, density(bin)),
        at(bin.high, density(bin)),
        at(bin.high, 0),
      ];
      return `<polygon class="bar" points="${corners.join(' ')}"/>`;
    })
    .join('');
  const mode = bins.reduce((best, bin) => (density(bin) > density(best) ? bin : best), bins[0] as Bin);
  const told =
    `Density of the terminal price over ${formatNumber(total)} paths; it is highest near ` +
    `${formatNumber((mode.low + mode.high) / 2)}. The thin ends are cut off.`;
  const plot = drawPlot({ x, y, xLabel: 'terminal price [currency]', yLabel: 'density', shapes });
  return figure('Terminal price', told, plot, histogram);
}

function figure(title: string, told: string, plot: string, table: DescribedTable): string {
  const rows = tableDetails(table, spreadRows(table.rows, TABLE_ROWS), title);
  return card(title, `<figure><figcaption><p>${escapeHtml(told)}</p></figcaption>${plot}</figure>${rows}`);
}

function pathsOf(samples: DescribedTable): Path[] {
  const [ids, times, prices] = ['path', 'timeYr', 'price'].map((name) => column(samples, name));
  const byId = new Map<number, { times: number[]; prices: number[] }>();
  for (let i = 0; i < samples.rows; i++) {
    const id = ids?.[i] ?? 0;
    let path = byId.get(id);
    if (!path) byId.set(id, (path = { times: [], prices: [] }));
    path.times.push(times?.[i] ?? 0);
    path.prices.push(prices?.[i] ?? 0);
  }
  return [...byId.values()];
}

/** The blocks' histograms added up, in the order of price. */
function binsOf(histogram: DescribedTable): Bin[] {
  const names = ['bin', 'lowPrice', 'highPrice', 'paths'];
  const [ids, lows, highs, counts] = names.map((name) => column(histogram, name));
  const byId = new Map<number, Bin>();
  for (let i = 0; i < histogram.rows; i++) {
    const id = ids?.[i] ?? 0;
    const bin = byId.get(id);
    if (bin) bin.paths += counts?.[i] ?? 0;
    else byId.set(id, { low: lows?.[i] ?? 0, high: highs?.[i] ?? 0, paths: counts?.[i] ?? 0 });
  }
  return [...byId.values()].sort((a, b) => a.low - b.low);
}

function trimmed(bins: readonly Bin[]): Bin[] {
  const least = Math.max(...bins.map((bin) => bin.paths)) * TAIL_SHARE;
  const first = bins.findIndex((bin) => bin.paths >= least);
  const last = bins.findLastIndex((bin) => bin.paths >= least);
  return bins.slice(first, last + 1);
}
