/** Calibrates the fill intensity A e^(-k delta) to how deep market orders reach into the book. */
import { rateEstimate } from '../../../core/fit/estimate.js';
import { fitReach, type ExponentialRates } from '../../../core/fit/exponential-rates.js';
import { marketOrders, meanSpreadE4 } from '../../../core/fit/market-orders.js';
import { exp } from '../../../core/math/exp.js';
import { FLOW } from '../../../core/rng/names.js';
import { Stream } from '../../../core/rng/stream.js';
import type { Sample } from '../sample.js';
import { isWhole } from '../sample.js';
import type { IntensityModel } from '../spec.js';
import type { Rows } from '../tables.js';
import { noteFacts } from './facts.js';
import { judge } from './judge.js';
import { INTENSITY_TRUTH } from './truth.js';

/** Share of the market orders that the default range of reach holds. */
const RANGE = 0.99;
const MAX_CLASSES = 1_000;

/** Times [s] and reach [ticks] of the market orders of both sides. */
interface Reaches {
  readonly times: readonly number[];
  readonly ticks: readonly number[];
}

export function calibrateIntensity(sample: Sample, model: IntensityModel, rows: Rows, seed: number): void {
  const { unit, fromS, toS } = sample;
  noteFacts(sample, rows);
  const reaches = reachesOf(sample, seed);
  const sorted = reaches.ticks.toSorted((a, b) => a - b);
  // A quote inside the spread is the first in the book, whatever its distance: the law begins at the touch.
  const touch = sample.feed === null ? 0 : Math.round(meanSpreadE4(sample.feed) / 2 / sample.tickE4);
  const from = model.fromTicks >= 0 ? model.fromTicks : touch;
  const farthest = sorted[Math.min(sorted.length - 1, Math.floor(RANGE * sorted.length))] ?? 0;
  const to = model.toTicks > from ? model.toTicks : Math.ceil(farthest);
  const classes = Math.min(MAX_CLASSES, Math.max(2, Math.ceil((to - from) / model.widthTicks)));
  const counts = new Float64Array(classes);
  for (const reach of reaches.ticks) {
    const at = Math.floor((reach - from) / model.widthTicks);
    if (at >= 0 && at < classes) counts[at]!++;
  }
  const events = reaches.ticks.length;
  // Per side: both sides are observed all the time.
  const exposureS = 2 * (toS - fromS);
  const fit = attempt(() => fitReach(counts, from, model.widthTicks, exposureS));
  const waits = reaches.times.map((t, k) => ((t - (reaches.times[k - 1] ?? 0)) * events) / (toS - fromS));
  const told = {
    component: 0,
    events,
    ...(fit && { logLikelihood: fit.logLikelihood, iterations: fit.iterations, converged: fit.converged }),
  };
  judge(sample, Float64Array.from(waits), told, 2, rows);
  if (fit === null) {
    rows.warning(unit, 'no decay', 0, events);
    return;
  }
  rows.parameter(unit, 'intensityA', 0, 0, fit.a);
  rows.parameter(unit, 'intensityK', 0, 0, fit.k);
  if (isWhole(sample)) drawCurve(sorted, from, model.widthTicks, classes, exposureS, fit, rows);
}

/** Rate at which orders reach a distance or farther, as seen and as fitted. */
function drawCurve(
  sorted: readonly number[],
  from: number,
  width: number,
  classes: number,
  exposureS: number,
  { a, k }: ExponentialRates,
  rows: Rows,
): void {
  let below = 0;
  for (let b = 0; b < classes; b++) {
    const distance = from + b * width;
    while (below < sorted.length && sorted[below]! < distance) below++;
    const seen = rateEstimate(sorted.length - below, exposureS);
    rows.curve(0, distance, seen, a.value * exp(-k.value * distance));
  }
}

/** Null where the events do not allow a fit. */
function attempt(fit: () => ExponentialRates): ExponentialRates | null {
  try {
    return fit();
  } catch {
    return null;
  }
}

function reachesOf({ feed, tickE4, toS, unit }: Sample, seed: number): Reaches {
  const times: number[] = [];
  const ticks: number[] = [];
  if (feed === null) {
    const stream = new Stream(seed, unit, FLOW);
    const { a, k } = INTENSITY_TRUTH;
    for (let t = stream.exponential() / (2 * a); t < toS; t += stream.exponential() / (2 * a)) {
      times.push(t);
      ticks.push(stream.exponential() / k);
    }
    return { times, ticks };
  }
  const orders = marketOrders(feed, false);
  orders.reachE4.forEach((reachE4, i) => {
    if (Number.isNaN(reachE4)) return;
    times.push(orders.tNs[i]! * 1e-9);
    ticks.push(reachE4 / tickE4);
  });
  return { times, ticks };
}
