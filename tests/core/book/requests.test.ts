/** Orders of every type and rule: fast and naive book on random commands, event for event. */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import * as c from '../../../src/core/book/codes.js';
import * as e from '../../../src/core/book/events.js';
import { NaiveBook } from '../../../src/core/book/naive.js';
import { ORDER_DEFAULTS, type OrderBook } from '../../../src/core/book/types.js';
import { LevelView } from '../../../src/core/book/views.js';
import { EventTape } from '../../bench/replay.js';
import { RequestSource, SMALL_BOOK } from '../../support/book-requests.js';

const COMMANDS = 150_000;

describe('orders of every type', () => {
  it.each([1, 2])(`are the same in both books, stream and state (seed %i)`, (seed) => {
    const source = new RequestSource(seed);
    /** Kinds of events with their causes. */
    const met = new Set<number>();
    const tapes = [new EventTape(), new EventTape()];
    const level = new LevelView();
    const fast = new Book(SMALL_BOOK, {
      onEvents(records, words) {
        tapes[0]!.onEvents(records, words);
        for (let at = 0; at < words; at += e.EVENT_WORDS) met.add(records[at]! & ~(1 << e.SIDE_SHIFT));
        level.onEvents(records, words);
      },
    });
    const naive = new NaiveBook(SMALL_BOOK, tapes[1]!);
    let hash = fast.stateHash();
    const prices = [new Int32Array(400), new Int32Array(400)] as const;
    const lots = [new Int32Array(400), new Int32Array(400)] as const;
    for (let i = 1; i <= COMMANDS; i++) {
      const [a, b] = source.apply(fast, naive);
      fast.flush();
      const after = fast.stateHash();
      const agree = a === b && after === naive.stateHash() && tapes[0]!.sum === tapes[1]!.sum;
      if (!agree)
        expect([a, after, { ...tapes[0] }], `command ${i}`).toEqual([b, naive.stateHash(), { ...tapes[1] }]);
      if (a < 0 && after !== hash) expect(after, `command ${i} refused with ${a}`).toBe(hash);
      hash = after;
      if (i % 100 === 0) {
        for (const side of [c.BUY, c.SELL]) {
          const count = fast.depth(side, prices[0], lots[0], 400);
          expect(level.depth(side, prices[1], lots[1], 400)).toBe(count);
          expect(prices[0].subarray(0, count)).toEqual(prices[1].subarray(0, count));
          expect(lots[0].subarray(0, count)).toEqual(lots[1].subarray(0, count));
        }
        expect([fast.bestBidTicks, fast.bestAskTicks]).toEqual([naive.bestBidTicks, naive.bestAskTicks]);
      }
      if (i % 30_000 === 0) {
        fast.reset();
        naive.reset();
        source.restart();
        level.clear();
        hash = fast.stateHash();
      }
    }
    for (let kind = 0; kind < e.WORDS_USED.length; kind++)
      expect([...met].map((word) => word & 255)).toContain(kind);
    for (let cause = e.CAUSE_CANCEL; cause <= e.CAUSE_MASS; cause++) {
      expect(met).toContain(e.EVENT_CANCEL | (cause << e.CAUSE_SHIFT));
    }
    expect(met).toContain(e.EVENT_STOP_END | (e.CAUSE_TRIGGER << e.CAUSE_SHIFT));
    const missing = Object.entries(c)
      .filter(([name, code]) => name.startsWith('REJECT_') && !source.answers.has(code as number))
      .map(([name]) => name);
    expect(missing).toEqual([]);
  });
});

describe.each([
  { name: 'fast', make: (): OrderBook => new Book(SMALL_BOOK, { onTrade() {} }) },
  { name: 'naive', make: (): OrderBook => new NaiveBook(SMALL_BOOK, { onTrade() {} }) },
])('$name book', ({ make }) => {
  it('rests an order alone when self-trade prevention has removed its partner', () => {
    const book = make();
    const own = { ...ORDER_DEFAULTS, ownerId: 1, priceTicks: 101, qtyLots: 5 };
    expect(book.submit({ ...own, id: 1, side: c.SELL })).toBe(0);
    const taker = { ...own, id: 2, side: c.BUY, selfTrade: c.SELF_TRADE_CANCEL_OLDEST, partnerId: 1 };
    expect(book.submit(taker)).toBe(0);
    expect([book.qtyOf(1), book.qtyOf(2), book.ordersLive]).toEqual([0, 5, 1]);
    expect(book.limit(1, c.BUY, 100, 3, c.TIF_GTC)).toBe(0);
    expect(book.cancel(2)).toBe(5);
    expect(book.qtyOf(1)).toBe(3);
  });

  it('refuses an iceberg that would be refilled too often', () => {
    const book = make();
    const order = { ...ORDER_DEFAULTS, id: 1, side: c.SELL, priceTicks: 101, displayLots: 2 };
    expect(book.submit({ ...order, qtyLots: 2 * c.MAX_PEAKS + 1 })).toBe(c.REJECT_DISPLAY);
    expect(book.submit({ ...order, qtyLots: 2 * c.MAX_PEAKS })).toBe(0);
    expect(book.replace(1, 102, 2 * c.MAX_PEAKS + 1)).toBe(c.REJECT_DISPLAY);
    expect(book.replace(1, 102, 2 * c.MAX_PEAKS)).toBe(0);
    expect(book.qtyOf(1)).toBe(2);
  });

  it('refuses a price above the highest one also where the ladder reaches further', () => {
    const book = make();
    expect(book.limit(1, c.BUY, c.MAX_PRICE_TICKS, 5, c.TIF_GTC)).toBe(0);
    expect(book.limit(2, c.BUY, c.MAX_PRICE_TICKS + 1, 5, c.TIF_GTC)).toBe(c.REJECT_PRICE);
    expect(book.replace(1, c.MAX_PRICE_TICKS + 1, 5)).toBe(c.REJECT_PRICE);
  });
});
