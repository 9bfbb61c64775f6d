/** The Poisson order flow: live orders, sizes, rates, and the one-step odds of Cont, Stoikov & Talreja. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import { AliasTable } from '../../../src/core/flow/alias-table.js';
import { Draws } from '../../../src/core/flow/draws.js';
import { LiveOrders } from '../../../src/core/flow/live-orders.js';
import { OrderSize } from '../../../src/core/flow/order-size.js';
import type { FlowRates } from '../../../src/core/flow/poisson-flow.js';
import { PoissonFlow } from '../../../src/core/flow/poisson-flow.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { BUY, SELL } from '../../../src/core/sim/market.js';

/** Cont, Stoikov & Talreja (2010), Sky Perfect Communications. */
const SKY: FlowRates = {
  limitRatePerS: [1.85, 1.51, 1.09, 0.88, 0.77],
  cancelRatePerS: [0.71, 0.81, 0.68, 0.56, 0.47],
  marketRatePerS: 0.94,
  orderSize: { type: 'constant', lots: 1 },
};

interface Lab {
  readonly book: Book;
  readonly flow: PoissonFlow;
  trades: number;
}

function openLab(rates: FlowRates, seed: number): Lab {
  const draws = new Draws(new Stream());
  draws.key(seed, 0, FLOW);
  const flow = new PoissonFlow(rates, draws, 0);
  const lab = { flow, trades: 0 } as { -readonly [K in keyof Lab]: Lab[K] };
  lab.book = new Book(
    { ticks: 256, orders: 256, ids: 256 },
    {
      onTrade(makerId, _takerId, _price, qtyLots) {
        flow.fill(makerId, qtyLots);
        lab.trades++;
      },
    },
  );
  flow.seed(lab.book, 10_000);
  return lab;
}

describe('LiveOrders', () => {
  it('agrees with a Map under random adds, fills and removals', () => {
    const command = fc.tuple(fc.nat(2), fc.nat(1_000), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
        const live = new LiveOrders(2);
        const model = new Map<number, { side: number; price: number; lots: number }>();
        for (const [what, k, lots] of commands) {
          if (what === 0 || model.size === 0) {
            const slot = live.nextSlot();
            expect(model.has(slot)).toBe(false);
            live.add(k & 1, k, lots);
            model.set(slot, { side: k & 1, price: k, lots });
          } else {
            const slot = live.at(k % live.count);
            const order = model.get(slot)!;
            expect([live.sideOf(slot), live.priceOf(slot)]).toEqual([order.side, order.price]);
            const taken = Math.min(lots, order.lots);
            if (what === 1) live.fill(slot, taken);
            else live.remove(slot);
            order.lots -= what === 1 ? taken : order.lots;
            if (order.lots === 0) model.delete(slot);
          }
          expect(live.count).toBe(model.size);
        }
        const slots = Array.from({ length: live.count }, (_, i) => live.at(i));
        expect(slots.sort((a, b) => a - b)).toEqual([...model.keys()].sort((a, b) => a - b));
      }),
    );
  });
});

describe('OrderSize', () => {
  it('draws geometric sizes with P(size = n) = p (1 - p)^(n - 1), within 4 standard errors', () => {
    const draws = new Draws(new Stream());
    draws.key(3, 0, FLOW);
    const meanLots = 4;
    const size = new OrderSize({ type: 'geometric', meanLots });
    const n = 200_000;
    const counts = new Map<number, number>();
    for (let i = 0; i < n; i++) {
      const lots = size.draw(draws);
      counts.set(lots, (counts.get(lots) ?? 0) + 1);
    }
    for (let lots = 1; lots <= 15; lots++) {
      const p = (1 / meanLots) * (1 - 1 / meanLots) ** (lots - 1);
      const error = Math.sqrt((p * (1 - p)) / n);
      expect(Math.abs((counts.get(lots) ?? 0) / n - p)).toBeLessThan(4 * error);
    }
    expect(counts.has(0)).toBe(false);
  });

  it('draws nothing for a mean of one lot or a constant', () => {
    const draws = new Draws(new Stream());
    expect(new OrderSize({ type: 'geometric', meanLots: 1 }).draw(draws)).toBe(1);
    expect(new OrderSize({ type: 'constant', lots: 25 }).draw(draws)).toBe(25);
  });
});

