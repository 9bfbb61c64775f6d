/**
 * Nonlinear least squares inside a box: Levenberg-Marquardt with projected steps.
 *
 * Each step solves min |J s + r|^2 + mu |D s|^2 over the free variables by Householder reflections of the
 * stacked matrix (More, "The Levenberg-Marquardt algorithm", LNM 630, 1978); D holds the longest column norms
 * of J so far, which makes the search indifferent to the units of the variables. mu follows the ratio of the
 * true to the promised fall (Nielsen, IMM-REP-1999-05). A variable at a bound whose gradient points outwards
 * is held there; the step is projected into the box. Converged means that a Gauss-Newton step promises a
 * fall below 1e-18 of the sum of squares, the relative offset of Bates & Watts (1981): the estimate then
 * lies within about 1e-9 of its own standard errors. Cost of a step: one Jacobian, O(m p^2), and one pass
 * of residuals for each mu that is tried. Slow: thousands of variables.
 */
import { backSolve, inverseGram, triangulate } from './householder.js';

export interface LeastSquares {
  /** Number of residuals, at least the number of variables. */
  readonly count: number;
  /** Writes the residuals at `x`; a non-finite one marks a point outside the domain. */
  readonly residuals: (x: Float64Array, out: Float64Array) => void;
  /** Writes their derivatives, count x p row-major; absent: central differences, 2 p passes. */
  readonly jacobian?: (x: Float64Array, out: Float64Array) => void;
  readonly start: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** Default 1,000: along a curved ridge steps are many and small. */
  readonly maxIterations?: number;
  /** Size at which residuals are rounding: a fit as good as that is perfect. Default 0. */
  readonly resolution?: number;
}

export interface LeastSquaresFit {
  readonly x: Float64Array;
  readonly residuals: Float64Array;
  readonly sumOfSquares: number;
  /**
   * (J'J)^-1 over the free variables, p x p, rows and columns of held ones 0; null where J is singular.
   * Times the residual variance it is the covariance of the estimates.
   */
  readonly inverseGram: Float64Array | null;
  readonly iterations: number;
  /** Passes of residuals, those of differences included. */
  readonly evaluations: number;
  /** Largest |cosine| between the residuals and a free column of the Jacobian. */
  readonly gradientNorm: number;
  /** Share of the sum of squares that a last Gauss-Newton step would still take away. */
  readonly offset: number;
  readonly converged: boolean;
}

const ARRIVED = 1e-18;
/** Where rounding allows no further step, the search has arrived when it promised no more than this. */
const ROUNDING = 1e-11;
/** The same with derivatives by differences, whose own error of 1e-10 bends the last steps. */
const ROUNDING_OF_DIFFERENCES = 1e-8;
const FIRST_DAMPING = 1e-3;
const MAX_DAMPING = 1e20;
/** Sum of squares at this share of the first one is a perfect fit. */
const PERFECT = 1e-28;
const STEP = 6e-6;

class Search {
  readonly n: number;
  x: Float64Array;
  r: Float64Array;
  value: number;
  evaluations = 1;
  gradientNorm = Infinity;
  offset = Infinity;
  readonly jacobian: Float64Array;
  private nextX: Float64Array;
  private nextR: Float64Array;
  private readonly free: Int32Array;
  private freeCount = 0;
  private readonly scale: Float64Array;
  private readonly diagonal: Float64Array;
  private readonly stacked: Float64Array;
  private readonly right: Float64Array;
  private readonly problem: LeastSquares;

  constructor(problem: LeastSquares) {
    const { count } = problem;
    const n = problem.start.length;
    this.problem = problem;
    this.n = n;
    this.x = Float64Array.from(problem.start);
    for (let i = 0; i < n; i++) this.x[i] = this.clip(i, this.x[i]);
    this.r = new Float64Array(count);
    this.nextX = new Float64Array(n);
    this.nextR = new Float64Array(count);
    this.jacobian = new Float64Array(count * n);
    this.free = new Int32Array(n);
    this.scale = new Float64Array(n);
    this.diagonal = new Float64Array(n);
    this.stacked = new Float64Array((count + n) * n);
    this.right = new Float64Array(count + n);
    problem.residuals(this.x, this.r);
    this.value = squares(this.r);
  }

  private clip(i: number, value: number): number {
    return Math.min(this.problem.upper[i], Math.max(this.problem.lower[i], value));
  }

  /** The Jacobian at x, the free variables, and how far the search still is from its end. */
  differentiate(): void {
    const { n, x, r, jacobian, problem } = this;
    if (problem.jacobian) problem.jacobian(x, jacobian);
    else this.differences();
    this.freeCount = 0;
    this.gradientNorm = 0;
    for (let j = 0; j < n; j++) {
      let [slope, square] = [0, 0];
      for (let i = 0; i < r.length; i++) {
        slope += jacobian[i * n + j] * r[i];
        square += jacobian[i * n + j] * jacobian[i * n + j];
      }
      this.scale[j] = Math.max(this.scale[j], Math.sqrt(square));
      const held = (x[j] <= problem.lower[j] && slope > 0) || (x[j] >= problem.upper[j] && slope < 0);
      if (held) continue;
      this.free[this.freeCount++] = j;
      const cosine = Math.abs(slope) / Math.sqrt(square * this.value);
      if (cosine > this.gradientNorm) this.gradientNorm = cosine;
    }
    this.offset = this.promise();
  }

