/**
 * The pictures of a `stat-arb` run: the tests of the pair, both prices, the spread with its trades, the PnL.
 */
import type { DescribedTable } from '../contract/columns.js';
import type { JobResult } from '../contract/ports.js';
import { formatNumber } from './format.js';
import { card, escapeHtml, firstRows, spreadRows, tableDetails } from './html.js';
import { drawPlot, place, type Range } from './plot.js';
import { column, tableNamed } from './tables.js';
import type { ReportedJob } from './terminal.js';

const TABLE_ROWS = 200;
/** Rows of the table of tests; the others are in the table below it. */
const TEST_RUNS = 5;

/** Null for results that are no pairs. */
export function pairCharts(job: ReportedJob, result: JobResult): string | null {
  const [pair, series, trades] = ['pair', 'series', 'trades'].map((name) => tableNamed(result.tables, name));
  if (job.kind !== 'stat-arb' || !pair || !series || !trades || series.rows === 0) return null;
  return testsCard(pair) + pricesCard(series) + spreadCard(series, trades) + pnlCard(series, trades);
}

/** Statistic beside critical value, formation window and whole, and what the half-life is. */
function testsCard(pair: DescribedTable): string {
  const names = ['sample', 'rows', 'hedgeRatio', 'egStatistic', 'egFivePercent', 'egPValue', 'johansenTrace'];
  const [sample, rows, ratio, statistic, critical, p, trace] = names.map((name) => column(pair, name));
  const [run, isReverting, half, error] = ['run', 'isReverting', 'halfLifeObs', 'halfLifeError'].map((name) =>
    column(pair, name),
  );
  const shown = firstRows(pair.rows, 2 * TEST_RUNS).map((row) => {
    const isTied = statistic![row]! < critical![row]!;
    const halfLife =
      isReverting![row] === 1 ? `${formatNumber(half![row]!)} ± ${formatNumber(error![row]!)}` : 'none';
    const cells = [
      String(run![row]),
      `${sample![row] === 0 ? 'formation' : 'all'}, ${rows![row]}`,
      formatNumber(ratio![row]!),
      `${formatNumber(statistic![row]!)} (${formatNumber(critical![row]!)})`,
      formatNumber(p![row]!),
      formatNumber(trace![row]!),
      halfLife,
    ].map((text) => `<td>${escapeHtml(text)}</td>`);
    const verdict = isTied
      ? '<td class="words">cointegrated</td>'
      : '<td class="words"><span class="flag">not cointegrated</span></td>';
    return `<tr>${cells.join('')}${verdict}</tr>`;
  });
  const heads = [
    'Run',
    'Observations',
    'Hedge ratio',
    'Engle-Granger t (5 %)',
    'p',
    'Johansen trace',
    'Half-life',
    '',
  ];
  const table =
    '<div class="scroll whole" tabindex="0" role="region" aria-label="Tests of the pair"><table class="data"><thead><tr>' +
    `${heads.map((head) => `<th scope="col">${escapeHtml(head)}</th>`).join('')}</tr></thead><tbody>${shown.join('')}</tbody></table></div>`;
  const told = "A pair counts as cointegrated where Engle-Granger's t lies below its critical value at 5 %.";
  const all = tableDetails(pair, firstRows(pair.rows, TABLE_ROWS), 'Tests');
  return card('Do the prices belong together?', `<p>${escapeHtml(told)}</p>${table}${all}`);
}

function rangeOf(...columns: readonly ArrayLike<number>[]): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const values of columns) {
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]!);
      high = Math.max(high, values[i]!);
    }
  }
  return [low, high];
}

type Line = readonly [name: string, values: ArrayLike<number>];

function lines(obs: ArrayLike<number>, at: ReturnType<typeof place>, all: readonly Line[]): string {
  return all
    .map(([name, values]) => {
      const points = Array.from(values, (value, i) => at(obs[i]!, value)).join(' ');
      return `<polyline class="${name}" points="${points}"/>`;
    })
    .join('');
}

