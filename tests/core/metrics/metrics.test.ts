/** Run metrics against plain recomputation from a history, and the Sharpe ratio against its formula. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunMetrics } from '../../../src/core/metrics/run-metrics.js';
import { annualFactor, sharpeRatio, sortinoRatio } from '../../../src/core/metrics/sharpe.js';
import { BUY, SELL } from '../../../src/core/sim/market.js';

interface Step {
  readonly waitNs: number;
  readonly mid: number;
  readonly pnl: number;
  readonly fill: { side: number; lots: number } | null;
}

const step: fc.Arbitrary<Step> = fc.record({
  waitNs: fc.integer({ min: 0, max: 30 }),
  mid: fc.integer({ min: 100, max: 140 }),
  pnl: fc.integer({ min: -1000, max: 1000 }),
  fill: fc.option(fc.record({ side: fc.constantFrom(BUY, SELL), lots: fc.integer({ min: 1, max: 9 }) })),
});

describe('RunMetrics', () => {
  it('equals a plain recomputation on random histories', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const [samplingNs, adverseNs, endNs] = [25, 40, 1_000];
        const metrics = new RunMetrics(samplingNs, adverseNs);
        const history: { tNs: number; mid: number; pnl: number; inventory: number }[] = [
          { tNs: -1, mid: 120, pnl: 0, inventory: 0 },
        ];
        const fills: { tNs: number; side: number; lots: number; mid: number }[] = [];
        let [tNs, inventory] = [0, 0];
        const last = () => history[history.length - 1]!;
        for (const { waitNs, mid, pnl, fill } of steps) {
          tNs += waitNs;
          if (tNs > endNs) break;
          metrics.markouts.reach(tNs, last().mid);
          metrics.sample(tNs, last().pnl);
          if (fill) {
            inventory += fill.side === BUY ? fill.lots : -fill.lots;
            metrics.fill(fill.side, fill.lots, last().mid, inventory, tNs);
            fills.push({ tNs, ...fill, mid: last().mid });
          }
          history.push({ tNs, mid, pnl, inventory });
          metrics.follow(pnl);
        }
        metrics.markouts.reach(endNs, last().mid);
        metrics.sample(endNs, last().pnl);
        // State just before a time: the last entry that is strictly earlier.
        const before = (t: number) => history.findLast((h) => h.tNs < t)!;
        let [adverse, adverseLots, lots] = [0, 0, 0];
        for (const fill of fills) {
          lots += fill.lots;
          if (fill.tNs + adverseNs > endNs) continue;
          const move = before(fill.tNs + adverseNs).mid - fill.mid;
          adverse += (fill.side === BUY ? -1 : 1) * fill.lots * move;
          adverseLots += fill.lots;
        }
        expect(metrics.adverseHalfTickLots + 0).toBe(adverse + 0);
        expect(metrics.adverseLots).toBe(adverseLots);
        expect(lots).toBeGreaterThanOrEqual(adverseLots);
        const increments = [];
        for (let k = 1; k * samplingNs <= endNs; k++) {
          increments.push(before(k * samplingNs).pnl - before((k - 1) * samplingNs).pnl);
        }
        expect(metrics.increments).toBe(increments.length);
        expect(metrics.incrementSum).toBe(increments.reduce((a, b) => a + b, 0));
        expect(metrics.incrementSumSquares).toBe(increments.reduce((a, b) => a + b * b, 0));
        expect(metrics.incrementDownSquares).toBe(increments.reduce((a, b) => a + Math.min(b, 0) ** 2, 0));
        expect([...metrics.keptIncrements()]).toEqual(increments);
        let [peak, drawdown] = [0, 0];
        for (const { pnl } of history) {
          peak = Math.max(peak, pnl);
          drawdown = Math.max(drawdown, peak - pnl);
        }
        expect(metrics.maxDrawdownTickLots).toBe(drawdown);
        let area = 0;
        history.forEach((h, i) => {
          const until = history[i + 1]?.tNs ?? endNs;
          area += Math.abs(h.inventory) * (until - Math.max(0, h.tNs));
        });
        expect(metrics.meanAbsInventoryLots(endNs)).toBeCloseTo(area / endNs, 9);
        expect(metrics.maxAbsInventoryLots).toBe(Math.max(...history.map((h) => Math.abs(h.inventory))));
      }),
      { numRuns: 300 },
    );
  });
});

describe('sharpeRatio', () => {
  it('is mean over standard deviation with the error of Lo (2002), equation 9', () => {
    const increments = [1, 3, -2, 5, 0, 4];
    const n = increments.length;
    const mean = increments.reduce((a, b) => a + b, 0) / n;
    const sd = Math.sqrt(increments.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
    const squares = increments.reduce((a, b) => a + b * b, 0);
    const sharpe = sharpeRatio(n, mean * n, squares, 10)!;
    expect(sharpe.ratio).toBeCloseTo((10 * mean) / sd, 10);
    expect(sharpe.standardError).toBeCloseTo(10 * Math.sqrt((1 + (mean / sd) ** 2 / 2) / n), 10);
  });

  it('has a companion that looks at losses only (Sortino)', () => {
    // Increments 3, -1, 2, -3: mean 1/4, root mean square of the losses sqrt(10 / 4).
    expect(sortinoRatio(4, 1, 10, 2)).toBeCloseTo((2 * 0.25) / Math.sqrt(2.5), 12);
    expect(sortinoRatio(4, 10, 0)).toBeNull();
  });

  it('is undefined without variation or with one increment', () => {
    expect(sharpeRatio(1, 5, 25)).toBeNull();
    expect(sharpeRatio(4, 0, 0)).toBeNull();
    expect(sharpeRatio(3, 0.3, 3 * 0.1 * 0.1)).toBeNull();
  });

  it('annualises one-second increments over 252 days of 6.5 hours', () => {
    expect(annualFactor(1) ** 2).toBeCloseTo(5_896_800, 3);
  });
});
