/**
 * A market made by an order-flow model on a true order book: own orders stand in the same queues as
 * everyone else's.
 *
 * Own orders take priority and liquidity away from others, so queue position and impact are real, not
 * estimated (each flow says what it sees of them). What the market shows (best prices, depth)
 * leaves them out. One Book is kept and emptied between runs. Own ids are 0..MAX_OWN_ORDERS-1, background
 * ids follow.
 */
import { Book } from '../book/book.js';
import * as codes from '../book/codes.js';
import type { TradeSink } from '../book/types.js';
import { CONTROL_CANCEL } from '../control.js';
import { Draws } from '../flow/draws.js';
import type { OrderFlow, OrderFlowFactory } from '../flow/order-flow.js';
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import { SILENT, type FillSink, type Market } from './market.js';
import * as trader from './trader.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, NIL, SELL, TIF_IOC, TIF_POST_ONLY } = codes;
const MAX_OWN_ORDERS = trader.MAX_OWN_ORDERS;

export interface GeneratedMarketOptions {
  readonly flow: OrderFlowFactory;
  /** Best bid at the very start, before the warm-up, in ticks. */
  readonly startMidTicks: number;
  /** Seconds of flow before time 0, in which the book forgets how it was seeded. */
  readonly warmupS: number;
}

/** Most levels of a side that depth() writes. */
const MAX_LEVELS = 256;

export class GeneratedMarket implements Market, TradeSink {
  declare readonly book: Book;
  declare readonly flow: OrderFlow;
  declare private readonly startMidTicks: number;
  /** As in the options; may change between runs. */
  declare warmupS: number;
  private readonly draws = new Draws(new Stream());
  protected sink: FillSink = SILENT;
  /** Best prices without own orders. */
  private bidTicks = NIL;
  private askTicks = NIL;
  /** Own resting orders: a short list of ids, and price, side and lots by id. */
  private ownCount = 0;
  private readonly ownIds = new Int32Array(MAX_OWN_ORDERS);
  private readonly ownPrice = new Int32Array(MAX_OWN_ORDERS);
  private readonly ownSide = new Int32Array(MAX_OWN_ORDERS);
  private readonly ownLots = new Int32Array(MAX_OWN_ORDERS);
  private readonly levelPrices = new Int32Array(MAX_OWN_ORDERS + MAX_LEVELS);
  private readonly levelLots = new Int32Array(MAX_OWN_ORDERS + MAX_LEVELS);
  /** Best price of the own orders of a side, [bid, ask], NIL when none, and the own lots there. */
  private readonly ownBest = new Int32Array([NIL, NIL]);
  private readonly ownBestLots = new Int32Array(2);
  private readonly onePrice = new Int32Array(1);
  private readonly oneLots = new Int32Array(1);

  constructor(options: GeneratedMarketOptions) {
    this.startMidTicks = options.startMidTicks;
    this.warmupS = options.warmupS;
    this.book = new Book({ ticks: 1024, orders: 1024, ids: 2048 }, this);
    this.flow = options.flow(this.draws, MAX_OWN_ORDERS);
  }

  /**
   * Starts the run of one unit: an empty book is seeded and warmed up, then the clock stands at 0.
   * `control` is polled every 4,096 events: false when it asked to stop.
   */
  start(seed: number, unit: number, control: Int32Array): boolean {
    this.draws.key(seed, unit, FLOW);
    this.book.reset();
    this.ownCount = 0;
    this.ownBest.fill(NIL);
    this.flow.seed(this.book, this.startMidTicks);
    const warmupNs = this.warmupS * 1e9;
    this.look();
    for (let events = 1; this.flow.nextNs() <= warmupNs; events++) {
      this.step(SILENT);
      if ((events & 4095) === 0 && Atomics.load(control, CONTROL_CANCEL) !== 0) return false;
    }
    this.flow.jump(warmupNs, 0);
    return true;
  }

  nextNs(): number {
    return this.flow.nextNs();
  }

  step(sink: FillSink): void {
    if (this.sink !== sink) this.sink = sink;
    this.flow.step(this.book, this.bidTicks, this.askTicks);
    this.look();
  }

  /** The book's own report of a trade. */
  onTrade(makerId: number, takerId: number, priceTicks: number, qtyLots: number, takerSide: number): void {
    if (makerId < MAX_OWN_ORDERS) this.fillOwn(makerId, 1 - takerSide, priceTicks, qtyLots);
    else this.flow.fill(makerId, qtyLots);
    // Unsigned, so that NIL is nobody's.
    if (takerId >>> 0 < MAX_OWN_ORDERS) this.sink.onFill(takerId, takerSide, priceTicks, qtyLots);
    this.sink.onTrade(priceTicks, qtyLots, takerSide, 0);
  }

