/** The window of levels: what it holds, when it moves and what stands far from it. */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import * as c from '../../../src/core/book/codes.js';
import { EVENT_CANCEL, EVENT_REST, type EventSink } from '../../../src/core/book/events.js';
import { Pcg32 } from '../../bench/pcg32.js';
import { faultOf } from '../../support/book-invariants.js';

const TICKS = 64;

interface Inside {
  readonly baseTicks: number;
  readonly nodes: Int32Array;
  readonly farBuys: { readonly count: number };
  readonly farSells: { readonly count: number };
}

function make(sink: EventSink = { onEvents() {} }): { book: Book; inside: Inside } {
  const book = new Book({ ticks: TICKS, orders: 32, ids: 32 }, sink);
  return { book, inside: book as unknown as Inside };
}

const limit = (book: Book, id: number, side: number, priceTicks: number): number =>
  book.limit(id, side, priceTicks, 1, c.TIF_GTC);

describe('the window', () => {
  it('does not move for a stub quote, which costs a node', () => {
    const { book, inside } = make();
    limit(book, 1, c.BUY, 5_000);
    limit(book, 2, c.SELL, 5_002);
    const { baseTicks, nodes } = inside;
    for (const [id, side, priceTicks] of [
      [3, c.BUY, 1],
      [4, c.SELL, 19_999_999],
    ] as const) {
      expect(limit(book, id, side, priceTicks)).toBe(0);
      expect([book.sideOf(id), book.priceOf(id), book.qtyAt(priceTicks)]).toEqual([side, priceTicks, 1]);
    }
    expect(inside.baseTicks).toBe(baseTicks);
    expect(inside.nodes).toBe(nodes);
    expect([inside.farBuys.count, inside.farSells.count, faultOf(book)]).toEqual([1, 1, '']);
    expect([book.cancel(3), book.cancel(4)]).toEqual([1, 1]);
    expect([inside.farBuys.count, inside.farSells.count, faultOf(book)]).toEqual([0, 0, '']);
  });

  it('follows a walking price, but seldom', () => {
    const { book, inside } = make();
    let [moves, baseTicks] = [0, inside.baseTicks];
    for (let step = 0; step < 10_000; step++) {
      const middle = 100 + (step < 5_000 ? step : 10_000 - step);
      book.cancel(step % 10);
      book.cancel(10 + (step % 10));
      limit(book, step % 10, c.BUY, middle - 1);
      limit(book, 10 + (step % 10), c.SELL, middle + 1);
      if (inside.baseTicks !== baseTicks) moves++;
      baseTicks = inside.baseTicks;
    }
    expect(faultOf(book)).toBe('');
    expect(moves).toBeGreaterThan(5_000 / TICKS);
    expect(moves).toBeLessThan(10_000 / (TICKS / 4));
  });

  it('keeps every queue in its order when it moves away and comes back', () => {
    const { book } = make();
    for (let id = 0; id < 30; id++) limit(book, id, c.BUY, 1_000 + (id % 5));
    const hash = book.stateHash();
    limit(book, 30, c.BUY, 900_000);
    expect(faultOf(book)).toBe('');
    expect(book.cancel(30)).toBe(1);
    expect(book.stateHash()).toBe(hash);
    limit(book, 30, c.BUY, 1_005);
    book.cancel(30);
    expect([book.stateHash(), faultOf(book)]).toEqual([hash, '']);
  });

  it('holds one side when the spread is wider than itself; the other is as right', () => {
    const { book, inside } = make();
    limit(book, 1, c.BUY, 1_000);
    const { baseTicks } = inside;
    for (let id = 2; id < 12; id++) limit(book, id, c.SELL, 80_000 - id);
    for (let id = 12; id < 20; id++) limit(book, id, c.BUY, 1_000 + id);
    expect([inside.baseTicks, inside.farSells.count, faultOf(book)]).toEqual([baseTicks, 10, '']);
    expect([book.bestBidTicks, book.bestAskTicks]).toEqual([1_019, 79_989]);
    expect(book.limit(20, c.BUY, 79_991, 4, c.TIF_GTC)).toBe(3);
    expect([book.bestBidTicks, book.bestAskTicks, faultOf(book)]).toEqual([79_991, 79_992, '']);
    expect(book.market(21, c.SELL, 100)).toBe(10);
    expect([book.bestBidTicks, book.ordersLive, faultOf(book)]).toEqual([c.NIL, 7, '']);
  });
});

it('a crowd that rests far and wide is told alike by stream and questions', () => {
  const resting = new Map<number, number>();
  const { book } = make({
    onEvents: (words, count) => {
      for (let at = 0; at < count; at += 8) {
        if ((words[at]! & 255) === EVENT_REST) resting.set(words[at + 1]!, words[at + 2]!);
        if ((words[at]! & 255) === EVENT_CANCEL) resting.delete(words[at + 1]!);
      }
    },
  });
  const random = new Pcg32(8);
  for (let i = 0; i < 6_000; i++) {
    const id = random.uniform(400);
    const side = random.uniform(2);
    const away = random.uniform(1 << random.uniform(20));
    if (random.uniform(3) === 0) book.cancel(id);
    else limit(book, id, side, side === c.BUY ? 2_000_000 - away : 2_000_001 + away);
    if (i % 100 === 0) expect(faultOf(book)).toBe('');
  }
  book.flush();
  expect(book.ordersLive).toBe(resting.size);
  for (const [id, priceTicks] of resting) expect(book.priceOf(id)).toBe(priceTicks);
  const prices = new Int32Array(400);
  for (const side of [c.BUY, c.SELL]) {
    const count = book.depth(side, prices, new Int32Array(400), 400);
    const expected = [...resting].filter(([id]) => book.sideOf(id) === side).map(([, price]) => price);
    expected.sort((a, b) => (side === c.BUY ? b - a : a - b));
    expect(Array.from(prices.subarray(0, count))).toEqual([...new Set(expected)]);
  }
});
