/**
 * Zero-intelligence order flow of Cont, Stoikov & Talreja (2010), section 2: independent Poisson streams
 * on a book.
 *
 * Per side: limit orders arrive at distance i = 1..L ticks from the opposite best at rate limit[i-1];
 * market orders at rate market; each live background order at distance i is cancelled at rate
 * cancel[min(i, L)-1], so that orders left behind beyond the window fade at the last rate (the paper
 * leaves that open). Empty sides and wide spreads: limit-prices.ts. Sizes: order-size.ts.
 *
 * The best prices are given by the caller and leave a trader's own orders out: this flow has no notion of
 * size, so that a single own lot inside a wide spread would otherwise drag every later order behind it
 * and the price would run away. Own orders meet the flow where it matters: market orders take them in
 * their turn, they shield what stands behind them, and a background limit order that crosses one trades
 * with it first.
 *
 * Exact event simulation: the waiting time is exponential with the total rate 2 sum(limit) + 2 market +
 * max(cancel) N for N live orders; one uniform then picks the event, the distance and, for a cancel, the
 * order. A cancel candidate is uniform over live orders and accepted with probability cancel(distance) /
 * max(cancel) (thinning), which needs no count per distance when the best prices move. Cost: O(1) per event,
 * no allocation; slow where cancel rates differ widely, because most candidates are then refused.
 */
import type { OrderBook, OrderEntry } from '../book/types.js';
import * as codes from '../book/codes.js';
import type { Draws } from './draws.js';
import { LimitPrices } from './limit-prices.js';
import { LiveOrders } from './live-orders.js';
import type { OrderFlow, OrderFlowFactory } from './order-flow.js';
import { OrderSize, type OrderSizeSpec } from './order-size.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, SELL, TIF_GTC } = codes;

/** Rates per second and side; index i-1 belongs to distance i from the opposite best. */
export interface FlowRates {
  readonly limitRatePerS: readonly number[];
  readonly marketRatePerS: number;
  /** Per order; same length as limitRatePerS, all > 0. */
  readonly cancelRatePerS: readonly number[];
  readonly orderSize: OrderSizeSpec;
}

/** Seeding stops at so many orders per level: an upper bound for extreme ratios of rates. */
const MAX_SEED_ORDERS = 2000;

export class PoissonFlow implements OrderFlow {
  readonly live = new LiveOrders();

  /** Time of the next event in ns; a cell of an array, because storing it in a field would box it. */
  private readonly next = new Float64Array(1);
  declare private readonly draws: Draws;
  declare private readonly firstId: number;
  declare private readonly size: OrderSize;
  declare private readonly limitRates: Float64Array;
  declare private readonly prices: LimitPrices;
  declare private readonly cancelRates: Float64Array;
  declare private readonly limitTotal: number;
  declare private readonly market: number;
  /** Of the total rate: the limit orders of both sides, and these with the market orders of both. */
  declare private readonly limitEnd: number;
  declare private readonly marketEnd: number;
  declare private readonly cancelMax: number;

  /** Background orders take the book's ids from `firstId` on. */
  constructor(rates: FlowRates, draws: Draws, firstId: number) {
    this.draws = draws;
    this.firstId = firstId;
    this.size = new OrderSize(rates.orderSize);
    this.limitRates = Float64Array.from(rates.limitRatePerS);
    this.prices = new LimitPrices(this.limitRates);
    this.cancelRates = Float64Array.from(rates.cancelRatePerS);
    this.limitTotal = this.limitRates.reduce((sum, rate) => sum + rate, 0);
    this.market = rates.marketRatePerS;
    this.limitEnd = 2 * this.limitTotal;
    this.marketEnd = this.limitEnd + 2 * this.market;
    this.cancelMax = this.cancelRates.reduce((max, rate) => Math.max(max, rate), 0);
  }

  /**
   * Fills an empty book around bid = midTicks, ask = midTicks + 1 with the number of orders per level
   * that arrivals and cancels alone would keep, limit/cancel, and sets the clock to 0. Run a warm-up
   * before use: this is only near the stationary law.
   */
  seed(book: OrderBook, midTicks: number): void {
    this.live.clear();
    this.prices.look(midTicks, midTicks + 1);
    for (let i = 1; i <= this.limitRates.length; i++) {
      const wanted = Math.round(this.limitRates[i - 1] / this.cancelRates[i - 1]);
      for (let n = Math.min(wanted, MAX_SEED_ORDERS); n > 0; n--) {
        this.rest(book, BUY, midTicks + 1 - i);
        this.rest(book, SELL, midTicks + i);
      }
    }
    this.jump(0, 0);
  }

  /** Poisson streams have no memory: what is left of the waiting time is drawn anew. */
  jump(_fromNs: number, toNs: number): void {
    this.next[0] = toNs;
    this.wait();
  }

  step(book: OrderEntry, bidTicks: number, askTicks: number): void {
    this.prices.look(bidTicks, askTicks);
    // What is left of u after each choice is uniform within it and makes the next one.
    let u = this.draws.uniform() * this.totalRate();
    if (u < this.limitEnd) {
      const side = Number(u >= this.limitTotal);
      this.rest(book, side, this.prices.draw(side, (u - side * this.limitTotal) / this.limitTotal));
    } else if (u < this.marketEnd) {
      const side = u < this.limitEnd + this.market ? BUY : SELL;
      book.market(this.firstId + this.live.nextSlot(), side, this.size.draw(this.draws));
    } else if (this.live.count > 0) {
      u -= this.marketEnd;
      const k = Math.min((u / this.cancelMax) | 0, this.live.count - 1);
      const slot = this.live.at(k);
      if (u - k * this.cancelMax < this.cancelRates[this.cancelIndex(slot)]) {
        book.cancel(this.firstId + slot);
        this.live.remove(slot);
      }
    }
    this.wait();
  }

  fill(id: number, qtyLots: number): void {
    this.live.fill(id - this.firstId, qtyLots);
  }

  nextNs(): number {
    return this.next[0];
  }

  private totalRate(): number {
    return this.marketEnd + this.cancelMax * this.live.count;
  }

  private wait(): void {
    const { draws } = this;
    const total = this.totalRate();
    const i = draws.exponentialIndex();
    // Whole nanoseconds, as everywhere; rounding up keeps two events apart. No rate at all: never.
    this.next[0] += Math.ceil((draws.exponentials[i] * 1e9) / total);
  }

  private rest(book: OrderEntry, side: number, priceTicks: number): void {
    const qtyLots = this.size.draw(this.draws);
    const traded = book.limit(this.firstId + this.live.nextSlot(), side, priceTicks, qtyLots, TIF_GTC);
    if (traded >= 0 && traded < qtyLots) this.live.add(side, priceTicks, qtyLots - traded);
  }

  /** Index of the cancel rate that holds for an order where it stands now. */
  private cancelIndex(slot: number): number {
    const price = this.live.priceOf(slot);
    const side = this.live.sideOf(slot);
    const distance = Math.imul(1 - 2 * side, this.prices.facingTicks[side] - price);
    return Math.max(0, Math.min(distance, this.cancelRates.length) - 1);
  }
}

/** The flow of these rates as a part of a market. */
export function poissonFlow(rates: FlowRates): OrderFlowFactory {
  return (draws, firstId) => new PoissonFlow(rates, draws, firstId);
}
