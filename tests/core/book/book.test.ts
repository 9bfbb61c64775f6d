/** The rules of the order book that its comments state, and how the fast book grows, moves and resets. */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import * as c from '../../../src/core/book/codes.js';
import { NaiveBook } from '../../../src/core/book/naive.js';
import type { OrderBook } from '../../../src/core/book/types.js';
import { applyMessages, TradeTape } from '../../bench/replay.js';
import { generateWorkload, LADDER_TICKS, VARIANTS } from '../../bench/workload.js';

const SMALL = { ticks: 32, orders: 1, ids: 1 };
const quiet = { onTrade: (): void => undefined };
const BOOKS = [
  { name: 'fast', make: (): OrderBook => new Book(SMALL, quiet) },
  { name: 'naive', make: (): OrderBook => new NaiveBook(SMALL, quiet) },
];

describe.each(BOOKS)('$name book', ({ make }) => {
  /** Sells 5 @ 101, 5 @ 102, buys 5 @ 99. */
  function filled(): OrderBook {
    const book = make();
    expect(book.limit(1, c.SELL, 101, 5, c.TIF_GTC)).toBe(0);
    expect(book.limit(2, c.SELL, 102, 5, c.TIF_GTC)).toBe(0);
    expect(book.limit(3, c.BUY, 99, 5, c.TIF_GTC)).toBe(0);
    return book;
  }

  it('is empty at first', () => {
    const book = make();
    expect([book.bestBidTicks, book.bestAskTicks, book.ordersLive]).toEqual([c.NIL, c.NIL, 0]);
    expect([book.sideOf(0), book.priceOf(0), book.qtyOf(0), book.queueAheadLots(0)]).toEqual([-1, -1, 0, -1]);
    expect(book.market(0, c.BUY, 5)).toBe(0);
    expect(book.depth(c.BUY, new Int32Array(4), new Int32Array(4), 4)).toBe(0);
  });

  it.each([
    ['GTC trades and rests', c.TIF_GTC, 101, 8, 5, 3],
    ['GTC that does not reach rests', c.TIF_GTC, 100, 8, 0, 8],
    ['IOC trades and drops', c.TIF_IOC, 101, 8, 5, 0],
    ['IOC that does not reach does nothing', c.TIF_IOC, 100, 8, 0, 0],
    ['FOK fills over two levels', c.TIF_FOK, 102, 8, 8, 0],
    ['FOK is refused when short', c.TIF_FOK, 102, 11, c.REJECT_WOULD_NOT_FILL, 0],
    ['FOK is refused when it does not reach', c.TIF_FOK, 100, 1, c.REJECT_WOULD_NOT_FILL, 0],
    ['post-only rests', c.TIF_POST_ONLY, 100, 8, 0, 8],
    ['post-only is refused when it would trade', c.TIF_POST_ONLY, 101, 8, c.REJECT_WOULD_TRADE, 0],
  ])('%s', (_, tif, priceTicks, qtyLots, result, rests) => {
    const book = filled();
    const before = book.stateHash();
    expect(book.limit(4, c.BUY, priceTicks, qtyLots, tif)).toBe(result);
    expect(book.qtyOf(4)).toBe(rests);
    if (result < 0 || (result === 0 && rests === 0)) expect(book.stateHash()).toBe(before);
  });

  it('keeps the place on a smaller size and loses it otherwise', () => {
    const book = filled();
    book.limit(4, c.SELL, 101, 7, c.TIF_GTC);
    expect(book.replace(1, 101, 2)).toBe(0);
    expect([book.queueAheadLots(1), book.queueAheadLots(4), book.qtyAt(101)]).toEqual([0, 2, 9]);
    expect(book.replace(1, 101, 3)).toBe(0);
    expect([book.queueAheadLots(1), book.queueAheadLots(4), book.qtyAt(101)]).toEqual([7, 0, 10]);
  });

  it('lets a replaced order trade at its new price', () => {
    const book = filled();
    expect(book.replace(3, 102, 7)).toBe(7);
    expect([book.qtyOf(1), book.qtyOf(2), book.qtyOf(3), book.ordersLive]).toEqual([0, 3, 0, 1]);
  });

  it('does not let a level overflow', () => {
    const book = make();
    const half = 2 ** 30;
    expect(book.limit(1, c.BUY, 10, half, c.TIF_GTC)).toBe(0);
    expect(book.limit(2, c.BUY, 10, half, c.TIF_GTC)).toBe(c.REJECT_QTY);
    expect(book.limit(2, c.BUY, 10, half - 1, c.TIF_GTC)).toBe(0);
    expect(book.qtyAt(10)).toBe(c.MAX_LEVEL_LOTS);
    expect(book.replace(1, 10, half + 1)).toBe(c.REJECT_QTY);
    expect(book.replace(1, 9, half + 1)).toBe(0);
    expect(book.market(3, c.SELL, c.MAX_LEVEL_LOTS)).toBe(c.MAX_LEVEL_LOTS);
  });

  it('follows a price across a million ticks and back', () => {
    const book = make();
    for (let step = 0; step < 2_000; step++) {
      const middle = 500 * (step < 1_000 ? step : 2_000 - step) + 10;
      expect(book.limit(step, c.BUY, middle - 1, 1, c.TIF_GTC)).toBe(0);
      expect(book.limit(5_000 + step, c.SELL, middle + 1, 1, c.TIF_GTC)).toBe(0);
      expect([book.bestBidTicks, book.bestAskTicks]).toEqual([middle - 1, middle + 1]);
      expect([book.cancel(step), book.cancel(5_000 + step)]).toEqual([1, 1]);
    }
    expect(book.ordersLive).toBe(0);
  });

  it('holds stub quotes at both ends of all prices, and trades through them', () => {
    const book = make();
    const { MAX_PRICE_TICKS: last } = c;
    expect(book.limit(0, c.BUY, 0, 3, c.TIF_GTC)).toBe(0);
    expect(book.limit(1, c.SELL, last, 4, c.TIF_GTC)).toBe(0);
    expect(book.limit(2, c.SELL, last + 1, 1, c.TIF_GTC)).toBe(c.REJECT_PRICE);
    expect(book.limit(2, c.BUY, -1, 1, c.TIF_GTC)).toBe(c.REJECT_PRICE);
    expect([book.bestBidTicks, book.bestAskTicks]).toEqual([0, last]);
    expect(book.limit(2, c.BUY, 5_000_000, 1, c.TIF_GTC)).toBe(0);
    expect(book.limit(3, c.SELL, 5_000_001, 2, c.TIF_GTC)).toBe(0);
    expect([book.bestBidTicks, book.bestAskTicks]).toEqual([5_000_000, 5_000_001]);
    expect([book.qtyAt(0), book.qtyAt(last), book.qtyAt(7), book.queueAheadLots(1)]).toEqual([3, 4, 0, 0]);
    expect(book.limit(4, c.BUY, last, 7, c.TIF_FOK)).toBe(c.REJECT_WOULD_NOT_FILL);
    expect(book.limit(4, c.BUY, last, 6, c.TIF_FOK)).toBe(6);
    expect([book.bestBidTicks, book.bestAskTicks]).toEqual([5_000_000, c.NIL]);
    expect(book.market(5, c.SELL, 9)).toBe(4);
    expect([book.ordersLive, book.stateHash()]).toEqual([0, make().stateHash()]);
  });
});

