/** Calibrates the rates of Cont, Stoikov & Talreja by distance. */
import { positiveEstimate, rateEstimate } from '../../../core/fit/estimate.js';
import { binsBySample, fitCstRates, type CstFit } from '../../../core/fit/cst-rates.js';
import { cstResiduals } from '../../../core/fit/cst-residuals.js';
import { RECORDED_TICK_E4, recordFlow } from '../../../core/fit/record-flow.js';
import { poissonFlow } from '../../../core/flow/poisson-flow.js';
import { FLOW } from '../../../core/rng/names.js';
import type { ReplayFeed } from '../../../core/sim/replay-feed.js';
import { isWhole, type Sample } from '../sample.js';
import type { ContStoikovTalrejaModel } from '../spec.js';
import type { Rows } from '../tables.js';
import { noteFacts } from './facts.js';
import { judge } from './judge.js';
import { CST_TRUTH } from './truth.js';

const LEAST_ORDERS = 10;

export function calibrateContStoikovTalreja(
  sample: Sample,
  model: ContStoikovTalrejaModel,
  rows: Rows,
  seed: number,
): void {
  const { unit } = sample;
  noteFacts(sample, rows);
  const feed = sample.feed ?? simulate(sample, seed);
  const distances = sample.feed === null ? CST_TRUTH.limitRatePerS.length : model.maxDistanceTicks;
  const single = Array.from({ length: distances + 1 }, (_, i) => i + 1);
  const fine = attempt(() => fitCstRates(feed, sample.tickE4, single));
  if (fine === null || fine.limitOrders < LEAST_ORDERS) {
    rows.warning(unit, 'short sample', 0, fine?.limitOrders ?? 0);
    return;
  }
  const bins = sample.feed === null ? single : binsBySample(fine.seenAtDistance, model.leastOrders);
  const fit = fitCstRates(feed, sample.tickE4, bins);
  rows.parameter(unit, 'marketRate', 0, 0, positiveEstimate(fit.marketRatePerS, fit.marketErrorPerS));
  rows.parameter(unit, 'meanLots', 0, 0, positiveEstimate(fit.meanLots, fit.meanLotsError));
  fit.limitRatePerS.forEach((rate, i) => {
    rows.parameter(unit, 'limitRate', i + 1, 0, positiveEstimate(rate, fit.limitErrorPerS[i]!));
    const cancel = positiveEstimate(fit.cancelRatePerS[i]!, fit.cancelErrorPerS[i]!);
    rows.parameter(unit, 'cancelRate', i + 1, 0, cancel);
  });
  const sums = [fit.limitOrders, fit.cancelsAtDistance.reduce((sum, n) => sum + n, 0), fit.marketOrders];
  const parameters = [bins.length - 1, bins.length - 1, 1];
  cstResiduals(feed, sample.tickE4, fit).forEach((residuals, component) =>
    judge(sample, residuals, { component, events: sums[component]! }, parameters[component]!, rows),
  );
  if (isWhole(sample)) drawCurves(fine, fit, rows);
}

/** Limit (series 0) and cancel rates (series 1) of single distances beside the pooled ones. */
function drawCurves(fine: CstFit, fit: CstFit, rows: Rows): void {
  fine.limitRatePerS.forEach((rate, i) => {
    const exposureS = rate > 0 ? fine.seenAtDistance[i]! / rate : 0;
    if (exposureS > 0) {
      rows.curve(0, i + 1, rateEstimate(fine.seenAtDistance[i]!, exposureS), fit.limitRatePerS[i]!);
    }
    const cancel = positiveEstimate(fine.cancelRatePerS[i]!, fine.cancelErrorPerS[i]!);
    if (fine.cancelsAtDistance[i]! > 0) rows.curve(1, i + 1, cancel, fit.cancelRatePerS[i]!);
  });
}

/** Null where the feed is too short for any fit. */
function attempt(fit: () => CstFit): CstFit | null {
  try {
    return fit();
  } catch {
    return null;
  }
}

function simulate({ toS, unit }: Sample, seed: number): ReplayFeed {
  if (RECORDED_TICK_E4 !== 100) throw new Error('the tick of simulated samples is 0.01');
  return recordFlow({
    flow: poissonFlow({ ...CST_TRUTH, orderSize: { type: 'constant', lots: 1 } }),
    startMidTicks: 10_000,
    warmupS: 20,
    durationS: toS,
    levels: CST_TRUTH.limitRatePerS.length,
    seed,
    unit,
    streamName: FLOW,
    maxRows: 1_000_000,
  });
}
