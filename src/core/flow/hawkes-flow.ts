/**
 * Order flow whose events excite one another: a Hawkes process of six types, limit orders, market orders and
 * cancels by side.
 *
 * After Muni Toke, "Market making in an order book model and its impact on the spread" (2011), and Bacry,
 * Jaisson & Muzy, "Estimation of slowly decreasing Hawkes kernels" (2016), in which every type may excite
 * every other one. Intensities and the exact simulation: hawkes-process.ts. A limit order goes to a distance
 * from the opposite best that is drawn from fixed weights (limit-prices.ts), a cancel takes an order of its
 * side, each as likely as the others; a cancel that is excited while its side is empty does nothing.
 *
 * The baseline of cancels is a rate per resting order, as in Cont, Stoikov & Talreja (2010): with one that
 * does not know the book, the number of orders would wander without bound or the book run empty. Given the
 * book it stays a Hawkes process, and without excitation it is the Poisson flow with one cancel rate.
 *
 * The flow does not see a trader's own orders; poisson-flow.ts says why. O(1) per event, no allocation.
 */
import type { OrderBook, OrderEntry } from '../book/types.js';
import * as codes from '../book/codes.js';
import type { Draws } from './draws.js';
import { HawkesProcess } from './hawkes-process.js';
import { LimitPrices } from './limit-prices.js';
import { LiveOrders } from './live-orders.js';
import type { OrderFlow, OrderFlowFactory } from './order-flow.js';
import { OrderSize, type OrderSizeSpec } from './order-size.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, SELL, TIF_GTC } = codes;

/** Types of events; the side of type i is i & 1. */
export const HAWKES_TYPES = [
  'limit buy',
  'limit sell',
  'market buy',
  'market sell',
  'cancel buy',
  'cancel sell',
] as const;
const FIRST_MARKET = 2;
const FIRST_CANCEL = 4;

export interface HawkesRates {
  /** By HAWKES_TYPES: limit and market orders per second, cancels per second and resting order of a side. */
  readonly baselineRatePerS: readonly number[];
  /** branching[i][j]: mean number of events of type i that an event of type j directly causes. */
  readonly branching: readonly (readonly number[])[];
  /** Decay of the excitation. */
  readonly decayPerS: number;
  /** Weights of the distances 1, 2, ... of limit orders from the opposite best. */
  readonly distanceWeights: readonly number[];
  readonly orderSize: OrderSizeSpec;
}

/** Seeding stops at so many orders per level: an upper bound for extreme ratios of rates. */
const MAX_SEED_ORDERS = 2000;

export class HawkesFlow implements OrderFlow {
  /** Live background orders by side; the order of slot s and side b has the id firstId + 2 s + b. */
  readonly live = [new LiveOrders(512), new LiveOrders(512)] as const;
  readonly hawkes: HawkesProcess;

  declare private readonly rates: HawkesRates;
  declare private readonly draws: Draws;
  declare private readonly firstId: number;
  declare private readonly size: OrderSize;
  declare private readonly prices: LimitPrices;
  declare private readonly cancelRates: Float64Array;

  constructor(rates: HawkesRates, draws: Draws, firstId: number) {
    this.rates = rates;
    this.draws = draws;
    this.firstId = firstId;
    this.size = new OrderSize(rates.orderSize);
    this.prices = new LimitPrices(rates.distanceWeights);
    this.cancelRates = Float64Array.from(rates.baselineRatePerS.slice(FIRST_CANCEL));
    this.hawkes = new HawkesProcess(rates.baselineRatePerS, rates.branching, rates.decayPerS, draws);
  }

  /** As many orders per level as baseline arrivals and cancels would keep; the warm-up does the rest. */
  seed(book: OrderBook, midTicks: number): void {
    const { baselineRatePerS, distanceWeights } = this.rates;
    this.live[BUY].clear();
    this.live[SELL].clear();
    this.hawkes.clear();
    this.prices.look(midTicks, midTicks + 1);
    const total = distanceWeights.reduce((sum, weight) => sum + weight, 0);
    for (const side of [BUY, SELL]) {
      const wanted = baselineRatePerS[side] / this.cancelRates[side];
      distanceWeights.forEach((weight, i) => {
        const orders = Math.min(Math.round((wanted * weight) / total), MAX_SEED_ORDERS);
        const priceTicks = side === BUY ? midTicks - i : midTicks + 1 + i;
        for (let n = orders; n > 0; n--) this.rest(book, side, priceTicks);
      });
    }
    this.wait();
  }

  nextNs(): number {
    return this.hawkes.nextNs();
  }

  jump(fromNs: number, toNs: number): void {
    this.hawkes.shift(toNs - fromNs);
  }

  step(book: OrderEntry, bidTicks: number, askTicks: number): void {
    this.prices.look(bidTicks, askTicks);
    const type = this.hawkes.take();
    const side = type & 1;
    const live = this.live[side];
    if (type < FIRST_MARKET) this.rest(book, side, this.prices.draw(side, this.draws.uniform()));
    else if (type < FIRST_CANCEL) {
      book.market(this.idOf(side, live.nextSlot()), side, this.size.draw(this.draws));
    } else if (live.count > 0) {
      const slot = live.at((this.draws.uniform() * live.count) | 0);
      book.cancel(this.idOf(side, slot));
      live.remove(slot);
    }
    this.wait();
  }

  fill(id: number, qtyLots: number): void {
    const at = id - this.firstId;
    this.live[at & 1].fill(at >> 1, qtyLots);
  }

  private wait(): void {
    const { baseline } = this.hawkes;
    baseline[FIRST_CANCEL] = this.cancelRates[BUY] * this.live[BUY].count;
    baseline[FIRST_CANCEL + 1] = this.cancelRates[SELL] * this.live[SELL].count;
    this.hawkes.draw();
  }

  private idOf(side: number, slot: number): number {
    return this.firstId + 2 * slot + side;
  }

  private rest(book: OrderEntry, side: number, priceTicks: number): void {
    const live = this.live[side];
    const qtyLots = this.size.draw(this.draws);
    const traded = book.limit(this.idOf(side, live.nextSlot()), side, priceTicks, qtyLots, TIF_GTC);
    if (traded >= 0 && traded < qtyLots) live.add(side, priceTicks, qtyLots - traded);
  }
}

/** The flow of these rates as a part of a market. */
export function hawkesFlow(rates: HawkesRates): OrderFlowFactory {
  return (draws, firstId) => new HawkesFlow(rates, draws, firstId);
}
