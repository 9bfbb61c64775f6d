/**
 * Central differences of functions of a few variables, for objectives whose derivatives are not written down.
 *
 * Steps are cbrt(epsilon) of each variable's scale, which balances truncation against rounding: the gradient
 * keeps about ten digits where the function has full precision. Cost 2 p evaluations.
 */
import type { Objective } from '../bounded-bfgs.js';

const STEP = 6.055454452393343e-6;

/** Makes the objective of a bare function; near a bound the difference is one-sided. */
export function withGradient(
  value: (x: Float64Array) => number,
  scale: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Objective {
  const at = new Float64Array(scale.length);
  return (x, gradient) => {
    const centre = value(x);
    at.set(x);
    for (let i = 0; i < x.length; i++) {
      const h = STEP * scale[i];
      const high = Math.min(upper[i], x[i] + h);
      const low = Math.max(lower[i], x[i] - h);
      at[i] = high;
      const above = high === x[i] ? centre : value(at);
      at[i] = low;
      const below = low === x[i] ? centre : value(at);
      at[i] = x[i];
      gradient[i] = (above - below) / (high - low);
    }
    return centre;
  };
}
