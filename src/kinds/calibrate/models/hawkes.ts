/** Calibrates a Hawkes process to market orders, to those of both sides, or to all orders of a feed. */
import { findRegimes } from '../../../core/fit/regime.js';
import { fitHawkes, fitSharedDecay, hawkesResiduals } from '../../../core/fit/hawkes.js';
import type { HawkesFit } from '../../../core/fit/hawkes.js';
import { countTypes, type EventStream } from '../../../core/fit/hawkes-likelihood.js';
import { rateEstimate, type Estimate } from '../../../core/fit/estimate.js';
import { marketOrders } from '../../../core/fit/market-orders.js';
import { orderStream } from '../../../core/fit/order-stream.js';
import { simulateHawkes, simulateUnivariateHawkes } from '../../../core/fit/simulate-hawkes.js';
import { spectralRadius } from '../../../core/flow/hawkes-moments.js';
import { FLOW } from '../../../core/rng/names.js';
import { Stream } from '../../../core/rng/stream.js';
import { isWhole, type Sample } from '../sample.js';
import type { HawkesModel } from '../spec.js';
import type { Rows } from '../tables.js';
import { noteFacts } from './facts.js';
import { judge } from './judge.js';
import { HAWKES_TRUTH } from './truth.js';

/** A branching ratio whose interval reaches so far is near the critical point. */
const NEAR_CRITICAL = 0.95;
const LEAST_EVENTS = 10;
const CURVE_BINS = 40;

export function calibrateHawkes(sample: Sample, model: HawkesModel, rows: Rows, seed: number): void {
  const { unit } = sample;
  noteFacts(sample, rows);
  const stream = streamOf(sample, model, seed, rows);
  const counts = countTypes(stream);
  const components = [...counts.keys()].filter((i) => counts[i]! >= LEAST_EVENTS);
  if (components.length < counts.length) {
    counts.forEach((count, i) => {
      if (count < LEAST_EVENTS) rows.warning(unit, 'short sample', i, count);
    });
    return;
  }
  const shared = model.events === 'orders' ? fitSharedDecay(stream, components) : null;
  const fits = shared?.fits ?? components.map((i) => fitHawkes(stream, i, { starts: model.starts }));
  for (const fit of fits) tell(sample, stream, fit, shared?.beta ?? null, rows);
  const radius = spectralRadius(fits.map((fit) => fit.branching.map(({ value }) => value)));
  const single = fits.length === 1 ? fits[0]!.branching[0]! : null;
  rows.parameter(
    unit,
    'spectralRadius',
    0,
    0,
    single ?? { value: radius, standardError: -1, low: radius, high: radius },
  );
  if ((single?.high ?? radius) > NEAR_CRITICAL) rows.warning(unit, 'branching near 1', 0, radius);
  if (isWhole(sample)) drawRates(stream, fits, rows);
}

function streamOf(sample: Sample, model: HawkesModel, seed: number, rows: Rows): EventStream {
  const { feed, toS, fromS, unit } = sample;
  if (feed === null) {
    const simulate = model.events === 'trades' ? simulateUnivariateHawkes : simulateHawkes;
    return simulate(HAWKES_TRUTH[model.events], toS, new Stream(seed, unit, FLOW));
  }
  if (model.events === 'orders') {
    const orders = orderStream(feed, sample.tickE4, model.maxDistanceTicks);
    if (isWhole(sample)) {
      rows.fact(unit, 'meanLots', orders.meanLots);
      rows.fact(unit, 'ordersPerSide', orders.ordersPerSide);
      orders.limitsAtDistance.forEach((count, d) =>
        rows.parameter(unit, 'limitRate', d + 1, 0, rateEstimate(count, 2 * (toS - fromS))),
      );
    }
    return orders.stream;
  }
  const { tNs, takerSide } = marketOrders(feed, true);
  const oneType = model.events === 'trades';
  const keep = [...tNs.keys()].filter((k) => !oneType || k === 0 || tNs[k]! > tNs[k - 1]!);
  return {
    times: Float64Array.from(keep, (k) => tNs[k]! * 1e-9),
    types: Uint8Array.from(keep, (k) => (oneType ? 0 : takerSide[k]!)),
    typeCount: oneType ? 1 : 2,
    horizon: toS - fromS,
  };
}

function tell(
  sample: Sample,
  stream: EventStream,
  fit: HawkesFit,
  shared: Estimate | null,
  rows: Rows,
): void {
  const { unit } = sample;
  const { component: i } = fit;
  rows.parameter(unit, 'mu', i, 0, fit.mu[0]!);
  fit.alpha.forEach((estimate, j) => rows.parameter(unit, 'alpha', i, j, estimate));
  rows.parameter(unit, 'beta', i, 0, shared ?? fit.beta);
  fit.branching.forEach((estimate, j) => rows.parameter(unit, 'branching', i, j, estimate));
  // Windows are there to show what changes; only the whole sample is searched for regimes.
  const regime = isWhole(sample) ? findRegimes(stream, fit, shared?.value) : null;
  const own = (of: HawkesFit): number => of.branching.reduce((sum, { value }) => sum + value, 0);
  const { events, iterations, evaluations, decrement, converged, logLikelihood } = fit;
  const told = {
    ...{ component: i, events, iterations, evaluations, decrement, converged, logLikelihood },
    pieces: regime?.segmentEnds.length ?? 1,
    pieceGain: regime?.gain ?? 0,
    pieceBranching: own(regime?.fit ?? fit),
  };
  judge(sample, hawkesResiduals(stream, fit), told, fit.parameters.length, rows);
  if (regime?.changes) rows.warning(unit, 'change of regime', i, regime.gain);
  if (fit.betaAtBound) rows.warning(unit, 'decay on its bound', i, fit.beta.value);
}

/** Events per second over the sample beside the base rate that the fit gives each component. */
function drawRates(stream: EventStream, fits: readonly HawkesFit[], rows: Rows): void {
  const width = stream.horizon / CURVE_BINS;
  for (const { component, mu } of fits) {
    const counts = new Float64Array(CURVE_BINS);
    stream.times.forEach((t, k) => {
      if (stream.types[k] === component) counts[Math.min(CURVE_BINS - 1, Math.floor(t / width))]!++;
    });
    counts.forEach((count, b) =>
      rows.curve(component, (b + 0.5) * width, rateEstimate(count, width), mu[0]!.value),
    );
  }
}
