/**
 * Order flow that reacts to the sizes of the queues it meets: the queue-reactive model of Huang, Lehalle &
 * Rosenbaum, "Simulating and analyzing order book data: the queue-reactive model", Journal of the American
 * Statistical Association 110 (509), 107-122, 2015; their models I and III.
 *
 * Around a reference price half a tick between two prices stand K queues a side. A queue of level i and size
 * n, in mean order sizes rounded up, gets limit orders at rate limit[i][n] and loses an order to a cancel at
 * cancel[i][n], each of its orders as likely as the others; market orders of a side come at market[i][n] of
 * the first queue i that is not empty. The last entry of a row holds for all larger sizes. A queue of no
 * orders has no cancels and no market orders.
 *
 * Reference price (their section 3.2): when an event moves the mid up and the first ask queue is empty, it
 * moves up by one tick with probability theta, likewise down. The window moves along: the farthest queue of
 * one side leaves with all its orders, a new one comes with a size drawn from its law. With probability
 * thetaReinit such a move redraws the whole book instead: this is how news from outside enters. The law of a
 * queue is that of the birth-and-death chain of its own rates (model I, equation (2)), in which market orders
 * reach the first level only. An empty side counts as a best price just beyond the window.
 *
 * The flow does not see a trader's own orders (poisson-flow.ts says why); market orders take them in their
 * turn, and a redrawn book may trade through them, as a market does that moves.
 *
 * Exact: given the sizes all streams are Poisson. Each event adds up the rates of the 2 K queues anew, O(K);
 * a move of the reference price costs O(orders of the queues that go and come). Nothing is allocated but
 * room for longer queues. Queues stand in a ring: the one that comes takes the place of the one that left.
 */
import type { OrderBook, OrderEntry } from '../book/types.js';
import * as codes from '../book/codes.js';
import type { Draws } from './draws.js';
import { LiveOrders } from './live-orders.js';
import type { OrderFlow, OrderFlowFactory } from './order-flow.js';
import { OrderSize, type OrderSizeSpec } from './order-size.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, SELL, TIF_GTC } = codes;

/** Rates per second; row i - 1 belongs to level i, entry n to the size n. All rows are equally long. */
export interface QueueReactiveRates {
  readonly limitBySizePerS: readonly (readonly number[])[];
  readonly cancelBySizePerS: readonly (readonly number[])[];
  readonly marketBySizePerS: readonly (readonly number[])[];
  readonly theta: number;
  readonly thetaReinit: number;
  readonly orderSize: OrderSizeSpec;
}

/**
 * Chances of the sizes 0, 1, ... of a queue by itself, added up; the last one holds all larger sizes too. In
 * units of the chance of an empty queue p(n) = product over j = 1..n of limit[j-1] / (cancel[j] + market[j]).
 * Where market orders do not reach the level, `market` is left out.
 */
export function queueLaw(
  limit: readonly number[],
  cancel: readonly number[],
  market: readonly number[] = [],
): Float64Array {
  const law = new Float64Array(limit.length);
  law[0] = 1;
  for (let n = 1; n < law.length; n++) law[n] = (law[n - 1] * limit[n - 1]) / (cancel[n] + (market[n] ?? 0));
  const last = law.length - 1;
  const ratio = limit[last] / (cancel[last] + (market[last] ?? 0));
  // Larger sizes are a geometric series; one that does not end has all its weight there.
  law[last] = ratio < 1 ? law[last] / (1 - ratio) : 1e300;
  let sum = 0;
  for (let n = 0; n < law.length; n++) sum += law[n];
  let chance = 0;
  for (let n = 0; n < law.length; n++) law[n] = chance += law[n] / sum;
  return law;
}

export class QueueReactiveFlow implements OrderFlow {
  /** Bid of the two prices around the reference price. */
  referenceTicks = 0;

