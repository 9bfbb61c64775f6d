/**
 * Ordinary least squares on a few regressors by Householder reflections.
 *
 * Why not normal equations: levels of prices and their lags are nearly collinear, and squaring the condition
 * number costs the digits that a unit-root test needs. Cost 2 n k^2 for n rows and k columns; one copy of the
 * columns. Source: Golub & Van Loan, Matrix Computations, algorithms 5.2.1 and 5.3.2.
 */

export interface Regression {
  readonly coefficients: Float64Array;
  /** By coefficient, with the residual variance sse / (n - k). */
  readonly standardErrors: Float64Array;
  readonly residuals: Float64Array;
  /** Sum of squared residuals. */
  readonly sse: number;
  readonly rows: number;
}

/** A column counts as dependent on those before it when less than this share of its length is left. */
const DEPENDENT = 1e-11;

/**
 * Regresses y on the columns, all of y's length. Null with no more rows than columns, or where a column is a
 * combination of those before it.
 */
export function regress(y: Float64Array, columns: readonly Float64Array[]): Regression | null {
  const [n, k] = [y.length, columns.length];
  const factors = reduce(y, columns);
  if (factors === null) return null;
  const { a, diagonal, rhs } = factors;
  const coefficients = new Float64Array(k);
  for (let j = k - 1; j >= 0; j--) {
    let sum = rhs[j];
    for (let c = j + 1; c < k; c++) sum -= a[c][j] * coefficients[c];
    coefficients[j] = sum / diagonal[j];
  }
  const residuals = y.slice();
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < n; i++) residuals[i] -= coefficients[j] * columns[j][i];
  }
  let sse = 0;
  for (let i = 0; i < n; i++) sse += residuals[i] * residuals[i];
  const standardErrors = errorsOf(a, diagonal, sse / (n - k));
  return { coefficients, standardErrors, residuals, sse, rows: n };
}

/**
 * Sums of squared residuals of y on the first 0, 1, ..., k columns, by one factorisation: what leaving out
 * the last ones would cost. Null as regress().
 */
export function nestedSse(y: Float64Array, columns: readonly Float64Array[]): Float64Array | null {
  const factors = reduce(y, columns);
  if (factors === null) return null;
  const { rhs } = factors;
  const k = columns.length;
  const sse = new Float64Array(k + 1);
  for (let i = y.length - 1; i >= k; i--) sse[k] += rhs[i] * rhs[i];
  for (let j = k - 1; j >= 0; j--) sse[j] = sse[j + 1] + rhs[j] * rhs[j];
  return sse;
}

interface Factors {
  /** Above the diagonal R by column, on and below it the reflections. */
  readonly a: readonly Float64Array[];
  readonly diagonal: Float64Array;
  /** Q'y. */
  readonly rhs: Float64Array;
}

function reduce(y: Float64Array, columns: readonly Float64Array[]): Factors | null {
  const k = columns.length;
  if (y.length <= k) return null;
  const a = columns.map((column) => column.slice());
  const rhs = y.slice();
  const diagonal = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const column = a[j];
    const length = norm(columns[j], 0);
    const rest = norm(column, j);
    if (!(rest > DEPENDENT * length)) return null;
    const alpha = column[j] > 0 ? -rest : rest;
    diagonal[j] = alpha;
    column[j] -= alpha;
    const scale = 1 / (alpha * column[j]);
    for (let c = j + 1; c < k; c++) reflect(column, a[c], j, scale);
    reflect(column, rhs, j, scale);
  }
  return { a, diagonal, rhs };
}

/** Length of the part of a column from row `from` on. */
function norm(column: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < column.length; i++) sum += column[i] * column[i];
  return Math.sqrt(sum);
}

/** Applies I + scale v v' to `target` from row `from` on. */
function reflect(v: Float64Array, target: Float64Array, from: number, scale: number): void {
  let sum = 0;
  for (let i = from; i < v.length; i++) sum += v[i] * target[i];
  sum *= scale;
  for (let i = from; i < v.length; i++) target[i] += sum * v[i];
}

/** Row j of the inverse of R has the variance of coefficient j: (R'R)^-1 = R^-1 R^-T. */
function errorsOf(a: readonly Float64Array[], diagonal: Float64Array, variance: number): Float64Array {
  const k = diagonal.length;
  const errors = new Float64Array(k);
  const column = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    column.fill(0);
    column[c] = 1 / diagonal[c];
    for (let j = c - 1; j >= 0; j--) {
      let sum = 0;
      for (let m = j + 1; m <= c; m++) sum -= a[m][j] * column[m];
      column[j] = sum / diagonal[j];
    }
    for (let j = 0; j <= c; j++) errors[j] += column[j] * column[j];
  }
  for (let j = 0; j < k; j++) errors[j] = Math.sqrt(errors[j] * variance);
  return errors;
}