function pricesCard(series: DescribedTable): string {
  const [obs, y, x] = ['obs', 'y', 'x'].map((name) => column(series, name));
  const indexed = (values: ArrayLike<number>): number[] =>
    Array.from(values, (value) => (100 * value) / (values[0] || 1));
  const [first, second] = [indexed(y!), indexed(x!)];
  const [across, up] = [rangeOf(obs!), rangeOf(first, second)];
  const shapes = lines(obs!, place(across, up), [
    ['real', first],
    ['simulated', second],
  ]);
  const told =
    `y goes from ${formatNumber(y![0]!)} to ${formatNumber(y![y!.length - 1]!)}, x from ${formatNumber(x![0]!)} to ` +
    `${formatNumber(x![x!.length - 1]!)}; both are drawn as 100 at the start of trading.`;
  const key = '<p class="key"><span class="buy">— y</span><span class="sell">— x</span></p>';
  const plot = drawPlot({ x: across, y: up, xLabel: 'observation', yLabel: 'price, start = 100', shapes });
  return card('Prices of the first run', figure(told, plot + key));
}

function spreadCard(series: DescribedTable, trades: DescribedTable): string {
  const [obs, spread, centre, upper, lower] = ['obs', 'spread', 'centre', 'upper', 'lower'].map((name) =>
    column(series, name),
  );
  const own = tradesOfFirst(trades);
  const ends = own.flatMap((trade) => [trade.entrySpread, trade.exitSpread]);
  const [across, up] = [rangeOf(obs!), rangeOf(spread!, upper!, lower!, ends)];
  const at = place(across, up);
  const dot = (name: string, px: number, py: number): string =>
    `<polyline class="dot ${name}" points="${at(px, py)} ${at(px, py)}"/>`;
  const dots = own.map(
    ({ direction, entryObs, entrySpread, exitObs, exitSpread }) =>
      dot('closed', exitObs, exitSpread) + dot(direction > 0 ? 'bought' : 'sold', entryObs, entrySpread),
  );
  const shapes =
    lines(obs!, at, [
      ['zero', centre!],
      ['edge', upper!],
      ['edge', lower!],
      ['real', spread!],
    ]) + dots.join('');
  const bought = own.filter(({ direction }) => direction > 0).length;
  const told =
    own.length === 0
      ? 'No position was opened in the first run.'
      : `${own.length} positions in the first run: the spread was bought ${bought} times and sold ${own.length - bought} times.`;
  const key =
    '<p class="key"><span>dashed: mean, and where positions open</span><span class="buy">● bought</span>' +
    '<span class="sell">● sold</span><span>● closed</span></p>';
  const plot = drawPlot({ x: across, y: up, xLabel: 'observation', yLabel: 'spread', shapes });
  const rows = tableDetails(series, spreadRows(series.rows, TABLE_ROWS), 'Spread');
  return card('Spread, bands and trades', figure(told, plot + key) + rows);
}

interface Trade {
  readonly direction: number;
  readonly entryObs: number;
  readonly entrySpread: number;
  readonly exitObs: number;
  readonly exitSpread: number;
}

function tradesOfFirst(trades: DescribedTable): Trade[] {
  const [run, direction, entryObs, entrySpread, exitObs, exitSpread] = [
    'run',
    'direction',
    'entryObs',
    'entrySpread',
    'exitObs',
    'exitSpread',
  ].map((name) => column(trades, name));
  return firstRows(trades.rows, trades.rows).flatMap((row) =>
    run![row] === 0
      ? [
          {
            direction: direction![row]!,
            entryObs: entryObs![row]!,
            entrySpread: entrySpread![row]!,
            exitObs: exitObs![row]!,
            exitSpread: exitSpread![row]!,
          },
        ]
      : [],
  );
}

function pnlCard(series: DescribedTable, trades: DescribedTable): string {
  const [obs, pnl] = ['obs', 'pnl'].map((name) => column(series, name));
  const [across, up] = [rangeOf(obs!), rangeOf(pnl!, [0])];
  const at = place(across, up);
  const zero = `<polyline class="zero" points="${at(across[0], 0)} ${at(across[1], 0)}"/>`;
  const shapes = zero + lines(obs!, at, [['real', pnl!]]);
  const told = `Profit after costs in the first run; it ends at ${formatNumber(pnl![pnl!.length - 1]!)} currency.`;
  const plot = drawPlot({ x: across, y: up, xLabel: 'observation', yLabel: 'PnL [currency]', shapes });
  const rows = tableDetails(trades, firstRows(trades.rows, TABLE_ROWS), 'Positions of all runs');
  return card('PnL', figure(told, plot) + rows);
}

function figure(told: string, plot: string): string {
  return `<figure><figcaption><p>${escapeHtml(told)}</p></figcaption>${plot}</figure>`;
}
