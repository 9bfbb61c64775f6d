/** From the tables of a market-making result to its headline numbers: means with standard errors. */
import type { Table } from '../../contract/columns.js';
import type { InputData, Metric, Summary } from '../../contract/kind.js';
import { annualFactor, sharpeRatio } from '../../core/metrics/sharpe.js';
import { MAX_FILL_ROWS } from '../../core/sim/recorder.js';
import { describeReplay, readReplayFacts } from '../../core/sim/replay-facts.js';
import { describePhases } from './phases.js';
import { currencyPerTickLot } from './spec.js';
import type { Spec } from './spec.js';
import { PHASE_TOTALS, RUN_COLUMNS } from './tables.js';

/** Reads one value of run i; null where it is undefined, as a fill rate without orders. */
type PerRun = (i: number) => number | null;

/** Mean over the runs where it is defined; the standard error needs at least two of them. */
function mean(name: string, unit: string, meaning: string, runs: number, of: PerRun): Metric {
  let n = 0;
  let sum = 0;
  for (let i = 0; i < runs; i++) {
    const value = of(i);
    if (value === null) continue;
    n++;
    sum += value;
  }
  if (n === 0) return { name, value: null, standardError: null, unit, meaning };
  const average = sum / n;
  let squares = 0;
  for (let i = 0; i < runs; i++) {
    const value = of(i);
    if (value !== null) squares += (value - average) * (value - average);
  }
  const standardError = n > 1 ? Math.sqrt(squares / (n - 1) / n) : null;
  return { name, value: average, standardError, unit, meaning };
}

const ratio = (a: number, b: number): number | null => (b > 0 ? a / b : null);

/** Pure function of the tables; see Kind.summarise. */
export function summarise(
  spec: Spec,
  tables: readonly Table[],
  inputs: Readonly<Record<string, InputData>>,
): Summary {
  const [runsTable, , fills, , replay, phases, phaseTotals] = tables;
  if (!runsTable || !fills || !replay || !phases || !phaseTotals) {
    throw new Error(`market-making has seven tables; got ${tables.length}`);
  }
  const runs = runsTable.rows;
  const at = (name: string): ((i: number) => number) => {
    const column = runsTable.columns[RUN_COLUMNS.findIndex((c) => c.name === name)];
    if (!column) throw new Error(`no column ${name}`);
    return (i) => column[i]!;
  };
  const facts = readReplayFacts(replay);
  const metrics = [...profit(spec, runs, at), ...trading(spec, runs, at), ...market(runs, at, facts?.vwap())];
  if (phaseTotals.rows > 0) metrics.push(...sessions(phaseTotals));
  const notes = [...describeRuns(spec, runs), ...describePhases(spec, phases)];
  if (runs > 0 && at('fills')(0) > MAX_FILL_ROWS) {
    const count = at('fills')(0);
    notes.push(`The table fills holds the first ${fills.rows} of ${count} fills of the first run.`);
  }
  if (facts) notes.push(...describeReplay(facts));
  for (const input of Object.values(inputs)) notes.push(...input.notes);
  return { metrics, notes };
}

type Columns = (name: string) => (i: number) => number;

function profit(spec: Spec, runs: number, at: Columns): Metric[] {
  const money = (name: string, meaning: string) => mean(name, 'currency', meaning, runs, at(name));
  return [
    money('pnl', 'profit after fees, inventory valued at the mid'),
    sharpe(spec, runs, at),
    money('maxDrawdown', 'largest fall of the PnL from its maximum so far'),
    money('spreadPnl', 'part of the PnL earned against the mid at the moment of each fill'),
    money('inventoryPnl', 'part of the PnL from inventory while the mid moved (adverse selection included)'),
    money('feesPaid', 'fees; negative when rebates exceed them. PnL = spread + inventory - fees'),
    money('closedPnl', 'profit after closing the last inventory at the touch, taker fee included'),
  ];
}

