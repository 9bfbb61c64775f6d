/** The fee schedule against an account that looks every fill up, and the identities of the ledger. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ledger } from '../../../src/core/ledger/ledger.js';
import { TieredLedger, type FeeTier } from '../../../src/core/ledger/tiered-ledger.js';
import { BUY, SELL } from '../../../src/core/sim/market.js';

const fill = fc.record({
  side: fc.constantFrom(BUY, SELL),
  priceTicks: fc.integer({ min: 1, max: 20_000 }),
  lots: fc.integer({ min: 1, max: 500 }),
  taker: fc.boolean(),
});
/** Rates in whole bps and quarter ticks, so that the plain account below is exact too. */
const tier = fc.record({
  step: fc.integer({ min: 1, max: 2_000_000 }),
  makerBps: fc.integer({ min: -5, max: 20 }),
  takerBps: fc.integer({ min: 0, max: 40 }),
  makerTicks: fc.integer({ min: -4, max: 8 }).map((n) => n / 4),
  takerTicks: fc.integer({ min: 0, max: 8 }).map((n) => n / 4),
});

it('charges each fill the tier of the volume before it; PnL = cash + inventory x mid - fees', () => {
  const reached = new Set<number>();
  fc.assert(
    fc.property(
      fc.array(tier, { minLength: 1, maxLength: 6 }),
      fc.array(fill, { maxLength: 150 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 3_000_000 }),
      (steps, fills, byLots, startVolume) => {
        let fromVolume = 0;
        const tiers = steps.map(({ step, ...rates }, i): FeeTier => {
          if (i > 0) fromVolume += byLots ? Math.ceil(step / 1000) : step;
          return { fromVolume, ...rates };
        });
        const ledger = new TieredLedger({ tiers, byLots, startVolume });
        ledger.mark(20_001);
        let [volume, fees, cash, inventory] = [startVolume, 0, 0, 0];
        for (const { side, priceTicks, lots, taker } of fills) {
          const now = tiers.filter((one) => volume >= one.fromVolume).at(-1)!;
          // In 1/10,000 of a tick-lot: integers.
          fees += priceTicks * lots * (taker ? now.takerBps : now.makerBps);
          fees += 10_000 * lots * (taker ? now.takerTicks : now.makerTicks);
          volume += byLots ? lots : priceTicks * lots;
          ledger.fill(side, priceTicks, lots, taker);
          const signed = side === BUY ? lots : -lots;
          cash -= signed * priceTicks;
          inventory += signed;
          expect(ledger.feesTickLots()).toBeCloseTo(fees / 10_000, 6);
          expect(ledger.pnlTickLots()).toBe(cash + (inventory * 20_001) / 2 - ledger.feesTickLots());
        }
        const { takerBps, takerTicks } = tiers[ledger.tier]!;
        const closing = Math.abs(inventory) * ((9_990 * takerBps) / 10_000 + takerTicks);
        expect(ledger.closedPnlTickLots(9_990)).toBeCloseTo(
          cash + inventory * 9_990 - fees / 10_000 - closing,
          5,
        );
        reached.add(ledger.tier);
      },
    ),
    { numRuns: 200 },
  );
  expect(reached.size).toBeGreaterThan(3);
});

it('is the plain ledger where one tier says all', () => {
  const rates = { fromVolume: 0, makerBps: -0.2, takerBps: 0.3, makerTicks: 0, takerTicks: 0 };
  const both = [
    new Ledger(-0.2, 0.3),
    new TieredLedger({ tiers: [rates], byLots: false, startVolume: 1e9 }),
  ].map((ledger) => {
    ledger.mark(2_001);
    for (let i = 1; i < 50; i++) ledger.fill(i % 2, 990 + i, i, i % 3 === 0);
    return [ledger.feesTickLots(), ledger.pnlTickLots(), ledger.closedPnlTickLots(1_000)];
  });
  expect(both[1]).toEqual(both[0]);
});
