/**
 * Maximises a log-likelihood of a few parameters and says what the maximum is worth: covariance of the
 * estimates, iterations, gradient, and whether the search arrived.
 *
 * Covariance is the inverse of the observed information at the maximum, from the caller's Hessian or from
 * differences of the gradient; it is null where the information is singular, or where a parameter lies on a
 * bound and no Hessian of the free ones is positive definite. Cost: the search and 2 p passes.
 */
import { hessianAt, type Objective } from './bounded-bfgs.js';
import { inverse } from './cholesky.js';
import { minimiseSimplex } from './optimise/nelder-mead.js';
import { minimiseNewton } from './optimise/newton.js';

export type SearchMethod = 'newton' | 'simplex';

export interface Likelihood {
  /** Minus the log-likelihood with its gradient. */
  readonly objective: Objective;
  readonly hessian?: (x: Float64Array) => Float64Array;
  /** The objective without its gradient, where that is cheaper; for the simplex. */
  readonly value?: (x: Float64Array) => number;
  readonly start: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  readonly scale: ArrayLike<number>;
}

export interface Maximum {
  readonly x: Float64Array;
  readonly logLikelihood: number;
  /** p x p row-major, rows and columns of parameters on a bound 0; null where it is not known. */
  readonly covariance: Float64Array | null;
  readonly iterations: number;
  readonly evaluations: number;
  /** Largest |gradient| of a free parameter times its scale. */
  readonly gradientNorm: number;
  /** Log-likelihood that a last Newton step would still have promised; 0 after a simplex search. */
  readonly decrement: number;
  readonly converged: boolean;
}

const TOLERANCE = 1e-11;

/** The local maximum that the search reaches from `start`. */
export function maximise(problem: Likelihood, method: SearchMethod = 'newton'): Maximum {
  const { objective, lower, upper, scale } = problem;
  const n = scale.length;
  const gradient = new Float64Array(n);
  const found =
    method === 'newton'
      ? minimiseNewton({ ...problem, tolerance: TOLERANCE })
      : {
          ...minimiseSimplex({
            ...problem,
            value: problem.value ?? ((x) => objective(x, gradient)),
            tolerance: TOLERANCE,
          }),
          decrement: 0,
        };
  const { x, value, evaluations, converged, decrement } = found;
  objective(x, gradient);
  const held = new Uint8Array(n);
  let gradientNorm = 0;
  for (let i = 0; i < n; i++) {
    held[i] = Number(x[i] <= lower[i] || x[i] >= upper[i]);
    if (held[i] === 0) gradientNorm = Math.max(gradientNorm, Math.abs(gradient[i]) * scale[i]);
  }
  const hessian = problem.hessian?.(x) ?? hessianAt(objective, x, held, scale, lower);
  return {
    ...{ x, logLikelihood: -value, evaluations, gradientNorm, decrement, converged },
    covariance: covarianceOf(hessian, held),
    iterations: 'iterations' in found ? found.iterations : found.restarts,
  };
}

/** Inverse over the free parameters. */
function covarianceOf(hessian: Float64Array, held: Uint8Array): Float64Array | null {
  const n = held.length;
  const copy = hessian.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (held[i] || held[j]) copy[i * n + j] = Number(i === j);
  }
  const covariance = inverse(copy, n);
  if (covariance) for (let i = 0; i < n; i++) if (held[i]) covariance[i * n + i] = 0;
  return covariance;
}

/**
 * Standard error of each component of transform(x) by the delta method, derivatives by central differences of
 * 1e-5 of `scale`; -1 where the covariance is not known or leaves no variance.
 */
export function deltaErrors(
  x: Float64Array,
  covariance: Float64Array | null,
  scale: ArrayLike<number>,
  transform: (x: Float64Array) => readonly number[],
): number[] {
  const n = x.length;
  const q = transform(x).length;
  if (!covariance) return Array.from({ length: q }, () => -1);
  const slopes = Array.from({ length: n }, (_, i) => {
    const h = 1e-5 * scale[i];
    const at = x.slice();
    at[i] = x[i] + h;
    const above = transform(at);
    at[i] = x[i] - h;
    const below = transform(at);
    return above.map((value, k) => (value - below[k]) / (2 * h));
  });
  return Array.from({ length: q }, (_, k) => {
    let variance = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) variance += slopes[i][k] * covariance[i * n + j] * slopes[j][k];
    }
    return variance > 0 && variance < Infinity ? Math.sqrt(variance) : -1;
  });
}
