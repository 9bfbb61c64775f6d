/**
 * Exact simulation of two queues a side whose events depend on their own size alone, written as a level-2
 * feed: known queue-reactive intensities for tests and self-checks of the fit.
 *
 * The second queue never empties, so that the reference price stays. Orders are of one lot. O(1) an event.
 */
import type { Stream } from '../rng/stream.js';
import type { ReplayFeed } from '../sim/replay-feed.js';
import { DELETE, EXECUTE_VISIBLE, SUBMIT } from '../sim/replay-feed.js';
import { CANCEL, LIMIT } from './queue-reactive.js';

const TYPES = [SUBMIT, DELETE, EXECUTE_VISIBLE];
const LEVELS = 2;
const MID_TICKS = 1_000;
const TICK_E4 = 100;

/** From here on the intensities no longer change with the size. */
export const QUEUE_TRUTH_SIZES = 6;

/** Rate of a kind of event at level 0 or 1 and a queue size, per second. */
export function queueTruth(kind: number, level: number, size: number): number {
  if (kind === LIMIT) return level === 0 ? 2 : 1.5;
  const shown = Math.min(size, QUEUE_TRUTH_SIZES);
  if (kind === CANCEL) return size > level ? 0.3 * shown : 0;
  return level === 0 && size > 0 ? 0.5 + 0.5 / shown : 0;
}

const priceE4 = (side: number, level: number): number =>
  TICK_E4 * (side === 0 ? MID_TICKS - level : MID_TICKS + 1 + level);

export function simulateQueues(stream: Stream, durationS: number): ReplayFeed {
  const queues = [3, 4, 3, 4];
  const columns: number[][] = [[], [], [], []];
  const cells: number[] = [];
  const note = (tNs: number, kind: number, queue: number): void => {
    const side = queue >> 1;
    [tNs, TYPES[kind], priceE4(side, queue & 1), side].forEach((value, c) => columns[c].push(value));
    const shown = [0, 1].map((s) => [0, 1].filter((level) => queues[2 * s + level] > 0));
    for (let rank = 0; rank < LEVELS; rank++) {
      for (const s of [1, 0]) {
        const level = shown[s][rank];
        if (level === undefined) cells.push(-1, 0);
        else cells.push(priceE4(s, level), queues[2 * s + level]);
      }
    }
  };
  note(0, LIMIT, 0);
  const rates = new Float64Array(12);
  for (let t = 0; ;) {
    let total = 0;
    for (let e = 0; e < 12; e++) {
      const queue = (e / 3) | 0;
      total += rates[e] = queueTruth(e % 3, queue & 1, queues[queue]);
    }
    t += stream.exponential() / total;
    if (t > durationS) break;
    let u = stream.uniform() * total;
    let event = 0;
    while (event < 11 && u >= rates[event]) u -= rates[event++];
    const queue = (event / 3) | 0;
    queues[queue] += event % 3 === LIMIT ? 1 : -1;
    note(t * 1e9, event % 3, queue);
  }
  const [tNs, type, price, side] = columns;
  return {
    rows: tNs.length,
    levels: LEVELS,
    gridE4: TICK_E4,
    orders: 0,
    tNs: Float64Array.from(tNs),
    type: Uint8Array.from(type),
    order: new Int32Array(tNs.length),
    lots: new Int32Array(tNs.length).fill(1),
    priceE4: Int32Array.from(price),
    side: Uint8Array.from(side),
    cells: Int32Array.from(cells),
  };
}
