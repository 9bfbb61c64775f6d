/**
 * The slow obvious twin of the order book: a Map of orders and two sorted arrays of queues, by which the fast
 * book is judged. Same calls, same result codes, same state hash; every rule is written as it would be said.
 * Cost: O(levels + orders at a level) per call.
 */
import {
  BUY,
  MAX_LEVEL_LOTS,
  MAX_PRICE_TICKS,
  NIL,
  REJECT_DUPLICATE_ID,
  REJECT_FULL,
  REJECT_ID,
  REJECT_PRICE,
  REJECT_QTY,
  REJECT_UNKNOWN_ID,
  REJECT_WOULD_NOT_FILL,
  REJECT_WOULD_TRADE,
  SELL,
  TIF_FOK,
  TIF_GTC,
  TIF_POST_ONLY,
} from './codes.js';
import * as events from './events.js';
import type { EventSink } from './events.js';
import { bookBounds } from './memory.js';
import type { BookOptions, OrderBook, TradeSink } from './types.js';

interface Order {
  readonly id: number;
  readonly side: number;
  readonly priceTicks: number;
  qtyLots: number;
}

/** Orders of one price, oldest first. */
interface Level {
  readonly priceTicks: number;
  readonly orders: Order[];
}

/** See OrderBook for what each call means. */
export class NaiveBook implements OrderBook {
  private readonly report: TradeSink | EventSink;
  private readonly bounds: { maxTicks: number; maxOrders: number; maxIds: number };
  private readonly orders = new Map<number, Order>();
  /** Levels of each side, best price first. */
  private readonly sides: readonly [Level[], Level[]] = [[], []];

  constructor(options: BookOptions, report: TradeSink | EventSink) {
    this.report = report;
    this.bounds = bookBounds(options);
  }

  get bestBidTicks(): number {
    return this.sides[BUY][0]?.priceTicks ?? NIL;
  }

  get bestAskTicks(): number {
    return this.sides[SELL][0]?.priceTicks ?? NIL;
  }

  get ordersLive(): number {
    return this.orders.size;
  }

  limit(id: number, side: number, priceTicks: number, qtyLots: number, tif: number): number {
    if (qtyLots < 1) return this.refuse(id, REJECT_QTY);
    if (!this.priceAllowed(priceTicks)) return this.refuse(id, REJECT_PRICE);
    if (id < 0 || id >= this.bounds.maxIds) return this.refuse(id, REJECT_ID);
    if (this.orders.has(id)) return this.refuse(id, REJECT_DUPLICATE_ID);
    const fillableLots = this.fillableLots(side, priceTicks);
    if (tif === TIF_POST_ONLY && fillableLots > 0) return this.refuse(id, REJECT_WOULD_TRADE);
    if (tif === TIF_FOK && fillableLots < qtyLots) return this.refuse(id, REJECT_WOULD_NOT_FILL);
    const mayRest = tif === TIF_GTC || tif === TIF_POST_ONLY;
    if (mayRest && fillableLots === 0) {
      if (this.qtyAt(priceTicks) + qtyLots > MAX_LEVEL_LOTS) return this.refuse(id, REJECT_QTY);
      if (this.orders.size >= this.bounds.maxOrders) return this.refuse(id, REJECT_FULL);
    }
    const left = this.take(id, side, qtyLots, (bestTicks) => reaches(side, priceTicks, bestTicks));
    if (left > 0 && mayRest) this.rest({ id, side, priceTicks, qtyLots: left });
    else this.emit(events.EVENT_DONE, side, 0, id, NIL, qtyLots - left, left);
    return qtyLots - left;
  }

  market(id: number, side: number, qtyLots: number): number {
    if (qtyLots < 1) return this.refuse(id, REJECT_QTY);
    if (id < 0 || id >= this.bounds.maxIds) return this.refuse(id, REJECT_ID);
    if (this.orders.has(id)) return this.refuse(id, REJECT_DUPLICATE_ID);
    const left = this.take(id, side, qtyLots, () => true);
    this.emit(events.EVENT_DONE, side, 0, id, NIL, qtyLots - left, left);
    return qtyLots - left;
  }

