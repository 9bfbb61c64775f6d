/**
 * Where to trade a spread that reverts: the bands with the highest expected return per unit of time.
 *
 * Bertram (2010, Physica A 389): an Ornstein-Uhlenbeck spread around its mean is bought at a < 0 and sold at
 * m. A cycle a -> m -> a takes E[T] = (pi / kappa) (erfi(m sqrt(kappa) / sigma) - erfi(a sqrt(kappa) /
 * sigma)) on average (eq. 10); the return per time (m - a - cost) / E[T] is highest at m = -a (section 3.1).
 * In units of sigma / sqrt(kappa) that is the x with (2x - c) erfi'(x) = 2 erfi(x), one root above c / 2,
 * found by halving.
 */
import { erfi } from '../math/erfi.js';
import { exp } from '../math/exp.js';

const PI = 3.141592653589793;
const TWO_OVER_SQRT_PI = 1.1283791670955126;

export interface Bands {
  /** Distance of both bands from the mean, in units of the spread. */
  readonly halfWidth: number;
  /** Mean duration of a cycle, in units of time. */
  readonly cycle: number;
  /** Expected return per unit of time of buying low and selling high, costs taken off. */
  readonly returnRate: number;
}

/** Mean time of a cycle low -> high -> low around the mean 0; low < high, kappa and sigma > 0. */
export function cycleTime(kappa: number, sigma: number, low: number, high: number): number {
  const scale = Math.sqrt(kappa) / sigma;
  return (PI / kappa) * (erfi(high * scale) - erfi(low * scale));
}

/** Best bands where a cycle, two trades of the spread, costs `cost` > 0 in units of the spread. */
export function optimalBands(kappa: number, sigma: number, cost: number): Bands {
  const unit = sigma / Math.sqrt(kappa);
  const c = cost / unit;
  const tooLow = (x: number): boolean => (2 * x - c) * TWO_OVER_SQRT_PI * exp(x * x) < 2 * erfi(x);
  let low = c / 2;
  let high = c / 2 + 1;
  while (tooLow(high) && high < 20) high++;
  for (let halving = 0; halving < 60; halving++) {
    const middle = 0.5 * (low + high);
    if (tooLow(middle)) low = middle;
    else high = middle;
  }
  const halfWidth = high * unit;
  const cycle = cycleTime(kappa, sigma, -halfWidth, halfWidth);
  return { halfWidth, cycle, returnRate: (2 * halfWidth - cost) / cycle };
}
