/**
 * Merton's jump diffusion fitted to equally spaced log-returns by maximum likelihood of the Poisson mixture.
 *
 * A return is normal of mean a + k m and variance s2 + k d2 given its k jumps, k Poisson of mean `rate`
 * (Merton, "Option pricing when underlying stock returns are discontinuous", J. Financial Econ. 3, 1976).
 * The score follows from the weights of the terms given the return. The likelihood has several maxima: many
 * small jumps look like diffusion; so it is searched from several starts. With s2 -> 0 on a repeated return
 * it has no maximum at all (Kiefer 1978), so s2 is bounded below. Terms stop where the Poisson weight falls
 * below 1e-14. Cost of a pass: about 40 ns a return and term, 5 to 15 terms.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { normalCdf } from '../math/normal.js';
import { deltaErrors, maximise, type Maximum, type SearchMethod } from './maximise.js';

const LN_2PI = 1.8378770664093453;
const MAX_TERMS = 80;
const LEAST_WEIGHT = 1e-14;
/** Bounds in units of the variance of the returns, and of jumps a step. */
const LEAST_VARIANCE = 1e-4;
const LEAST_RATE = 1e-6;
const MOST_RATE = 10;

/** a, s2, rate, m, d2 of a step. */
const P = 5;

export interface MertonFit extends Maximum {
  /** Per year: drift of the price, volatility, jumps, and mean and sd of the logarithm of a jump. */
  readonly parameters: readonly number[];
  readonly standardErrors: readonly number[];
  /** Whether a parameter lies on a bound: no jumps, or nothing but jumps. */
  readonly onBound: boolean;
}

/** Poisson weights of `rate` into `out`; how many terms count. */
function poisson(rate: number, out: Float64Array): number {
  let weight = exp(-rate);
  let terms = 0;
  while (terms < MAX_TERMS && (terms <= rate || weight > LEAST_WEIGHT)) {
    out[terms++] = weight;
    weight *= rate / terms;
  }
  return terms;
}

const weights = new Float64Array(MAX_TERMS);
const variances = new Float64Array(MAX_TERMS);
const densities = new Float64Array(MAX_TERMS);

/** Minus the log-likelihood of (a, s2, rate, m, d2), its gradient beside; Infinity outside the domain. */
export function mertonObjective(returns: Float64Array, x: ArrayLike<number>, gradient: Float64Array): number {
  const [a, s2, rate, m, d2] = [x[0], x[1], x[2], x[3], x[4]];
  gradient.fill(0);
  if (!(s2 > 0 && d2 >= 0 && rate > 0)) return Infinity;
  const terms = poisson(rate, weights);
  for (let k = 0; k < terms; k++) {
    variances[k] = s2 + k * d2;
    weights[k] /= Math.sqrt(variances[k]);
  }
  let sum = 0;
  for (let t = 0; t < returns.length; t++) {
    let density = 0;
    for (let k = 0; k < terms; k++) {
      const z = returns[t] - a - k * m;
      densities[k] = weights[k] * exp((-0.5 * z * z) / variances[k]);
      density += densities[k];
    }
    if (!(density > 0)) return Infinity;
    sum -= log(density);
    let [da, ds, dr, dm, dd] = [0, 0, 0, 0, 0];
    for (let k = 0; k < terms; k++) {
      const z = (returns[t] - a - k * m) / variances[k];
      const bend = 0.5 * (z * z - 1 / variances[k]);
      da += densities[k] * z;
      ds += densities[k] * bend;
      dr += densities[k] * k;
      dm += densities[k] * k * z;
      dd += densities[k] * k * bend;
    }
    gradient[0] -= da / density;
    gradient[1] -= ds / density;
    gradient[2] -= dr / density / rate - 1;
    gradient[3] -= dm / density;
    gradient[4] -= dd / density;
  }
  return sum + 0.5 * LN_2PI * returns.length;
}

/** P(return <= value) under (a, s2, rate, m, d2). */
export function mertonCdf(x: ArrayLike<number>, value: number): number {
  const terms = poisson(x[2], weights);
  let sum = 0;
  for (let k = 0; k < terms; k++) {
    sum += weights[k] * normalCdf((value - x[0] - k * x[3]) / Math.sqrt(x[1] + k * x[4]));
  }
  return Math.min(1, sum);
}

/** Jumps a step and their share of the variance at the starts. */
const STARTS = [
  [0.05, 0.5],
  [0.3, 0.5],
  [0.01, 0.3],
  [1, 0.7],
  [0.1, 0.9],
] as const;
export const MERTON_STARTS = STARTS.length;

/**
 * The maximum that the search reaches from start 0..MERTON_STARTS-1; `returns` are log-returns, `step` years
 * apart, that vary.
 */
export function fitMerton(
  returns: Float64Array,
  step: number,
  start = 0,
  method: SearchMethod = 'newton',
): MertonFit {
  const n = returns.length;
  let [mean, variance] = [0, 0];
  for (let t = 0; t < n; t++) mean += returns[t] / n;
  for (let t = 0; t < n; t++) variance += ((returns[t] - mean) * (returns[t] - mean)) / n;
  const sd = Math.sqrt(variance);
  const [rate, share] = STARTS[start % STARTS.length];
  const lower = [-Infinity, LEAST_VARIANCE * variance, LEAST_RATE, -50 * sd, LEAST_VARIANCE * variance];
  const upper = [Infinity, 2 * variance, MOST_RATE, 50 * sd, 400 * variance];
  const scale = [0.1 * sd, 0.1 * variance, 0.1 * rate, 0.3 * sd, variance];
  const maximum = maximise(
    {
      objective: (x, gradient) => mertonObjective(returns, x, gradient),
      start: [mean, (1 - share) * variance, rate, 0, (share * variance) / rate],
      ...{ lower, upper, scale },
    },
    method,
  );
  const { x, covariance } = maximum;
  const perYear = ([a, s2, jumps, m, d2]: Float64Array): number[] => {
    const drift = a + 0.5 * s2 + jumps * (exp(m + 0.5 * d2) - 1);
    return [drift / step, Math.sqrt(s2 / step), jumps / step, m, Math.sqrt(d2)];
  };
  let onBound = false;
  for (let i = 1; i < P; i++) onBound ||= x[i] <= lower[i] || x[i] >= upper[i];
  const standardErrors = deltaErrors(x, covariance, scale, perYear);
  return { ...maximum, parameters: perYear(x), standardErrors, onBound };
}