  cancel(id: number): number {
    const order = this.orders.get(id);
    if (order === undefined) return this.refuse(id, REJECT_UNKNOWN_ID);
    this.leave(order, events.CAUSE_CANCEL);
    return order.qtyLots;
  }

  replace(id: number, priceTicks: number, qtyLots: number): number {
    if (qtyLots < 1) return this.refuse(id, REJECT_QTY);
    const order = this.orders.get(id);
    if (order === undefined) return this.refuse(id, REJECT_UNKNOWN_ID);
    if (!this.priceAllowed(priceTicks)) return this.refuse(id, REJECT_PRICE);
    if (priceTicks === order.priceTicks && qtyLots <= order.qtyLots) {
      order.qtyLots = qtyLots;
      this.emit(events.EVENT_REDUCE, order.side, 0, id, priceTicks, qtyLots, this.qtyAt(priceTicks));
      return 0;
    }
    const ownLots = priceTicks === order.priceTicks ? order.qtyLots : 0;
    const rests = this.fillableLots(order.side, priceTicks) === 0;
    if (rests && this.qtyAt(priceTicks) - ownLots + qtyLots > MAX_LEVEL_LOTS) {
      return this.refuse(id, REJECT_QTY);
    }
    this.leave(order, events.CAUSE_REPLACE);
    return this.limit(id, order.side, priceTicks, qtyLots, TIF_GTC);
  }

  qtyAt(priceTicks: number): number {
    const level = this.allLevels().find((l) => l.priceTicks === priceTicks);
    return level === undefined ? 0 : lotsOf(level);
  }

  sideOf(id: number): number {
    return this.orders.get(id)?.side ?? NIL;
  }

  priceOf(id: number): number {
    return this.orders.get(id)?.priceTicks ?? NIL;
  }

  qtyOf(id: number): number {
    return this.orders.get(id)?.qtyLots ?? 0;
  }

  queueAheadLots(id: number): number {
    const order = this.orders.get(id);
    if (order === undefined) return NIL;
    const queue = this.allLevels().find((l) => l.priceTicks === order.priceTicks)!.orders;
    return sum(queue.slice(0, queue.indexOf(order)));
  }

  depth(side: number, outPricesTicks: Int32Array, outQtysLots: Int32Array, max: number): number {
    const levels = this.levelsOf(side).slice(0, max);
    levels.forEach((level, i) => {
      outPricesTicks[i] = level.priceTicks;
      outQtysLots[i] = lotsOf(level);
    });
    return levels.length;
  }

  stateHash(): number {
    const words: number[] = [];
    for (const side of [BUY, SELL]) {
      for (const level of this.levelsOf(side)) {
        words.push(level.priceTicks, lotsOf(level));
        for (const order of level.orders) words.push(order.id, order.qtyLots);
      }
      words.push(-1 - side);
    }
    let h = 2166136261;
    for (const word of words) {
      h = Math.imul(h ^ word, 16777619);
      h ^= h >>> 15;
    }
    return h >>> 0;
  }

  reset(): void {
    this.orders.clear();
    for (const levels of this.sides) levels.length = 0;
  }

  private levelsOf(side: number): Level[] {
    return side === BUY ? this.sides[BUY] : this.sides[SELL];
  }

  private allLevels(): Level[] {
    return [...this.sides[BUY], ...this.sides[SELL]];
  }

  /** All resting prices and this one must lie within maxTicks of each other. */
  private priceAllowed(priceTicks: number): boolean {
    if (priceTicks < 0 || priceTicks > MAX_PRICE_TICKS) return false;
    const [bids, asks] = this.sides;
    const lowest = bids.at(-1) ?? asks[0];
    const highest = asks.at(-1) ?? bids[0];
    if (lowest === undefined || highest === undefined) return true;
    const low = Math.min(priceTicks, lowest.priceTicks);
    return Math.max(priceTicks, highest.priceTicks) - low < this.bounds.maxTicks;
  }

