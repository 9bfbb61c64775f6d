/**
 * What a thread runs for stat-arb: each unit is one pair, formed on its first part and traded on the rest.
 */
import type { Table } from '../../contract/columns.js';
import type { ChunkTask } from '../../contract/kind.js';
import { CONTROL_CANCEL, CONTROL_PROGRESS } from '../../core/control.js';
import { returnStatistics } from '../../core/fit/return-statistics.js';
import { rollSpread } from '../../core/fit/roll-spread.js';
import { log } from '../../core/math/log.js';
import { backtest, SERIES_COLUMNS, TRADE_COLUMNS, type BacktestResult } from '../../core/pairs/backtest.js';
import { formPair, type Formation } from '../../core/pairs/formation.js';
import { pricesOf, type Prices } from './prices.js';
import { openBooks } from './books.js';
import { formationRows, observationsPerYr, type BooksSource, type Spec } from './spec.js';
import { roundTripCost, ruleOf, type Rule } from './strategy.js';
import { BOOK_COLUMNS, LEG_COLUMNS, MAX_TRADE_ROWS, PAIR_COLUMNS, RUN_COLUMNS } from './tables.js';

/** Units from..to-1; null when told to stop. */
export function run(task: ChunkTask<Spec>): Table[] | null {
  const { spec, from, to, control } = task;
  const [runs, pair, trades] = [RUN_COLUMNS, PAIR_COLUMNS, TRADE_COLUMNS].map(
    ({ length }) => new Rows(length),
  );
  let series = table(
    'series',
    ['timeS', ...SERIES_COLUMNS].map(() => []),
  );
  let legs = table(
    'legs',
    LEG_COLUMNS.map(() => []),
  );
  const legging = new Rows(BOOK_COLUMNS.length);
  const books = spec.source.type === 'books' ? overBooks(task, spec.source) : null;
  for (let unit = from; unit < to; unit++) {
    if (Atomics.load(control, CONTROL_CANCEL) !== 0) return null;
    const done = books === null ? overSeries(task, unit) : books(unit);
    if (done === null) return null;
    const { formation, prices, result, rule } = done;
    const formed = formationRows(spec, prices.y.length);
    const whole = formed === prices.y.length ? formation : formedOn(spec, prices, prices.y.length);
    pair!.add(unit, pairRow(spec, 0, formed, formation));
    pair!.add(unit, pairRow(spec, 1, prices.y.length, whole));
    if (done.row !== null) legging.add(unit, done.row);
    runs!.add(unit, runRow(result, rule));
    for (const trade of result.trades.slice(0, MAX_TRADE_ROWS)) {
      trades!.add(
        unit,
        TRADE_COLUMNS.map((name) => trade[name]),
      );
    }
    if (unit === 0) {
      series = seriesTable(prices, result, spec.seriesPoints);
      legs = table('legs', legRows(spec, prices));
    }
    Atomics.store(control, CONTROL_PROGRESS, Math.floor((10_000 * (unit + 1 - from)) / (to - from)));
  }
  return [
    runs!.table('runs'),
    pair!.table('pair'),
    trades!.table('trades'),
    series,
    legs,
    legging.table('books'),
  ];
}

/** A unit as traded; `row` of the table books where there are books. */
interface Done {
  readonly prices: Prices;
  readonly formation: Formation;
  readonly rule: Rule | null;
  readonly result: BacktestResult;
  readonly row: readonly number[] | null;
}

function overBooks(task: ChunkTask<Spec>, source: BooksSource): (unit: number) => Done | null {
  const runBooks = openBooks(task, source);
  return (unit) => {
    const done = runBooks(unit);
    return done && { ...done, prices: { y: done.y, x: done.x, timeS: new Float64Array(0) } };
  };
}

function overSeries({ spec, seed, inputs }: ChunkTask<Spec>, unit: number): Done {
  if (spec.source.type === 'books') throw new Error('books are no series');
  const prices = pricesOf(spec.source, inputs, seed, unit);
  const formed = formationRows(spec, prices.y.length);
  const formation = formedOn(spec, prices, formed);
  return { prices, formation, ...traded(spec, prices, formed, formation), row: null };
}

function formedOn(spec: Spec, { y, x }: Prices, rows: number): Formation {
  const scaled = (values: Float64Array): Float64Array =>
    spec.pair.scale === 'log' ? values.subarray(0, rows).map(log) : values.slice(0, rows);
  const formation = formPair(scaled(y), scaled(x), spec.pair);
  if (formation === null) {
    throw new Error(
      `Expected prices that vary, each on its own: over the first ${rows} observations x or the spread is constant.`,
    );
  }
  return formation;
}

