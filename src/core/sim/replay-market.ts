/** A historical market, replayed row by row, with own orders at their true place in the visible queue. */
import {
  REJECT_DUPLICATE_ID,
  REJECT_ID,
  REJECT_PRICE,
  REJECT_QTY,
  REJECT_WOULD_TRADE,
  TIF_IOC,
  TIF_POST_ONLY,
} from '../book/codes.js';
import { BUY, NIL, SELL, SILENT } from './market.js';
import type { FillSink, Market } from './market.js';
import { ReplayFacts } from './replay-facts.js';
import {
  CANCEL_PART,
  CELLS_PER_LEVEL,
  CROSS_TRADE,
  DELETE,
  EXECUTE_HIDDEN,
  EXECUTE_VISIBLE,
  HALT,
  SUBMIT,
  tickE4Of,
} from './replay-feed.js';
import type { ReplayFeed } from './replay-feed.js';
import { OwnOrders } from './replay-own.js';
import { TakenLots } from './replay-taken.js';
import { ROW_MISMATCH, ROW_RESEEDED, ReplayWindow } from './replay-window.js';

const MAX_INT32 = 0x7fffffff;

/**
 * The visible book is a ReplayWindow, proved against the orderbook file on every row; own orders are an
 * overlay (OwnOrders, which states the queue rules). The first book row is the state after the first
 * message: it seeds the book, and step() for that row only reports its trade, so an engine can quote from
 * the start.
 *
 * Assumptions, all of which a result should state: no impact (history never reacts and is never altered; a
 * share that fills an own order also rests or trades in history as it did, but fills own orders once only);
 * hidden executions (type 5) fill no own order; auction trades (type 6) and halts (7) leave the book and own
 * orders as they are.
 *
 * Cost: O(levels) a row, no allocation after construction. Own fills and trades are told before the row
 * changes the visible book, so a sink sees the book that the trade met. A sink must not place or cancel
 * inside a callback. Slow twin: replay-naive.ts.
 */
export class ReplayMarket implements Market {
  readonly facts = new ReplayFacts();
  private readonly feed: ReplayFeed;
  private readonly window: ReplayWindow;
  private readonly own: OwnOrders;
  private readonly taken: TakenLots;
  private readonly tickE4: number;
  /** Row at which each historical order was added, NIL before. */
  private readonly addedRow: Int32Array;
  private readonly startNs: number;
  private readonly cellsPerRow: number;
  private row = 0;

  /**
   * `tickSize` in currency must divide every visible price: the feed's gridE4 is a multiple of it. Own ids
   * are 0..maxOwnOrders-1. Throws Error otherwise: the kind asks tickE4Of first.
   */
  constructor(feed: ReplayFeed, tickSize: number, maxOwnOrders: number) {
    const tickE4 = tickE4Of(feed, tickSize);
    if (tickE4 === NIL) throw new Error(`tickSize ${tickSize} does not divide the prices of this feed`);
    this.feed = feed;
    this.tickE4 = tickE4;
    this.window = new ReplayWindow(feed.levels);
    this.own = new OwnOrders(maxOwnOrders, tickE4);
    this.taken = new TakenLots(feed.levels, tickE4);
    this.addedRow = new Int32Array(feed.orders).fill(NIL);
    this.startNs = feed.tNs[0];
    this.facts.startNs = this.startNs;
    this.cellsPerRow = feed.levels * CELLS_PER_LEVEL;
    this.window.load(feed.cells, 0);
  }

  nextNs(): number {
    return this.row < this.feed.rows ? this.feed.tNs[this.row] - this.startNs : Infinity;
  }

  step(sink: FillSink): void {
    const row = this.row;
    if (row >= this.feed.rows) return;
    this.row = row + 1;
    this.apply(row, sink);
    const facts = this.facts;
    facts.rows++;
    if (row === 0) {
      facts.rowsEqual++;
      return;
    }
    const found = this.window.sync(this.feed.cells, row * this.cellsPerRow);
    if ((found & ROW_RESEEDED) !== 0) facts.reseededRows++;
    if ((found & ROW_MISMATCH) === 0) facts.rowsEqual++;
    else if (facts.mismatchRows++ === 0) facts.firstMismatchRow = row;
    if (!this.own.isEmpty()) this.own.refresh(this.window);
    this.taken.refresh(this.window);
    facts.unsureOrders = this.own.unsureOrders;
  }

