/**
 * Trades a pair over two series of prices: decides at one observation, deals at a later one, books both legs.
 *
 * Legs are whole lots: leg y the number of lots nearest to `capital`, leg x the nearest to what hedges it (a
 * ratio of values where the spread is one of logarithms, of units where it is one of prices), so that a hedge
 * is never perfect; what is left open is reported. Both legs deal in full at the observation's prices, and
 * costs are a share of the value dealt plus an amount per lot: there is no book here, hence no legging risk.
 * A position that is open at the end is closed at the last prices. Cost O(rows x window of the z-score).
 */
import { log } from '../math/log.js';
import type { Formation } from './formation.js';
import { BY_END, LONG, SHORT, SpreadRule, STAY, type RuleLevels } from './rule.js';

export interface BacktestOptions {
  /** Spread of logarithms, or of prices. */
  readonly isLog: boolean;
  /** Units of the asset in a lot. */
  readonly multiplierY: number;
  readonly multiplierX: number;
  /** Value of leg y that a position aims at [currency]. */
  readonly capital: number;
  /** Share of the value dealt, 1e-4 of it, and currency per lot, both for each leg and each deal. */
  readonly costBps: number;
  readonly costPerLot: number;
  /** Observations between decision and deal, >= 0. */
  readonly delayObs: number;
  readonly levels: RuleLevels;
  /** Centre and unit of the rule's distance; the last `window` spreads give both where it is above 1. */
  readonly centre: number;
  readonly unit: number;
  readonly window: number;
}

export const TRADE_COLUMNS = [
  'direction',
  'entryObs',
  'exitObs',
  'entrySpread',
  'exitSpread',
  'lotsY',
  'lotsX',
  'hedgeError',
  'gross',
  'costs',
  'pnl',
  'reason',
] as const;
export type TradeRow = Record<(typeof TRADE_COLUMNS)[number], number>;

export const SERIES_COLUMNS = [
  'obs',
  'y',
  'x',
  'spread',
  'centre',
  'upper',
  'lower',
  'lotsY',
  'lotsX',
  'pnl',
] as const;

export interface BacktestResult {
  readonly trades: TradeRow[];
  /** One array for each of SERIES_COLUMNS over the traded rows. */
  readonly series: Float64Array[];
  readonly pnl: number;
  readonly costs: number;
  /** Increments of the PnL per observation: count, sum, sum of squares. */
  readonly increments: readonly [count: number, sum: number, squares: number];
  readonly maxDrawdown: number;
  /** Observations with a position. */
  readonly held: number;
}

/** Trades rows from..y.length-1; `from` rows before were the formation window. */
export function backtest(
  y: Float64Array,
  x: Float64Array,
  from: number,
  formation: Formation,
  options: BacktestOptions,
): BacktestResult {
  const desk = new Desk(y, x, options);
  const rule = new SpreadRule(options.levels);
  const { follower } = formation;
  const rows = y.length - from;
  const series: Float64Array[] = SERIES_COLUMNS.map(() => new Float64Array(rows));
  const spreads = new Float64Array(formation.spread.length + rows);
  spreads.set(formation.spread);
  const wanted = new Int8Array(rows);
  const reasons = new Int8Array(rows);
  const place = { centre: options.centre, unit: options.unit };
  let [sum, squares, peak, maxDrawdown, held, before] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < rows; k++) {
    const i = from + k;
    // A deal uses the ratio that was known when it was decided, one row ago at the latest.
    const ratio = follower.hedgeRatio;
    const spread = follower.next(options.isLog ? log(y[i]) : y[i], options.isLog ? log(x[i]) : x[i]);
    const at = formation.spread.length + k;
    spreads[at] = spread;
    if (options.window > 1) lookBack(spreads, at, options.window, place);
    wanted[k] = place.unit > 0 ? rule.next((spread - place.centre) / place.unit) : STAY;
    reasons[k] = rule.reason;
    const told = k - options.delayObs;
    if (k === rows - 1) desk.turn(i, STAY, ratio, spread, BY_END);
    else if (told >= 0) desk.turn(i, wanted[told], ratio, spread, reasons[told]);
    const pnl = desk.pnl(i);
    if (k > 0) {
      sum += pnl - before;
      squares += (pnl - before) * (pnl - before);
    }
    before = pnl;
    peak = Math.max(peak, pnl);
    maxDrawdown = Math.max(maxDrawdown, peak - pnl);
    if (desk.direction !== STAY) held++;
    const { entry } = options.levels;
    const { centre, unit } = place;
    const row = [i, y[i], x[i], spread, centre, centre + entry * unit, centre - entry * unit];
    [...row, desk.lotsY, desk.lotsX, pnl].forEach((value, c) => (series[c][k] = value));
  }
  const { trades, costs } = desk;
  return { trades, series, pnl: before, costs, increments: [rows - 1, sum, squares], maxDrawdown, held };
}