function traded(
  spec: Spec,
  { y, x }: Prices,
  formed: number,
  formation: Formation,
): { rule: Rule | null; result: BacktestResult } {
  const { execution, legs, pair } = spec;
  const last = formed - 1;
  const costs = roundTripCost(spec, y[last]!, x[last]!, formation.hedgeRatio);
  const rule = ruleOf(spec, formation, costs, y[last]!);
  // In sample the whole window is traded again, with the line that it gave at its end.
  const from = formed === y.length ? 0 : formed;
  const options = {
    isLog: pair.scale === 'log',
    multiplierY: legs.yMultiplier,
    multiplierX: legs.xMultiplier,
    capital: legs.capital,
    ...execution,
    ...(rule ?? { levels: { entry: Infinity, exit: 0, stop: Infinity }, centre: 0, unit: 0, window: 0 }),
  };
  return { rule, result: backtest(y, x, from, formation, options) };
}

function runRow(result: BacktestResult, rule: Rule | null): number[] {
  const { trades, pnl, costs, held, maxDrawdown, increments } = result;
  const wins = trades.filter((trade) => trade.pnl > 0).length;
  const tradeObs = trades.reduce((sum, { entryObs, exitObs }) => sum + exitObs - entryObs, 0);
  const bands = rule ? [1, rule.levels.entry * rule.unit, rule.cycleObs] : [0, 0, -1];
  const observations = result.series[0]!.length;
  return [
    observations,
    pnl,
    costs,
    trades.length,
    wins,
    tradeObs,
    held,
    maxDrawdown,
    ...increments,
    ...bands,
  ];
}

function pairRow(spec: Spec, sample: number, rows: number, formation: Formation): number[] {
  const { engleGranger: residual, johansen: both, line, process, sd } = formation;
  const critical = residual?.critical ?? { onePercent: 0, fivePercent: 0, tenPercent: 0 };
  const perYr = observationsPerYr(spec.source);
  const law =
    process?.isReverting === true
      ? [
          1,
          process.halfLife.value,
          process.halfLife.standardError,
          process.halfLife.low,
          process.halfLife.high < Infinity ? process.halfLife.high : -1,
          process.kappa.value * perYr,
          process.mu.value,
          process.sigma.value * Math.sqrt(perYr),
        ]
      : [0, -1, -1, -1, -1, 0, 0, 0];
  return [
    sample,
    rows,
    formation.intercept,
    formation.hedgeRatio,
    formation.hedgeRatioError,
    line.r2,
    sd,
    residual?.statistic ?? 0,
    residual?.pValue ?? 1,
    critical.onePercent,
    critical.fivePercent,
    critical.tenPercent,
    residual?.lags ?? 0,
    both?.trace[0] ?? 0,
    both?.maximum[0] ?? 0,
    both?.tracePBelow ?? 1,
    ...law,
  ];
}

/** Every stride-th observation, and the last one. */
function seriesTable({ timeS }: Prices, { series }: BacktestResult, points: number): Table {
  const count = series[0]!.length;
  const rows = Math.min(points, count);
  const at = (row: number): number => (rows === 1 ? 0 : Math.round((row * (count - 1)) / (rows - 1)));
  const kept = series.map((column) => Float64Array.from({ length: rows }, (_, row) => column[at(row)]!));
  const time = kept[0]!.map((obs) => timeS[obs] ?? 0);
  return { name: 'series', rows, columns: [time, ...kept] };
}

function legRows(spec: Spec, { y, x }: Prices): number[][] {
  const rows = [y, x].flatMap((prices, leg) => {
    const found =
      prices.every((price) => price > 0) && returnStatistics(prices, observationsPerYr(spec.source));
    if (!found) return [];
    const named: Readonly<Record<string, number>> = { ...found, leg, rollSpread: rollSpread(prices) ?? -1 };
    return [LEG_COLUMNS.map((name) => named[name]!)];
  });
  return LEG_COLUMNS.map((_, column) => rows.map((row) => row[column]!));
}

function table(name: string, columns: readonly (readonly number[])[]): Table {
  return { name, rows: columns[0]?.length ?? 0, columns: columns.map((column) => Float64Array.from(column)) };
}

/** Rows of a table whose first column is the run. */
class Rows {
  private readonly run: number[] = [];
  private readonly columns: number[][];

  constructor(columns: number) {
    this.columns = Array.from({ length: columns }, () => []);
  }

  add(run: number, values: readonly number[]): void {
    this.run.push(run);
    values.forEach((value, i) => this.columns[i]!.push(value));
  }

  table(name: string): Table {
    const columns = [Int32Array.from(this.run), ...this.columns.map((column) => Float64Array.from(column))];
    return { name, rows: this.run.length, columns };
  }
}
