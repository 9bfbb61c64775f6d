/**
 * Rates that fall exponentially with the distance, lambda(delta) = A e^(-k delta), by Poisson maximum
 * likelihood.
 *
 * The fill intensity of Avellaneda & Stoikov (2008), section 2.5: counts of fills at some distances, each
 * over its own exposure, are independent Poisson numbers of mean exposure x A e^(-k delta). ln A and k
 * are the parameters of a generalised linear model with logarithmic link, whose log-likelihood is
 * concave: Newton's method from a weighted log-linear start arrives in four or five steps (McCullagh &
 * Nelder, Generalized Linear Models, chapter 6). Cost: one exponential a distance and step, about a
 * microsecond for 20 distances. Least squares on the logarithms, the usual shortcut, gives empty
 * distances no weight and the counts a wrong one.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { positiveEstimate, symmetricEstimate } from './estimate.js';
import type { Estimate } from './estimate.js';

export interface ExponentialRates {
  /** Rate at distance 0, in events per unit of exposure. */
  readonly a: Estimate;
  /** Decay per unit of distance; it may be negative where the counts grow. */
  readonly k: Estimate;
  /** Covariance of ln A and k, and their variances. */
  readonly covariance: { readonly logA: number; readonly k: number; readonly cross: number };
  readonly logLikelihood: number;
  /**
   * Twice the gap to a model with a rate for each distance: chi-square with `degrees` where the law is
   * true.
   */
  readonly deviance: number;
  readonly degrees: number;
  readonly events: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const MAX_ITERATIONS = 50;
const MAX_HALVINGS = 30;
/** Half the squared Newton step below which the maximum is reached, in units of the log-likelihood. */
const TOLERANCE = 1e-12;

/**
 * `distances[b]`, `counts[b]` and `exposures[b]` > 0 belong together. Throws Error unless events occurred
 * at two distances at least: without them there is no decay to find.
 */
// eslint-disable-next-line max-lines-per-function -- Newton's method in one loop
export function fitExponentialRates(
  distances: ArrayLike<number>,
  counts: ArrayLike<number>,
  exposures: ArrayLike<number>,
): ExponentialRates {
  const n = distances.length;
  let logA = 0;
  let k = 0;
  // Weighted regression of ln(count / exposure): the start, and the check that there is a decay to find.
  let w = 0;
  let wd = 0;
  let wdd = 0;
  let wy = 0;
  let wdy = 0;
  for (let b = 0; b < n; b++) {
    if (counts[b] === 0) continue;
    const y = log(counts[b] / exposures[b]);
    w += counts[b];
    wd += counts[b] * distances[b];
    wdd += counts[b] * distances[b] * distances[b];
    wy += counts[b] * y;
    wdy += counts[b] * distances[b] * y;
  }
  const spread = w * wdd - wd * wd;
  if (!(spread > 0)) throw new Error('a decay needs events at two distances');
  k = -(w * wdy - wd * wy) / spread;
  logA = (wy + k * wd) / w;
  let value = -Infinity;
  let iterations = 0;
  let converged = false;
  let h00 = 0;
  let h01 = 0;
  let h11 = 0;
  let stepA = 0;
  let stepK = 0;
  let halvings = 0;
  while (iterations < MAX_ITERATIONS) {
    let next = 0;
    let mass = 0;
    let first = 0;
    let second = 0;
    for (let b = 0; b < n; b++) {
      const eta = logA - k * distances[b];
      const mean = exposures[b] * exp(eta);
      next += counts[b] * eta - mean;
      mass += mean;
      first += mean * distances[b];
      second += mean * distances[b] * distances[b];
    }
    if (!(next >= value - 1e-9 * Math.abs(value)) && halvings++ < MAX_HALVINGS) {
      logA -= stepA *= 0.5;
      k -= stepK *= 0.5;
      continue;
    }
    value = next;
    halvings = 0;
    iterations++;
    h00 = mass;
    h01 = -first;
    h11 = second;
    const gA = w - mass;
    const gK = first - wd;
    const determinant = h00 * h11 - h01 * h01;
    stepA = (h11 * gA - h01 * gK) / determinant;
    stepK = (h00 * gK - h01 * gA) / determinant;
    if (0.5 * (gA * stepA + gK * stepK) <= TOLERANCE * w) {
      converged = true;
      break;
    }
    logA += stepA;
    k += stepK;
  }
  const determinant = h00 * h11 - h01 * h01;
  const covariance = { logA: h11 / determinant, k: h00 / determinant, cross: -h01 / determinant };
  const a = exp(logA);
  let constants = 0;
  let saturated = 0;
  for (let b = 0; b < n; b++) {
    if (counts[b] === 0) continue;
    constants += counts[b] * log(exposures[b]);
    saturated += counts[b] * (log(counts[b]) - 1);
  }
  return {
    a: positiveEstimate(a, a * Math.sqrt(covariance.logA)),
    k: symmetricEstimate(k, Math.sqrt(covariance.k)),
    covariance,
    logLikelihood: value + constants,
    deviance: Math.max(0, 2 * (saturated - value - constants)),
    degrees: n - 2,
    events: w,
    iterations,
    converged,
  };
}

/**
 * Market orders by how deep they reached, when each of them would have filled every quote nearer to the
 * mid: the number that reach delta or more has the rate A e^(-k delta). `reached[b]` counts those whose
 * reach lies in from + b width .. from + (b + 1) width, over `exposure`. The disjoint classes are Poisson
 * with mean exposure A e^(-k d)(1 - e^(-k width)), exponential again; A follows by the delta method.
 * Throws Error as fitExponentialRates, and where the counts do not fall with the distance.
 */
export function fitReach(
  reached: ArrayLike<number>,
  from: number,
  width: number,
  exposure: number,
): ExponentialRates {
  const n = reached.length;
  const distances = new Float64Array(n);
  for (let b = 0; b < n; b++) distances[b] = from + b * width;
  const fit = fitExponentialRates(distances, reached, new Float64Array(n).fill(exposure));
  const k = fit.k.value;
  if (!(k > 0)) throw new Error('the reach of the market orders does not fall with the distance');
  const fade = exp(-k * width);
  // ln A = ln A' - ln(1 - e^(-k width)).
  const slope = (-width * fade) / (1 - fade);
  const a = fit.a.value / (1 - fade);
  const { covariance } = fit;
  const logA = covariance.logA + slope * slope * covariance.k + 2 * slope * covariance.cross;
  const cross = covariance.cross + slope * covariance.k;
  return {
    ...fit,
    a: positiveEstimate(a, a * Math.sqrt(Math.max(0, logA))),
    covariance: { logA, k: covariance.k, cross },
  };
}
