/** The queue-reactive fit finds the rates of queues that were simulated exactly from known intensities. */
import { describe, expect, it } from 'vitest';
import { rateEstimate } from '../../../src/core/fit/estimate.js';
import { goodnessOf } from '../../../src/core/fit/goodness.js';
import {
  CANCEL,
  fitQueueReactive,
  LIMIT,
  MARKET,
  queueResiduals,
} from '../../../src/core/fit/queue-reactive.js';
import { QUEUE_TRUTH_SIZES, queueTruth, simulateQueues } from '../../../src/core/fit/simulate-queues.js';
import { Stream } from '../../../src/core/rng/stream.js';
import type { ReplayFeed } from '../../../src/core/sim/replay-feed.js';
import { SUBMIT } from '../../../src/core/sim/replay-feed.js';

const MAX_QUEUE = QUEUE_TRUTH_SIZES;

describe('fitQueueReactive', () => {
  it('covers every intensity that was met often in at least 90 of 100 samples', () => {
    const covered = new Map<string, [inside: number, samples: number]>();
    const stream = new Stream();
    let rejected = 0;
    for (let unit = 0; unit < 100; unit++) {
      const feed = simulateQueues(stream.key(8, unit, 1), 300);
      const fit = fitQueueReactive(feed, 100, 2, MAX_QUEUE);
      for (const residuals of queueResiduals(feed, 100, fit))
        rejected += Number(goodnessOf(residuals).ksPValue < 0.05);
      expect(fit.moves).toBe(0);
      expect([...fit.unitLots]).toEqual([1, 1]);
      for (let level = 0; level < 2; level++) {
        for (let size = 0; size <= MAX_QUEUE; size++) {
          const at = level * (MAX_QUEUE + 1) + size;
          const seconds = fit.exposureS[at]!;
          for (const kind of [LIMIT, CANCEL, MARKET]) {
            const truth = queueTruth(kind, level, size);
            const count = fit.counts[3 * at + kind]!;
            if (truth === 0) expect(count).toBe(0);
            if (truth * seconds < 15) continue;
            const { low, high } = rateEstimate(count, seconds);
            const seen = covered.get(`${kind} at ${level}, ${size}`) ?? [0, 0];
            covered.set(`${kind} at ${level}, ${size}`, [
              seen[0] + Number(low <= truth && truth <= high),
              seen[1] + 1,
            ]);
          }
        }
      }
    }
    // Three tests a sample at 5 %, of rates fitted to the same sample.
    expect(rejected).toBeLessThanOrEqual(25);
    const judged = [...covered].filter(([, [, samples]]) => samples === 100);
    expect(judged.length).toBeGreaterThan(20);
    expect(judged.filter(([, [inside]]) => inside < 90)).toEqual([]);
  });

  it('follows the reference price as the paper says: the mid, or the half tick nearer to the last one', () => {
    // Bid and ask in ticks, and the row that shows them.
    const quotes = [
      [1000, 1001],
      [999, 1001],
      [999, 1000],
      [998, 1000],
      [999, 1000],
    ];
    const feed: ReplayFeed = {
      rows: quotes.length + 1,
      levels: 1,
      gridE4: 100,
      orders: 0,
      tNs: Float64Array.from([0, ...quotes.map((_, i) => (i + 1) * 1e9)]),
      type: new Uint8Array(quotes.length + 1).fill(SUBMIT),
      order: new Int32Array(quotes.length + 1),
      lots: new Int32Array(quotes.length + 1).fill(1),
      priceE4: new Int32Array(quotes.length + 1).fill(99_900),
      side: new Uint8Array(quotes.length + 1),
      cells: Int32Array.from([...quotes, quotes[4]!].flatMap(([b, a]) => [100 * a!, 1, 100 * b!, 1])),
    };
    // 1000.5 stays at 999/1001 (1000 is a whole tick), goes to 999.5, stays at 998/1000, stays.
    expect(fitQueueReactive(feed, 100, 1, 3).moves).toBe(1);
    expect(fitQueueReactive(feed, 100, 1, 3).meanSpreadTicks).toBeCloseTo((1 + 2 + 1 + 2 + 1) / 5, 12);
  });
});
