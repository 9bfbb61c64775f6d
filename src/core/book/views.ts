/**
 * What a reader of the event stream can know of the book: best prices (L1), lots by price (L2), every
 * order (L3).
 *
 * LevelView keeps the levels of both sides as sorted arrays, best price last, because changes happen
 * near the best price: O(log levels) to find one plus the move of the levels in front of it. OrderView
 * gives the stream to a second book: what it holds afterwards is the first book, to the state hash. Both
 * read what a book hands to its EventSink, in order and from an empty book on.
 */
import { BUY, SELL, TIF_GTC } from './codes.js';
import {
  EVENT_CANCEL,
  EVENT_FILL,
  EVENT_REDUCE,
  EVENT_REST,
  EVENT_WORDS,
  type EventSink,
  SIDE_SHIFT,
} from './events.js';
import { PriceList } from './price-list.js';
import type { OrderBook } from './types.js';

/** L2, and L1 as its best levels: visible lots by price. */
export class LevelView implements EventSink {
  private readonly buys = new PriceList(BUY);
  private readonly sells = new PriceList(SELL);

  onEvents(records: Int32Array, words: number): void {
    for (let at = 0; at < words; at += EVENT_WORDS) {
      const kind = records[at] & 255;
      if (kind > EVENT_FILL) continue;
      const side = (records[at] >> SIDE_SHIFT) & 1;
      const changesBuys = (side === BUY) !== (kind === EVENT_FILL);
      const list = changesBuys ? this.buys : this.sells;
      if (records[at + 4] > 0) list.set(records[at + 2], records[at + 4]);
      else list.remove(records[at + 2]);
    }
  }

  /** Forgets everything, as the book does on reset(). */
  clear(): void {
    this.buys.count = 0;
    this.sells.count = 0;
  }

  /** Best buy price, NIL when there is none. */
  get bestBidTicks(): number {
    return this.buys.bestTicks;
  }

  /** Best sell price, NIL when there is none. */
  get bestAskTicks(): number {
    return this.sells.bestTicks;
  }

  /** As OrderBook.depth: the best levels of a side, best first; returns how many were written (<= max). */
  depth(side: number, outPricesTicks: Int32Array, outQtysLots: Int32Array, max: number): number {
    const from = side === BUY ? this.buys : this.sells;
    const count = Math.min(max, from.count);
    for (let i = 0; i < count; i++) {
      outPricesTicks[i] = from.pricesTicks[from.count - 1 - i];
      outQtysLots[i] = from.values[from.count - 1 - i];
    }
    return count;
  }
}

/** L3: rebuilds the book, order by order, in a second one that is empty at first. */
export class OrderView implements EventSink {
  readonly book: OrderBook;

  constructor(book: OrderBook) {
    this.book = book;
  }

  onEvents(records: Int32Array, words: number): void {
    for (let at = 0; at < words; at += EVENT_WORDS) {
      const kind = records[at] & 255;
      const side = (records[at] >> SIDE_SHIFT) & 1;
      const id = records[at + 1];
      const priceTicks = records[at + 2];
      if (kind === EVENT_REST) this.book.limit(id, side, priceTicks, records[at + 3], TIF_GTC);
      else if (kind === EVENT_CANCEL) this.book.cancel(id);
      else if (kind === EVENT_REDUCE) this.book.replace(id, priceTicks, records[at + 3]);
      else if (kind === EVENT_FILL) this.fill(id, priceTicks, records[at + 6]);
    }
  }

  private fill(makerId: number, priceTicks: number, leftLots: number): void {
    if (leftLots > 0) this.book.replace(makerId, priceTicks, leftLots);
    else this.book.cancel(makerId);
  }
}
