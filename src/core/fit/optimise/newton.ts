/**
 * Minimises a smooth function with a gradient inside a box by Newton steps while far and BFGS when near.
 *
 * Why: the likelihoods of price series have 3 to 15 parameters of very different units and ridges far from
 * the maximum. The Hessian comes from the caller or from differences of the gradient (2 p passes); where it
 * is not positive definite its diagonal is raised until it is (Nocedal & Wright, Numerical Optimization,
 * algorithm 3.3), each variable measured in its scale. The steps, the box and the test of arrival are those
 * of bounded-bfgs.ts. Cost of a far step: the Hessian; of a near one: a pass.
 */
import { hessianAt, minimise, type Minimum, type Objective } from '../bounded-bfgs.js';
import { factorise } from '../cholesky.js';

export interface NewtonProblem {
  readonly objective: Objective;
  readonly start: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** Size of each variable, of which differences are a small share. */
  readonly scale: ArrayLike<number>;
  /** The Hessian at `x`, p x p; absent: differences of the gradient. */
  readonly hessian?: (x: Float64Array) => Float64Array;
  /** In units of the function; default 1e-10. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

export interface NewtonMinimum extends Minimum {
  /** Largest |gradient| of a free variable times its scale. */
  readonly gradientNorm: number;
}

const FIRST_SHIFT = 1e-3;

export function minimiseNewton(problem: NewtonProblem): NewtonMinimum {
  const { objective, scale, lower, upper } = problem;
  const n = scale.length;
  const none = new Uint8Array(n);
  const raw = problem.hessian ?? ((x: Float64Array) => hessianAt(objective, x, none, scale, lower));
  const minimum = minimise({
    objective,
    start: problem.start,
    lower,
    upper,
    hessian: (x) => raised(raw(x), scale),
    ...(problem.tolerance !== undefined && { tolerance: problem.tolerance }),
    ...(problem.maxIterations !== undefined && { maxIterations: problem.maxIterations }),
  });
  const { x, gradient } = minimum;
  let gradientNorm = 0;
  for (let i = 0; i < n; i++) {
    const held = (x[i] <= lower[i] && gradient[i] > 0) || (x[i] >= upper[i] && gradient[i] < 0);
    if (!held) gradientNorm = Math.max(gradientNorm, Math.abs(gradient[i]) * scale[i]);
  }
  return { ...minimum, gradientNorm };
}

/** The matrix plus the smallest multiple tried of 1 / scale^2 on its diagonal that makes it positive. */
function raised(hessian: Float64Array, scale: ArrayLike<number>): Float64Array {
  const n = scale.length;
  let largest = 1e-300;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, Math.abs(hessian[i * n + i]) * scale[i] * scale[i]);
  }
  if (!(largest < Infinity)) return raised(new Float64Array(n * n), scale);
  for (let shift = 0; ; shift = shift === 0 ? FIRST_SHIFT * largest : 4 * shift) {
    const copy = hessian.slice();
    for (let i = 0; i < n; i++) copy[i * n + i] += shift / (scale[i] * scale[i]);
    const kept = copy.slice();
    if (factorise(copy, n)) return kept;
  }
}
