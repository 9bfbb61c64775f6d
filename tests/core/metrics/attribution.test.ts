/** The PnL attribution: its parts sum to the PnL to the last half tick-lot, and each is what it says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Markouts } from '../../../src/core/metrics/markouts.js';
import { Simulation } from '../../../src/core/sim/loop.js';
import { CONTROL, makeMarket, makeQuoter, OPTIONS, WatchedMarket } from '../sim/lab.js';

const options = fc.record({
  orderLatencyNs: fc.constantFrom(0, 1e6, 50e6, 2e9),
  feedLatencyNs: fc.constantFrom(0, 1, 1e6, 50e6, 2e9),
  makerBps: fc.constantFrom(-0.5, 0, 1),
  adverseNs: fc.constantFrom(1, 1e7, 1e9, 5e11),
  onFeedChange: fc.boolean(),
});

describe('PnL attribution', () => {
  it('sums to the PnL exactly, for every delay in time and in trades', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.constantFrom('fixed' as const, 'adaptive' as const),
        options,
        (seed, type, chosen) => {
          const all = { ...OPTIONS, ...chosen, endNs: 60e9 };
          const simulation = new Simulation(makeMarket(seed), makeQuoter(type), all, null);
          simulation.run(CONTROL(), 0, 1);
          const { ledger, metrics } = simulation;
          const latency = metrics.latencyHalfTickLots;
          const quoted = ledger.spreadCaptureHalfTickLots - latency;
          for (let h = 0; h < metrics.markouts.lots.length; h++) {
            const adverse = metrics.markouts.total(h, ledger.midHalfTicks);
            const carry = ledger.inventoryGainHalfTickLots - adverse;
            const gross = quoted + latency + adverse + carry;
            expect(Number.isInteger(quoted) && Number.isInteger(latency) && Number.isInteger(adverse)).toBe(
              true,
            );
            expect(gross).toBe(ledger.grossHalfTickLots());
            expect(gross / 2 - ledger.feesTickLots()).toBe(ledger.pnlTickLots());
          }
          // A delay beyond the end leaves nothing to carry.
          if (all.adverseNs > all.endNs) {
            expect(metrics.markouts.total(0, ledger.midHalfTicks)).toBe(ledger.inventoryGainHalfTickLots);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('knows no latency cost where there is no latency, and one where there is', () => {
    const costs = [0, 200e6].map((latencyNs) => {
      const all = { ...OPTIONS, orderLatencyNs: latencyNs, feedLatencyNs: latencyNs, endNs: 600e9 };
      const simulation = new Simulation(makeMarket(5), makeQuoter('fixed'), all, null);
      simulation.run(CONTROL(), 0, 1);
      expect(simulation.metrics.fills).toBeGreaterThan(20);
      return simulation.metrics.latencyHalfTickLots;
    });
    expect(costs[0]).toBe(0);
    expect(costs[1]).toBeLessThan(0);
  });

  it('measures waiting and shortfall of each fill as a watcher of the market does', () => {
    const market = new WatchedMarket(makeMarket(12));
    const simulation = new Simulation(
      market,
      makeQuoter('fixed'),
      { ...OPTIONS, feedLatencyNs: 0, orderLatencyNs: 0 },
      null,
    );
    market.clock = simulation.clock;
    simulation.run(CONTROL(), 0, 1);
    const rested = new Map<number, number>();
    let waitLotNs = 0;
    for (const { what, id, tNs, lots } of market.seen) {
      if (what === 'place') rested.set(id, tNs);
      if (what === 'fill') waitLotNs += lots * (tNs - rested.get(id)!);
    }
    const { metrics, ledger } = simulation;
    expect(metrics.waitLotNs).toBeGreaterThan(0);
    expect(metrics.waitLotNs).toBeCloseTo(waitLotNs, 3);
    // Fixed quotes one tick from the mid that was seen: rounding moves a price by half a tick at most.
    const lots = ledger.makerLots;
    expect(-metrics.shortfallHalfTickLots / 2 / lots).toBeGreaterThanOrEqual(1);
    expect(-metrics.shortfallHalfTickLots / 2 / lots).toBeLessThanOrEqual(1.5);
  });
});

interface Happening {
  readonly waitNs: number;
  readonly mid: number;
  /** Fills of one aggressor, which is a trade even when nothing is ours. */
  readonly lots: readonly number[];
}

const happening: fc.Arbitrary<Happening> = fc.record({
  waitNs: fc.integer({ min: 0, max: 30 }),
  mid: fc.integer({ min: 100, max: 140 }),
  lots: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 3 }),
});

describe('Markouts', () => {
  it('equals a plain recomputation, through the growth of its ring', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 400 }), (list) => {
        const [delays, trades] = [
          [7, 90, 1e6],
          [1, 5, 1e6],
        ];
        const markouts = new Markouts(delays, trades);
        const fills: { tNs: number; lots: number; mid: number; trade: number }[] = [];
        // Mid that held just before each time of a change, and mid that each trade met.
        const mids: [tNs: number, mid: number][] = [[-1, 120]];
        const met: number[] = [];
        let [tNs, lastTradeNs] = [0, -1];
        for (const { waitNs, mid, lots } of list) {
          tNs += waitNs;
          const now = mids.at(-1)![1];
          for (const n of lots) {
            if (n !== 0) {
              fills.push({
                tNs,
                lots: n,
                mid: now,
                trade: tNs === lastTradeNs ? met.length : met.length + 1,
              });
              markouts.fill(n, now, tNs);
            }
            if (tNs !== lastTradeNs) met.push(now);
            lastTradeNs = tNs;
            markouts.trade(tNs, now);
          }
          markouts.reach(tNs, now);
          mids.push([tNs, mid]);
        }
        const end = mids.at(-1)![1];
        const before = (t: number) => mids.findLast(([at]) => at < t)![1];
        [...delays, ...trades].forEach((delay, h) => {
          let [sum, ended, total] = [0, 0, 0];
          for (const fill of fills) {
            const over = h < 3 ? fill.tNs + delay <= tNs : fill.trade + delay <= met.length;
            const mid = !over ? end : h < 3 ? before(fill.tNs + delay) : met[fill.trade + delay - 1]!;
            const part = fill.lots * (mid - fill.mid);
            total += part;
            if (over) [sum, ended] = [sum + part, ended + Math.abs(fill.lots)];
          }
          expect([markouts.halfTickLots[h]! + 0, markouts.lots[h]]).toEqual([sum + 0, ended]);
          expect(markouts.total(h, end) + 0).toBe(total + 0);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('counts the trades of one instant as one', () => {
    const markouts = new Markouts([], [1]);
    markouts.fill(2, 100, 5);
    markouts.trade(5, 100);
    markouts.trade(5, 100);
    expect(markouts.lots[0]).toBe(0);
    markouts.trade(6, 96);
    expect([markouts.halfTickLots[0], markouts.lots[0]]).toEqual([-8, 2]);
  });
});
