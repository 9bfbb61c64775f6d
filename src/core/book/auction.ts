/**
 * A call auction: orders gather without trading, then all that can trade does so at one price.
 *
 * For opening and closing calls, and, called again and again, frequent batch auctions: what is left over
 * stays. The price, by the usual rules in this order: greatest volume; least surplus (lots wanted minus
 * lots offered, in size); market pressure: if every price that is left has more buyers the highest of
 * them, more sellers the lowest; else the price nearest to the reference, without one the lowest. Every
 * tick between the lowest and the highest limit counts, not only those where an order stands. Orders
 * trade by price, market orders first, then by arrival. Volumes are step functions of the price, so that
 * each limit and each gap between two limits is looked at once. Cost: add and cancel O(1); uncross
 * O(orders log orders). Sources: price determination as exchanges with call auctions describe it (Xetra
 * market model, section on auction price determination); Budish, Cramton and Shim 2015 for frequent
 * batch auctions. Slow obvious twin: the oracle in tests/core/book/auction.test.ts, which tries every tick.
 */
import { BUY, MAX_LEVEL_LOTS, MAX_PRICE_TICKS, NIL, SELL, TIF_GTC } from './codes.js';
import { REJECT_DUPLICATE_ID, REJECT_ID, REJECT_PRICE, REJECT_QTY, REJECT_UNKNOWN_ID } from './codes.js';
import type { OrderBook, TradeSink } from './types.js';

interface CallOrder {
  readonly id: number;
  readonly side: number;
  /** NIL: at any price. */
  readonly priceTicks: number;
  lots: number;
}

/** What an auction gives, or would give now. */
export interface Uncross {
  /** NIL when nothing can trade. */
  readonly priceTicks: number;
  readonly volumeLots: number;
  /** Lots wanted minus lots offered at the price. */
  readonly surplusLots: number;
}

const NOTHING: Uncross = { priceTicks: NIL, volumeLots: 0, surplusLots: 0 };

/** Prices low..high at which the same lots are wanted and offered. */
interface Step extends Uncross {
  readonly low: number;
  readonly high: number;
}

export class CallAuction {
  /** By id, in order of arrival. */
  private readonly orders = new Map<number, CallOrder>();

  /** Orders that take part. */
  get ordersLive(): number {
    return this.orders.size;
  }

  /** New order; priceTicks NIL: at any price. Returns 0 or a REJECT_* code, as the book's checks. */
  add(id: number, side: number, priceTicks: number, qtyLots: number): number {
    if (qtyLots < 1 || qtyLots > MAX_LEVEL_LOTS) return REJECT_QTY;
    if (priceTicks < NIL || priceTicks > MAX_PRICE_TICKS) return REJECT_PRICE;
    if (id < 0) return REJECT_ID;
    if (this.orders.has(id)) return REJECT_DUPLICATE_ID;
    this.orders.set(id, { id, side, priceTicks, lots: qtyLots });
    return 0;
  }

  /** Takes an order out; returns its lots or REJECT_UNKNOWN_ID. */
  cancel(id: number): number {
    const order = this.orders.get(id);
    if (order === undefined) return REJECT_UNKNOWN_ID;
    this.orders.delete(id);
    return order.lots;
  }

  /** Lots of an order, 0 when it does not take part. */
  qtyOf(id: number): number {
    return this.orders.get(id)?.lots ?? 0;
  }

  /** The price and volume that an uncross would give now; referenceTicks NIL for none. */
  indicative(referenceTicks: number): Uncross {
    const best = this.bestSteps();
    if (best.length === 0) return this.withoutLimits(referenceTicks);
    const first = best[0];
    const last = best[best.length - 1];
    const { volumeLots } = first;
    if (last.surplusLots > 0) return { priceTicks: last.high, volumeLots, surplusLots: last.surplusLots };
    if (first.surplusLots < 0) return { priceTicks: first.low, volumeLots, surplusLots: first.surplusLots };
    // Between more buyers below and more sellers above, or where there is no surplus: the reference decides.
    const low = first.surplusLots === 0 ? first.low : lastWhere(best, 1).high;
    const high = first.surplusLots === 0 ? last.high : lastWhere(best, 1).high + 1;
    const priceTicks = Math.max(low, Math.min(high, referenceTicks));
    const step = best.find((one) => one.low <= priceTicks && priceTicks <= one.high)!;
    return { priceTicks, volumeLots, surplusLots: step.surplusLots };
  }

