/** The toy market: fills and moves by its law, and what it does with orders. */
import { describe, expect, it } from 'vitest';
import { REJECT_WOULD_TRADE, TIF_IOC } from '../../../src/core/book/codes.js';
import { BUY, NIL, SELL, type FillSink } from '../../../src/core/sim/market.js';
import { ToyMarket } from '../../../src/core/sim/toy-market.js';

const OPTIONS = {
  startMidTicks: 10_000,
  stepMs: 250,
  midSigmaTicksPerSqrtS: 6,
  fillRatePerS: 2,
  fillDecayPerTick: 0.2,
};

const listening = () => {
  const fills: { id: number; side: number; priceTicks: number; lots: number }[] = [];
  const sink: FillSink = {
    onFill: (id, side, priceTicks, lots) => fills.push({ id, side, priceTicks, lots }),
    onTrade: () => {},
  };
  return { fills, sink };
};

function started(seed = 1): ToyMarket {
  const market = new ToyMarket(OPTIONS);
  market.start(seed, 0);
  return market;
}

describe('ToyMarket', () => {
  it('fills an order at distance d with probability A exp(-k d) dt in each step, within 4 standard errors', () => {
    for (const distance of [1, 4, 9]) {
      const market = started(distance);
      const { fills, sink } = listening();
      const n = 40_000;
      let [squares, refused] = [0, 0];
      for (let i = 0; i < n; i++) {
        const mid = market.midTicks;
        // Steps of 3 ticks keep the mid whole.
        refused += market.place(0, BUY, mid - distance, 5) + market.place(1, SELL, mid + distance, 5);
        market.step(sink);
        market.cancel(0);
        market.cancel(1);
        squares += (market.midTicks - mid) ** 2;
      }
      const p = 2 * Math.exp(-0.2 * distance) * 0.25;
      for (const side of [BUY, SELL]) {
        const share = fills.filter((fill) => fill.side === side).length / n;
        expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
      }
      expect(fills.every(({ lots }) => lots === 5)).toBe(true);
      expect([squares / n, refused]).toEqual([9, 0]);
    }
  });

  it('refuses what would trade, takes at the opposite best, and forgets what is gone', () => {
    const market = started();
    const { fills, sink } = listening();
    expect([market.bestBidTicks(), market.bestAskTicks()]).toEqual([9_999, 10_001]);
    expect(market.place(0, BUY, 10_001, 1)).toBe(REJECT_WOULD_TRADE);
    expect(market.place(0, SELL, 9_999, 1)).toBe(REJECT_WOULD_TRADE);
    expect(market.place(0, BUY, 10_000, 1, TIF_IOC, sink)).toBe(0);
    expect(fills).toEqual([]);
    expect(market.place(0, BUY, NIL, 3, TIF_IOC, sink)).toBe(0);
    expect(fills).toEqual([{ id: 0, side: BUY, priceTicks: 10_001, lots: 3 }]);
    expect(market.place(2, SELL, 10_050, 7)).toBe(0);
    expect(market.place(3, SELL, 10_060, 8)).toBe(0);
    expect([market.queueAheadLots(2), market.queueAheadLots(4)]).toEqual([0, NIL]);
    expect([market.cancel(2), market.cancel(2), market.cancel(3)]).toEqual([7, 0, 8]);
    expect(market.queueAheadLots(3)).toBe(NIL);
  });
});
