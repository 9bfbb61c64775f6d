/** The three charts of a market-making run: panels, the sentences that tell what they show, and the data. */
import type { ColumnData, DescribedTable } from '../contract/columns.js';
import type { JobResult } from '../contract/ports.js';
import { formatNumber, formatSeconds } from './format.js';
import { card, escapeHtml, firstRows, scriptJson, spreadRows, tableDetails } from './html.js';
import { column, tableNamed } from './tables.js';
import type { ReportedJob } from './terminal.js';

const FILL_ROWS = 200;
const SERIES_ROWS = 100;
const DEPTH_ROWS = 100;
const PHASE_ROWS = 200;
const PHASE_KEY =
  '<span><span class="band call"></span> call auction</span><span><span class="band halt"></span> halt</span>' +
  '<span><span class="auction">◆</span> auction price</span>';
const NS_PER_S = 1e9;

interface Tables {
  readonly series: DescribedTable;
  readonly fills: DescribedTable;
  readonly depth: DescribedTable;
  /** Null where there were no calls and halts. */
  readonly phases: DescribedTable | null;
}

/** Null where the result has no drawable series (another kind, or an empty run). */
export function marketCharts(job: ReportedJob, result: JobResult): string | null {
  const [series, fills, depth] = ['series', 'fills', 'depth'].map((name) => tableNamed(result.tables, name));
  if (!series || !fills || !depth || series.rows < 2) return null;
  const phases = tableNamed(result.tables, 'phases');
  const tables = { series, fills, depth, phases: phases && phases.rows > 0 ? phases : null };
  const tickSize = numberAt(job.spec, ['instrument', 'tickSize']) ?? 1;
  const embedded = scriptJson({
    tickSize,
    clockStartS: clockStartS(result),
    series: pack(
      series,
      series.decl.columns.map((c) => c.name).filter((name) => SERIES_COLUMNS.has(name)),
    ),
    fills: pack(fills, ['tNs', 'side', 'priceTicks']),
    depth: pack(depth, ['tNs', 'priceTicks', 'qtyLots']),
    ...(phases && { phases: pack(phases, ['fromNs', 'toNs', 'what', 'priceTicks']) }),
  });
  return (
    pricePanel(tables, tickSize) +
    depthPanel(tables) +
    inventoryPanel(tables) +
    `<script type="application/json" id="chart-data">${embedded}</script>`
  );
}

const SERIES_COLUMNS = new Set([
  'tNs',
  'bidTicks',
  'askTicks',
  'ownBidTicks',
  'ownAskTicks',
  'inventoryLots',
  'pnl',
]);

function pricePanel({ series, fills, phases }: Tables, tickSize: number): string {
  const side = column(fills, 'side');
  const buys = Array.from(side).filter((s) => s === 0).length;
  const mids = midTicks(series);
  const decimals = Math.min(8, Math.max(0, Math.ceil(-Math.log10(tickSize) - 1e-9))) + 1;
  const price = (ticks: number): string => (ticks * tickSize).toFixed(decimals);
  const [low, high] = extremes(mids);
  const moved =
    mids.length === 0
      ? 'The market had no two-sided price.'
      : `The mid price went from ${price(mids[0] ?? 0)} to ${price(mids.at(-1) ?? 0)}, ` +
        `between ${price(low)} and ${price(high)}.`;
  const told = `${moved} The strategy bought ${count(buys, 'time')} and sold ${count(fills.rows - buys, 'time')} in ${spanOf(series)}.`;
  const key =
    '<p class="key"><span><span class="buy">▲</span> own buy</span><span><span class="sell">▼</span> own sell</span>' +
    '<span>dashed, when zoomed in: own quotes</span>' +
    (phases ? PHASE_KEY : '') +
    '<span>drag to zoom, double-click to go back</span></p>';
  const reset = '<button type="button" id="reset-zoom" hidden>Show the whole run</button>';
  return panel('Price, quotes and own fills', told, 'chart-price', key, reset, [
    tableDetails(fills, firstRows(fills.rows, FILL_ROWS), 'Own fills'),
    tableDetails(series, spreadRows(series.rows, SERIES_ROWS), 'Prices, quotes, inventory and PnL'),
    ...(phases ? [tableDetails(phases, firstRows(phases.rows, PHASE_ROWS), 'Call auctions and halts')] : []),
  ]);
}

