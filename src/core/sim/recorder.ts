/**
 * Keeps what a picture of one run needs: a regular time series, the own fills, and depth snapshots.
 *
 * Series and depth are allocated once for the number of rows asked for; the table of fills doubles as it
 * fills, because room for all that it may hold costs more than a short run. Series row i shows the state at
 * i * end / (points - 1), before any event at that time; the last row shows the end, after all events.
 */
import type { Ledger } from '../ledger/ledger.js';
import type { Market } from './market.js';
import { BUY, NIL, SELL } from './market.js';

/** More own fills than this are counted but not kept. */
export const MAX_FILL_ROWS = 20_000;
/** Room for fills at the start; V8 keeps arrays of 64 bytes on its own heap, which costs least. */
const FIRST_FILL_ROWS = 8;
/** Depth snapshots of a run, and levels of a side in each. */
export const MAX_DEPTH_INSTANTS = 400;
export const DEPTH_LEVELS = 10;

/** Own resting order of each side at the exchange, [bid, ask]; NIL when none. */
export interface RestingOrders {
  readonly id: Int32Array;
  readonly priceTicks: Int32Array;
}

/** What a run shows itself to; it may look at everything and change nothing. */
export interface RunWitness {
  /** Time of the next call of sample(), Infinity when none is left before finish(). */
  readonly nextNs: number;
  /** The state at nextNs, before any event at that time. */
  sample(market: Market, ledger: Ledger, own: RestingOrders): void;
  /** The run has ended. */
  finish(market: Market, ledger: Ledger, own: RestingOrders): void;
  /** One own fill; the ledger stands after it. */
  fill(
    tNs: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    feeTickLots: number,
    ledger: Ledger,
  ): void;
}

export type RecordedColumn = Float64Array | Int32Array | Uint8Array;

export class Recorder implements RunWitness {
  /** Time of the next series row, Infinity when only the last one, at the end, is left. */
  nextNs = 0;
  private readonly points: number;
  private readonly endNs: number;
  private readonly currencyPerTickLot: number;
  private readonly depthStride: number;
  private seriesRows = 0;
  private fillRows = 0;
  private depthRows = 0;
  private readonly series: RecordedColumn[];
  private fills: RecordedColumn[];
  private readonly depth: RecordedColumn[];
  private readonly prices = new Int32Array(DEPTH_LEVELS);
  private readonly lots = new Int32Array(DEPTH_LEVELS);

  /** `points` >= 2 rows over 0..endNs; money columns are multiplied by currencyPerTickLot. */
  constructor(points: number, endNs: number, currencyPerTickLot: number) {
    this.points = points;
    this.endNs = endNs;
    this.currencyPerTickLot = currencyPerTickLot;
    this.depthStride = Math.ceil(points / MAX_DEPTH_INSTANTS);
    const f64 = (n: number) => new Float64Array(n);
    const i32 = (n: number) => new Int32Array(n);
    const n = points;
    this.series = [f64(n), i32(n), i32(n), i32(n), i32(n), i32(n), f64(n), f64(n), i32(n), i32(n)];
    const m = FIRST_FILL_ROWS;
    this.fills = [f64(m), new Uint8Array(m), i32(m), i32(m), i32(m), i32(m), f64(m)];
    const d = Math.ceil(points / this.depthStride) * 2 * DEPTH_LEVELS;
    this.depth = [f64(d), new Uint8Array(d), i32(d), i32(d)];
  }

  /** Writes the series row that is due, and a depth snapshot at every stride-th. */
  sample(market: Market, ledger: Ledger, own: RestingOrders): void {
    const row = this.seriesRows++;
    const s = this.series;
    s[0][row] = this.nextNs;
    s[1][row] = market.bestBidTicks();
    s[2][row] = market.bestAskTicks();
    s[3][row] = own.priceTicks[BUY];
    s[4][row] = own.priceTicks[SELL];
    s[5][row] = ledger.inventoryLots;
    s[6][row] = ledger.pnlTickLots() * this.currencyPerTickLot;
    s[7][row] = ledger.feesTickLots() * this.currencyPerTickLot;
    s[8][row] = own.id[BUY] === NIL ? NIL : market.queueAheadLots(own.id[BUY]);
    s[9][row] = own.id[SELL] === NIL ? NIL : market.queueAheadLots(own.id[SELL]);
    if (row % this.depthStride === 0) {
      this.snapshot(market, BUY);
      this.snapshot(market, SELL);
    }
    const next = row + 1;
    this.nextNs = next < this.points - 1 ? Math.round((next * this.endNs) / (this.points - 1)) : Infinity;
  }

  /** Writes the last row: the run has ended. */
  finish(market: Market, ledger: Ledger, own: RestingOrders): void {
    this.nextNs = this.endNs;
    this.sample(market, ledger, own);
  }

  /** Keeps one own fill; the ledger stands after it, midHalfTicks is the mid that the aggressor met. */
  fill(
    tNs: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    feeTickLots: number,
    ledger: Ledger,
  ): void {
    const row = this.fillRows;
    if (row === MAX_FILL_ROWS) return;
    if (row === this.fills[0].length) this.moreFills();
    this.fillRows++;
    const f = this.fills;
    f[0][row] = tNs;
    f[1][row] = side;
    f[2][row] = priceTicks;
    f[3][row] = qtyLots;
    f[4][row] = ledger.midHalfTicks;
    f[5][row] = ledger.inventoryLots;
    f[6][row] = feeTickLots * this.currencyPerTickLot;
  }

  /** Columns tNs, bid, ask, own bid, own ask, inventory, pnl, fees, queue ahead of bid and ask. */
  seriesColumns(): RecordedColumn[] {
    return this.series.map((column) => firstRows(column, this.seriesRows));
  }

  /** Columns tNs, side, price, lots, mid in half ticks, inventory after, fee. */
  fillColumns(): RecordedColumn[] {
    return this.fills.map((column) => firstRows(column, this.fillRows));
  }

  /** Columns tNs, side, price, lots; best level first within an instant and side. */
  depthColumns(): RecordedColumn[] {
    return this.depth.map((column) => firstRows(column, this.depthRows));
  }

  private moreFills(): void {
    const rows = Math.min(MAX_FILL_ROWS, 2 * this.fillRows);
    this.fills = this.fills.map((column) => {
      const more = new (column.constructor as new (length: number) => RecordedColumn)(rows);
      more.set(column);
      return more;
    });
  }

  private snapshot(market: Market, side: number): void {
    const levels = market.depth(side, this.prices, this.lots, DEPTH_LEVELS);
    for (let i = 0; i < levels; i++) {
      const row = this.depthRows++;
      this.depth[0][row] = this.nextNs;
      this.depth[1][row] = side;
      this.depth[2][row] = this.prices[i];
      this.depth[3][row] = this.lots[i];
    }
  }
}

/** A copy of no more rows than were written; the column itself where that is all of it. */
function firstRows(column: RecordedColumn, rows: number): RecordedColumn {
  return rows === column.length ? column : column.slice(0, rows);
}