  protected fillOwn(ownId: number, side: number, priceTicks: number, qtyLots: number): void {
    this.ownLots[ownId] -= qtyLots;
    if (this.ownLots[ownId] === 0) this.forget(ownId);
    else this.findOwnBest(side);
    this.sink.onFill(ownId, side, priceTicks, qtyLots);
  }

  place(
    ownId: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    tif = TIF_POST_ONLY,
    sink = SILENT,
  ): number {
    if (tif === TIF_IOC) return this.take(ownId, side, priceTicks, qtyLots, sink);
    const code = this.book.limit(ownId, side, priceTicks, qtyLots, TIF_POST_ONLY);
    if (code === 0) this.remember(ownId, side, priceTicks, qtyLots);
    return code;
  }

  /** An own order that trades at once; what it takes away is gone for everyone. */
  private take(ownId: number, side: number, priceTicks: number, qtyLots: number, sink: FillSink): number {
    this.sink = sink;
    const { book } = this;
    const code =
      priceTicks === NIL
        ? book.market(ownId, side, qtyLots)
        : book.limit(ownId, side, priceTicks, qtyLots, TIF_IOC);
    this.look();
    return code < 0 ? code : 0;
  }

  protected remember(ownId: number, side: number, priceTicks: number, qtyLots: number): void {
    this.ownIds[this.ownCount++] = ownId;
    this.ownPrice[ownId] = priceTicks;
    this.ownSide[ownId] = side;
    this.ownLots[ownId] = qtyLots;
    this.findOwnBest(side);
  }

  cancel(ownId: number): number {
    const left = this.book.qtyOf(ownId);
    if (left === 0) return 0;
    this.book.cancel(ownId);
    this.forget(ownId);
    return left;
  }

  queueAheadLots(ownId: number): number {
    return this.book.queueAheadLots(ownId);
  }

  bestBidTicks(): number {
    return this.bidTicks;
  }

  bestAskTicks(): number {
    return this.askTicks;
  }

  /** At most MAX_LEVELS levels. */
  depth(side: number, pricesTicks: Int32Array, qtysLots: Int32Array, max: number): number {
    // At most ownCount levels hold own lots alone, so that many more are enough.
    const all = this.levels(side, this.levelPrices, this.levelLots, max + this.ownCount);
    let written = 0;
    for (let i = 0; i < all && written < max; i++) {
      const others = this.levelLots[i] - this.ownLotsAt(side, this.levelPrices[i]);
      if (others === 0) continue;
      pricesTicks[written] = this.levelPrices[i];
      qtysLots[written++] = others;
    }
    return written;
  }

  /** Levels with own orders, best first. */
  protected levels(side: number, pricesTicks: Int32Array, qtysLots: Int32Array, max: number): number {
    return this.book.depth(side, pricesTicks, qtysLots, max);
  }

  /** Own orders come and go without changing what is shown, so this is needed after market events only. */
  private look(): void {
    this.bidTicks = this.visibleBest(BUY, this.book.bestBidTicks);
    this.askTicks = this.visibleBest(SELL, this.book.bestAskTicks);
  }

  /** As look(), wherever the orders stand. */
  protected lookAtLevels(): void {
    this.bidTicks = this.depth(BUY, this.onePrice, this.oneLots, 1) === 1 ? this.onePrice[0] : NIL;
    this.askTicks = this.depth(SELL, this.onePrice, this.oneLots, 1) === 1 ? this.onePrice[0] : NIL;
  }

  private visibleBest(side: number, best: number): number {
    // Own orders at the best price stand at the best own price.
    if (best !== this.ownBest[side] || best === -1) return best;
    if (this.book.qtyAt(best) > this.ownBestLots[side]) return best;
    return this.depth(side, this.onePrice, this.oneLots, 1) === 1 ? this.onePrice[0] : -1;
  }

  private findOwnBest(side: number): void {
    let best = NIL;
    for (let i = 0; i < this.ownCount; i++) {
      const id = this.ownIds[i];
      const price = this.ownPrice[id];
      if (this.ownSide[id] !== side) continue;
      if (best === NIL || (side === BUY ? price > best : price < best)) best = price;
    }
    this.ownBest[side] = best;
    this.ownBestLots[side] = best === NIL ? 0 : this.ownLotsAt(side, best);
  }

  private ownLotsAt(side: number, priceTicks: number): number {
    let lots = 0;
    for (let i = 0; i < this.ownCount; i++) {
      const id = this.ownIds[i];
      if (this.ownPrice[id] === priceTicks && this.ownSide[id] === side) lots += this.ownLots[id];
    }
    return lots;
  }

  protected forget(ownId: number): void {
    const last = --this.ownCount;
    let at = 0;
    while (this.ownIds[at] !== ownId) at++;
    this.ownIds[at] = this.ownIds[last];
    this.findOwnBest(this.ownSide[ownId]);
  }
}
