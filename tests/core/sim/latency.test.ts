/** Drawn latencies: their laws, the order of messages, and what they must leave untouched. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp } from '../../../src/core/math/exp.js';
import { FEED_LATENCY, LATENCY } from '../../../src/core/rng/names.js';
import { LatencyRing, type LatencyLaw } from '../../../src/core/sim/latency.js';
import { Simulation } from '../../../src/core/sim/loop.js';
import { BUY } from '../../../src/core/sim/market.js';
import { CANCEL } from '../../../src/core/sim/trader.js';
import { CONTROL, makeMarket, makeQuoter, OPTIONS, WatchedMarket } from './lab.js';

const law: fc.Arbitrary<LatencyLaw> = fc.oneof(
  fc.record({ type: fc.constant('constant' as const), ns: fc.nat(1_000_000_000) }),
  fc.record({
    type: fc.constant('log-normal' as const),
    medianNs: fc.nat(100_000_000),
    sigma: fc.double({ min: 0, max: 2, noNaN: true }),
  }),
  fc.record({
    type: fc.constant('empirical' as const),
    quantilesNs: fc
      .array(fc.nat(1_000_000_000), { minLength: 1, maxLength: 9 })
      .map((list) => list.sort((a, b) => a - b)),
  }),
);

/** Delays of messages that are sent far apart, so that none waits for another. */
function delaysOf(one: LatencyLaw, n: number): Float64Array {
  const ring = new LatencyRing([{ law: one, bumpNs: 0 }], 5, 0, LATENCY);
  const delays = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const tNs = i * 1e9;
    ring.push(tNs, 0, i, 0, 0);
    delays[i] = ring.nextNs() - tNs;
    ring.pop();
  }
  return delays.sort();
}

describe('LatencyRing', () => {
  it('delivers whole nanoseconds in the order in which messages were sent, none before it was sent', () => {
    const message = fc.tuple(fc.nat(5), fc.nat(50_000_000));
    fc.assert(
      fc.property(fc.array(law, { minLength: 1, maxLength: 4 }), fc.array(message), (laws, messages) => {
        const ring = new LatencyRing(
          laws.map((one) => ({ law: one, bumpNs: 3 })),
          7,
          1,
          LATENCY,
        );
        let [tNs, lastNs] = [0, 0];
        const sent = messages.map(([what, waitNs], i) => {
          tNs += waitNs;
          ring.push(tNs, what, i, 0, 0);
          return tNs;
        });
        sent.forEach((sentNs, i) => {
          expect(ring.word(1)).toBe(i);
          expect(ring.nextNs()).toBeGreaterThanOrEqual(Math.max(sentNs + 3, lastNs));
          expect(ring.nextNs() % 1).toBe(0);
          lastNs = ring.nextNs();
          ring.pop();
        });
        expect(ring.nextNs()).toBe(Infinity);
      }),
    );
  });

  it('draws the laws that it names, within Kolmogorov-Smirnov bounds', () => {
    const n = 20_000;
    // Dvoretzky-Kiefer-Wolfowitz: beyond it once in 10,000 (sqrt(ln(2e4) / 2) = 2.225).
    const bound = 2.225 / Math.sqrt(n);
    const logNormal = delaysOf({ type: 'log-normal', medianNs: 1_000_000, sigma: 0.7 }, n);
    // Phi(-1), Phi(0), Phi(1), Phi(2).
    const parts = [0.158655254, 0.5, 0.841344746, 0.977249868];
    [-1, 0, 1, 2].forEach((z, i) => {
      const below = logNormal.filter((ns) => ns <= 1_000_000 * exp(0.7 * z)).length / n;
      expect(Math.abs(below - parts[i]!)).toBeLessThan(bound);
    });
    const quantilesNs = [100, 1_100, 1_200, 9_200];
    const empirical = delaysOf({ type: 'empirical', quantilesNs }, n);
    for (let i = 1; i <= 3; i++) {
      for (const part of [0.25, 0.5, 1]) {
        const at = quantilesNs[i - 1]! + part * (quantilesNs[i]! - quantilesNs[i - 1]!);
        const below = empirical.filter((ns) => ns <= at).length / n;
        expect(Math.abs(below - (i - 1 + part) / 3)).toBeLessThan(bound + 0.001);
      }
    }
    expect(new Set(delaysOf({ type: 'empirical', quantilesNs: [42] }, 50))).toEqual(new Set([42]));
  });

  it('gives words their own latency, the last one to all beyond, and adds the bump', () => {
    const constant = (ns: number, bumpNs: number) => ({ law: { type: 'constant' as const, ns }, bumpNs });
    const ring = new LatencyRing([constant(1, 0), constant(10, 0), constant(100, 5)], 1, 0, LATENCY);
    const delay = (what: number, tNs: number) => {
      ring.push(tNs, what, 0, 0, 0);
      const ns = ring.nextNs() - tNs;
      ring.pop();
      return ns;
    };
    expect([0, 1, 2, 3, 9].map((what, i) => delay(what, 1000 * i))).toEqual([1, 10, 105, 105, 105]);
    // A quick message waits for the slow one before it.
    ring.push(10_000, 2, 0, 0, 0);
    ring.pop();
    expect(delay(0, 10_000)).toBe(105);
  });
});