  private differences(): void {
    const { n, jacobian, nextX, nextR, problem } = this;
    const above = new Float64Array(nextR.length);
    nextX.set(this.x);
    for (let j = 0; j < n; j++) {
      const h = STEP * Math.max(Math.abs(this.x[j]), 1e-3);
      nextX[j] = this.clip(j, this.x[j] + h);
      const high = nextX[j];
      problem.residuals(nextX, above);
      nextX[j] = this.clip(j, this.x[j] - h);
      problem.residuals(nextX, nextR);
      const width = high - nextX[j];
      for (let i = 0; i < nextR.length; i++) jacobian[i * n + j] = (above[i] - nextR[i]) / width;
      nextX[j] = this.x[j];
    }
    this.evaluations += 2 * n;
  }

  /** Stacks the free columns of J over sqrt(mu) D and factors them; false where they depend on each other. */
  private factor(mu: number): boolean {
    const { n, free, freeCount: m, jacobian, stacked, right, r, scale } = this;
    const rows = r.length + (mu > 0 ? m : 0);
    for (let i = 0; i < r.length; i++) {
      for (let a = 0; a < m; a++) stacked[i * m + a] = jacobian[i * n + free[a]];
      right[i] = -r[i];
    }
    for (let i = r.length; i < rows; i++) {
      for (let a = 0; a < m; a++) stacked[i * m + a] = 0;
      const a = i - r.length;
      stacked[i * m + a] = Math.sqrt(mu) * (scale[free[a]] > 0 ? scale[free[a]] : 1);
      right[i] = 0;
    }
    return triangulate(stacked, rows, m, right, this.diagonal);
  }

  /** Share of the sum of squares that a Gauss-Newton step would take away: |Q'r|^2 / |r|^2. */
  private promise(): number {
    if (this.freeCount === 0) return 0;
    if (!this.factor(0)) return Infinity;
    let fall = 0;
    for (let a = 0; a < this.freeCount; a++) fall += this.right[a] * this.right[a];
    return fall / this.value;
  }

  /** Tries the step of damping mu; the ratio of the true to the promised fall, below 0 when it rose. */
  attempt(mu: number): number {
    const { n, x, nextX, nextR, free, freeCount: m, jacobian, r } = this;
    if (!this.factor(mu)) return -1;
    backSolve(this.stacked, m, this.right, this.diagonal);
    nextX.set(x);
    for (let a = 0; a < m; a++) nextX[free[a]] = this.clip(free[a], x[free[a]] + this.right[a]);
    this.problem.residuals(nextX, nextR);
    this.evaluations++;
    const value = squares(nextR);
    let linear = 0;
    for (let i = 0; i < r.length; i++) {
      let at = r[i];
      for (let j = 0; j < n; j++) at += jacobian[i * n + j] * (nextX[j] - x[j]);
      linear += at * at;
    }
    if (!(value < this.value)) return -1;
    const ratio = (this.value - value) / Math.max(this.value - linear, Number.MIN_VALUE);
    [this.x, this.nextX] = [nextX, x];
    [this.r, this.nextR] = [nextR, r];
    this.value = value;
    return ratio;
  }

  /** See LeastSquaresFit; of the Jacobian that differentiate() left. */
  inverseGram(): Float64Array | null {
    const { n, free, freeCount: m } = this;
    if (!this.factor(0)) return null;
    const inner = inverseGram(this.stacked, m, this.diagonal);
    const outer = new Float64Array(n * n);
    for (let a = 0; a < m; a++) {
      for (let b = 0; b < m; b++) outer[free[a] * n + free[b]] = inner[a * m + b];
    }
    return outer;
  }
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

/** The local minimum that the search reaches from `start`. Throws where the start is outside the domain. */
export function leastSquares(problem: LeastSquares): LeastSquaresFit {
  const search = new Search(problem);
  if (!(search.value < Infinity))
    throw new RangeError('least squares: expected finite residuals at the start');
  const resolution = problem.resolution ?? 0;
  const perfect = Math.max(PERFECT * search.value, problem.count * resolution * resolution);
  const rounding = problem.jacobian ? ROUNDING : ROUNDING_OF_DIFFERENCES;
  const maxIterations = problem.maxIterations ?? 1_000;
  let mu = FIRST_DAMPING;
  let growth = 2;
  let iterations = 0;
  search.differentiate();
  const arrived = (share: number): boolean => search.offset <= share || search.value <= perfect;
  while (!arrived(ARRIVED) && iterations < maxIterations && mu < MAX_DAMPING) {
    const ratio = search.attempt(mu);
    if (ratio < 0) {
      mu *= growth;
      growth *= 2;
      continue;
    }
    const bend = 2 * ratio - 1;
    mu = Math.max(1e-15, mu * Math.max(1 / 3, 1 - bend * bend * bend));
    growth = 2;
    iterations++;
    search.differentiate();
  }
  const { x, r, value, evaluations, gradientNorm, offset } = search;
  return {
    x,
    residuals: r,
    sumOfSquares: value,
    inverseGram: search.inverseGram(),
    iterations,
    evaluations,
    gradientNorm,
    offset,
    converged: arrived(mu < MAX_DAMPING ? ARRIVED : rounding),
  };
}