function sharpe(spec: Spec, runs: number, at: Columns): Metric {
  const { samplingS } = spec.measures;
  const [n, sum, squares] = [at('increments'), at('incrementSum'), at('incrementSumSquares')];
  const factor = annualFactor(samplingS);
  const of = (i: number) => sharpeRatio(n(i), sum(i), squares(i), factor);
  const meaning =
    `mean over standard deviation of PnL increments over ${samplingS} s, times ${factor.toPrecision(4)} ` +
    'to a year of 252 days of 6.5 hours; error by Lo (2002) for one run, between runs for more';
  const metric = mean('sharpe', '1', meaning, runs, (i) => of(i)?.ratio ?? null);
  return runs === 1 ? { ...metric, standardError: of(0)?.standardError ?? null } : metric;
}

function trading(spec: Spec, runs: number, at: Columns): Metric[] {
  const tickMoney = currencyPerTickLot(spec);
  const [maker, taker, placed] = [at('makerLots'), at('takerLots'), at('placedLots')];
  const [spread, adverse, adverseLots] = [at('spreadPnl'), at('adverseTickLots'), at('adverseLots')];
  const plain = (name: string, unit: string, meaning: string) => mean(name, unit, meaning, runs, at(name));
  const { adverseS } = spec.measures;
  return [
    plain('fills', '1', 'own fills'),
    mean('fillRate', '1', 'filled lots / placed lots', runs, (i) => ratio(maker(i) + taker(i), placed(i))),
    mean('spreadCapturedTicks', 'ticks', 'distance of the fill price from the mid, per lot', runs, (i) =>
      ratio(spread(i) / tickMoney, maker(i) + taker(i)),
    ),
    mean(
      'adverseSelectionTicks',
      'ticks',
      `move of the mid against the fill within ${adverseS} s, per lot`,
      runs,
      (i) => ratio(adverse(i), adverseLots(i)),
    ),
    plain('meanAbsInventoryLots', 'lots', 'mean size of the position over time'),
    plain('maxAbsInventoryLots', 'lots', 'largest position, long or short'),
    plain('makerLots', 'lots', 'own lots filled as maker'),
    plain('takerLots', 'lots', 'own lots filled as taker'),
    plain('ordersPlaced', '1', 'own orders that came to rest in the book'),
    plain('ordersRejected', '1', 'own orders refused because they would have traded'),
  ];
}

/** `exactVwap` replaces the one from ticks where a replay knows prices between ticks. */
function market(runs: number, at: Columns, exactVwap: number | null | undefined): Metric[] {
  const [visible, hidden, notional] = [at('marketVisibleLots'), at('marketHiddenLots'), at('marketNotional')];
  const plain = (name: string, unit: string, meaning: string) => mean(name, unit, meaning, runs, at(name));
  const vwap: PerRun = (i) =>
    exactVwap !== undefined ? exactVwap : ratio(notional(i), visible(i) + hidden(i));
  return [
    plain('marketVisibleLots', 'lots', 'volume of the whole market against visible orders'),
    plain('marketHiddenLots', 'lots', 'volume of the whole market against hidden orders'),
    mean('vwap', 'currency', 'volume-weighted average price of the whole market', runs, vwap),
    plain('events', '1', 'events simulated in one run'),
  ];
}

/** Calls and halts of a market with rules. */
function sessions({ rows, columns }: Table): Metric[] {
  const at = (name: string) => columns[PHASE_TOTALS.findIndex((column) => column.name === name)]!;
  const plain = (name: string, unit: string, meaning: string) =>
    mean(name, unit, meaning, rows, (i) => at(name)[i]!);
  const haltedS = (i: number) => at('haltedNs')[i]! / 1e9;
  return [
    plain('calls', '1', 'call auctions'),
    plain('auctionLots', 'lots', 'lots traded in call auctions'),
    plain('ownAuctionLots', 'lots', 'own lots bought or sold in call auctions'),
    plain('halts', '1', 'halts, those of the circuit breaker among them'),
    mean('haltedS', 's', 'time halted', rows, haltedS),
  ];
}

function describeRuns(spec: Spec, runs: number): string[] {
  if (spec.market.type === 'replay') return [];
  const first = 'series, fills and depth show the first run.';
  return runs > 1
    ? [`Numbers are means over ${runs} runs with standard errors between them; ${first}`]
    : ['One run: only the Sharpe ratio has a standard error. Raise runs to learn how far chance goes.'];
}