  /**
   * Post-only: REJECT_WOULD_TRADE against the visible book and against own orders of the other side.
   * Immediate-or-cancel: see TakenLots.
   */
  place(
    ownId: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    tif = TIF_POST_ONLY,
    sink = SILENT,
  ): number {
    const priceE4 = priceTicks * this.tickE4;
    if (!(ownId >= 0 && ownId < this.own.capacity)) return REJECT_ID;
    if (this.own.rests(ownId)) return REJECT_DUPLICATE_ID;
    if (!(qtyLots >= 1 && qtyLots < MAX_INT32)) return REJECT_QTY;
    if (tif === TIF_IOC && priceTicks === NIL) {
      return this.taken.take(ownId, side, NIL, qtyLots, this.window, sink);
    }
    if (!(priceTicks >= 1 && priceE4 <= MAX_INT32)) return REJECT_PRICE;
    if (tif === TIF_IOC) return this.taken.take(ownId, side, priceE4, qtyLots, this.window, sink);
    const other = side === BUY ? SELL : BUY;
    if (crosses(side, priceE4, this.window.best(other)) || crosses(side, priceE4, this.own.best(other))) {
      return REJECT_WOULD_TRADE;
    }
    this.own.add(ownId, side, priceE4, qtyLots, this.row, this.window);
    this.facts.unsureOrders = this.own.unsureOrders;
    return 0;
  }

  cancel(ownId: number): number {
    return this.own.remove(ownId);
  }

  /**
   * NIL also while the file has not yet shown the order's level: its place is unknown. Earlier own orders
   * count.
   */
  queueAheadLots(ownId: number): number {
    return this.own.aheadLots(ownId);
  }

  bestBidTicks(): number {
    const price = this.window.best(BUY);
    return price === NIL ? NIL : price / this.tickE4;
  }

  bestAskTicks(): number {
    const price = this.window.best(SELL);
    return price === NIL ? NIL : price / this.tickE4;
  }

  depth(side: number, pricesTicks: Int32Array, qtysLots: Int32Array, max: number): number {
    return this.window.depth(side, this.tickE4, pricesTicks, qtysLots, max);
  }

  /**
   * Applies message `row` to own orders, the trade tape and the window (row 0: the window holds it
   * already).
   */
  private apply(row: number, sink: FillSink): void {
    const feed = this.feed;
    const side = feed.side[row];
    const price = feed.priceE4[row];
    const lots = feed.lots[row];
    const order = feed.order[row];
    switch (feed.type[row]) {
      case SUBMIT:
        this.addedRow[order] = row;
        if (!this.own.isEmpty()) this.own.historyArrived(side, price, lots, sink);
        if (row > 0) this.window.add(side, price, lots);
        return;
      case CANCEL_PART:
      case DELETE:
        if (this.addedRow[order] === NIL) this.facts.anonymousMessages++;
        if (!this.own.isEmpty()) this.own.historyCancelled(side, price, lots, this.addedRow[order]);
        if (row > 0) this.window.take(side, price, lots);
        return;
      case EXECUTE_VISIBLE:
        if (this.addedRow[order] === NIL) this.facts.anonymousMessages++;
        if (!this.own.isEmpty()) {
          this.own.historyExecuted(side, price, lots, this.addedRow[order], sink);
        }
        this.trade(side, price, lots, 0, sink);
        if (row > 0) this.window.take(side, price, lots);
        return;
      case EXECUTE_HIDDEN:
        this.trade(side, price, lots, 1, sink);
        return;
      case CROSS_TRADE:
        this.facts.crossLots += lots;
        return;
      case HALT:
        this.facts.haltMessages++;
    }
  }

  /**
   * Books a trade and tells it; a hidden one between two ticks is told at the nearest tick, its notional
   * stays exact.
   */
  private trade(restingSide: number, price: number, lots: number, hidden: number, sink: FillSink): void {
    const facts = this.facts;
    facts.notionalE4 += price * lots;
    if (hidden === 1) {
      facts.hiddenTrades++;
      facts.hiddenLots += lots;
    } else {
      facts.visibleTrades++;
      facts.visibleLots += lots;
      if (restingSide === SELL) facts.buyerLots += lots;
    }
    sink.onTrade(Math.round(price / this.tickE4), lots, restingSide === BUY ? SELL : BUY, hidden);
  }
}

/** Whether an order of `side` at a price would trade with the best opposite price (NIL: nobody there). */
function crosses(side: number, priceE4: number, oppositeE4: number): boolean {
  if (oppositeE4 === NIL) return false;
  return side === BUY ? priceE4 >= oppositeE4 : priceE4 <= oppositeE4;
}