  /** Time of the next event in ns and the sum of the rates; cells of an array: a field would box them. */
  private readonly cells = new Float64Array(2);
  declare private readonly draws: Draws;
  declare private readonly firstId: number;
  declare private readonly size: OrderSize;
  declare private readonly unitLots: number;
  declare private readonly levels: number;
  declare private readonly sizes: number;
  declare private readonly theta: number;
  declare private readonly thetaReinit: number;
  /** Rates at level x sizes + size. */
  declare private readonly limitRates: Float64Array;
  declare private readonly cancelRates: Float64Array;
  declare private readonly marketRates: Float64Array;
  declare private readonly laws: readonly Float64Array[];
  /** The one at price p is number p mod 2 K. Order s of queue q has the id firstId + 2 K s + q. */
  declare private readonly queues: readonly LiveOrders[];
  /** Lots in each queue of the ring. */
  declare private readonly lots: Int32Array;
  /** Rates now: limit orders, then cancels, of bids, then asks, by level; then market orders by side. */
  declare private readonly rates: Float64Array;
  /** Level of the best bid and ask, K for an empty side. */
  private readonly best = new Int32Array(2);
  /** Number of the queue at the reference price's bid. */
  private base = 0;
  /** Whether an auction or the trader took orders since the rates were written. */
  private taken = false;
  private book: OrderEntry | null = null;

  constructor(rates: QueueReactiveRates, draws: Draws, firstId: number) {
    const { limitBySizePerS, cancelBySizePerS, marketBySizePerS, orderSize } = rates;
    this.draws = draws;
    this.firstId = firstId;
    this.size = new OrderSize(orderSize);
    this.unitLots = orderSize.type === 'constant' ? orderSize.lots : orderSize.meanLots;
    this.levels = limitBySizePerS.length;
    this.sizes = limitBySizePerS[0].length;
    this.theta = rates.theta;
    this.thetaReinit = rates.thetaReinit;
    this.limitRates = Float64Array.from(limitBySizePerS.flat());
    this.cancelRates = Float64Array.from(cancelBySizePerS.flat());
    this.marketRates = Float64Array.from(marketBySizePerS.flat());
    this.laws = limitBySizePerS.map((limit, level) =>
      queueLaw(limit, cancelBySizePerS[level], level === 0 ? marketBySizePerS[0] : []),
    );
    const count = 2 * this.levels;
    this.queues = Array.from({ length: count }, () => new LiveOrders(64));
    this.lots = new Int32Array(count);
    this.rates = new Float64Array(2 * count + 2);
  }

  seed(book: OrderBook, midTicks: number): void {
    this.book = book;
    this.moveTo(midTicks);
    this.lots.fill(0);
    for (const queue of this.queues) queue.clear();
    for (let level = 0; level < this.levels; level++) {
      this.refill(BUY, level);
      this.refill(SELL, level);
    }
    this.jump(0, 0);
  }

  nextNs(): number {
    return this.cells[0];
  }

  /** Given the sizes all streams are Poisson: what is left of the waiting time is drawn anew. */
  jump(_fromNs: number, toNs: number): void {
    this.cells[0] = toNs;
    this.wait();
  }

  step(book: OrderEntry): void {
    this.book = book;
    const { rates, best, draws } = this;
    if (this.taken) this.weigh();
    let u = draws.uniform() * this.cells[1];
    const bidBefore = best[BUY];
    const askBefore = best[SELL];
    let i = 0;
    u -= rates[0];
    while (u >= 0 && i < rates.length - 1) u -= rates[++i];
    this.happen(i);
    this.findBest();
    const move = best[SELL] - askBefore - (best[BUY] - bidBefore);
    if (move > 0 && this.lots[this.queueOf(SELL, 0)] === 0) this.follow(SELL);
    else if (move < 0 && this.lots[this.queueOf(BUY, 0)] === 0) this.follow(BUY);
    this.wait();
  }

  fill(id: number, qtyLots: number): void {
    const at = id - this.firstId;
    const count = this.queues.length;
    const queue = at % count;
    this.queues[queue].fill((at / count) | 0, qtyLots);
    this.lots[queue] -= qtyLots;
    this.taken = true;
  }

  private wait(): void {
    const { cells, draws } = this;
    this.weigh();
    const i = draws.exponentialIndex();
    // Whole nanoseconds, as everywhere; rounding up keeps two events apart. No rate at all: never.
    cells[0] += Math.ceil((draws.exponentials[i] * 1e9) / cells[1]);
  }

  /** Applies event i of `rates`. */
  private happen(i: number): void {
    const { levels } = this;
    const count = 2 * levels;
    const book = this.book!;
    if (i >= 2 * count) {
      const side = i - 2 * count;
      book.market(this.idOf(0, this.queues[0].nextSlot()), side, this.size.draw(this.draws));
      return;
    }
    const place = i < count ? i : i - count;
    const side = Number(place >= levels);
    const level = place - side * levels;
    if (i < count) {
      this.rest(side, level);
      return;
    }
    const queue = this.queueOf(side, level);
    const orders = this.queues[queue];
    if (orders.count === 0) return;
    this.cancel(queue, orders.at((this.draws.uniform() * orders.count) | 0));
  }

