/** The replayed market against its slow twin: same queue places, fills and book on random histories. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUY, NIL, SELL } from '../../../src/core/sim/market.js';
import type { FillSink, Market } from '../../../src/core/sim/market.js';
import { ReplayMarket } from '../../../src/core/sim/replay-market.js';
import { NaiveReplay } from '../../../src/core/sim/replay-naive.js';
import { ALL_LEVELS, history, randomFrom } from './replay-activity.js';
import type { Random } from './replay-activity.js';

class Tape implements FillSink {
  tNs = 0;
  readonly fills: string[] = [];
  readonly trades: string[] = [];
  /** Lots filled of each own id since it was placed. */
  readonly filled = new Map<number, number>();

  onFill(ownId: number, side: number, priceTicks: number, qtyLots: number): void {
    this.fills.push(`${this.tNs}: ${ownId} ${side} ${qtyLots}@${priceTicks}`);
    this.filled.set(ownId, (this.filled.get(ownId) ?? 0) + qtyLots);
  }

  onTrade(priceTicks: number, qtyLots: number, aggressorSide: number, hidden: number): void {
    this.trades.push(`${this.tNs}: ${aggressorSide} ${qtyLots}@${priceTicks} ${hidden}`);
  }
}

/**
 * A random own action near the touch on both markets; they must answer alike. Returns the id that was
 * placed, or NIL.
 */
function act(random: Random, ids: number, fast: Market, slow: Market): number {
  const id = random(ids);
  if (random(4) === 0) {
    fast.cancel(id);
    slow.cancel(id);
    return NIL;
  }
  const side = ids === 2 ? id : random(2);
  const touch = side === BUY ? fast.bestBidTicks() : fast.bestAskTicks();
  const base = touch === NIL ? 20 : touch;
  const price = Math.max(1, side === BUY ? base + 1 - random(5) : base - 1 + random(5));
  const lots = 1 + random(12);
  const code = fast.place(id, side, price, lots);
  expect(slow.place(id, side, price, lots)).toBe(code);
  return code === 0 ? id : NIL;
}

function bookOf(market: Market): string {
  const prices = new Int32Array(ALL_LEVELS);
  const lots = new Int32Array(ALL_LEVELS);
  return [BUY, SELL]
    .map((side) => {
      const n = market.depth(side, prices, lots, ALL_LEVELS);
      return `${prices.subarray(0, n).join()} x ${lots.subarray(0, n).join()}`;
    })
    .join(' | ');
}

describe('replay against its naive twin', () => {
  it('gives the same queue places, fills, trades and book where every level is visible', () => {
    let fills = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
        const { full } = history(seed, 250, 1);
        const random = randomFrom(seed ^ 0x5bd1e995);
        const fast = new ReplayMarket(full, 0.01, 6);
        const slow = new NaiveReplay(full, 0.01);
        const [a, b] = [new Tape(), new Tape()];
        while (fast.nextNs() < Infinity) {
          if (random(3) === 0) act(random, 6, fast, slow);
          a.tNs = fast.nextNs();
          b.tNs = slow.nextNs();
          fast.step(a);
          slow.step(b);
          for (let id = 0; id < 6; id++) expect(fast.queueAheadLots(id)).toBe(slow.queueAheadLots(id));
          expect(bookOf(fast)).toBe(bookOf(slow));
        }
        for (let id = 0; id < 6; id++) expect(fast.cancel(id)).toBe(slow.cancel(id));
        expect(a.fills).toEqual(b.fills);
        expect(a.trades).toEqual(b.trades);
        expect(fast.facts).toMatchObject({
          rowsEqual: full.rows,
          mismatchRows: 0,
          reseededRows: 0,
          unsureOrders: 0,
        });
        fills += a.fills.length;
      }),
      { numRuns: 60 },
    );
    expect(fills).toBeGreaterThan(500);
  });

  it('never stands further ahead, nor fills earlier, than in truth where only L levels are visible', () => {
    let fills = 0;
    let unsure = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        fc.integer({ min: 1, max: 4 }),
        (seed, levels) => {
          const { full, cut } = history(seed, 300, levels);
          const random = randomFrom(seed ^ 0x2545f491);
          const fast = new ReplayMarket(cut, 0.01, 2);
          const truth = new NaiveReplay(full, 0.01);
          const [a, b] = [new Tape(), new Tape()];
          while (fast.nextNs() < Infinity) {
            const now = fast.nextNs();
            while (truth.nextNs() < now) truth.step(b);
            if (random(6) === 0) {
              for (const id of [BUY, SELL]) if (truth.queueAheadLots(id) === NIL) fast.cancel(id);
              const placed = act(random, 2, fast, truth);
              a.filled.delete(placed);
              b.filled.delete(placed);
            }
            fast.step(a);
            truth.step(b);
            for (const id of [BUY, SELL]) {
              const ahead = fast.queueAheadLots(id);
              const trueAhead = truth.queueAheadLots(id);
              if (ahead !== NIL && trueAhead !== NIL) expect(ahead).toBeGreaterThanOrEqual(trueAhead);
              expect(a.filled.get(id) ?? 0).toBeLessThanOrEqual(b.filled.get(id) ?? 0);
            }
          }
          expect(fast.facts).toMatchObject({ rows: cut.rows, rowsEqual: cut.rows, mismatchRows: 0 });
          fills += a.fills.length;
          unsure += fast.facts.unsureOrders;
        },
      ),
      { numRuns: 80 },
    );
    expect(fills).toBeGreaterThan(200);
    expect(unsure).toBeGreaterThan(200);
  });
});
