/** The generated market: own orders in true queues, and what the market shows without them. */
import { describe, expect, it } from 'vitest';
import { REJECT_WOULD_TRADE } from '../../../src/core/book/codes.js';
import { Stream } from '../../../src/core/rng/stream.js';
import type { GeneratedMarket } from '../../../src/core/sim/generated-market.js';
import { BUY, NIL, SELL } from '../../../src/core/sim/market.js';
import { makeMarket } from './lab.js';

interface Own {
  side: number;
  price: number;
  lots: number;
}

/** Levels of a side by the slow way: all levels of the book minus the own orders written down outside. */
function visible(market: GeneratedMarket, own: Map<number, Own>, side: number): [number, number][] {
  const prices = new Int32Array(200);
  const lots = new Int32Array(200);
  const n = market.book.depth(side, prices, lots, 200);
  const levels: [number, number][] = [];
  for (let i = 0; i < n; i++) {
    let others = lots[i]!;
    for (const o of own.values()) if (o.side === side && o.price === prices[i]) others -= o.lots;
    if (others > 0) levels.push([prices[i]!, others]);
  }
  return levels;
}

describe('GeneratedMarket', () => {
  it('shows best prices and depth without own orders, under random own orders', () => {
    const market = makeMarket(17);
    const random = new Stream(1, 2, 3);
    const own = new Map<number, Own>();
    const sink = {
      onFill(id: number, side: number, price: number, lots: number) {
        const order = own.get(id)!;
        expect([order.side, order.price]).toEqual([side, price]);
        order.lots -= lots;
        if (order.lots === 0) own.delete(id);
      },
      onTrade() {},
    };
    const prices = new Int32Array(5);
    const lots = new Int32Array(5);
    let fillsSeen = 0;
    for (let i = 0; i < 30_000; i++) {
      const id = random.below(8);
      if (random.below(3) === 0 && !own.has(id)) {
        const side = random.below(2);
        const inside = side === BUY ? market.book.bestAskTicks - 1 : market.book.bestBidTicks + 1;
        const price = inside + (side === BUY ? -random.below(4) : random.below(4));
        if (inside > 1 && market.place(id, side, price, 1 + random.below(20)) === 0) {
          own.set(id, { side, price, lots: market.book.qtyOf(id) });
        }
      } else if (random.below(10) === 0) {
        expect(market.cancel(id)).toBe(own.get(id)?.lots ?? 0);
        own.delete(id);
      }
      const before = own.size;
      market.step(sink);
      if (own.size < before) fillsSeen++;
      for (const side of [BUY, SELL]) {
        const expected = visible(market, own, side);
        const best = side === BUY ? market.bestBidTicks() : market.bestAskTicks();
        expect(best).toBe(expected[0]?.[0] ?? NIL);
        const n = market.depth(side, prices, lots, 5);
        expect(Array.from({ length: n }, (_, k) => [prices[k]!, lots[k]!])).toEqual(expected.slice(0, 5));
      }
    }
    expect(fillsSeen).toBeGreaterThan(150);
  });

  it('refuses an own order that would trade and leaves the book as it was', () => {
    const market = makeMarket(1);
    const hash = market.book.stateHash();
    expect(market.place(0, BUY, market.bestAskTicks(), 5)).toBe(REJECT_WOULD_TRADE);
    expect(market.book.stateHash()).toBe(hash);
    expect(market.queueAheadLots(0)).toBe(NIL);
    expect(market.cancel(0)).toBe(0);
  });

  it('stands in the queue: the lots ahead at arrival are those of the level, and they only shrink', () => {
    const market = makeMarket(21);
    const price = market.bestBidTicks();
    const level = market.book.qtyAt(price);
    expect(market.place(3, BUY, price, 4)).toBe(0);
    let ahead = market.queueAheadLots(3);
    expect(ahead).toBe(level);
    let filled = 0;
    const sink = {
      onFill(id: number, side: number, at: number, lots: number) {
        expect([id, side, at]).toEqual([3, BUY, price]);
        filled += lots;
      },
      onTrade() {},
    };
    for (let i = 0; i < 5_000 && filled < 4; i++) {
      market.step(sink);
      const now = market.queueAheadLots(3);
      expect(now).toBeLessThanOrEqual(ahead);
      ahead = now;
    }
    expect(filled).toBe(4);
  });

  it('lets own orders shield others: a wall is hit by market orders and by limit orders that cross it', () => {
    const market = makeMarket(30);
    const quiet = { onFill() {}, onTrade() {} };
    while (market.bestAskTicks() - market.bestBidTicks() < 4) market.step(quiet);
    // A bid inside the spread that no one can eat.
    const wall = market.bestAskTicks() - 1;
    expect(market.place(0, BUY, wall, 1_000_000)).toBe(0);
    let [taken, traded] = [0, 0];
    for (let i = 0; i < 3_000; i++) {
      market.step({
        onFill(_id, side, price, lots) {
          expect([side, price]).toEqual([BUY, wall]);
          taken += lots;
        },
        onTrade: (_price, lots) => (traded += lots),
      });
      expect(market.book.bestBidTicks).toBeGreaterThanOrEqual(wall);
      expect(market.book.bestAskTicks === NIL || market.book.bestAskTicks > wall).toBe(true);
    }
    expect(taken).toBeGreaterThan(100);
    expect(market.book.qtyOf(0)).toBe(1_000_000 - taken);
    expect(traded).toBeGreaterThanOrEqual(taken);
  });
});
