/**
 * Minimises a smooth function of a few variables inside a box: BFGS on the free variables, projected steps.
 *
 * Why this method: the likelihoods here have 2 to 40 parameters, an analytic gradient that costs a pass
 * over the data, and maxima that may lie on a bound (an excitation of exactly 0). So passes are what
 * counts, and a dense Hessian approximation is free beside them. A variable at a bound whose gradient
 * points outwards is held there (Bertsekas, "Projected Newton methods", SIAM J. Control Optim. 20, 1982);
 * the others take the step -B^-1 g, are projected into the box, and the step is halved until the function
 * falls enough (Armijo). Far from the minimum, B is the caller's information matrix, renewed every step
 * (Fisher scoring); once the fall to be expected is small, it is updated by BFGS, damped so that it stays
 * positive definite (Nocedal & Wright, Numerical Optimization, procedure 18.2), which costs no further
 * pass and converges faster there. Converged means that half the squared Newton step, the fall still to
 * be expected, is below `tolerance`. Cost O(p^3) an iteration. Slow: hundreds of variables.
 */
import { factorise, solve } from './cholesky.js';

/** Writes the gradient at `x` and returns the value; Infinity or NaN outside the function's domain. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface Problem {
  readonly objective: Objective;
  /** Where to begin; projected into the box. */
  readonly start: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** Positive definite p x p guess of the Hessian at `x`, such as an information matrix. */
  readonly hessian: (x: Float64Array) => Float64Array;
  /**
   * The Hessian itself at `x`, where the objective was evaluated last: taken at every step where it is
   * positive definite, which is Newton's method.
   */
  readonly exact?: (x: Float64Array) => Float64Array;
  /** In units of the function; default 1e-10. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly maxIterations?: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly iterations: number;
  /** Calls of the objective. */
  readonly evaluations: number;
  /** The fall that a last Newton step would still promise. */
  readonly decrement: number;
  readonly converged: boolean;
}

const ARMIJO = 1e-4;
const MAX_HALVINGS = 40;
/** Below this expected fall BFGS takes over from the caller's Hessian. */
const NEAR = 0.1;
/** Where rounding allows no further step, the search has arrived when it promised no more than this. */
const ROUNDING = 1e-7;

class Search {
  readonly n: number;
  x: Float64Array;
  gradient: Float64Array;
  value: number;
  iterations = 0;
  evaluations = 1;
  decrement = Infinity;
  declare private readonly problem: Problem;
  declare private readonly hessian: Float64Array;
  declare private readonly free: Int32Array;
  private freeCount = 0;
  declare private readonly step: Float64Array;
  private nextX: Float64Array;
  private nextGradient: Float64Array;

  constructor(problem: Problem) {
    this.problem = problem;
    const n = (this.n = problem.start.length);
    this.x = Float64Array.from(problem.start);
    this.gradient = new Float64Array(n);
    this.nextX = new Float64Array(n);
    this.nextGradient = new Float64Array(n);
    this.step = new Float64Array(n);
    this.free = new Int32Array(n);
    this.hessian = new Float64Array(n * n);
    for (let i = 0; i < n; i++) this.x[i] = this.clip(i, this.x[i]);
    this.value = problem.objective(this.x, this.gradient);
  }

  /** Takes the caller's Hessian; or, while the minimum is far, the guess of it. */
  renew(): void {
    const { exact, hessian } = this.problem;
    const own = exact?.(this.x);
    if (own && factorise(own.slice(), this.n)) this.hessian.set(own);
    else if (this.decrement > NEAR) this.hessian.set(hessian(this.x));
  }

  private identity(): void {
    this.hessian.fill(0);
    for (let i = 0; i < this.n; i++) this.hessian[i * this.n + i] = 1;
  }

  private clip(i: number, value: number): number {
    return Math.min(this.problem.upper[i], Math.max(this.problem.lower[i], value));
  }

  private findFree(): void {
    const { x, gradient } = this;
    const { lower, upper } = this.problem;
    this.freeCount = 0;
    for (let i = 0; i < this.n; i++) {
      const held = (x[i] <= lower[i] && gradient[i] > 0) || (x[i] >= upper[i] && gradient[i] < 0);
      if (!held) this.free[this.freeCount++] = i;
    }
  }

