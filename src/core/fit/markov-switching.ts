/**
 * Fits a Markov-switching autoregression by maximum likelihood from one of several starts.
 *
 * Regimes are numbered from the lowest volatility, or from the lowest mean where the variance does not
 * switch: the likelihood does not know their names. It has local maxima, so starts differ in how the series
 * is cut: at quantiles of the values or of their size, and beyond those by chance. With a variance per
 * regime it has no maximum on a single observation (Kiefer 1978), so sigma is bounded below by 2 % of the
 * series' own.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { Stream } from '../rng/stream.js';
import { MarkovFilter, transitions, type MarkovShape } from './markov-filter.js';
import { deltaErrors, maximise, type Maximum, type SearchMethod } from './maximise.js';

export interface MarkovFit extends Maximum {
  readonly filter: MarkovFilter;
  /** By regime, also where they do not switch. */
  readonly means: readonly number[];
  readonly sigmas: readonly number[];
  readonly phi: readonly number[];
  /** transition[i * K + j] from i to j. */
  readonly transition: readonly number[];
  /** Errors of the above in the order means, phi, sigmas, transition; -1 where unknown. */
  readonly errors: {
    readonly means: readonly number[];
    readonly phi: readonly number[];
    readonly sigmas: readonly number[];
    readonly transition: readonly number[];
  };
  readonly onBound: boolean;
}

const LEAST_SIGMA_LOG = -3.9;
const MOST_SIGMA_LOG = 1.5;
const MOST_LOGIT = 12;
/** Chance of leaving a regime at the starts. */
const STAYS = [0.9, 0.97, 0.75, 0.5] as const;

export interface MarkovSearch {
  /** 0, 1, ...: from the fourth on a start is drawn from the stream (seed, start, streamName). */
  readonly start?: number;
  readonly seed?: number;
  readonly streamName?: number;
  readonly method?: SearchMethod;
}

/** The maximum that the search reaches; values must vary and outnumber the parameters. */
export function fitMarkovSwitching(
  values: Float64Array,
  shape: MarkovShape,
  { start = 0, seed = 0, streamName = 0, method = 'newton' }: MarkovSearch = {},
): MarkovFit {
  const filter = new MarkovFilter(values, shape);
  const sorted = values.slice().sort();
  const n = values.length;
  let [mean, variance] = [0, 0];
  for (let t = 0; t < n; t++) mean += values[t] / n;
  for (let t = 0; t < n; t++) variance += ((values[t] - mean) * (values[t] - mean)) / n;
  const sd = Math.sqrt(variance);
  const box = boxOf(filter, sorted, sd);
  const x0 = startOf(filter, sorted, mean, sd, start, new Stream(seed, start, streamName));
  const objective = (x: Float64Array, gradient: Float64Array): number => filter.score(x, gradient);
  const value = (x: Float64Array): number => -filter.logLikelihood(x);
  const first = maximise({ objective, value, start: x0, ...box }, method);
  const order = orderOf(first.x, shape, filter.layout.logSigma);
  const isSorted = order.every((regime, i) => regime === i);
  // A renamed maximum is searched again from itself, which gives its covariance in the new order.
  const found = isSorted
    ? first
    : maximise({ objective, start: renamed(first.x, shape, order, filter), ...box }, 'newton');
  filter.score(found.x, new Float64Array(found.x.length));
  return {
    ...{ ...found, filter, converged: first.converged, onBound: atEdge(found.x, box) },
    ...{ iterations: first.iterations, evaluations: first.evaluations },
    ...tellOf(filter, found, box.scale),
  };
}

function boxOf(filter: MarkovFilter, sorted: Float64Array, sd: number) {
  const { layout } = filter;
  const n = layout.count;
  const [lower, upper, scale] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const set = (from: number, to: number, low: number, high: number, size: number): void => {
    lower.fill(low, from, to);
    upper.fill(high, from, to);
    scale.fill(size, from, to);
  };
  const reach = sorted[sorted.length - 1] - sorted[0];
  set(0, layout.phi, sorted[0] - reach, sorted[sorted.length - 1] + reach, 0.3 * sd);
  set(layout.phi, layout.logSigma, -3, 3, 0.1);
  set(layout.logSigma, layout.logit, log(sd) + LEAST_SIGMA_LOG, log(sd) + MOST_SIGMA_LOG, 0.1);
  set(layout.logit, n, -MOST_LOGIT, MOST_LOGIT, 0.3);
  return { lower, upper, scale };
}

