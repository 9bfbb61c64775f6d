/**
 * A call auction: orders gather without trading, then all that can trade does so at one price.
 *
 * Why two books: what waits to buy stands in one book and what waits to sell in another, so that they may
 * cross; price levels, queues, queue positions, cancels, icebergs, hidden orders, price band and allocation
 * rule are those of the Book itself. Market orders wait in a list of their own. What an uncross leaves
 * stays, so that call after call makes a frequent batch auction, or moves to a continuous book.
 *
 * The price, by the usual rules in this order: greatest volume; least surplus (lots wanted minus lots
 * offered, in size); market pressure: if every price that is left has more buyers the highest of them, more
 * sellers the lowest; else the price nearest to the reference, without one the lowest. Every tick between
 * the lowest and the highest limit and within the band counts, not only those where an order stands. Who
 * trades: market orders first, then by price; at the last price that trades the allocation rule decides.
 * - Icebergs take part with their full size, peak by peak, and show a peak only; hidden orders take part
 *   behind the visible ones of their price.
 * - Self-trade prevention is not applied: an uncross has no taker who could ask for it.
 * - Stop orders take no part; those of the auction go to the book that follows, whose stops the auction's
 *   price triggers (moveTo). A pair (OCO) comes apart: its two orders cannot know each other here.
 *
 * Cost: an order or a cancel as in the book; indicative and uncross O(levels + fills), because the volumes
 * are step functions of the price and each limit and each gap between two limits is looked at once.
 * Slow: many empty calls of a deep book, since each looks at all levels. Sources: price determination as
 * exchanges with call auctions describe it (Xetra market model, auction price determination); Budish,
 * Cramton and Shim 2015 for frequent batch auctions. Slow obvious twin: the oracle in
 * tests/core/book/auction.test.ts, which tries every tick.
 */
import { AuctionSide, TAKER_ID, tellPairs } from './auction-side.js';
import * as c from './codes.js';
import type { BookOptions, OrderBook, OrderRequest, TradeSink } from './types.js';

const { BUY, NIL, SELL } = c;

/** What an auction gives, or would give now. */
export interface Uncross {
  /** NIL when nothing can trade. */
  readonly priceTicks: number;
  readonly volumeLots: number;
  /** Lots wanted minus lots offered at the price. */
  readonly surplusLots: number;
}

const NOTHING: Uncross = { priceTicks: NIL, volumeLots: 0, surplusLots: 0 };
/** See the head of this file. Ids are as in the Book, and unique over both sides. */
export class CallAuction {
  private readonly sides: readonly [AuctionSide, AuctionSide];
  private readonly stops: OrderRequest[] = [];
  private halted = false;
  private nowNs = 0;
  private lowTicks = 0;
  private highTicks: number = c.MAX_PRICE_TICKS;
  /** The best step so far, and of the steps as good as it: first price, last price, last with a surplus. */
  private volumeLots = 0;
  private leastSurplus = 0;
  private firstSurplus = 0;
  private lastSurplus = 0;
  private firstTicks = NIL;
  private lastTicks = NIL;
  private lastBoughtTicks = NIL;

  /** Sizes of each side's book. */
  constructor(options: BookOptions = { ticks: 32, orders: 32, ids: 64 }) {
    this.sides = [new AuctionSide(options, BUY), new AuctionSide(options, SELL)];
  }

  /** Orders that take part; stop orders do not. */
  get ordersLive(): number {
    const [buy, sell] = this.sides;
    return buy.book.ordersLive + sell.book.ordersLive + buy.atMarket.count + sell.atMarket.count;
  }

  /** Highest limit to buy, lowest to sell, NIL when none waits; before an uncross they may cross. */
  get bestBidTicks(): number {
    return this.sides[BUY].book.bestBidTicks;
  }

  get bestAskTicks(): number {
    return this.sides[SELL].book.bestAskTicks;
  }

  /** New limit order; it waits whatever its time in force. Returns 0 or a REJECT_* code. */
  limit(id: number, side: number, priceTicks: number, qtyLots: number, _tif: number = c.TIF_GTC): number {
    const code = qtyLots < 1 ? c.REJECT_QTY : this.checkId(id);
    if (code !== 0) return code;
    return this.sides[side].book.limit(id, side, priceTicks, qtyLots, c.TIF_GTC);
  }

  /**
   * New order at any price, which an uncross fills first and drops what is left of. An id NIL stands for
   * nobody's order, which is not cancelled. Returns 0 or a REJECT_* code.
   */
  market(id: number, side: number, qtyLots: number): number {
    if (qtyLots < 1) return c.REJECT_QTY;
    const code = id === NIL ? 0 : this.checkId(id);
    if (code !== 0) return code;
    this.sides[side].atMarket.add(id, qtyLots);
    return 0;
  }

