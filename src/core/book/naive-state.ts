/**
 * What the slow twin of the order book holds, and every question to it: the half of naive.ts that changes
 * nothing.
 */
import * as c from './codes.js';
import { ORDER_DEFAULTS, type OrderRequest } from './types.js';

const { BUY, NIL, SELL } = c;

/** An order that rests or waits. */
export interface Order {
  request: OrderRequest;
  priceTicks: number;
  /** Lots that may trade now, and an iceberg's lots behind them. */
  lots: number;
  reserve: number;
  partnerId: number;
  /** Whether it has a record in the fast book: it is not plain. */
  special: boolean;
}

export abstract class NaiveState {
  /** Resting orders by time of arrival, a refreshed iceberg anew; stop orders that wait, by arrival. */
  protected standing: Order[] = [];
  protected waiting: Order[] = [];
  protected lastTicks = NIL;

  get bestBidTicks(): number {
    return Math.max(NIL, ...this.pricesOf(BUY));
  }

  get bestAskTicks(): number {
    const prices = this.pricesOf(SELL);
    return prices.length === 0 ? NIL : Math.min(...prices);
  }

  get ordersLive(): number {
    return this.standing.length;
  }

  protected find(id: number): Order | undefined {
    return [...this.standing, ...this.waiting].find((o) => o.request.id === id);
  }

  protected findResting(id: number): Order | undefined {
    return this.standing.find((o) => o.request.id === id);
  }

  /** Orders of a price in the order in which they trade. */
  protected queueAt(priceTicks: number): Order[] {
    const orders = this.standing.filter((o) => o.priceTicks === priceTicks);
    return [...orders.filter((o) => !isHidden(o)), ...orders.filter(isHidden)];
  }

  protected pricesOf(side: number): number[] {
    return this.standing.filter((o) => o.request.side === side).map((o) => o.priceTicks);
  }

  /** Prices of a side, best first, each once. */
  protected ladder(side: number): number[] {
    const sign = side === BUY ? -1 : 1;
    return [...new Set(this.pricesOf(side))].sort((a, b) => sign * (a - b));
  }

  qtyAt(priceTicks: number): number {
    return sum(this.standing.filter((o) => o.priceTicks === priceTicks && !isHidden(o)).map((o) => o.lots));
  }

  sideOf(id: number): number {
    return this.findResting(id)?.request.side ?? NIL;
  }

  priceOf(id: number): number {
    return this.findResting(id)?.priceTicks ?? NIL;
  }

  qtyOf(id: number): number {
    return this.findResting(id)?.lots ?? 0;
  }

  queueAheadLots(id: number): number {
    const order = this.findResting(id);
    if (order === undefined) return NIL;
    const queue = this.queueAt(order.priceTicks);
    return sum(queue.slice(0, queue.indexOf(order)).map((o) => o.lots));
  }

  depth(side: number, outPricesTicks: Int32Array, outQtysLots: Int32Array, max: number): number {
    const shown = this.ladder(side).filter((priceTicks) => this.qtyAt(priceTicks) > 0);
    const best = shown.slice(0, max);
    outPricesTicks.set(best);
    outQtysLots.set(best.map((priceTicks) => this.qtyAt(priceTicks)));
    return best.length;
  }

  resting(): OrderRequest[] {
    const prices = [...this.ladder(BUY), ...this.ladder(SELL)];
    return prices.flatMap((priceTicks) => this.queueAt(priceTicks).map(requestOf));
  }

  stateHash(): number {
    const words: number[] = [];
    for (const side of [BUY, SELL]) {
      for (const priceTicks of this.ladder(side)) {
        words.push(priceTicks, this.qtyAt(priceTicks));
        for (const o of this.queueAt(priceTicks)) {
          words.push(o.request.id, o.lots);
          if (o.special)
            words.push(-3, o.request.ownerId, o.partnerId, o.reserve, peakOf(o), isHidden(o) ? 1 : 0);
        }
      }
      words.push(-1 - side);
    }
    if (this.waiting.length > 0) words.push(this.lastTicks);
    for (const { request: r, priceTicks, partnerId } of this.waiting) {
      words.push(r.id, r.side, r.triggerTicks, priceTicks, r.qtyLots, r.type, r.tif, r.displayLots);
      words.push(r.ownerId, r.selfTrade, partnerId);
    }
    let h = 2166136261;
    for (const word of words) {
      h = Math.imul(h ^ word, 16777619);
      h ^= h >>> 15;
    }
    return h >>> 0;
  }
}

/** What would have to be submitted to have an order in its place. */
function requestOf({ request, priceTicks, lots, reserve, special }: Order): OrderRequest {
  const { id, side, displayLots, ownerId, expiryNs } = request;
  const qtyLots = lots + reserve;
  const plain = { ...ORDER_DEFAULTS, id, side, priceTicks, qtyLots };
  return special ? { ...plain, displayLots: Math.min(displayLots, qtyLots), ownerId, expiryNs } : plain;
}

export const isHidden = (o: Order): boolean => o.request.displayLots === 0;
export const peakOf = (o: Order): number => Math.max(0, o.request.displayLots);
export const isOther = (o: Order, side: number): boolean => o.request.side !== side;
export const isPrice = (ticks: number): boolean => ticks >= 0 && ticks <= c.MAX_PRICE_TICKS;

/** Whether a limit order of a side and price would trade with a price of the other side. */
export function reaches(side: number, limitTicks: number, otherTicks: number): boolean {
  return side === BUY ? otherTicks <= limitTicks : otherTicks >= limitTicks;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
