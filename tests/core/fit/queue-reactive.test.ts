/** The queue-reactive fit: where the reference price stood, rates and residuals of simulated markets. */
import { describe, expect, it } from 'vitest';
import { goodnessOf } from '../../../src/core/fit/goodness.js';
import { fitQueueReactive, LIMIT, queueRate, queueResiduals } from '../../../src/core/fit/queue-reactive.js';
import { QUEUE_TRUTH_SIZES, queueTruth, simulateQueues } from '../../../src/core/fit/simulate-queues.js';
import type { ReplayFeed } from '../../../src/core/sim/replay-feed.js';
import { DELETE, SUBMIT } from '../../../src/core/sim/replay-feed.js';

type Event = readonly [type: number, priceTicks: number, side: number];
/** A feed with one event a second; quotes[i] are bid and ask before event i, in ticks, all of one lot. */
function feedOf(quotes: readonly (readonly [number, number])[], events: readonly Event[]): ReplayFeed {
  const rows = events.length + 1;
  const column = (of: (event: Event) => number) => [0, ...events.map(of)];
  return {
    ...{ rows, levels: 1, gridE4: 100, orders: 0, order: new Int32Array(rows) },
    tNs: Float64Array.from({ length: rows }, (_, i) => i * 1e9),
    type: Uint8Array.from(column(([type]) => type)),
    lots: new Int32Array(rows).fill(1),
    priceE4: Int32Array.from(column(([, price]) => 100 * price)),
    side: Uint8Array.from(column(([, , side]) => side)),
    cells: Int32Array.from(quotes.flatMap(([bid, ask]) => [100 * ask, 1, 100 * bid, 1])),
  };
}

describe('fitQueueReactive', () => {
  it('tells by the order that fills a gap whether the reference price had followed the mid', () => {
    const quotes = [
      [1000, 1001],
      [999, 1001],
      [999, 1000],
      [998, 1000],
      [999, 1000],
      [999, 1000],
    ] as const;
    const feed = feedOf(quotes, [
      [DELETE, 1000, 0],
      // A seller fills the gap: it lies above the reference price, which has followed.
      [SUBMIT, 1000, 1],
      [DELETE, 999, 0],
      // A buyer fills the gap: the reference price has stayed.
      [SUBMIT, 999, 0],
      [SUBMIT, 999, 0],
    ]);
    const fit = fitQueueReactive(feed, 100, 1, 3);
    expect([...fit.references]).toEqual([-1, 2001, 1999, 1999, 1999, 1999]);
    expect(fit.moves).toBeCloseTo(1, 6);
    expect(fit.occasions).toBeCloseTo(2, 6);
    expect(fit.theta!.value).toBeCloseTo(0.5, 6);
    expect(fit.meanSpreadTicks).toBeCloseTo((1 + 2 + 1 + 2 + 1) / 5, 12);
    // Both orders met an empty first queue, which was there for the two seconds of a spread of two ticks.
    expect(queueRate(fit, 0, 0, LIMIT)).toBeCloseTo(1, 6);
  });

  it('goes by the half tick nearer to the last one where the model cannot explain a jump', () => {
    const quotes = [
      [1000, 1001],
      [999, 1001],
      [1003, 1004],
      [1003, 1004],
    ] as const;
    const feed = feedOf(quotes, [
      [DELETE, 1000, 0],
      [SUBMIT, 1003, 0],
      [SUBMIT, 1003, 0],
    ]);
    const fit = fitQueueReactive(feed, 100, 1, 3);
    expect([...fit.references]).toEqual([-1, 2001, 2001, 2007]);
    expect([fit.occasions, fit.theta]).toEqual([0, null]);
    const limits = fit.exposureS.filter((_, at) => at % 3 === LIMIT).reduce((sum, s) => sum + s, 0);
    // Three seconds, both first queues.
    expect(limits).toBeCloseTo(6, 9);
  });

  it('has residuals as the model says, and rates near the known ones where the reference price is hidden', () => {
    const [samples, kinds] = [20, 3];
    let [rejected, met, seconds] = [0, 0, 0];
    for (let unit = 0; unit < samples; unit++) {
      const feed = simulateQueues(8, unit, 1, 300);
      const fit = fitQueueReactive(feed, 100, 2, QUEUE_TRUTH_SIZES);
      expect([...fit.unitLots]).toEqual([1, 1]);
      for (const residuals of queueResiduals(feed, 100, fit))
        rejected += Number(goodnessOf(residuals).ksPValue < 0.05);
      met += fit.counts[LIMIT]!;
      seconds += fit.exposureS[LIMIT]!;
    }
    // Tests at 5 %, of rates fitted to the same sample.
    expect(rejected / (samples * kinds)).toBeLessThan(0.1);
    // An empty first queue is never there at a spread of one tick: all of its time is hidden.
    expect(Math.abs(met - queueTruth(LIMIT, 0, 0) * seconds)).toBeLessThan(4 * Math.sqrt(met));
  });
});