  /** New order of any type; market-to-limit, IOC and FOK have no meaning in a call and are refused. */
  submit(order: OrderRequest): number {
    const code = this.checkId(order.id);
    if (code !== 0) return code;
    if (order.side !== BUY && order.side !== SELL) return c.REJECT_TYPE;
    if (order.triggerTicks !== NIL) {
      if (order.qtyLots < 1) return c.REJECT_QTY;
      this.stops.push({ ...order, partnerId: NIL });
      return 0;
    }
    if (order.type === c.ORDER_MARKET) return this.market(order.id, order.side, order.qtyLots);
    if (order.type !== c.ORDER_LIMIT || order.tif === c.TIF_IOC || order.tif === c.TIF_FOK) {
      return c.REJECT_TYPE;
    }
    return this.sides[order.side].book.submit({ ...order, tif: c.TIF_GTC, partnerId: NIL });
  }

  /** Takes an order out; returns its lots or REJECT_UNKNOWN_ID. */
  cancel(id: number): number {
    if (id < 0) return c.REJECT_UNKNOWN_ID;
    for (const { book, atMarket } of this.sides) {
      if (book.sideOf(id) !== NIL) return book.cancel(id);
      const at = atMarket.indexOf(id);
      if (at >= 0) return atMarket.removeAt(at);
    }
    const at = this.stops.findIndex((stop) => stop.id === id);
    return at < 0 ? c.REJECT_UNKNOWN_ID : this.stops.splice(at, 1)[0].qtyLots;
  }

  /** Lots of an order (an iceberg's shown ones), 0 when it does not take part. */
  qtyOf(id: number): number {
    for (const { book, atMarket } of this.sides) {
      if (book.sideOf(id) !== NIL) return book.qtyOf(id);
      const at = id < 0 ? NIL : atMarket.indexOf(id);
      if (at >= 0) return atMarket.lots[at];
    }
    return 0;
  }

  /** Lots before a limit order at its price, NIL when the id does not wait as one. */
  queueAheadLots(id: number): number {
    return Math.max(this.sides[BUY].book.queueAheadLots(id), this.sides[SELL].book.queueAheadLots(id));
  }

  /** Visible lots of a side at a price. */
  qtyAt(side: number, priceTicks: number): number {
    return this.sides[side].book.qtyAt(priceTicks);
  }

  /** As OrderBook.depth; the sides may cross. */
  depth(side: number, outPricesTicks: Int32Array, outQtysLots: Int32Array, max: number): number {
    return this.sides[side].book.depth(side, outPricesTicks, outQtysLots, max);
  }

  /** As in the book: nothing but cancels is taken while halted; prices lie within the band; who trades. */
  halt(on: boolean): void {
    this.halted = on;
    for (const { book } of this.sides) book.halt(on);
  }

  band(lowTicks: number, highTicks: number): void {
    [this.lowTicks, this.highTicks] = [lowTicks, highTicks];
    for (const { book } of this.sides) book.band(lowTicks, highTicks);
  }

  allocate(rule: number): void {
    for (const { book } of this.sides) book.allocate(rule);
  }

  /** Moves the time forward; orders that expire leave. Returns how many. */
  advance(tNs: number): number {
    this.nowNs = Math.max(this.nowNs, tNs);
    return this.sides[BUY].book.advance(tNs) + this.sides[SELL].book.advance(tNs);
  }

  /** The price and volume that an uncross would give now: none while halted. referenceTicks NIL for none. */
  indicative(referenceTicks: number): Uncross {
    if (this.halted) return NOTHING;
    const [buy, sell] = this.sides;
    buy.look();
    sell.look();
    if (buy.levels + sell.levels === 0) return this.withoutLimits(referenceTicks);
    this.findBest();
    const { volumeLots, leastSurplus, firstSurplus, firstTicks, lastTicks, lastBoughtTicks } = this;
    if (volumeLots === 0) return NOTHING;
    if (this.lastSurplus > 0) return { priceTicks: lastTicks, volumeLots, surplusLots: leastSurplus };
    if (firstSurplus < 0) return { priceTicks: firstTicks, volumeLots, surplusLots: -leastSurplus };
    // Between more buyers below and more sellers above, or where there is no surplus: the reference decides.
    const low = leastSurplus === 0 ? firstTicks : lastBoughtTicks;
    const high = leastSurplus === 0 ? lastTicks : lastBoughtTicks + 1;
    const priceTicks = Math.max(low, Math.min(high, referenceTicks));
    const isBought = leastSurplus === 0 || priceTicks === low;
    return { priceTicks, volumeLots, surplusLots: isBought ? leastSurplus : -leastSurplus };
  }

  /**
   * Trades all that can trade at the indicative price. The sink hears each trade with the seller as
   * maker, the buyer as taker and NIL as the taker's side. Market orders that are left are dropped,
   * the others stay.
   */
  uncross(referenceTicks: number, sink: TradeSink): Uncross {
    const result = this.indicative(referenceTicks);
    const [buy, sell] = this.sides;
    if (result.volumeLots > 0) {
      buy.fill(result.volumeLots);
      sell.fill(result.volumeLots);
      tellPairs(buy.fills, sell.fills, result.priceTicks, sink);
    }
    for (const { atMarket, fills } of this.sides) {
      atMarket.clear();
      fills.clear();
    }
    return result;
  }