function atEdge(x: Float64Array, { lower, upper }: { lower: Float64Array; upper: Float64Array }): boolean {
  for (let i = 0; i < x.length; i++) if (x[i] <= lower[i] || x[i] >= upper[i]) return true;
  return false;
}

/** Even starts part the regimes by their means, odd ones by their volatility; later ones vary them. */
function startOf(
  { layout, shape }: MarkovFilter,
  sorted: Float64Array,
  mean: number,
  sd: number,
  start: number,
  stream: Stream,
): Float64Array {
  const { regimes: k } = shape;
  const x = new Float64Array(layout.count);
  const vary = (size: number): number => (start < STAYS.length ? 0 : size * stream.normal());
  const byMean = shape.switchingMean && (start % 2 === 0 || !shape.switchingVariance);
  for (let i = 0; i < layout.phi; i++) {
    const quantile = sorted[Math.floor(((i + 0.5) / k) * sorted.length)];
    x[i] = (byMean ? quantile : mean) + vary(0.5 * sd);
  }
  const parts = layout.logit - layout.logSigma;
  for (let i = 0; i < parts; i++) {
    const spread = byMean || parts === 1 ? -0.2 : -0.7 + (1.2 * i) / (parts - 1);
    x[layout.logSigma + i] = log(sd) + spread + vary(0.4);
  }
  const stay = STAYS[start % STAYS.length];
  for (let i = layout.logit; i < layout.count; i++) x[i] = log((1 - stay) / (k - 1) / stay) + vary(1);
  return x;
}

/** Regimes by rising sigma, or by rising mean where the variance does not switch. */
function orderOf(x: Float64Array, shape: MarkovShape, logSigma: number): number[] {
  const from = shape.switchingVariance ? logSigma : 0;
  const keys = Array.from({ length: shape.regimes }, (_, i) => i);
  return shape.switchingMean || shape.switchingVariance
    ? keys.sort((a, b) => x[from + a] - x[from + b])
    : keys;
}

/** The same model with regime order[i] called i. */
function renamed(
  x: Float64Array,
  shape: MarkovShape,
  order: readonly number[],
  filter: MarkovFilter,
): Float64Array {
  const { layout } = filter;
  const k = shape.regimes;
  const out = x.slice();
  const p = transitions(x, layout.logit, k);
  let at = layout.logit;
  for (let i = 0; i < k; i++) {
    if (shape.switchingMean) out[i] = x[order[i]];
    if (shape.switchingVariance) out[layout.logSigma + i] = x[layout.logSigma + order[i]];
    const row = order[i] * k;
    for (let j = 0; j < k; j++) if (i !== j) out[at++] = log(p[row + order[j]] / p[row + order[i]]);
  }
  return out;
}

/** The estimates by regime with errors by the delta method. */
function tellOf({ layout, shape }: MarkovFilter, { x, covariance }: Maximum, scale: Float64Array) {
  const k = shape.regimes;
  const regimes = Array.from({ length: k }, (_, i) => i);
  const meansOf = (at: Float64Array): number[] => regimes.map((i) => at[shape.switchingMean ? i : 0]);
  const phiOf = (at: Float64Array): number[] => [...at.subarray(layout.phi, layout.logSigma)];
  const sigmasOf = (at: Float64Array): number[] =>
    regimes.map((i) => exp(at[layout.logSigma + (shape.switchingVariance ? i : 0)]));
  const chainOf = (at: Float64Array): number[] => [...transitions(at, layout.logit, k)];
  const errors = (of: (at: Float64Array) => number[]): number[] => deltaErrors(x, covariance, scale, of);
  return {
    ...{ means: meansOf(x), phi: phiOf(x), sigmas: sigmasOf(x), transition: chainOf(x) },
    errors: {
      means: errors(meansOf),
      phi: layout.phi < layout.logSigma ? errors(phiOf) : [],
      sigmas: errors(sigmasOf),
      transition: errors(chainOf),
    },
  };
}
