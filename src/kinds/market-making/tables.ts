/** The tables of a market-making result: their columns, and how a finished run fills its row of `runs`. */
import type { ColumnDecl, ColumnType, TableDecl } from '../../contract/columns.js';
import { FACTS } from '../../core/facts/definitions.js';
import { tailOf } from '../../core/metrics/tail.js';
import { BUY, SELL } from '../../core/sim/market.js';
import type { PhaseLog } from '../../core/sim/phase-log.js';
import type { Simulation } from '../../core/sim/loop.js';
import { REPLAY_FACT_COLUMNS } from '../../core/sim/replay-facts.js';
import { QUEUE_COLUMNS } from './queue-rows.js';
import { TRADER_TABLES } from './trader-tables.js';

/** A finished run, as the columns of `runs` read it. */
export interface FinishedRun {
  readonly unit: number;
  readonly endNs: number;
  /** Currency of one tick x lot. */
  readonly money: number;
  readonly simulation: Simulation;
}

interface RunColumn extends ColumnDecl {
  readonly type: 'f64';
  of(run: FinishedRun): number;
}

function column(name: string, unit: string, meaning: string, of: (run: FinishedRun) => number): RunColumn {
  return { name, type: 'f64', unit, meaning, of };
}

/** Profit if the position were closed at the best opposite price; at the mid while that side is empty. */
function closedPnl({ simulation, money }: FinishedRun): number {
  const { ledger } = simulation;
  const best = simulation.best(ledger.inventoryLots > 0 ? BUY : SELL);
  return ledger.closedPnlTickLots(best >= 0 ? best : ledger.midHalfTicks / 2) * money;
}

/** Share of the increments that value at risk and expected shortfall look at. */
export const TAIL_SHARE = 0.05;

/** What the fills earned from their own mid to that at delay `h`, those still running up to the end. */
const markoutPnl =
  (h: number) =>
  ({ simulation, money }: FinishedRun): number => {
    const { metrics, ledger } = simulation;
    return (metrics.markouts.total(h, ledger.midHalfTicks) / 2) * money;
  };

/** Delays of markouts beside that of the spec: column, delay, its number in RunMetrics.markouts. */
export const MARKOUTS: readonly (readonly [column: string, delay: string, h: number])[] = [
  ['markoutPnl100ms', '0.1 s', 1],
  ['markoutPnl1s', '1 s', 2],
  ['markoutPnl10s', '10 s', 3],
  ['markoutPnl1Trade', '1 trade of the market', 4],
  ['markoutPnl10Trades', '10 trades of the market', 5],
  ['markoutPnl100Trades', '100 trades of the market', 6],
];

/** PnL = quoted + latency + adverse + carry - fees, to the last half tick-lot. */
const ATTRIBUTION: readonly RunColumn[] = [
  column(
    'quotedPnl',
    'currency',
    'spread against the mid that the trader last saw when it still wanted the order',
    ({ simulation: { ledger, metrics }, money }) =>
      ((ledger.spreadCaptureHalfTickLots - metrics.latencyHalfTickLots) / 2) * money,
  ),
  column(
    'latencyPnl',
    'currency',
    'lots x move of the mid between that and the fill; with quotedPnl it is spreadPnl',
    (r) => (r.simulation.metrics.latencyHalfTickLots / 2) * r.money,
  ),
  column(
    'adversePnl',
    'currency',
    'lots x move of the mid from the fill to the stated delay, or to the end of the run',
    markoutPnl(0),
  ),
  column(
    'carryPnl',
    'currency',
    'lots x move of the mid from then to the end; with adversePnl it is inventoryPnl',
    (r) => (r.simulation.ledger.inventoryGainHalfTickLots / 2) * r.money - markoutPnl(0)(r),
  ),
  ...MARKOUTS.map(([name, delay, h]) =>
    column(
      name,
      'currency',
      `lots x move of the mid from the fill to ${delay} later, or to the end`,
      markoutPnl(h),
    ),
  ),
];