describe('AliasTable', () => {
  it('gives each index exactly its share of the unit interval', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 12 }), (weights) => {
        const total = weights.reduce((a, b) => a + b, 0);
        fc.pre(total > 0);
        const table = new AliasTable(weights);
        const n = 40 * total * weights.length;
        const counts = new Int32Array(weights.length);
        for (let i = 0; i < n; i++) counts[table.pick((i + 0.5) / n)]!++;
        // Cuts fall between grid points: two ends of at most n columns are off by one point each.
        weights.forEach((weight, i) => {
          expect(Math.abs(counts[i]! - (weight / total) * n)).toBeLessThanOrEqual(2 * weights.length);
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('PoissonFlow', () => {
  it('gives the published odds that a best queue grows next (V2), within 4 standard errors', () => {
    const { book, flow } = openLab(SKY, 11);
    // lambda(1) / (lambda(1) + mu + n theta(1)) for a best bid of n orders while the spread is one tick.
    const up = new Float64Array(6);
    const all = new Float64Array(6);
    for (let i = 0; i < 600_000; i++) {
      const bid = book.bestBidTicks;
      const open = bid >= 0 && book.bestAskTicks === bid + 1;
      const before = open ? book.qtyAt(bid) : 0;
      flow.step(book, book.bestBidTicks, book.bestAskTicks);
      if (before < 1 || before > 5) continue;
      const change = book.bestBidTicks > bid ? 0 : book.qtyAt(bid) - before;
      if (change !== 0) all[before]!++;
      if (change > 0) up[before]!++;
    }
    for (let n = 1; n <= 5; n++) {
      const p = 1.85 / (1.85 + 0.94 + n * 0.71);
      expect(p).toBeCloseTo([0.5286, 0.4394, 0.376, 0.3286, 0.2918][n - 1]!, 4);
      expect(all[n]).toBeGreaterThan(2_000);
      expect(Math.abs(up[n]! / all[n]! - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / all[n]!));
    }
  });

  it('sends limit orders to each distance and market orders at their rates, within 4 standard errors', () => {
    const lab = openLab(SKY, 5);
    const { book, flow } = lab;
    const perDistance = new Float64Array(6);
    let oneSided = 0;
    while (flow.nextNs() < 20_000e9) {
      const [bid, ask, orders] = [book.bestBidTicks, book.bestAskTicks, flow.live.count];
      flow.step(book, book.bestBidTicks, book.bestAskTicks);
      if (flow.live.count <= orders) continue;
      const slot = flow.live.at(orders);
      const price = flow.live.priceOf(slot);
      const distance = flow.live.sideOf(slot) === BUY ? ask - price : price - bid;
      if (bid >= 0 && ask >= 0 && ask - bid <= 5) perDistance[distance]!++;
      else oneSided++;
    }
    SKY.limitRatePerS.forEach((rate, i) => {
      const expected = 2 * rate * 20_000;
      // Orders that met an empty side or a wide spread are few and not counted by distance.
      expect(Math.abs(perDistance[i + 1]! - expected)).toBeLessThan(4 * Math.sqrt(expected) + oneSided);
    });
    expect(oneSided).toBeLessThan(0.01 * perDistance.reduce((a, b) => a + b));
    const expected = 2 * SKY.marketRatePerS * 20_000;
    expect(Math.abs(lab.trades - expected)).toBeLessThan(4 * Math.sqrt(expected) + oneSided);
  });

  it('keeps book and live orders the same, never crosses, and survives a market that eats everything', () => {
    const hungry: FlowRates = { ...SKY, marketRatePerS: 8, orderSize: { type: 'geometric', meanLots: 6 } };
    for (const rates of [SKY, hungry]) {
      const { book, flow } = openLab(rates, 2);
      for (let i = 0; i < 20_000; i++) {
        flow.step(book, book.bestBidTicks, book.bestAskTicks);
        expect(book.ordersLive).toBe(flow.live.count);
        const { bestBidTicks: bid, bestAskTicks: ask } = book;
        if (bid >= 0 && ask >= 0) expect(bid).toBeLessThan(ask);
      }
    }
  });

  it('repeats itself bit by bit from the same key and differs for another', () => {
    const hash = (seed: number) => {
      const { book, flow } = openLab(SKY, seed);
      for (let i = 0; i < 5_000; i++) flow.step(book, book.bestBidTicks, book.bestAskTicks);
      return [book.stateHash(), flow.nextNs()];
    };
    expect(hash(1)).toEqual(hash(1));
    expect(hash(1)).not.toEqual(hash(2));
  });

  it('stands still for ever when nothing can happen', () => {
    const none: FlowRates = { ...SKY, limitRatePerS: [0], cancelRatePerS: [1], marketRatePerS: 0 };
    const { book, flow } = openLab(none, 1);
    expect(flow.nextNs()).toBe(Infinity);
    expect(book.depth(SELL, new Int32Array(1), new Int32Array(1), 1)).toBe(0);
  });
});
