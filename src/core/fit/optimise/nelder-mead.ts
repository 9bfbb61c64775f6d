/**
 * Nelder & Mead's simplex inside a box, restarted until a new simplex finds nothing better.
 *
 * Why: it needs values only, so it judges what a gradient search found, and it goes where a likelihood has
 * kinks. Reflection, expansion, contraction and shrinking depend on the number of variables (Gao & Han,
 * Comput. Optim. Appl. 51, 2012); points outside the box are projected onto it. A simplex can collapse away
 * from any minimum (McKinnon 1998), so after it has shrunk a new one is laid around the best point, and only
 * a restart that improves by less than the tolerance ends the search. Cost O(p) beside each evaluation, no
 * allocation. Slow above about ten variables.
 */

export interface SimplexProblem {
  /** Infinity or NaN outside the domain. */
  readonly value: (x: Float64Array) => number;
  readonly start: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** Edge of the first simplex along each variable. */
  readonly scale: ArrayLike<number>;
  /** In units of the function; default 1e-10. */
  readonly tolerance?: number;
  /** Default 20 000. */
  readonly maxEvaluations?: number;
}

export interface SimplexMinimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
  /** Simplexes that were laid, the first included. */
  readonly restarts: number;
  readonly converged: boolean;
}

class Simplex {
  evaluations = 0;
  readonly best: Float64Array;
  value: number;
  private readonly n: number;
  private readonly points: Float64Array[];
  private readonly values: Float64Array;
  private readonly centre: Float64Array;
  private readonly trial: Float64Array;
  private readonly spare: Float64Array;
  private readonly problem: SimplexProblem;

  constructor(problem: SimplexProblem) {
    const n = problem.start.length;
    this.problem = problem;
    this.n = n;
    this.best = Float64Array.from(problem.start);
    this.points = Array.from({ length: n + 1 }, () => new Float64Array(n));
    this.values = new Float64Array(n + 1);
    this.centre = new Float64Array(n);
    this.trial = new Float64Array(n);
    this.spare = new Float64Array(n);
    this.value = this.at(this.best);
  }

  /** Projects `x` into the box and evaluates it there. */
  private at(x: Float64Array): number {
    const { lower, upper, value } = this.problem;
    for (let i = 0; i < this.n; i++) x[i] = Math.min(upper[i], Math.max(lower[i], x[i]));
    this.evaluations++;
    const found = value(x);
    return found < Infinity ? found : Infinity;
  }

  /** A new simplex around the best point, its edges `share` of the scale and turned into the box. */
  lay(share: number): void {
    const { n, points, values, best, problem } = this;
    points[0].set(best);
    values[0] = this.value;
    for (let i = 0; i < n; i++) {
      const edge = share * problem.scale[i];
      points[i + 1].set(best);
      points[i + 1][i] += best[i] + edge <= problem.upper[i] ? edge : -edge;
      values[i + 1] = this.at(points[i + 1]);
    }
  }

  private sort(): void {
    const { points, values } = this;
    for (let i = 1; i < values.length; i++) {
      const [point, value] = [points[i], values[i]];
      let j = i - 1;
      for (; j >= 0 && values[j] > value; j--) {
        points[j + 1] = points[j];
        values[j + 1] = values[j];
      }
      points[j + 1] = point;
      values[j + 1] = value;
    }
  }

  /** Evaluates centre + by (worst - centre) into `out`. */
  private along(by: number, out: Float64Array): number {
    const worst = this.points[this.n];
    for (let i = 0; i < this.n; i++) out[i] = this.centre[i] + by * (worst[i] - this.centre[i]);
    return this.at(out);
  }

  private replace(point: Float64Array, value: number): void {
    this.points[this.n].set(point);
    this.values[this.n] = value;
  }

  /** Moves until all values lie within the tolerance, or evaluations run out (false). */
  shrinkTo(tolerance: number, maxEvaluations: number): boolean {
    const { n, points, values, centre, trial, spare } = this;
    const [expansion, contraction, shrinking] = [1 + 2 / n, 0.75 - 0.5 / n, 1 - 1 / Math.max(2, n)];
    for (;;) {
      this.sort();
      this.best.set(points[0]);
      this.value = values[0];
      if (values[n] - values[0] <= tolerance && this.width() <= 1e-5) return true;
      if (this.evaluations >= maxEvaluations) return false;
      centre.fill(0);
      for (let k = 0; k < n; k++) for (let i = 0; i < n; i++) centre[i] += points[k][i] / n;
      const reflected = this.along(-1, trial);
      if (reflected < values[0]) {
        const expanded = this.along(-expansion, spare);
        if (expanded < reflected) this.replace(spare, expanded);
        else this.replace(trial, reflected);
      } else if (reflected < values[n - 1]) this.replace(trial, reflected);
      else {
        const outside = reflected < values[n];
        const contracted = this.along(outside ? -contraction : contraction, spare);
        if (contracted < Math.min(reflected, values[n])) this.replace(spare, contracted);
        else this.shrink(shrinking);
      }
    }
  }

  /** Longest edge from the best point, in units of the scale. */
  private width(): number {
    const { n, points, problem } = this;
    let width = 0;
    for (let k = 1; k <= n; k++) {
      for (let i = 0; i < n; i++) {
        width = Math.max(width, Math.abs(points[k][i] - points[0][i]) / problem.scale[i]);
      }
    }
    return width;
  }

  private shrink(share: number): void {
    const { n, points, values } = this;
    for (let k = 1; k <= n; k++) {
      for (let i = 0; i < n; i++) points[k][i] = points[0][i] + share * (points[k][i] - points[0][i]);
      values[k] = this.at(points[k]);
    }
  }
}

/** The minimum that the simplexes reach from `start`. */
export function minimiseSimplex(problem: SimplexProblem): SimplexMinimum {
  const tolerance = problem.tolerance ?? 1e-10;
  const maxEvaluations = problem.maxEvaluations ?? 20_000;
  const simplex = new Simplex(problem);
  let share = 1;
  for (let restarts = 1; ; restarts++) {
    const before = simplex.value;
    simplex.lay(share);
    const shrunk = simplex.shrinkTo(tolerance, maxEvaluations);
    const { best: x, value, evaluations } = simplex;
    if (!shrunk) return { x, value, evaluations, restarts, converged: false };
    if (restarts > 1 && before - value <= 10 * tolerance) {
      return { x, value, evaluations, restarts, converged: true };
    }
    share = Math.max(0.01, 0.5 * share);
  }
}
