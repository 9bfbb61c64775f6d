/**
 * The trajectory that trades off the impact of selling fast against the risk of selling slowly, after Almgren
 * and Chriss.
 *
 * Paper: Almgren & Chriss, "Optimal execution of portfolio transactions", Journal of Risk 3(2), 5-39, 2000
 * (preprint December 2000). With x_j the holdings after j of N intervals of length tau, n_j = x_{j-1} - x_j,
 * permanent impact gamma per share, temporary impact epsilon sign(n) + eta n / tau and risk aversion lambda,
 * the optimum solves (x_{j-1} - 2 x_j + x_{j+1}) / tau^2 = kappa~^2 x_j with kappa~^2 = lambda sigma^2 / eta~
 * and eta~ = eta - gamma tau / 2 (section 2.2), so that x_j = X sinh(kappa (T - t_j)) / sinh(kappa T)
 * with 2 (cosh(kappa tau) - 1) = kappa~^2 tau^2.
 *
 * The hyperbolic sines are built as s_{n+1} / s_n = 1 + p_n, p_{n+1} = p_n / (1 + p_n) + kappa~^2 tau^2 from
 * p_1 = 1 + kappa~^2 tau^2: sums of positive terms, exact at lambda = 0 (a straight line) and without
 * overflow at any kappa. Cost O(N).
 */
import { log1p } from '../math/log.js';

/** Units agree: price, shares, and the unit of time of `sigma` and of the horizon. */
export interface AlmgrenChrissModel {
  /** Risk aversion, >= 0. */
  readonly lambda: number;
  /** Price volatility per square root of time. */
  readonly sigma: number;
  /** Fixed cost of a share: half the spread and fees. */
  readonly epsilon: number;
  /** Permanent impact in price per share. */
  readonly gamma: number;
  /** Temporary impact in price per (share / time). */
  readonly eta: number;
  /** Length of the horizon, > 0. */
  readonly horizon: number;
}

/** eta~ = eta - gamma tau / 2; the model makes sense where it is positive. */
export function effectiveEta({ eta, gamma, horizon }: AlmgrenChrissModel, intervals: number): number {
  return eta - (gamma * horizon) / intervals / 2;
}

/** kappa~^2 tau^2 = lambda sigma^2 tau^2 / eta~ = 2 (cosh(kappa tau) - 1). */
function curvature(model: AlmgrenChrissModel, intervals: number): number {
  const tau = model.horizon / intervals;
  return (model.lambda * model.sigma * model.sigma * tau * tau) / effectiveEta(model, intervals);
}

/**
 * Urgency kappa per unit of time, of which the trajectory's half-life is about 1 / kappa; 0 without risk
 * aversion.
 */
export function urgency(model: AlmgrenChrissModel, intervals: number): number {
  const excess = curvature(model, intervals) / 2;
  return log1p(excess + Math.sqrt(excess * (excess + 2))) / (model.horizon / intervals);
}

/**
 * Holdings after 0, 1, ... N intervals as parts of the whole order: out[0] = 1, out[N] = 0; out holds N + 1.
 */
export function trajectory(model: AlmgrenChrissModel, intervals: number, out: Float64Array): void {
  const bend = curvature(model, intervals);
  // Growth of the sines from the last interval to the first: first kept in their place in `out`.
  let p = 1 + bend;
  for (let left = 2; left <= intervals; left++) {
    out[intervals - left + 1] = 1 / (1 + p);
    p = p / (1 + p) + bend;
  }
  out[0] = 1;
  for (let j = 1; j < intervals; j++) out[j] *= out[j - 1];
  out[intervals] = 0;
}

/** Expected cost and its variance of a trajectory (parts of `shares`), section 1.5. */
export function costOf(
  model: AlmgrenChrissModel,
  shares: number,
  parts: Float64Array,
): { readonly mean: number; readonly variance: number } {
  const intervals = parts.length - 1;
  const tau = model.horizon / intervals;
  let traded = 0;
  let squares = 0;
  let risk = 0;
  for (let j = 1; j <= intervals; j++) {
    const sold = (parts[j - 1] - parts[j]) * shares;
    traded += Math.abs(sold);
    squares += sold * sold;
    risk += tau * parts[j] * parts[j];
  }
  const impact = (effectiveEta(model, intervals) / tau) * squares;
  const mean = (model.gamma * shares * shares) / 2 + model.epsilon * traded + impact;
  return { mean, variance: model.sigma * model.sigma * shares * shares * risk };
}