describe('fast book', () => {
  const workload = generateWorkload(VARIANTS.tiny);
  const replay = (book: Book): number => {
    const hash = applyMessages(book, workload.records, 0, workload.messages, 0);
    return hash ^ book.stateHash();
  };

  it('gives the same from any starting size, and again after a reset', () => {
    const wide = new Book({ ticks: LADDER_TICKS, orders: 1000, ids: workload.ids }, quiet);
    const tight = new Book(SMALL, quiet);
    const first = replay(wide);
    expect(replay(tight)).toBe(first);
    const empty = new Book(SMALL, quiet).stateHash();
    for (const book of [wide, tight]) {
      book.reset();
      expect([book.stateHash(), book.ordersLive, book.bestBidTicks, book.bestAskTicks]).toEqual([
        empty,
        0,
        -1,
        -1,
      ]);
      expect(replay(book)).toBe(first);
    }
  });

  it('allocates nothing while it runs', () => {
    const book = new Book({ ticks: LADDER_TICKS, orders: 1000, ids: workload.ids }, new TradeTape());
    const round = (): void => {
      for (let i = 0; i < 5; i++) {
        book.reset();
        applyMessages(book, workload.records, 0, workload.messages, 0);
      }
    };
    round();
    round();
    const before = process.memoryUsage().heapUsed;
    round();
    // 100,000 messages: a single object of 16 bytes for each would be 1.6 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(400_000);
  });
});
