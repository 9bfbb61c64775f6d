/** The extremes of the last trades, against looking at all of them. */
import { expect, it } from 'vitest';
import { TradeWindow } from '../../../src/core/sim/trade-window.js';
import { Pcg32 } from '../../bench/pcg32.js';

it('gives the distance from the farthest price within the window, ends included', () => {
  const random = new Pcg32(3);
  for (const windowNs of [0, 5, 40, 2_000]) {
    const window = new TradeWindow(windowNs);
    let trades: { tNs: number; price: number }[] = [];
    let [tNs, price] = [0, 1_000];
    for (let i = 0; i < 3_000; i++) {
      tNs += random.uniform(8);
      price += random.uniform(7) - 3;
      if (i === 1_500) {
        window.clear();
        trades = [];
      }
      trades.push({ tNs, price });
      const seen = trades.filter((trade) => trade.tNs >= tNs - windowNs);
      const want = Math.max(...seen.map((trade) => Math.abs(trade.price - price)));
      expect(window.add(tNs, price)).toBe(want);
    }
  }
});
