/** The queue-reactive fit finds the rates of queues that were simulated exactly from known intensities. */
import { describe, expect, it } from 'vitest';
import { rateEstimate } from '../../../src/core/fit/estimate.js';
import { CANCEL, fitQueueReactive, LIMIT, MARKET } from '../../../src/core/fit/queue-reactive.js';
import { Stream } from '../../../src/core/rng/stream.js';
import type { ReplayFeed } from '../../../src/core/sim/replay-feed.js';
import { DELETE, EXECUTE_VISIBLE, SUBMIT } from '../../../src/core/sim/replay-feed.js';

const TYPES = [SUBMIT, DELETE, EXECUTE_VISIBLE];
const MAX_QUEUE = 6;
/**
 * Rate of a kind of event at a level and queue size; the second level never empties, so the reference
 * stays.
 */
function rate(kind: number, level: number, size: number): number {
  if (kind === LIMIT) return level === 0 ? 2 : 1.5;
  if (kind === CANCEL) return size > level ? 0.3 * Math.min(size, MAX_QUEUE) : 0;
  return level === 0 && size > 0 ? 0.5 + 0.5 / Math.min(size, MAX_QUEUE) : 0;
}

const MID = 1_000;
const priceE4 = (side: number, level: number) => 100 * (side === 0 ? MID - level : MID + 1 + level);

/** Two levels a side, orders of one lot. */
function simulate(stream: Stream, durationS: number): ReplayFeed {
  const queues = [
    [3, 4],
    [3, 4],
  ];
  const rows: number[][] = [];
  const cells: number[] = [];
  const note = (tNs: number, kind: number, side: number, level: number) => {
    rows.push([tNs, TYPES[kind]!, priceE4(side, level), side]);
    const shown = queues.map((sizes, s) =>
      sizes.flatMap((size, l) => (size > 0 ? [[priceE4(s, l), size]] : [])),
    );
    for (const rank of [0, 1]) cells.push(...(shown[1]![rank] ?? [-1, 0]), ...(shown[0]![rank] ?? [-1, 0]));
  };
  note(0, LIMIT, 0, 0);
  for (let t = 0; ;) {
    const events: [number, number, number, number][] = [];
    for (const side of [0, 1])
      for (const level of [0, 1])
        for (const kind of [LIMIT, CANCEL, MARKET])
          events.push([rate(kind, level, queues[side]![level]!), kind, side, level]);
    const total = events.reduce((sum, [r]) => sum + r, 0);
    t += stream.exponential() / total;
    if (t > durationS) break;
    let u = stream.uniform() * total;
    const [, kind, side, level] = events.find(([r]) => (u -= r) < 0) ?? events[0]!;
    queues[side]![level]! += kind === LIMIT ? 1 : -1;
    note(t * 1e9, kind, side, level);
  }
  return {
    rows: rows.length,
    levels: 2,
    gridE4: 100,
    orders: 0,
    tNs: Float64Array.from(rows, (row) => row[0]!),
    type: Uint8Array.from(rows, (row) => row[1]!),
    order: new Int32Array(rows.length),
    lots: new Int32Array(rows.length).fill(1),
    priceE4: Int32Array.from(rows, (row) => row[2]!),
    side: Uint8Array.from(rows, (row) => row[3]!),
    cells: Int32Array.from(cells),
  };
}

describe('fitQueueReactive', () => {
  it('covers every intensity that was met often in at least 90 of 100 samples', () => {
    const covered = new Map<string, [inside: number, samples: number]>();
    const stream = new Stream();
    for (let unit = 0; unit < 100; unit++) {
      const fit = fitQueueReactive(simulate(stream.key(8, unit, 1), 300), 100, 2, MAX_QUEUE);
      expect(fit.moves).toBe(0);
      expect([...fit.unitLots]).toEqual([1, 1]);
      for (let level = 0; level < 2; level++) {
        for (let size = 0; size <= MAX_QUEUE; size++) {
          const at = level * (MAX_QUEUE + 1) + size;
          const seconds = fit.exposureS[at]!;
          for (const kind of [LIMIT, CANCEL, MARKET]) {
            const truth = rate(kind, level, size);
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