function depthPanel({ depth }: Tables): string {
  const lots = column(depth, 'qtyLots');
  const [, most] = extremes(lots);
  const told =
    depth.rows === 0
      ? 'No depth was recorded.'
      : `Resting lots at each price over time, at most ${formatNumber(most)} at one price; the line is the mid price, ` +
        'triangles are own fills. Background means nothing rests there or the price is outside the recorded levels.';
  const key =
    `<p class="key"><span>1 lot <span class="ramp"></span> ${formatNumber(most)} lots, logarithmic</span>` +
    '<span id="depth-readout">Point at the map to read the lots.</span></p>';
  return panel('Order book depth', told, 'chart-depth', key, '', [
    tableDetails(depth, firstRows(depth.rows, DEPTH_ROWS), 'Depth'),
  ]);
}

function inventoryPanel({ series }: Tables): string {
  const inventory = column(series, 'inventoryLots');
  const pnl = column(series, 'pnl');
  const [fewest, most] = extremes(inventory);
  const [worst, best] = extremes(pnl);
  const told =
    `Inventory stayed between ${formatNumber(fewest)} and ${formatNumber(most)} lots (left scale). ` +
    `PnL was ${formatNumber(pnl.at(-1) ?? 0)} at the end, between ${formatNumber(worst)} and ${formatNumber(best)} (right scale).`;
  return panel('Inventory and PnL', told, 'chart-inventory', '', '', []);
}

function panel(
  title: string,
  told: string,
  id: string,
  key: string,
  tools: string,
  details: readonly string[],
): string {
  const figure = `<figure><figcaption><p>${escapeHtml(told)}</p></figcaption><div id="${id}"></div></figure>`;
  return card(title, figure + key + details.join(''), tools);
}

function count(n: number, noun: string): string {
  return `${formatNumber(n)} ${noun}${n === 1 ? '' : 's'}`;
}

function midTicks(series: DescribedTable): number[] {
  const bid = column(series, 'bidTicks');
  const ask = column(series, 'askTicks');
  const mids: number[] = [];
  for (let i = 0; i < series.rows; i++) {
    const [b, a] = [bid[i] ?? -1, ask[i] ?? -1];
    if (b >= 0 && a >= 0) mids.push((b + a) / 2);
  }
  return mids;
}

function extremes(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function spanOf(series: DescribedTable): string {
  const t = column(series, 'tNs');
  return formatSeconds(((t.at(-1) ?? 0) - (t[0] ?? 0)) / NS_PER_S);
}

/** Replays tell when their day began, in nanoseconds since midnight; other runs have no clock. */
function clockStartS(result: JobResult): number | null {
  const replay = tableNamed(result.tables, 'replay');
  const index = replay?.decl.columns.findIndex((col) => col.name === 'startNs') ?? -1;
  const startNs = replay?.columns[index]?.[0];
  return startNs === undefined ? null : startNs / NS_PER_S;
}

function numberAt(spec: unknown, path: readonly string[]): number | null {
  let at: unknown = spec;
  for (const key of path) at = (at as Record<string, unknown> | null | undefined)?.[key];
  return typeof at === 'number' ? at : null;
}

/** Columns as base64 of their little-endian bytes: a third of the size of decimal text, and exact. */
function pack(
  table: DescribedTable,
  names: readonly string[],
): Record<string, { type: string; base64: string }> {
  return Object.fromEntries(
    names.map((name) => {
      const data: ColumnData = column(table, name);
      const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
      return [name, { type: table.decl.columns.find((col) => col.name === name)?.type ?? 'f64', base64 }];
    }),
  );
}
