/** The ledger's identities, checked against an account kept in big integers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/core/ledger/ledger.js';
import { BUY, SELL } from '../../../src/core/sim/market.js';

const action = fc.record({
  midHalfTicks: fc.integer({ min: 2, max: 200_000_000 }),
  side: fc.constantFrom(BUY, SELL),
  offset: fc.integer({ min: -50, max: 50 }),
  lots: fc.integer({ min: 1, max: 5_000 }),
  taker: fc.boolean(),
  fills: fc.boolean(),
});

describe('Ledger', () => {
  it('keeps cash + inventory x mid - fees = PnL and spread + inventory gain - fees = PnL, exactly', () => {
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 200 }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (actions, bps) => {
          const ledger = new Ledger(bps, 3);
          let cash = 0n;
          let inventory = 0n;
          let [maker, taker] = [0n, 0n];
          for (const { midHalfTicks, side, offset, lots, taker: isTaker, fills } of actions) {
            ledger.mark(midHalfTicks);
            if (fills) {
              const price = Math.max(1, (midHalfTicks >> 1) + offset);
              ledger.fill(side, price, lots, isTaker);
              const signed = side === BUY ? BigInt(lots) : -BigInt(lots);
              cash -= BigInt(price) * signed;
              inventory += signed;
              if (isTaker) taker += BigInt(price * lots);
              else maker += BigInt(price * lots);
            }
            const gross = 2n * cash + inventory * BigInt(midHalfTicks);
            expect(BigInt(ledger.grossHalfTickLots())).toBe(gross);
            const parts = ledger.spreadCaptureHalfTickLots + ledger.inventoryGainHalfTickLots;
            expect(BigInt(parts)).toBe(gross);
            const fees = (Number(maker) * bps + Number(taker) * 3) / 10_000;
            expect(ledger.feesTickLots()).toBe(fees);
            expect(ledger.pnlTickLots()).toBe(Number(gross) / 2 - fees);
          }
          expect(BigInt(ledger.inventoryLots)).toBe(inventory);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('books a round trip: buy 10 at 99, sell 10 at 101, mid 100, rebate 1 bp', () => {
    const ledger = new Ledger(-1, 2);
    ledger.mark(200);
    ledger.fill(BUY, 99, 10, false);
    expect(ledger.inventoryLots).toBe(10);
    ledger.fill(SELL, 101, 10, false);
    expect(ledger.cashTickLots).toBe(20);
    expect(ledger.spreadCaptureHalfTickLots).toBe(40);
    expect(ledger.feesTickLots()).toBeCloseTo(-0.2, 12);
    expect(ledger.pnlTickLots()).toBeCloseTo(20.2, 12);
  });

  it('prices the close of a position as a taker', () => {
    const ledger = new Ledger(0, 10);
    ledger.mark(200);
    ledger.fill(SELL, 101, 5, false);
    expect(ledger.closedPnlTickLots(102)).toBeCloseTo(-5 - (5 * 102 * 10) / 10_000, 12);
  });
});
