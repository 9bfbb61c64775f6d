/**
 * Cholesky factors of small symmetric positive definite matrices, row-major in one array.
 *
 * Why: the fits have 2 to 40 parameters; their Newton steps and covariances need a solve and an inverse, and
 * the factorisation itself tells whether a matrix is positive definite. Cost O(n^3 / 6), no pivoting.
 * Source: Golub & Van Loan, Matrix Computations, algorithm 4.2.1.
 */

/** Below this share of its own diagonal a pivot counts as 0: the matrix is singular to rounding. */
const SINGULAR = 1e-14;

/**
 * Replaces the lower triangle of the n x n matrix `a` by L with a = L L'; false where it is not positive
 * definite, which leaves `a` half done.
 */
export function factorise(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      if (j < i) a[i * n + j] = sum / a[j * n + j];
      else if (sum > SINGULAR * Math.abs(a[i * n + i])) a[i * n + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Solves L L' x = b in place of `b`; `l` is what factorise() left. */
export function solve(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i] -= l[i * n + k] * b[k];
    b[i] /= l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i] -= l[k * n + i] * b[k];
    b[i] /= l[i * n + i];
  }
}

/** The inverse of the symmetric matrix `a`, null where it is not positive definite; `a` is left as it is. */
export function inverse(a: Float64Array, n: number): Float64Array | null {
  const l = a.slice(0, n * n);
  if (!factorise(l, n)) return null;
  const result = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    column.fill(0);
    column[j] = 1;
    solve(l, n, column);
    for (let i = 0; i < n; i++) result[i * n + j] = column[i];
  }
  return result;
}
