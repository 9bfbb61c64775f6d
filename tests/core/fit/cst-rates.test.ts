/** The rate estimator recovers known rates from our own flow, written down as level-L files. */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import { fitCstRates } from '../../../src/core/fit/cst-rates.js';
import { Draws } from '../../../src/core/flow/draws.js';
import { PoissonFlow } from '../../../src/core/flow/poisson-flow.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { BUY, NIL, SELL } from '../../../src/core/sim/market.js';
import { DELETE, EXECUTE_VISIBLE, SUBMIT } from '../../../src/core/sim/replay-feed.js';
import type { ReplayFeed } from '../../../src/core/sim/replay-feed.js';

const TICK_E4 = 100;
const RATES = {
  limitRatePerS: [1.2, 1.5, 1.1, 0.9, 0.8],
  cancelRatePerS: [0.7, 0.8, 0.7, 0.55, 0.45],
  marketRatePerS: 0.9,
  orderSize: { type: 'constant', lots: 3 },
} as const;

/** Runs the flow and keeps what a level-L file shows: messages in the window, the book after each. */
function recordFeed(levels: number, events: number): ReplayFeed {
  const draws = new Draws(new Stream());
  draws.key(77, 0, 1);
  const flow = new PoissonFlow(RATES, draws, 0);
  const rows: { tNs: number; type: number; lots: number; priceE4: number; side: number; cells: number[] }[] =
    [];
  const book = new Book(
    { ticks: 256, orders: 256, ids: 256 },
    {
      onTrade(makerId, _taker, priceTicks, lots, takerSide) {
        flow.fill(makerId, lots);
        taken = { priceTicks, lots, side: 1 - takerSide };
      },
    },
  );
  let taken: { priceTicks: number; lots: number; side: number } | null = null;
  flow.seed(book, 10_000);
  const shown = (side: number): [number, number][] => {
    const prices = new Int32Array(levels);
    const lots = new Int32Array(levels);
    const n = book.depth(side, prices, lots, levels);
    return Array.from({ length: levels }, (_, i) => (i < n ? [prices[i]! * TICK_E4, lots[i]!] : [NIL, 0]));
  };
  const levelsOf = () => {
    const [bids, asks] = [shown(BUY), shown(SELL)];
    return asks.flatMap((ask, i) => [...ask, ...bids[i]!]);
  };
  const all = () => new Map(Array.from({ length: flow.live.count }, (_, k) => [flow.live.at(k), k]));
  rows.push({ tNs: 0, type: SUBMIT, lots: 3, priceE4: 1_000_000, side: BUY, cells: levelsOf() });
  for (let i = 0; i < events; i++) {
    const tNs = flow.nextNs();
    taken = null;
    const live = all();
    const prices = new Map([...live.keys()].map((s) => [s, [flow.live.priceOf(s), flow.live.sideOf(s)]]));
    flow.step(book, book.bestBidTicks, book.bestAskTicks);
    const now = all();
    const add = (type: number, lots: number, priceTicks: number, side: number) => {
      const cells = levelsOf();
      const before = rows[rows.length - 1]!.cells;
      // Seen only if one of the two windows shows a change.
      if (cells.every((cell, c) => cell === before[c])) return;
      rows.push({ tNs, type, lots, priceE4: priceTicks * TICK_E4, side, cells });
    };
    const trade = taken as { priceTicks: number; lots: number; side: number } | null;
    if (trade !== null) add(EXECUTE_VISIBLE, trade.lots, trade.priceTicks, trade.side);
    else if (now.size > live.size) {
      const slot = flow.live.at(now.size - 1);
      add(SUBMIT, 3, flow.live.priceOf(slot), flow.live.sideOf(slot));
    } else if (now.size < live.size) {
      const slot = [...live.keys()].find((s) => !now.has(s))!;
      const [price, side] = prices.get(slot)!;
      add(DELETE, 3, price!, side!);
    }
  }
  return {
    rows: rows.length,
    levels,
    gridE4: TICK_E4,
    orders: 0,
    tNs: Float64Array.from(rows, (r) => r.tNs),
    type: Uint8Array.from(rows, (r) => r.type),
    order: new Int32Array(rows.length),
    lots: Int32Array.from(rows, (r) => r.lots),
    priceE4: Int32Array.from(rows, (r) => r.priceE4),
    side: Uint8Array.from(rows, (r) => r.side),
    cells: Int32Array.from(rows.flatMap((r) => r.cells)),
  };
}

describe('fitCstRates', () => {
  it.each([1, 2, 5])('recovers the rates from a level-%i file within 4 standard errors', (levels) => {
    const feed = recordFeed(levels, 60_000);
    const fit = fitCstRates(feed, TICK_E4, [1, 2, 3, 4, 5, 6]);
    expect(fit.meanLots).toBe(3);
    const near = (got: number, rate: number, events: number) => {
      expect(events).toBeGreaterThan(30);
      expect(Math.abs(got / rate - 1)).toBeLessThan(4 / Math.sqrt(events));
    };
    near(fit.marketRatePerS, RATES.marketRatePerS, 2 * 0.9 * fit.seconds);
    // A level-1 file shows distances 4 and 5 only while the spread is that wide.
    const seen = levels === 1 ? 3 : 5;
    for (let i = 0; i < seen; i++) {
      near(fit.limitRatePerS[i]!, RATES.limitRatePerS[i]!, fit.seenAtDistance[i]!);
      near(fit.cancelRatePerS[i]!, RATES.cancelRatePerS[i]!, 0.3 * fit.seenAtDistance[i]!);
    }
  });

  it('pools distances in bins and refuses a feed without a duration', () => {
    const feed = recordFeed(5, 2_000);
    const fit = fitCstRates(feed, TICK_E4, [1, 3, 6]);
    expect(fit.limitRatePerS).toHaveLength(5);
    expect(fit.limitRatePerS[0]).toBe(fit.limitRatePerS[1]);
    expect(fit.cancelRatePerS[2]).toBe(fit.cancelRatePerS[4]);
    expect(() => fitCstRates({ ...feed, rows: 1 }, TICK_E4, [1, 6])).toThrow('limit orders');
  });
});