/** One row per run. Money in currency; sums and counts only: every value is finite, and runs add up. */
export const RUN_COLUMNS: readonly RunColumn[] = [
  column('run', '1', 'number of the replication', (r) => r.unit),
  column(
    'pnl',
    'currency',
    'profit after fees, inventory at the mid',
    (r) => r.simulation.ledger.pnlTickLots() * r.money,
  ),
  column(
    'closedPnl',
    'currency',
    'profit after closing the last inventory at the touch as a taker',
    closedPnl,
  ),
  column(
    'spreadPnl',
    'currency',
    'earned against the mid at the moment of each fill',
    (r) => (r.simulation.ledger.spreadCaptureHalfTickLots / 2) * r.money,
  ),
  column(
    'inventoryPnl',
    'currency',
    'inventory times the moves of the mid',
    (r) => (r.simulation.ledger.inventoryGainHalfTickLots / 2) * r.money,
  ),
  ...ATTRIBUTION,
  column(
    'feesPaid',
    'currency',
    'fees; negative when rebates exceed them',
    (r) => r.simulation.ledger.feesTickLots() * r.money,
  ),
  column(
    'maxDrawdown',
    'currency',
    'largest fall of the PnL from its maximum so far',
    (r) => r.simulation.metrics.maxDrawdownTickLots * r.money,
  ),
  column('increments', '1', 'PnL increments sampled', (r) => r.simulation.metrics.increments),
  column('incrementSum', 'currency', 'their sum', (r) => r.simulation.metrics.incrementSum * r.money),
  column(
    'incrementSumSquares',
    'currency^2',
    'sum of their squares',
    (r) => r.simulation.metrics.incrementSumSquares * r.money * r.money,
  ),
  column(
    'incrementDownSquares',
    'currency^2',
    'sum of the squares of the negative ones',
    (r) => r.simulation.metrics.incrementDownSquares * r.money * r.money,
  ),
  column(
    'valueAtRisk',
    'currency',
    'loss of an increment that 5 % of them reach or exceed (of the first 2^20)',
    (r) => tailOf(r.simulation.metrics.keptIncrements(), TAIL_SHARE).valueAtRisk * r.money,
  ),
  column(
    'expectedShortfall',
    'currency',
    'mean loss of those increments',
    (r) => tailOf(r.simulation.metrics.keptIncrements(), TAIL_SHARE).expectedShortfall * r.money,
  ),
  column('fills', '1', 'own fills', (r) => r.simulation.metrics.fills),
  column('makerLots', 'lots', 'own lots filled as maker', (r) => r.simulation.ledger.makerLots),
  column('takerLots', 'lots', 'own lots filled as taker', (r) => r.simulation.ledger.takerLots),
  column('ordersPlaced', '1', 'own orders that came to rest', (r) => r.simulation.metrics.ordersPlaced),
  column('placedLots', 'lots', 'their lots', (r) => r.simulation.metrics.placedLots),
  column('ordersCancelled', '1', 'own orders cancelled', (r) => r.simulation.metrics.ordersCancelled),
  column(
    'ordersRejected',
    '1',
    'own orders refused because they would have traded',
    (r) => r.simulation.metrics.ordersRejected,
  ),
  column(
    'adverseTickLots',
    'tick-lots',
    'lots x move of the mid against the trader, from fill to the stated delay',
    (r) => r.simulation.metrics.adverseHalfTickLots / 2,
  ),
  column(
    'adverseLots',
    'lots',
    'filled lots whose delay ended in the run',
    (r) => r.simulation.metrics.adverseLots,
  ),
  column(
    'waitLotNs',
    'lot-ns',
    'filled lots x time since their order came to rest',
    (r) => r.simulation.metrics.waitLotNs,
  ),
  column(
    'shortfallTickLots',
    'tick-lots',
    'filled lots x distance of the price, against the trader, from the mid seen when the order was sent',
    (r) => r.simulation.metrics.shortfallHalfTickLots / 2,
  ),
  column('meanAbsInventoryLots', 'lots', 'mean size of the position over time', (r) =>
    r.simulation.metrics.meanAbsInventoryLots(r.endNs),
  ),
  column(
    'maxAbsInventoryLots',
    'lots',
    'largest position, long or short',
    (r) => r.simulation.metrics.maxAbsInventoryLots,
  ),
  column('finalInventoryLots', 'lots', 'position at the end', (r) => r.simulation.ledger.inventoryLots),
  column('finalMidTicks', 'ticks', 'mid at the end', (r) => r.simulation.ledger.midHalfTicks / 2),
  column('marketTrades', '1', 'trades of the whole market', (r) => r.simulation.metrics.marketTrades),
  column(
    'marketVisibleLots',
    'lots',
    'visible volume of the market',
    (r) => r.simulation.metrics.visibleLots,
  ),
  column('marketHiddenLots', 'lots', 'hidden volume of the market', (r) => r.simulation.metrics.hiddenLots),
  column(
    'marketNotional',
    'currency',
    'value of both',
    (r) => r.simulation.metrics.notionalTickLots * r.money,
  ),
  column('endNs', 'ns', 'length of the run', (r) => r.endNs),
  column('events', '1', 'events simulated', (r) => r.simulation.events),
];

function columns(...list: readonly (readonly [string, ColumnType, string, string])[]): ColumnDecl[] {
  return list.map(([name, type, unit, meaning]) => ({ name, type, unit, meaning }));
}

const SERIES = columns(
  ['tNs', 'f64', 'ns', 'time since the start of the run'],
  ['bidTicks', 'i32', 'ticks', 'best bid without own orders; -1 while the side is empty'],
  ['askTicks', 'i32', 'ticks', 'best ask without own orders; -1 while the side is empty'],
  ['ownBidTicks', 'i32', 'ticks', 'own resting bid; -1 when none'],
  ['ownAskTicks', 'i32', 'ticks', 'own resting ask; -1 when none'],
  ['inventoryLots', 'i32', 'lots', 'position at the exchange'],
  ['pnl', 'f64', 'currency', 'profit after fees, inventory at the mid'],
  ['feesPaid', 'f64', 'currency', 'fees so far; negative when rebates exceed them'],
  ['queueAheadBidLots', 'i32', 'lots', 'lots ahead of the own bid at its price; -1 when none or unknown'],
  ['queueAheadAskLots', 'i32', 'lots', 'lots ahead of the own ask at its price; -1 when none or unknown'],
);

