/** Books of single orders against a Map of objects: same answers, same levels, same hash. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUY, SELL } from '../../../src/core/book/codes.js';
import {
  DUPLICATE_ID,
  EXCESS_QTY,
  OrderBooks,
  TOO_MANY_ORDERS,
  UNKNOWN_ID,
  ZERO_QTY,
} from '../../../src/core/feed/order-books.js';
import { OrderTable } from '../../../src/core/feed/order-table.js';

interface Order {
  readonly id: bigint;
  readonly book: number;
  readonly side: number;
  readonly price: number;
  qty: number;
}

/** The obvious books: orders in a Map, which keeps the order of entry; levels are summed when asked for. */
class NaiveBooks {
  readonly orders = new Map<bigint, Order>();

  add(book: number, id: bigint, side: number, price: number, qty: number): number {
    if (qty === 0) return ZERO_QTY;
    if (this.orders.has(id)) return DUPLICATE_ID;
    this.orders.set(id, { id, book, side, price, qty });
    return 0;
  }

  reduce(id: bigint, qty: number): number {
    const order = this.orders.get(id);
    if (qty === 0) return ZERO_QTY;
    if (!order) return UNKNOWN_ID;
    order.qty -= qty;
    if (order.qty <= 0) this.orders.delete(id);
    return order.qty < 0 ? EXCESS_QTY : 0;
  }

  setQty(id: bigint, qty: number): number {
    const order = this.orders.get(id);
    if (!order) return UNKNOWN_ID;
    order.qty = qty;
    return 0;
  }

  remove(id: bigint): number {
    return this.orders.delete(id) ? 0 : UNKNOWN_ID;
  }

  replace(old: bigint, id: bigint, price: number, qty: number): number {
    const order = this.orders.get(old);
    if (qty === 0) return ZERO_QTY;
    if (!order) return UNKNOWN_ID;
    if (old !== id && this.orders.has(id)) return DUPLICATE_ID;
    this.orders.delete(old);
    return this.add(order.book, id, order.side, price, qty);
  }

  levels(book: number, side: number): [number, number][] {
    const sums = new Map<number, number>();
    for (const order of this.orders.values()) {
      if (order.book !== book || order.side !== side) continue;
      sums.set(order.price, (sums.get(order.price) ?? 0) + order.qty);
    }
    const sign = side === BUY ? -1 : 1;
    return [...sums].filter(([, qty]) => qty > 0).sort(([a], [b]) => sign * (a - b));
  }
}

const high = (id: bigint): number => Number(BigInt.asIntN(32, id >> 32n));
const low = (id: bigint): number => Number(BigInt.asIntN(32, id));

const BOOKS = 3;
// Few ids that differ in one half only, so that collisions and reuse are common.
const id = fc.oneof(
  fc.bigInt(0n, 24n),
  fc.bigInt(0n, 8n).map((n) => n << 32n),
  fc.constant(2n ** 64n - 1n),
);
const qty = fc.oneof(fc.constant(0), fc.nat(20), fc.constant(2 ** 32 - 1));
const command = fc.record({
  what: fc.constantFrom('add', 'add', 'reduce', 'setQty', 'remove', 'replace'),
  id,
  other: id,
  book: fc.nat(BOOKS - 1),
  side: fc.constantFrom(BUY, SELL),
  price: fc.nat(6),
  qty,
});

interface Command {
  readonly what: string;
  readonly id: bigint;
  readonly other: bigint;
  readonly book: number;
  readonly side: number;
  readonly price: number;
  readonly qty: number;
}

function both(fast: OrderBooks, naive: NaiveBooks, it: Command): [number, number] {
  const [h, l] = [high(it.id), low(it.id)];
  switch (it.what) {
    case 'add':
      return [
        fast.add(it.book, h, l, it.side, it.price, it.qty),
        naive.add(it.book, it.id, it.side, it.price, it.qty),
      ];
    case 'reduce':
      return [fast.reduce(h, l, it.qty), naive.reduce(it.id, it.qty)];
    case 'setQty':
      return [fast.setQty(h, l, it.qty), naive.setQty(it.id, it.qty)];
    case 'remove':
      return [fast.remove(h, l), naive.remove(it.id)];
    default:
      return [
        fast.replace(h, l, high(it.other), low(it.other), it.price, it.qty),
        naive.replace(it.id, it.other, it.price, it.qty),
      ];
  }
}

describe('OrderBooks', () => {
  it('answers and stands as a Map of orders does', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 150, size: 'max' }), (commands) => {
        const fast = new OrderBooks();
        const naive = new NaiveBooks();
        for (const one of commands) {
          const [got, expected] = both(fast, naive, one);
          expect(got).toBe(expected);
        }
        expect(fast.ordersLive).toBe(naive.orders.size);
        for (let book = 0; book < BOOKS; book++) {
          for (const side of [BUY, SELL]) {
            const levels = fast.book(book);
            const count = levels?.levels(side) ?? 0;
            expect(
              Array.from({ length: count }, (_, i) => [levels!.price(side, i), levels!.qty(side, i)]),
            ).toEqual(naive.levels(book, side));
          }
        }
        // Entering the survivors in their order of entry gives the same queues.
        const again = new OrderBooks();
        for (const order of naive.orders.values()) {
          const code = again.add(order.book, high(order.id), low(order.id), order.side, order.price, 1);
          expect(code).toBe(0);
          again.setQty(high(order.id), low(order.id), order.qty);
        }
        for (let book = 0; book < BOOKS; book++) expect(again.stateHash(book)).toBe(fast.stateHash(book));
      }),
      { numRuns: 300 },
    );
  });

  it('hash differently when two orders of a level change places', () => {
    const [a, b] = [new OrderBooks(), new OrderBooks()];
    for (const [books, ids] of [
      [a, [1, 2]],
      [b, [2, 1]],
    ] as const) {
      for (const one of ids) books.add(0, 0, one, BUY, 100, 5);
    }
    expect(a.stateHash(0)).not.toBe(b.stateHash(0));
  });

  it('refuse one order more than the limit and take it when one has left', () => {
    const books = new OrderBooks(2);
    expect([1, 2, 3].map((one) => books.add(0, 0, one, SELL, 10, 1))).toEqual([0, 0, TOO_MANY_ORDERS]);
    expect(books.book(0)!.qty(SELL, 0)).toBe(2);
    books.remove(0, 1);
    expect(books.add(0, 0, 3, SELL, 10, 1)).toBe(0);
  });
});

describe('OrderTable', () => {
  it('finds exactly what is live among many ids, after growth and thousands of removals', () => {
    const table = new OrderTable(1e6);
    const live = new Set<number>();
    // 16 different low halves only: the high ones must tell orders apart.
    const halves = (one: number): [number, number] => [one >> 4, one & 15];
    for (let step = 0; step < 30_000; step++) {
      const one = (Math.imul(step, 0x9e3779b1) % 7000) | 0;
      const slot = table.find(...halves(one));
      if (slot >= 0 !== live.has(one)) throw new Error(`step ${step}: slot ${slot}`);
      if (slot >= 0) table.remove(slot);
      else table.add(...halves(one));
      if (!live.delete(one)) live.add(one);
    }
    expect(table.size).toBe(live.size);
    for (const one of live) {
      const slot = table.find(...halves(one));
      expect([table.idHigh[slot], table.idLow[slot]]).toEqual(halves(one));
    }
    expect(table.used).toBeLessThan(7001 * 2);
  });
});