describe('Simulation with drawn latencies', () => {
  const wiresOf = (order: LatencyLaw, cancel: LatencyLaw, feed: LatencyLaw, seed: number) => {
    const orders = [order, order, cancel, order].map((one) => ({ law: one, bumpNs: 0 }));
    return {
      toExchange: new LatencyRing(orders, seed, 0, LATENCY),
      toTrader: new LatencyRing([{ law: feed, bumpNs: 0 }], seed, 0, FEED_LATENCY),
    };
  };
  const plain = { ...OPTIONS, orderLatencyNs: 0, feedLatencyNs: 0 };
  const facts = ({ ledger, metrics, events }: Simulation) => [
    events,
    ledger.pnlTickLots(),
    ledger.inventoryLots,
    metrics.fills,
    metrics.ordersPlaced,
    metrics.ordersCancelled,
    metrics.ordersRejected,
    metrics.incrementSumSquares,
  ];

  it('is the simulation with constant latencies where the laws are constant', () => {
    const { orderLatencyNs, feedLatencyNs } = OPTIONS;
    const order = { type: 'constant', ns: orderLatencyNs } as const;
    const feed = { type: 'constant', ns: feedLatencyNs } as const;
    const options = [OPTIONS, { ...plain, wires: wiresOf(order, order, feed, 1) }];
    const [a, b] = options.map((one) => {
      const simulation = new Simulation(makeMarket(3), makeQuoter('adaptive'), one, null);
      simulation.run(CONTROL(), 0, 1);
      return facts(simulation);
    });
    expect(b).toEqual(a);
    expect(a![3]).toBeGreaterThan(10);
  });

  it('keeps the inventory limit, the money identities and the order of place and cancel (V12)', () => {
    fc.assert(
      fc.property(law, law, law, fc.nat(1000), (order, cancel, feed, seed) => {
        const market = new WatchedMarket(makeMarket(seed));
        const options = { ...plain, endNs: 60e9, wires: wiresOf(order, cancel, feed, seed) };
        const simulation = new Simulation(market, makeQuoter('fixed'), options, null);
        market.clock = simulation.clock;
        expect(simulation.run(CONTROL(), 0, 1)).toBe(true);
        let [cash, inventory] = [0, 0];
        const alive = new Map<number, number>();
        for (const { what, id, side, priceTicks, lots } of market.seen) {
          if (what === 'place') {
            // An id comes back only after its order was filled, cancelled or refused.
            expect(alive.get(id) ?? 0).toBe(0);
            alive.set(id, lots);
          } else if (what === 'cancel') {
            expect(alive.has(id)).toBe(true);
            expect(alive.get(id)).toBe(lots);
            alive.set(id, 0);
          } else if (what === 'reject') alive.set(id, 0);
          else if (what === 'fill') {
            alive.set(id, alive.get(id)! - lots);
            inventory += side === BUY ? lots : -lots;
            cash -= (side === BUY ? lots : -lots) * priceTicks;
            expect(Math.abs(inventory)).toBeLessThanOrEqual(options.maxInventoryLots);
          }
        }
        const { ledger } = simulation;
        expect([ledger.inventoryLots, ledger.cashTickLots]).toEqual([inventory, cash]);
        const parts = ledger.spreadCaptureHalfTickLots + ledger.inventoryGainHalfTickLots;
        expect(parts / 2 - ledger.feesTickLots()).toBe(ledger.pnlTickLots());
      }),
      { numRuns: 60 },
    );
  });

  it('never lets a quick cancel arrive before its slow order', () => {
    const [order, cancel] = [
      { type: 'constant', ns: 900_000_000 },
      { type: 'constant', ns: 0 },
    ] as const;
    const wires = wiresOf(order, cancel, { type: 'constant', ns: 1_000_000 }, 1);
    const market = new WatchedMarket(makeMarket(6));
    const simulation = new Simulation(market, makeQuoter('fixed'), { ...plain, wires }, null);
    simulation.run(CONTROL(), 0, 1);
    const missed = market.seen.filter(({ what, lots }) => what === 'cancel' && lots === 0).length;
    // A cancel misses only where the order was filled or refused before; most find their order.
    expect(simulation.metrics.ordersCancelled).toBeGreaterThan(4 * missed);
    expect(CANCEL).toBe(2);
  });
});