const FILLS = columns(
  ['tNs', 'f64', 'ns', 'time of the fill at the exchange'],
  ['side', 'u8', '1', 'own side: 0 bought, 1 sold'],
  ['priceTicks', 'i32', 'ticks', 'price'],
  ['qtyLots', 'i32', 'lots', 'size'],
  ['midHalfTicks', 'i32', 'ticks/2', 'bid + ask that the aggressor met'],
  ['inventoryLots', 'i32', 'lots', 'position after the fill'],
  ['fee', 'f64', 'currency', 'fee; negative = rebate'],
);

const DEPTH = columns(
  ['tNs', 'f64', 'ns', 'time of the snapshot'],
  ['side', 'u8', '1', '0 bids, 1 asks; best level first'],
  ['priceTicks', 'i32', 'ticks', 'price of the level'],
  ['qtyLots', 'i32', 'lots', 'lots of others at the level'],
);

const PHASES = columns(
  ['fromNs', 'f64', 'ns', 'start of the call or halt'],
  ['toNs', 'f64', 'ns', 'its end; a call uncrosses then'],
  ['what', 'u8', '1', '1 call auction, 2 halt'],
  ['why', 'u8', '1', '0 opening, 1 closing, 2 batch, 3 listed halt, 4 circuit breaker'],
  ['priceTicks', 'i32', 'ticks', 'price of the auction; -1 when nothing traded'],
  ['volumeLots', 'f64', 'lots', 'lots traded in the auction'],
  ['surplusLots', 'f64', 'lots', 'lots wanted minus lots offered at its price'],
  ['ownLots', 'f64', 'lots', 'own lots bought or sold in it'],
);

const INCREMENTS = columns(['pnl', 'f64', 'currency', 'change of the PnL over one sampling interval']);

const FACT_COLUMNS = columns(
  ['run', 'f64', '1', 'number of the replication'],
  ['block', 'f64', '1', 'number of the block of time within the run'],
  ['fact', 'f64', '1', `what: ${FACTS.map(({ name }, i) => `${i} ${name}`).join(', ')}`],
  ['x', 'f64', '1', 'lag, interval or start of the bin; 0 for a single value'],
  ['value', 'f64', '1', 'value, in the unit of the fact; a share for a law'],
);

/** Bytes of a row of the table phases. */
export const PHASE_ROW_BYTES = 46;

interface PhaseTotal extends ColumnDecl {
  readonly type: 'f64';
  of(log: PhaseLog, unit: number): number;
}

function total(
  name: string,
  unit: string,
  meaning: string,
  of: (log: PhaseLog, unit: number) => number,
): PhaseTotal {
  return { name, type: 'f64', unit, meaning, of };
}

/** One row per run of a market with trading rules. */
export const PHASE_TOTALS: readonly PhaseTotal[] = [
  total('run', '1', 'number of the replication', (_, unit) => unit),
  total('calls', '1', 'call auctions', (log) => log.calls),
  total('uncrossed', '1', 'call auctions in which something traded', (log) => log.uncrossed),
  total('auctionLots', 'lots', 'lots traded in auctions', (log) => log.auctionLots),
  total('ownAuctionLots', 'lots', 'own lots bought or sold in auctions', (log) => log.ownAuctionLots),
  total('halts', '1', 'halts, those of the circuit breaker among them', (log) => log.halts),
  total('haltedNs', 'ns', 'time halted', (log) => log.haltedNs),
];

const declared = (list: readonly ColumnDecl[]): ColumnDecl[] =>
  list.map(({ name, type, unit, meaning }) => ({ name, type, unit, meaning }));

export const TABLES: readonly TableDecl[] = [
  { name: 'runs', title: 'Runs', columns: declared(RUN_COLUMNS) },
  { name: 'series', title: 'Time series of the first run', columns: SERIES },
  { name: 'fills', title: 'Own fills of the first run', columns: FILLS },
  { name: 'depth', title: 'Depth of the first run', columns: DEPTH },
  { name: 'replay', title: 'What the replay learnt about its file', columns: REPLAY_FACT_COLUMNS },
  { name: 'phases', title: 'Call auctions and halts of the first run', columns: PHASES, optional: true },
  { name: 'phaseTotals', title: 'Call auctions and halts', columns: declared(PHASE_TOTALS), optional: true },
  { name: 'increments', title: 'PnL increments of a single run', columns: INCREMENTS, optional: true },
  ...TRADER_TABLES,
  {
    name: 'queues',
    title: 'Queue estimators beside the truth',
    columns: declared(QUEUE_COLUMNS),
    optional: true,
  },
  {
    name: 'facts',
    title: 'Stylised facts of the market by block of time',
    columns: FACT_COLUMNS,
    optional: true,
  },
];

/** Place of a table in a result. */
export function tableIndex(name: string): number {
  return TABLES.findIndex((table) => table.name === name);
}
