/** The rate estimator recovers known rates from our own flow, written down as level-L files. */
import { describe, expect, it } from 'vitest';
import { binsBySample, fitCstRates } from '../../../src/core/fit/cst-rates.js';
import { RECORDED_TICK_E4, recordFlow } from '../../../src/core/fit/record-flow.js';
import { poissonFlow } from '../../../src/core/flow/poisson-flow.js';
import type { OrderSizeSpec } from '../../../src/core/flow/order-size.js';
import type { ReplayFeed } from '../../../src/core/sim/replay-feed.js';

const RATES = {
  limitRatePerS: [1.2, 1.5, 1.1, 0.9, 0.8],
  cancelRatePerS: [0.7, 0.8, 0.7, 0.55, 0.45],
  marketRatePerS: 0.9,
} as const;

function record(levels: number, durationS: number, unit: number, orderSize: OrderSizeSpec): ReplayFeed {
  const flow = poissonFlow({ ...RATES, orderSize });
  const warmupS = 20;
  return recordFlow({
    flow,
    startMidTicks: 10_000,
    warmupS,
    durationS,
    levels,
    seed: 77,
    unit,
    streamName: 1,
    maxRows: 1e6,
  });
}

const THREE: OrderSizeSpec = { type: 'constant', lots: 3 };

describe('fitCstRates', () => {
  it.each([1, 2, 5])('recovers the rates from a level-%i file within 4 standard errors', (levels) => {
    const fit = fitCstRates(record(levels, 3_000, 0, THREE), RECORDED_TICK_E4, [1, 2, 3, 4, 5, 6]);
    expect(fit.meanLots).toBe(3);
    const near = (got: number, rate: number, error: number) => {
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThan(0.2 * rate);
      expect(Math.abs(got - rate)).toBeLessThan(4 * error);
    };
    near(fit.marketRatePerS, RATES.marketRatePerS, fit.marketErrorPerS);
    // A level-1 file shows distances 4 and 5 only while the spread is that wide.
    const seen = levels === 1 ? 3 : 5;
    for (let i = 0; i < seen; i++) {
      near(fit.limitRatePerS[i]!, RATES.limitRatePerS[i]!, fit.limitErrorPerS[i]!);
      near(fit.cancelRatePerS[i]!, RATES.cancelRatePerS[i]!, fit.cancelErrorPerS[i]!);
    }
  });

  it('pools distances in bins and refuses a feed without a duration', () => {
    const feed = record(5, 100, 0, THREE);
    const fit = fitCstRates(feed, RECORDED_TICK_E4, [1, 3, 6]);
    expect(fit.limitRatePerS).toHaveLength(5);
    expect(fit.limitRatePerS[0]).toBe(fit.limitRatePerS[1]);
    expect(fit.cancelRatePerS[2]).toBe(fit.cancelRatePerS[4]);
    expect(() => fitCstRates({ ...feed, rows: 1 }, RECORDED_TICK_E4, [1, 6])).toThrow('limit orders');
  });
});

describe('binsBySample', () => {
  it('makes every bin hold enough orders and end at the last distance', () => {
    expect(binsBySample([5, 5, 1, 1, 8, 0, 3, 2], 5)).toEqual([1, 2, 3, 6, 9]);
    expect(binsBySample([9, 9, 1], 5)).toEqual([1, 2, 4]);
    expect(binsBySample([0, 0], 5)).toEqual([1, 3]);
  });
});