  /** Writes the rates of all events and their sum. */
  private weigh(): void {
    const { rates, limitRates, cancelRates, marketRates, levels, best } = this;
    this.findBest();
    const count = 2 * levels;
    let total = 0;
    for (let side = BUY; side <= SELL; side++) {
      for (let level = 0; level < levels; level++) {
        const place = side * levels + level;
        const row = this.rowOf(side, level);
        rates[place] = limitRates[row];
        // The row of an empty queue is that of size 0.
        rates[count + place] = row === level * this.sizes ? 0 : cancelRates[row];
        total += rates[place] + rates[count + place];
      }
      // A market order to buy comes from the asks, and the other way round.
      const level = best[1 - side];
      rates[2 * count + side] = level === levels ? 0 : marketRates[this.rowOf(1 - side, level)];
      total += rates[2 * count + side];
    }
    this.cells[1] = total;
    this.taken = false;
  }

  private rowOf(side: number, level: number): number {
    const lots = this.lots[this.queueOf(side, level)];
    const size = Math.min(Math.ceil(lots / this.unitLots), this.sizes - 1);
    return level * this.sizes + size;
  }

  private findBest(): void {
    for (let side = BUY; side <= SELL; side++) {
      let level = 0;
      while (level < this.levels && this.lots[this.queueOf(side, level)] === 0) level++;
      this.best[side] = level;
    }
  }

  /** The mid moved towards a side, so the reference price may. */
  private follow(side: number): void {
    // So far down nothing can fall: prices are above 0.
    if (side === BUY && this.referenceTicks <= this.levels) return;
    if (this.draws.uniform() >= this.theta) return;
    const isNew = this.draws.uniform() < this.thetaReinit;
    if (isNew) {
      for (let queue = 0; queue < this.queues.length; queue++) this.empty(queue);
    } else {
      this.empty(this.queueOf(1 - side, this.levels - 1));
    }
    this.moveTo(this.referenceTicks + (side === SELL ? 1 : -1));
    if (!isNew) {
      this.refill(side, this.levels - 1);
      return;
    }
    for (let level = 0; level < this.levels; level++) {
      this.refill(BUY, level);
      this.refill(SELL, level);
    }
  }

  private empty(queue: number): void {
    const orders = this.queues[queue];
    while (orders.count > 0) this.cancel(queue, orders.at(orders.count - 1));
  }

  /** Gives an empty queue a size of its law. */
  private refill(side: number, level: number): void {
    const law = this.laws[level];
    const u = this.draws.uniform();
    let size = 0;
    while (size < law.length - 1 && u >= law[size]) size++;
    for (; size > 0; size--) this.rest(side, level);
  }

  private rest(side: number, level: number): void {
    const priceTicks = side === BUY ? this.referenceTicks - level : this.referenceTicks + 1 + level;
    const queue = this.queueOf(side, level);
    const orders = this.queues[queue];
    const qtyLots = this.size.draw(this.draws);
    const id = this.idOf(queue, orders.nextSlot());
    const traded = this.book!.limit(id, side, priceTicks, qtyLots, TIF_GTC);
    if (traded < 0 || traded === qtyLots) return;
    orders.add(side, priceTicks, qtyLots - traded);
    this.lots[queue] += qtyLots - traded;
  }

  private cancel(queue: number, slot: number): void {
    this.lots[queue] -= this.book!.cancel(this.idOf(queue, slot));
    this.queues[queue].remove(slot);
  }

  private moveTo(referenceTicks: number): void {
    this.referenceTicks = referenceTicks;
    this.base = referenceTicks % this.queues.length;
  }

  /** Number in the ring of the queue of a level. */
  private queueOf(side: number, level: number): number {
    const count = this.queues.length;
    const queue = side === BUY ? this.base - level : this.base + 1 + level;
    if (queue < 0) return queue + count;
    return queue < count ? queue : queue - count;
  }

  private idOf(queue: number, slot: number): number {
    return this.firstId + slot * this.queues.length + queue;
  }
}

/** The flow of these rates as a part of a market. */
export function queueReactiveFlow(rates: QueueReactiveRates): OrderFlowFactory {
  return (draws, firstId) => new QueueReactiveFlow(rates, draws, firstId);
}
