/** Calibrates the queue-reactive model: intensities by the size of each queue. */
import { rateEstimate, type Estimate } from '../../../core/fit/estimate.js';
import {
  CANCEL,
  fitQueueReactive,
  LIMIT,
  MARKET,
  queueRate,
  queueResiduals,
} from '../../../core/fit/queue-reactive.js';
import type { QueueReactiveFit } from '../../../core/fit/queue-reactive.js';
import { QUEUE_TRUTH_LEVELS, QUEUE_TRUTH_SIZES, simulateQueues } from '../../../core/fit/simulate-queues.js';
import { FLOW } from '../../../core/rng/names.js';
import { EXECUTE_VISIBLE } from '../../../core/sim/replay-feed.js';
import { isWhole, type Sample } from '../sample.js';
import type { QueueReactiveModel } from '../spec.js';
import type { Rows } from '../tables.js';
import { noteFacts } from './facts.js';
import { judge } from './judge.js';

const NAMES = ['queueLimitRate', 'queueCancelRate', 'queueMarketRate'] as const;
/** A mean spread above this leaves the first queues empty most of the time. */
const WIDE_TICKS = 2;
/** Where fewer executions than this share met a fitted queue, the rates cannot tell how the market trades. */
const LEAST_REACHED = 0.5;

export function calibrateQueueReactive(
  sample: Sample,
  model: QueueReactiveModel,
  rows: Rows,
  seed: number,
): void {
  const { unit, tickE4, toS } = sample;
  noteFacts(sample, rows);
  const feed = sample.feed ?? simulateQueues(seed, unit, FLOW, toS);
  const isSimulated = sample.feed === null;
  if (feed.rows < 2 || !(feed.tNs[feed.rows - 1]! > feed.tNs[0]!)) {
    rows.warning(unit, 'short sample', 0, feed.rows);
    return;
  }
  const levels = isSimulated ? QUEUE_TRUTH_LEVELS : model.levels;
  const fit = fitQueueReactive(feed, tickE4, levels, isSimulated ? QUEUE_TRUTH_SIZES : model.maxQueue);
  tell(sample, fit, rows);
  const events = [LIMIT, CANCEL, MARKET].map((kind) =>
    fit.counts.reduce((sum, count, at) => sum + (at % NAMES.length === kind ? count : 0), 0),
  );
  const met = fit.exposureS.reduce((sum, seconds) => sum + Number(seconds > 0), 0);
  queueResiduals(feed, tickE4, fit).forEach((residuals, component) =>
    judge(sample, residuals, { component, events: events[component]! }, met, rows),
  );
  if (fit.meanSpreadTicks > WIDE_TICKS) rows.warning(unit, 'wide spread', 0, fit.meanSpreadTicks);
  const executions = feed.type.reduce((sum, type) => sum + Number(type === EXECUTE_VISIBLE), 0);
  const reached = events[MARKET]! / executions;
  if (reached < LEAST_REACHED) rows.warning(unit, 'orders out of reach', MARKET, reached);
}

function tell(sample: Sample, fit: QueueReactiveFit, rows: Rows): void {
  const { unit } = sample;
  for (let level = 0; level < fit.levels; level++) {
    for (let size = 0; size <= fit.maxQueue; size++) {
      NAMES.forEach((name, kind) => {
        const at = (level * (fit.maxQueue + 1) + size) * NAMES.length + kind;
        if (!(fit.exposureS[at]! > 0)) return;
        const estimate = rateEstimate(fit.counts[at]!, fit.exposureS[at]!);
        rows.parameter(unit, name, level, size, estimate);
        const fitted = queueRate(fit, level, size, kind);
        if (isWhole(sample)) rows.curve(NAMES.length * level + kind, size, estimate, fitted);
      });
    }
    rows.parameter(unit, 'unitLots', level, 0, known(fit.unitLots[level]!));
  }
  if (fit.theta) rows.parameter(unit, 'theta', 0, 0, fit.theta);
  rows.fact(unit, 'spread', fit.meanSpreadTicks);
}

const known = (value: number): Estimate => ({ value, standardError: -1, low: value, high: value });
