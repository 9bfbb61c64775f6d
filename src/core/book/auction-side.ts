/** One side of a call auction: limit orders in a book of their own, market orders, and fills as they come. */
import { Book } from './book.js';
import { MAX_LEVEL_LOTS, NIL } from './codes.js';
import type { BookOptions, TradeSink } from './types.js';

/** The id under which a side's orders are taken; no order can have it, the auction refuses it. */
export const TAKER_ID = (1 << 26) - 1;

/** Ids and lots, oldest first: market orders that wait, or the fills of one side. */
export class OrderList {
  count = 0;
  totalLots = 0;
  ids = new Int32Array(64);
  lots = new Int32Array(64);

  add(id: number, qtyLots: number): void {
    if (this.count === this.ids.length) {
      const [ids, lots] = [this.ids, this.lots];
      this.ids = new Int32Array(2 * ids.length);
      this.lots = new Int32Array(2 * lots.length);
      this.ids.set(ids);
      this.lots.set(lots);
    }
    this.ids[this.count] = id;
    this.lots[this.count++] = qtyLots;
    this.totalLots += qtyLots;
  }

  indexOf(id: number): number {
    for (let i = 0; i < this.count; i++) if (this.ids[i] === id) return i;
    return NIL;
  }

  removeAt(index: number): number {
    const lots = this.lots[index];
    this.ids.copyWithin(index, index + 1, this.count);
    this.lots.copyWithin(index, index + 1, this.count);
    this.count--;
    this.totalLots -= lots;
    return lots;
  }

  clear(): void {
    this.count = 0;
    this.totalLots = 0;
  }
}

/** Orders that wait on one side, and the fills of an uncross as they come. */
export class AuctionSide implements TradeSink {
  readonly book: Book;
  readonly atMarket = new OrderList();
  readonly fills = new OrderList();
  /** All levels, best first, hidden lots and reserves included. */
  levels = 0;
  pricesTicks = new Int32Array(64);
  qtysLots = new Int32Array(64);
  private readonly side: number;

  constructor(options: BookOptions, side: number) {
    this.side = side;
    this.book = new Book(options, this);
  }

  onTrade(makerId: number, _takerId: number, _priceTicks: number, qtyLots: number): void {
    this.fills.add(makerId, qtyLots);
  }

  look(): void {
    for (;;) {
      const max = this.pricesTicks.length;
      this.levels = this.book.wholeDepth(this.side, this.pricesTicks, this.qtysLots, max);
      if (this.levels < max) return;
      this.pricesTicks = new Int32Array(2 * max);
      this.qtysLots = new Int32Array(2 * max);
    }
  }

  /** Lots of all limit orders; look() first. */
  limitLots(): number {
    let lots = 0;
    for (let i = 0; i < this.levels; i++) lots += this.qtysLots[i];
    return lots;
  }

  /** Takes so many lots by priority into `fills`; there must be as many. */
  fill(qtyLots: number): void {
    const { atMarket, fills } = this;
    let left = qtyLots;
    for (let i = 0; i < atMarket.count && left > 0; i++) {
      const lots = Math.min(left, atMarket.lots[i]);
      fills.add(atMarket.ids[i], lots);
      left -= lots;
    }
    // An order has at most MAX_LEVEL_LOTS; many levels may hold more.
    for (; left > 0; left -= MAX_LEVEL_LOTS) {
      this.book.market(TAKER_ID, 1 - this.side, Math.min(left, MAX_LEVEL_LOTS));
    }
  }
}

/** Pairs the fills of both sides, which sum to the same lots. */
export function tellPairs(buys: OrderList, sells: OrderList, priceTicks: number, sink: TradeSink): void {
  for (let b = 0, s = 0; b < buys.count;) {
    const lots = Math.min(buys.lots[b], sells.lots[s]);
    sink.onTrade(sells.ids[s], buys.ids[b], priceTicks, lots, NIL);
    buys.lots[b] -= lots;
    sells.lots[s] -= lots;
    if (buys.lots[b] === 0) b++;
    if (sells.lots[s] === 0) s++;
  }
}