  /** Takes all resting orders of a book over, each in its place; its waiting stops stay with it. */
  takeFrom(book: OrderBook): void {
    const { lowTicks, highTicks } = this;
    this.band(0, c.MAX_PRICE_TICKS);
    for (const order of book.resting()) {
      book.cancel(order.id);
      mustRest(this.submit(order), order);
    }
    this.band(lowTicks, highTicks);
  }

  /**
   * After an uncross at priceTicks (NIL: none): gives the orders that are left to a book, each in its
   * place, and then what the price triggers. The band does not hold for the former, which were there before
   * it, and is the book's from then on. The auction is empty then; its time goes on.
   */
  moveTo(book: OrderBook, priceTicks: number): void {
    book.band(0, c.MAX_PRICE_TICKS);
    for (const side of this.sides) {
      for (const order of side.book.resting()) mustRest(book.submit(order), order);
    }
    book.band(this.lowTicks, this.highTicks);
    if (priceTicks !== NIL) book.noteTrade(priceTicks);
    for (const stop of this.stops) book.submit(stop);
    const { nowNs } = this;
    this.reset();
    this.advance(nowNs);
  }

  /** Empties the auction; halt, band and allocation stay. */
  reset(): void {
    for (const { book, atMarket } of this.sides) {
      book.reset();
      atMarket.clear();
    }
    this.stops.length = 0;
    this.nowNs = 0;
  }

  /** 0, or why an id cannot be given to a new order. */
  private checkId(id: number): number {
    if (id < 0 || id >= TAKER_ID) return c.REJECT_ID;
    const [buy, sell] = this.sides;
    const isTaken =
      buy.book.sideOf(id) !== NIL ||
      sell.book.sideOf(id) !== NIL ||
      buy.atMarket.indexOf(id) >= 0 ||
      sell.atMarket.indexOf(id) >= 0 ||
      (this.stops.length > 0 && this.stops.some((stop) => stop.id === id));
    return isTaken ? c.REJECT_DUPLICATE_ID : 0;
  }

  /** Looks at each limit price and each gap between two of them, ascending; look() comes before. */
  private findBest(): void {
    const [buy, sell] = this.sides;
    this.volumeLots = 0;
    this.firstTicks = NIL;
    let wanted = buy.atMarket.totalLots + buy.limitLots();
    let offered = sell.atMarket.totalLots;
    for (let b = buy.levels - 1, s = 0; b >= 0 || s < sell.levels;) {
      const bid = b >= 0 ? buy.pricesTicks[b] : Infinity;
      const ask = s < sell.levels ? sell.pricesTicks[s] : Infinity;
      const price = Math.min(bid, ask);
      if (ask === price) offered += sell.qtysLots[s++];
      this.consider(price, price, wanted, offered);
      if (bid === price) wanted -= buy.qtysLots[b--];
      const next = Math.min(
        b >= 0 ? buy.pricesTicks[b] : Infinity,
        s < sell.levels ? sell.pricesTicks[s] : Infinity,
      );
      if (next !== Infinity) this.consider(price + 1, next - 1, wanted, offered);
    }
  }

  /** Prices from..to at which the same lots are wanted and offered; only those within the band count. */
  private consider(from: number, to: number, wanted: number, offered: number): void {
    const low = Math.max(from, this.lowTicks);
    const high = Math.min(to, this.highTicks);
    const volumeLots = Math.min(wanted, offered);
    if (low > high || volumeLots === 0) return;
    const surplus = wanted - offered;
    const size = Math.abs(surplus);
    const isFirst = this.firstTicks === NIL || volumeLots > this.volumeLots;
    if (!isFirst && (volumeLots < this.volumeLots || size > this.leastSurplus)) return;
    if (isFirst || size < this.leastSurplus) {
      this.volumeLots = volumeLots;
      this.leastSurplus = size;
      this.firstSurplus = surplus;
      this.firstTicks = low;
    }
    this.lastSurplus = surplus;
    this.lastTicks = high;
    if (surplus > 0) this.lastBoughtTicks = high;
  }

  /** Market orders alone trade at the reference. */
  private withoutLimits(referenceTicks: number): Uncross {
    const wanted = this.sides[BUY].atMarket.totalLots;
    const offered = this.sides[SELL].atMarket.totalLots;
    const volumeLots = Math.min(wanted, offered);
    if (referenceTicks < this.lowTicks || referenceTicks > this.highTicks || volumeLots === 0) return NOTHING;
    return { priceTicks: referenceTicks, volumeLots, surplusLots: wanted - offered };
  }
}

/** An order that rested in one place and does not in the other has been lost: no result may come of that. */
function mustRest(code: number, order: OrderRequest): void {
  if (code !== 0)
    throw new Error(`order ${order.id} at ${order.priceTicks} was lost by a call auction: ${code}`);
}