  /**
   * Trades all that can trade at the indicative price. The sink hears each trade with the seller as
   * maker, the buyer as taker and NIL as the taker's side. Market orders that are left are dropped,
   * the others stay.
   */
  uncross(referenceTicks: number, sink: TradeSink): Uncross {
    const result = this.indicative(referenceTicks);
    const { priceTicks, volumeLots } = result;
    const buys = this.queue(BUY);
    const sells = this.queue(SELL);
    let left = volumeLots;
    for (let b = 0, s = 0; left > 0;) {
      const lots = Math.min(left, buys[b].lots, sells[s].lots);
      buys[b].lots -= lots;
      sells[s].lots -= lots;
      left -= lots;
      sink.onTrade(sells[s].id, buys[b].id, priceTicks, lots, NIL);
      if (buys[b].lots === 0) b++;
      if (sells[s].lots === 0) s++;
    }
    for (const order of [...buys, ...sells]) {
      if (order.lots === 0 || order.priceTicks === NIL) this.orders.delete(order.id);
    }
    return result;
  }

  /** After an uncross: gives the orders that are left to a book, oldest first. The auction is empty then. */
  moveTo(book: OrderBook): void {
    for (const { id, side, priceTicks, lots } of this.orders.values()) {
      book.limit(id, side, priceTicks, lots, TIF_GTC);
    }
    this.orders.clear();
  }

  /** Orders of a side as they trade: market orders, then by price; the sort keeps the order of arrival. */
  private queue(side: number): CallOrder[] {
    const sign = side === BUY ? -1 : 1;
    const rank = (order: CallOrder): number =>
      order.priceTicks === NIL ? -Infinity : sign * order.priceTicks;
    const orders = [...this.orders.values()].filter((order) => order.side === side);
    return orders.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
  }

  /** The steps of greatest volume and, among them, least surplus, by ascending price. */
  private bestSteps(): Step[] {
    let best: Step[] = [];
    for (const step of this.steps()) {
      const first = best[0];
      const better = first === undefined ? 1 : compare(step, first);
      if (better > 0) best = [step];
      else if (better === 0) best.push(step);
    }
    return best.length > 0 && best[0].volumeLots > 0 ? best : [];
  }

  /** Each limit price and each gap between two of them, ascending. */
  private steps(): Step[] {
    const orders = [...this.orders.values()];
    const prices = [...new Set(orders.map((o) => o.priceTicks).filter((p) => p !== NIL))].sort(
      (a, b) => a - b,
    );
    const byPrice = new Map(prices.map((p) => [p, { wanted: 0, offered: 0 }]));
    let wanted = 0;
    let offered = 0;
    for (const { side, priceTicks, lots } of orders) {
      if (side === BUY) wanted += lots;
      else if (priceTicks === NIL) offered += lots;
      if (priceTicks === NIL) continue;
      if (side === BUY) byPrice.get(priceTicks)!.wanted += lots;
      else byPrice.get(priceTicks)!.offered += lots;
    }
    const steps: Step[] = [];
    prices.forEach((price, i) => {
      const here = byPrice.get(price)!;
      offered += here.offered;
      steps.push(stepOf(price, price, wanted, offered));
      wanted -= here.wanted;
      const next = prices[i + 1] ?? price + 1;
      if (next > price + 1) steps.push(stepOf(price + 1, next - 1, wanted, offered));
    });
    return steps;
  }

  /** Market orders alone trade at the reference. */
  private withoutLimits(referenceTicks: number): Uncross {
    const orders = [...this.orders.values()];
    if (referenceTicks === NIL || orders.some((order) => order.priceTicks !== NIL)) return NOTHING;
    const lotsOf = (side: number): number =>
      orders.filter((order) => order.side === side).reduce((sum, order) => sum + order.lots, 0);
    const step = stepOf(referenceTicks, referenceTicks, lotsOf(BUY), lotsOf(SELL));
    return step.volumeLots === 0 ? NOTHING : step;
  }
}

function stepOf(low: number, high: number, wanted: number, offered: number): Step {
  const volumeLots = Math.min(wanted, offered);
  return { low, high, priceTicks: low, volumeLots, surplusLots: wanted - offered };
}

/** > 0 when a step is better than another. */
function compare(a: Step, b: Step): number {
  return a.volumeLots - b.volumeLots || Math.abs(b.surplusLots) - Math.abs(a.surplusLots);
}

/** Highest step whose surplus has a sign. */
function lastWhere(steps: readonly Step[], sign: number): Step {
  return steps.filter((step) => Math.sign(step.surplusLots) === sign).pop()!;
}