/** Mean and standard deviation of the last `window` spreads up to `at`; unit 0 before there are so many. */
function lookBack(
  spreads: Float64Array,
  at: number,
  window: number,
  out: { centre: number; unit: number },
): void {
  out.unit = 0;
  if (at + 1 < window) return;
  let mean = 0;
  for (let i = at - window + 1; i <= at; i++) mean += spreads[i] / window;
  let sum = 0;
  for (let i = at - window + 1; i <= at; i++) sum += (spreads[i] - mean) * (spreads[i] - mean);
  out.centre = mean;
  out.unit = Math.sqrt(sum / (window - 1));
}

/** Holds the two legs and books what they do. */
class Desk {
  direction = STAY;
  lotsY = 0;
  lotsX = 0;
  costs = 0;
  readonly trades: TradeRow[] = [];
  private cash = 0;
  private open: TradeRow | null = null;
  declare private readonly y: Float64Array;
  declare private readonly x: Float64Array;
  declare private readonly options: BacktestOptions;

  constructor(y: Float64Array, x: Float64Array, options: BacktestOptions) {
    this.y = y;
    this.x = x;
    this.options = options;
  }

  /** Holds the direction from row i on; `reason` tells why an open position ends. */
  turn(i: number, direction: number, ratio: number, spread: number, reason: number): void {
    if (direction === this.direction) return;
    const before = this.pnlBeforeCosts(i);
    if (this.open !== null) this.close(this.open, i, spread, before, reason);
    this.direction = direction;
    if (direction === LONG || direction === SHORT) this.enter(i, direction, ratio, spread);
  }

  /** Profit after costs with the legs valued at row i. */
  pnl(i: number): number {
    return this.pnlBeforeCosts(i) - this.costs;
  }

  private pnlBeforeCosts(i: number): number {
    return this.cash + this.value(this.lotsY, this.y[i], this.options.multiplierY) + this.valueX(i);
  }

  private valueX(i: number): number {
    return this.value(this.lotsX, this.x[i], this.options.multiplierX);
  }

  private value(lots: number, price: number, multiplier: number): number {
    return lots * price * multiplier;
  }

  private enter(i: number, direction: number, ratio: number, spread: number): void {
    const { capital, isLog, multiplierX, multiplierY } = this.options;
    const [unitY, unitX] = [this.y[i] * multiplierY, this.x[i] * multiplierX];
    const lotsY = direction * Math.max(1, Math.round(capital / unitY));
    const exact = isLog ? (-ratio * lotsY * unitY) / unitX : (-ratio * lotsY * multiplierY) / multiplierX;
    // 0 and not -0 where the hedge is less than half a lot.
    const lotsX = Math.round(exact) + 0;
    const costs = this.deal(i, lotsY, lotsX);
    const hedgeError = (lotsX - exact) * unitX;
    this.open = {
      direction,
      entryObs: i,
      exitObs: i,
      entrySpread: spread,
      exitSpread: spread,
      lotsY,
      lotsX,
      hedgeError,
      gross: -this.pnlBeforeCosts(i),
      costs,
      pnl: 0,
      reason: BY_END,
    };
  }

  private close(trade: TradeRow, i: number, spread: number, before: number, reason: number): void {
    trade.costs += this.deal(i, -this.lotsY, -this.lotsX);
    trade.exitObs = i;
    trade.exitSpread = spread;
    trade.gross += before;
    trade.pnl = trade.gross - trade.costs;
    trade.reason = reason;
    this.trades.push(trade);
    this.open = null;
  }

  /** Deals so many lots of each leg at row i; what it cost. */
  private deal(i: number, lotsY: number, lotsX: number): number {
    const { costBps, costPerLot, multiplierX, multiplierY } = this.options;
    const [valueY, valueX] = [
      this.value(lotsY, this.y[i], multiplierY),
      this.value(lotsX, this.x[i], multiplierX),
    ];
    this.cash -= valueY + valueX;
    this.lotsY += lotsY;
    this.lotsX += lotsX;
    const costs =
      ((Math.abs(valueY) + Math.abs(valueX)) * costBps) / 10_000 +
      (Math.abs(lotsY) + Math.abs(lotsX)) * costPerLot;
    this.costs += costs;
    return costs;
  }
}
