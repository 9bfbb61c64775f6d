/**
 * The pictures of a calibration: observed rates with intervals beside the fitted ones, and QQ plots of
 * the residuals.
 */
import type { DescribedTable } from '../contract/columns.js';
import type { JobResult } from '../contract/ports.js';
import { formatNumber } from './format.js';
import { card, spreadRows, tableDetails } from './html.js';
import { drawPlot, place, type Range } from './plot.js';
import { figure, qqFigure } from './residual-figure.js';
import { isSeriesModel, seriesCharts } from './series-charts.js';
import type { ReportedJob } from './terminal.js';
import { column, tableNamed } from './tables.js';

const TABLE_ROWS = 200;
/** Pictures of one sort at most; the table has the rest. */
const MAX_PICTURES = 6;

interface Words {
  readonly x: string;
  readonly series: readonly string[];
}

const SIDES = ['limit orders', 'cancels', 'market orders'] as const;
const ORDER_TYPES = [
  'limit buys',
  'limit sells',
  'market buys',
  'market sells',
  'cancelled buys',
  'cancelled sells',
];

/** What the axis and the series of a model are called. */
function wordsOf(model: string, events: string): Words {
  switch (model) {
    case 'intensity':
      return { x: 'distance from the mid [ticks]', series: ['market orders that reach so far'] };
    case 'cont-stoikov-talreja':
      return { x: 'distance from the opposite best [ticks]', series: ['limit orders', 'cancels per order'] };
    case 'queue-reactive':
      return {
        x: 'queue size [mean event sizes]',
        series: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((level) =>
          SIDES.map((kind) => `${kind} at queue ${level}`),
        ),
      };
    default:
      return {
        x: 'time [s]',
        series: events === 'orders' ? ORDER_TYPES : events === 'trades' ? ['trades'] : ['buys', 'sells'],
      };
  }
}

/** Null for results that are no calibration. */
export function calibrateCharts(job: ReportedJob, result: JobResult): string | null {
  const curve = tableNamed(result.tables, 'curve');
  const residuals = tableNamed(result.tables, 'residuals');
  if (job.kind !== 'calibrate' || !curve || !residuals) return null;
  const { model } = job.spec as { model: { type: string; events?: string } };
  if (isSeriesModel(model.type)) return seriesCharts(model.type, result.tables) + tablesCard(result);
  const words = wordsOf(model.type, model.events ?? '');
  const streams =
    model.type === 'hawkes' ? words.series : model.type === 'intensity' ? ['market orders'] : SIDES;
  const pictures = [
    ...groups(curve, 'series').map(([series, rows]) =>
      curveFigure(curve, rows, words.series[series] ?? `${series}`, words.x),
    ),
    ...groups(residuals, 'component').map(([of, rows]) =>
      qqFigure(residuals, rows, streams[of] ?? `stream ${of}`),
    ),
  ];
  return pictures.join('') + tablesCard(result);
}

function tablesCard({ tables }: JobResult): string {
  const filled = tables.filter((table) => table.rows > 0);
  const details = filled.map((table) =>
    tableDetails(table, spreadRows(table.rows, TABLE_ROWS), table.decl.title),
  );
  return card('Tables', details.join(''));
}

/** Row numbers by the value of a column, the first few values only. */
function groups(table: DescribedTable, name: string): [value: number, rows: number[]][] {
  const values = column(table, name);
  const found = new Map<number, number[]>();
  for (let row = 0; row < table.rows; row++) {
    const rows = found.get(values[row]!) ?? [];
    rows.push(row);
    found.set(values[row]!, rows);
  }
  return [...found].slice(0, MAX_PICTURES);
}

function curveFigure(table: DescribedTable, rows: readonly number[], name: string, xLabel: string): string {
  const [xs, observed, low, high, fitted] = ['x', 'observed', 'low', 'high', 'fitted'].map((field) => {
    const data = column(table, field);
    return rows.map((row) => data[row]!);
  }) as [number[], number[], number[], number[], number[]];
  const x: Range = [Math.min(...xs), Math.max(...xs)];
  // An interval of a single event may be very long: the axis holds the estimates and is clipped there.
  const y: Range = [0, 1.15 * Math.min(Math.max(...observed, ...fitted), 3 * Math.max(...fitted))];
  const at = place(x, y);
  const clip = (value: number): number => Math.min(y[1], Math.max(0, value));
  const bars = xs.map(
    (one, i) => `<polyline class="interval" points="${at(one, clip(low[i]!))} ${at(one, clip(high[i]!))}"/>`,
  );
  const line = `<polyline class="mean" points="${xs.map((one, i) => at(one, clip(fitted[i]!))).join(' ')}"/>`;
  const told =
    `Rate of ${name}: bars are 95 % intervals of what was counted, the line is the fit. It runs from ` +
    `${formatNumber(fitted[0] ?? 0)} to ${formatNumber(fitted.at(-1) ?? 0)} per second.`;
  return figure(
    `Fitted rate: ${name}`,
    told,
    drawPlot({ x, y, xLabel, yLabel: 'rate [1/s]', shapes: bars.join('') + line }),
  );
}
