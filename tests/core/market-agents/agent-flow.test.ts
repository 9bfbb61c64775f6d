/** The market of agents as a whole: its accounts, its coupling between runs, its ties to the fundamental. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUY, NIL, SELL, TIF_GTC } from '../../../src/core/book/codes.js';
import type { AgentSpec } from '../../../src/core/market-agents/agent-spec.js';
import { FIRST_ID, openLab, SPEC, type Lab } from './lab.js';

const spec: fc.Arbitrary<AgentSpec> = fc
  .record({
    noiseAgents: fc.nat(40),
    valueAgents: fc.nat(40),
    momentumAgents: fc.nat(10),
    makerAgents: fc.nat(3),
    executionAgents: fc.nat(3),
    makerLevels: fc.integer({ min: 1, max: 12 }),
    makerLevelSpacing: fc.constantFrom(0, 0.5, 5),
    makerSkewTicks: fc.constantFrom(0, 1, 7),
    valueNoiseTicks: fc.constantFrom(0, 3, 40),
    valueTakingShare: fc.constantFrom(0, 0.1, 1),
    executionSchedule: fc.constantFrom('pov' as const, 'twap' as const),
    fundamentalSigmaTicksPerSqrtS: fc.constantFrom(0, 0.5, 20),
    orderSize: fc.constantFrom({ type: 'constant' as const, lots: 3 }, SPEC.orderSize),
  })
  .map((chosen) => ({ ...SPEC, ...chosen }));

const slotsOf = (s: AgentSpec): number =>
  s.noiseAgents + s.valueAgents + s.momentumAgents + s.executionAgents + 2 * s.makerLevels * s.makerAgents;

describe('AgentFlow', () => {
  it('keeps its slots equal to the book, counts every lot, and never crosses the book', () => {
    fc.assert(
      fc.property(spec, fc.nat(1000), (s, seed) => {
        const lab = openLab(s, seed);
        const { book, flow, lots } = lab;
        let lastNs = 0;
        for (let wake = 0; wake < 400 && flow.nextNs() < Infinity; wake++) {
          expect(flow.nextNs()).toBeGreaterThanOrEqual(lastNs);
          lastNs = flow.nextNs();
          // A trader's own orders, now and then: resting ones, and one that takes.
          if (wake % 20 === 0 && book.bestBidTicks !== NIL) {
            book.limit(wake % 40, BUY, book.bestBidTicks, 4, TIF_GTC);
          }
          if (wake % 50 === 0) book.market(NIL + 60, wake % 100 === 0 ? BUY : SELL, 3);
          lab.step();
          if (book.bestBidTicks !== NIL && book.bestAskTicks !== NIL) {
            expect(book.bestBidTicks).toBeLessThan(book.bestAskTicks);
          }
        }
        for (let slot = 0; slot < slotsOf(s); slot++) {
          expect(flow.desk.leftLots(slot)).toBe(book.qtyOf(FIRST_ID + slot));
        }
        expect([...flow.desk.volumeLots]).toEqual(lots);
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same run again, from the same object too, and another one for another seed', () => {
    const hash = (lab: Lab): number[] => {
      const out: number[] = [];
      for (let wake = 1; wake <= 6000; wake++) {
        lab.step();
        if (wake % 1000 === 0) out.push(lab.book.stateHash(), lab.flow.nextNs());
      }
      return out;
    };
    expect(hash(openLab(SPEC, 3))).toEqual(hash(openLab(SPEC, 3)));
    expect(hash(openLab(SPEC, 3))).not.toEqual(hash(openLab(SPEC, 4)));
  });

  it('shares wakes and the fundamental between runs of a seed, whatever a trader does', () => {
    const [alone, disturbed] = [openLab(SPEC, 8), openLab(SPEC, 8)];
    for (let wake = 0; wake < 20_000; wake++) {
      expect(disturbed.flow.nextNs()).toBe(alone.flow.nextNs());
      if (wake % 7 === 0) disturbed.book.market(1, wake % 14 === 0 ? BUY : SELL, 40);
      alone.step();
      disturbed.step();
      expect(disturbed.flow.fundamental.valueTicks[0]).toBe(alone.flow.fundamental.valueTicks[0]);
    }
    expect(disturbed.book.stateHash()).not.toBe(alone.book.stateHash());
  });

  it('sleeps on for what was left when the clock jumps', () => {
    const [plain, jumped] = [openLab(SPEC, 2), openLab(SPEC, 2)];
    for (let wake = 0; wake < 4000; wake++) {
      if (wake === 1000) jumped.flow.jump(plain.flow.nextNs() - 5, 0);
      plain.step();
      jumped.step();
    }
    expect(jumped.book.stateHash()).toBe(plain.book.stateHash());
    expect(jumped.flow.fundamental.valueTicks[0]).toBe(plain.flow.fundamental.valueTicks[0]);
  });

  it('needs no more memory after two million wakes than after a hundred thousand', () => {
    const lab = openLab(SPEC, 6);
    for (let wake = 0; wake < 100_000; wake++) lab.step();
    const { arrayBuffers } = process.memoryUsage();
    for (let wake = 0; wake < 2_000_000; wake++) lab.step();
    expect(lab.flow.wakes).toBe(2_100_000);
    expect(lab.book.ordersLive).toBeLessThanOrEqual(slotsOf(SPEC));
    // Everything that could grow is a typed array.
    expect(process.memoryUsage().arrayBuffers).toBeLessThanOrEqual(arrayBuffers);
  });

  it('lets prices follow the fundamental, with a market on both sides all the time', () => {
    const lab = openLab(SPEC, 11);
    let [gap, wakes, oneSided, lowest, highest] = [0, 0, 0, Infinity, -Infinity];
    while (lab.flow.nextNs() < 3 * 3600e9) {
      lab.step();
      const { bestBidTicks, bestAskTicks } = lab.book;
      if (bestBidTicks === NIL || bestAskTicks === NIL) {
        oneSided++;
        continue;
      }
      const value = lab.flow.fundamental.valueTicks[0]!;
      gap += Math.abs((bestBidTicks + bestAskTicks) / 2 - value);
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
      wakes++;
    }
    // The value wanders over far more than the distance that prices keep from it.
    expect(highest - lowest).toBeGreaterThan(40);
    expect(gap / wakes).toBeLessThan(3);
    expect(oneSided / wakes).toBeLessThan(0.001);
  });
});
