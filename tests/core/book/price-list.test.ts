/** The sorted list of prices against a plain Map. */
import { expect, it } from 'vitest';
import { BUY, NIL, SELL } from '../../../src/core/book/codes.js';
import { PriceList } from '../../../src/core/book/price-list.js';
import { Pcg32 } from '../../bench/pcg32.js';

it.each([
  ['buy', BUY, 1],
  ['sell', SELL, -1],
])('holds the prices of a %s side, the best one last', (_, side, sign) => {
  const random = new Pcg32(side + 3);
  const list = new PriceList(side);
  const model = new Map<number, number>();
  for (let i = 0; i < 4_000; i++) {
    const priceTicks = random.uniform(400);
    if (random.uniform(5) < 2) {
      model.delete(priceTicks);
      list.remove(priceTicks);
    } else {
      model.set(priceTicks, i);
      list.set(priceTicks, i);
    }
    const prices = [...model.keys()].sort((a, b) => sign * (a - b));
    expect(Array.from(list.pricesTicks.subarray(0, list.count))).toEqual(prices);
    const probe = random.uniform(420) - 10;
    expect(list.valueOf(probe)).toBe(model.get(probe) ?? NIL);
    expect(list.worseThan(probe)).toBe(prices.filter((p) => sign * (p - probe) < 0).at(-1) ?? NIL);
    expect(list.bestTicks).toBe(prices.at(-1) ?? NIL);
  }
  expect(list.count).toBeGreaterThan(64);
});