  /** Lots on the other side that a limit order could trade with. */
  private fillableLots(side: number, priceTicks: number): number {
    let lots = 0;
    for (const level of this.levelsOf(other(side))) {
      if (reaches(side, priceTicks, level.priceTicks)) lots += lotsOf(level);
    }
    return lots;
  }

  /** Trades with the best price of the other side while it is acceptable; returns the lots that are left. */
  private take(id: number, side: number, qtyLots: number, accepts: (bestTicks: number) => boolean): number {
    let left = qtyLots;
    const levels = this.levelsOf(other(side));
    while (left > 0 && levels.length > 0 && accepts(levels[0]!.priceTicks)) {
      const maker = levels[0]!.orders[0]!;
      const lots = Math.min(left, maker.qtyLots);
      left -= lots;
      maker.qtyLots -= lots;
      if (maker.qtyLots === 0) this.remove(maker);
      if ('onTrade' in this.report) this.report.onTrade(maker.id, id, maker.priceTicks, lots, side);
      const { priceTicks } = maker;
      const levelLots = this.qtyAt(priceTicks);
      this.emit(events.EVENT_FILL, side, 0, maker.id, priceTicks, lots, levelLots, id, maker.qtyLots);
    }
    return left;
  }

  private rest(order: Order): void {
    const levels = this.levelsOf(order.side);
    let at = levels.findIndex((level) => !isBetter(order.side, level.priceTicks, order.priceTicks));
    if (at < 0) at = levels.length;
    if (levels[at]?.priceTicks !== order.priceTicks) {
      levels.splice(at, 0, { priceTicks: order.priceTicks, orders: [] });
    }
    levels[at]!.orders.push(order);
    this.orders.set(order.id, order);
    const { id, side, priceTicks, qtyLots } = order;
    this.emit(events.EVENT_REST, side, 0, id, priceTicks, qtyLots, this.qtyAt(priceTicks));
  }

  /** An order leaves untraded. */
  private leave(order: Order, cause: number): void {
    this.remove(order);
    const { id, side, priceTicks, qtyLots } = order;
    this.emit(events.EVENT_CANCEL, side, cause, id, priceTicks, qtyLots, this.qtyAt(priceTicks));
  }

  private refuse(id: number, code: number): number {
    this.emit(events.EVENT_REJECT, 0, 0, id, NIL, code, 0);
    return code;
  }

  /** Hands one event over; `words` are words 1 and following. */
  private emit(kind: number, side: number, cause: number, ...words: number[]): void {
    if (!('onEvents' in this.report)) return;
    const record = new Int32Array(events.EVENT_WORDS);
    record.set([kind | (side << events.SIDE_SHIFT) | (cause << events.CAUSE_SHIFT), ...words]);
    this.report.onEvents(record, record.length);
  }

  private remove(order: Order): void {
    const levels = this.levelsOf(order.side);
    const at = levels.findIndex((level) => level.priceTicks === order.priceTicks);
    const queue = levels[at]!.orders;
    queue.splice(queue.indexOf(order), 1);
    if (queue.length === 0) levels.splice(at, 1);
    this.orders.delete(order.id);
  }
}

function other(side: number): number {
  return side === BUY ? SELL : BUY;
}

/** Whether a price stands before another one on its side. */
function isBetter(side: number, priceTicks: number, thanTicks: number): boolean {
  return side === BUY ? priceTicks > thanTicks : priceTicks < thanTicks;
}

/** Whether a limit order of a side and price would trade with a price of the other side. */
function reaches(side: number, limitTicks: number, otherTicks: number): boolean {
  return side === BUY ? otherTicks <= limitTicks : otherTicks >= limitTicks;
}

function sum(orders: readonly Order[]): number {
  return orders.reduce((lots, order) => lots + order.qtyLots, 0);
}

function lotsOf(level: Level): number {
  return sum(level.orders);
}
