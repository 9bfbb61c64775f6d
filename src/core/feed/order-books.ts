/**
 * Books built from a feed of single orders: many instruments, one table of orders, levels kept as they go.
 *
 * Why this structure: a feed reports what happened, so nothing is matched here; an order needs its id, book,
 * side, price and remaining quantity, and a book its level totals. Time priority is the order of entry,
 * which one number per order holds, so there are no queues to keep: ordersOf() sorts when somebody looks.
 * Cost: a hash look-up (order-table.ts) and a level change (level-book.ts) per call; ordersOf and stateHash
 * O(all orders + n log n).
 * What cannot be true is answered with a code below 0 and, but for EXCESS_QTY, changes nothing.
 */
import { BUY, NIL, SELL } from '../book/codes.js';
import { LevelBook } from './level-book.js';
import { OrderTable } from './order-table.js';

/** The id is not live: it was never seen, or has left. */
export const UNKNOWN_ID = -1;
/** The id is live already. */
export const DUPLICATE_ID = -2;
/** A quantity of 0 where an order enters or trades. */
export const ZERO_QTY = -3;
/** More was taken from an order than it had left; the order has left the book. */
export const EXCESS_QTY = -4;
/** `maxOrders` orders are live. */
export const TOO_MANY_ORDERS = -5;

const DEFAULT_MAX_ORDERS = 1 << 24;

/** All ids are given as the high and the low 32 bits, each as an int32. Quantities are integers >= 0. */
export class OrderBooks {
  private readonly orders: OrderTable;
  private readonly books: LevelBook[] = [];
  /** Books that ever held an order. */
  booksSeen = 0;
  /** Book of the last order that was found or added. */
  lastBook = NIL;

  constructor(maxOrders: number = DEFAULT_MAX_ORDERS) {
    this.orders = new OrderTable(maxOrders);
  }

  /** Live orders of all books. */
  get ordersLive(): number {
    return this.orders.size;
  }

  /** Null before the first order of the book. */
  book(book: number): LevelBook | null {
    return this.books[book] ?? null;
  }

  /** A new order rests. `book` is a small integer >= 0. Returns 0 or a code. */
  add(book: number, high: number, low: number, side: number, price: number, qty: number): number {
    if (qty <= 0) return ZERO_QTY;
    const { orders } = this;
    if (orders.find(high, low) !== NIL) return DUPLICATE_ID;
    const slot = orders.add(high, low);
    if (slot === NIL) return TOO_MANY_ORDERS;
    orders.book[slot] = book;
    orders.side[slot] = side;
    orders.price[slot] = price;
    orders.qty[slot] = qty;
    let levels = this.books[book];
    if (levels === undefined) {
      levels = this.books[book] = new LevelBook();
      this.booksSeen++;
    }
    levels.add(side, price, qty);
    this.lastBook = book;
    return 0;
  }

  /** Takes lots from an order by a trade or a partial cancel; at 0 the order leaves. Returns 0 or a code. */
  reduce(high: number, low: number, qty: number): number {
    if (qty <= 0) return ZERO_QTY;
    const { orders } = this;
    const slot = orders.find(high, low);
    if (slot === NIL) return UNKNOWN_ID;
    const left = orders.qty[slot];
    if (qty >= left) {
      this.leave(slot);
      return qty > left ? EXCESS_QTY : 0;
    }
    orders.qty[slot] = left - qty;
    this.shift(slot, -qty);
    return 0;
  }

  /** The order leaves. Returns 0 or UNKNOWN_ID. */
  remove(high: number, low: number): number {
    const slot = this.orders.find(high, low);
    if (slot === NIL) return UNKNOWN_ID;
    this.leave(slot);
    return 0;
  }

  /** Makes `qty` what is left of an order, also 0; it keeps its place in time. Returns 0 or UNKNOWN_ID. */
  setQty(high: number, low: number, qty: number): number {
    const { orders } = this;
    const slot = orders.find(high, low);
    if (slot === NIL) return UNKNOWN_ID;
    const change = qty - orders.qty[slot];
    orders.qty[slot] = qty;
    this.shift(slot, change);
    return 0;
  }

  /** The order gets a new id, price and quantity and the newest place in time. Returns 0 or a code. */
  replace(oldHigh: number, oldLow: number, high: number, low: number, price: number, qty: number): number {
    if (qty <= 0) return ZERO_QTY;
    const { orders } = this;
    const slot = orders.find(oldHigh, oldLow);
    if (slot === NIL) return UNKNOWN_ID;
    const other = orders.find(high, low);
    if (other !== NIL && other !== slot) return DUPLICATE_ID;
    const book = orders.book[slot];
    const side = orders.side[slot];
    this.leave(slot);
    return this.add(book, high, low, side, price, qty);
  }

  /** Slots of a book's orders of a side, best price first, at a price the oldest first. */
  private ordersOf(book: number, side: number): Int32Array {
    const { orders } = this;
    const slots = new Int32Array(orders.size);
    let count = 0;
    for (let slot = 0; slot < orders.used; slot++) {
      if (orders.entry[slot] > 0 && orders.book[slot] === book && orders.side[slot] === side) {
        slots[count++] = slot;
      }
    }
    const sign = side === BUY ? -1 : 1;
    return slots
      .subarray(0, count)
      .sort((a, b) => sign * (orders.price[a] - orders.price[b]) || orders.entry[a] - orders.entry[b]);
  }

  /** Number of live orders of a side of a book. O(all orders). */
  orderCount(book: number, side: number): number {
    return this.ordersOf(book, side).length;
  }

  /**
   * The hash of core/book/types.ts over a book whose ids, prices and quantities are int32: equal to that of
   * the engine's book with the same orders. Of larger numbers the low and the high halves are mixed in turn.
   */
  stateHash(book: number): number {
    const { orders } = this;
    const levels = this.books[book];
    let hash = 0x811c9dc5 | 0;
    for (const side of [BUY, SELL]) {
      let price = NaN;
      for (const slot of this.ordersOf(book, side)) {
        if (orders.price[slot] !== price) {
          price = orders.price[slot];
          hash = mix(mix(hash, price), levels === undefined ? 0 : levels.qtyAt(side, price));
        }
        if (orders.idHigh[slot] !== 0) hash = mix(hash, orders.idHigh[slot]);
        hash = mix(mix(hash, orders.idLow[slot]), orders.qty[slot]);
      }
      hash = mix(hash, -1 - side);
    }
    return hash >>> 0;
  }

  private leave(slot: number): void {
    this.shift(slot, -this.orders.qty[slot]);
    this.orders.remove(slot);
  }

  private shift(slot: number, change: number): void {
    const book = this.orders.book[slot];
    this.lastBook = book;
    this.books[book].add(this.orders.side[slot], this.orders.price[slot], change);
  }
}

function mix(hash: number, value: number): number {
  const low = value | 0;
  const h = Math.imul(hash ^ low, 16777619);
  const mixed = h ^ (h >>> 15);
  return low === value ? mixed : mix(mixed, Math.floor(value / 4294967296));
}