  /** The Newton step of the free variables; the others stay. Sets the decrement. */
  direct(): void {
    this.findFree();
    const { n, free, freeCount: m, gradient, step } = this;
    const matrix = new Float64Array(m * m);
    const right = new Float64Array(m);
    const fill = (): void => {
      for (let a = 0; a < m; a++) {
        for (let b = 0; b < m; b++) matrix[a * m + b] = this.hessian[free[a] * n + free[b]];
        right[a] = -gradient[free[a]];
      }
    };
    fill();
    if (!factorise(matrix, m)) {
      this.identity();
      fill();
      factorise(matrix, m);
    }
    solve(matrix, m, right);
    step.fill(0);
    this.decrement = 0;
    for (let a = 0; a < m; a++) {
      step[free[a]] = right[a];
      this.decrement -= 0.5 * right[a] * gradient[free[a]];
    }
  }

  /** Walks along the step, halving it until the value falls; false when no length does. */
  walk(): boolean {
    const { n, x, step, nextX, gradient } = this;
    let length = 1;
    for (let halving = 0; halving < MAX_HALVINGS; halving++) {
      let slope = 0;
      for (let i = 0; i < n; i++) {
        nextX[i] = this.clip(i, x[i] + length * step[i]);
        slope += gradient[i] * (nextX[i] - x[i]);
      }
      this.evaluations++;
      const value = this.problem.objective(nextX, this.nextGradient);
      if (value <= this.value + ARMIJO * slope) {
        this.accept(value);
        return true;
      }
      // The minimum of the parabola through what is known, kept within a tenth and a half of the step.
      const parabola = (-0.5 * slope) / (value - this.value - slope);
      length *= value < Infinity ? Math.min(0.5, Math.max(0.1, parabola)) : 0.25;
    }
    return false;
  }

  private accept(value: number): void {
    this.update();
    this.value = value;
    [this.x, this.nextX] = [this.nextX, this.x];
    [this.gradient, this.nextGradient] = [this.nextGradient, this.gradient];
  }

  /** BFGS with Powell's damping. */
  private update(): void {
    const { n, hessian, x, nextX, gradient, nextGradient } = this;
    const s = new Float64Array(n);
    const y = new Float64Array(n);
    const bs = new Float64Array(n);
    let sy = 0;
    let sbs = 0;
    for (let i = 0; i < n; i++) {
      s[i] = nextX[i] - x[i];
      y[i] = nextGradient[i] - gradient[i];
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) bs[i] += hessian[i * n + j] * s[j];
      sy += s[i] * y[i];
      sbs += s[i] * bs[i];
    }
    if (!(sbs > 0)) return;
    const keep = sy >= 0.2 * sbs ? 1 : (0.8 * sbs) / (sbs - sy);
    let sr = 0;
    for (let i = 0; i < n; i++) {
      y[i] = keep * y[i] + (1 - keep) * bs[i];
      sr += s[i] * y[i];
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) hessian[i * n + j] += (y[i] * y[j]) / sr - (bs[i] * bs[j]) / sbs;
    }
  }
}

/** The minimum that the search reaches from `start`; a local one where the function has several. */
export function minimise(problem: Problem): Minimum {
  const tolerance = problem.tolerance ?? 1e-10;
  const maxIterations = problem.maxIterations ?? 200;
  const search = new Search(problem);
  let converged = false;
  for (;;) {
    search.renew();
    search.direct();
    converged = search.decrement <= tolerance;
    if (converged) break;
    if (search.iterations === maxIterations) {
      converged = search.decrement <= ROUNDING;
      break;
    }
    search.iterations++;
    if (!search.walk()) {
      converged = search.decrement <= ROUNDING;
      break;
    }
  }
  const { x, value, gradient, iterations, evaluations, decrement } = search;
  return { x, value, gradient, iterations, evaluations, decrement, converged };
}

/**
 * The Hessian at `x` by central differences of the gradient, over the variables not held at a bound; rows
 * and columns of held ones are those of the identity. `scale[i]` is the size of variable i: the step is 1e-4
 * of it, one-sided where a bound is nearer. 2 p evaluations.
 */
export function hessianAt(
  objective: Objective,
  x: Float64Array,
  held: ArrayLike<number | boolean>,
  scale: ArrayLike<number>,
  lower: ArrayLike<number>,
): Float64Array {
  const n = x.length;
  const hessian = new Float64Array(n * n);
  const at = x.slice();
  const above = new Float64Array(n);
  const below = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (held[i]) continue;
    const h = 1e-4 * scale[i];
    const down = x[i] - h < lower[i] ? 0 : h;
    at[i] = x[i] + h;
    objective(at, above);
    at[i] = x[i] - down;
    objective(at, below);
    at[i] = x[i];
    for (let j = 0; j < n; j++) hessian[i * n + j] = (above[j] - below[j]) / (h + down);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = held[i] || held[j] ? Number(i === j) : 0.5 * (hessian[i * n + j] + hessian[j * n + i]);
      hessian[i * n + j] = hessian[j * n + i] = value;
    }
  }
  return hessian;
}
