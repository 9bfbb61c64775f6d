/**
 * Samples of a queue-reactive market with known intensities and a reference price that moves, as files show
 * them: for tests and self-checks of the fit.
 *
 * The market's own flow, written down by record-flow.ts. It has more queues than are fitted, so that those
 * which leave and come at the ends of its window when the reference price moves are not mistaken for
 * orders. Orders are of one lot.
 */
import { queueReactiveFlow } from '../flow/queue-reactive-flow.js';
import type { ReplayFeed } from '../sim/replay-feed.js';
import { CANCEL, LIMIT } from './queue-reactive.js';
import { recordFlow } from './record-flow.js';

/** Queues a side that the fit is held to, and those of the market. */
export const QUEUE_TRUTH_LEVELS = 2;
const MARKET_LEVELS = 4;
/** The file shows so many prices a side. */
const SHOWN = 6;
const START_TICKS = 10_000;
const WARMUP_S = 20;
const MAX_ROWS = 1_000_000;

/** From here on the intensities no longer change with the size. */
export const QUEUE_TRUTH_SIZES = 6;
/** Chance that the reference price follows the mid. */
export const QUEUE_TRUTH_THETA = 0.7;

/** Rate of a kind of event at a level and a queue size, per second; market orders while it is the best. */
export function queueTruth(kind: number, level: number, size: number): number {
  if (kind === LIMIT) return level === 0 ? 2 : 1.5;
  const shown = Math.min(size, QUEUE_TRUTH_SIZES);
  if (kind === CANCEL) return 0.3 * shown;
  if (size === 0) return 0;
  return level === 0 ? 0.5 + 0.5 / shown : 0.8;
}

const tableOf = (kind: number): number[][] =>
  Array.from({ length: MARKET_LEVELS }, (_, level) =>
    Array.from({ length: QUEUE_TRUTH_SIZES + 1 }, (__, size) => queueTruth(kind, level, size)),
  );

const KINDS = 3;

/** Sample `unit` of a seed. */
export function simulateQueues(
  seed: number,
  unit: number,
  streamName: number,
  durationS: number,
  theta = QUEUE_TRUTH_THETA,
): ReplayFeed {
  const [limitBySizePerS, cancelBySizePerS, marketBySizePerS] = Array.from({ length: KINDS }, (_, kind) =>
    tableOf(kind),
  );
  const flow = queueReactiveFlow({
    ...{ limitBySizePerS, cancelBySizePerS, marketBySizePerS, theta, thetaReinit: 0 },
    orderSize: { type: 'constant', lots: 1 },
  });
  return recordFlow({
    ...{ flow, seed, unit, streamName, durationS },
    ...{ startMidTicks: START_TICKS, warmupS: WARMUP_S, levels: SHOWN, maxRows: MAX_ROWS },
  });
}
