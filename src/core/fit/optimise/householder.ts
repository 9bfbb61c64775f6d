/**
 * Linear least squares by Householder reflections: min |A x - b| for a tall matrix of full rank.
 *
 * Why not the normal equations: they square the condition number, and the sums of exponentials that the
 * fits meet lose all digits there. Cost 2 m n^2 operations, in place, row-major. Source: Golub & Van Loan,
 * Matrix Computations, algorithms 5.1.1 and 5.3.2.
 */

/** Below this share of its column's length a diagonal entry of R counts as 0. */
const DEPENDENT = 1e-14;

/**
 * Factors the rows x columns matrix `a` (rows >= columns) in place: R in the upper triangle, and `b` becomes
 * Q'b. `diagonal` (columns) receives the diagonal of R. False where a column depends on those before it.
 */
export function triangulate(
  a: Float64Array,
  rows: number,
  columns: number,
  b: Float64Array,
  diagonal: Float64Array,
): boolean {
  for (let k = 0; k < columns; k++) {
    let whole = 0;
    for (let i = 0; i < rows; i++) whole += a[i * columns + k] * a[i * columns + k];
    let square = 0;
    for (let i = k; i < rows; i++) square += a[i * columns + k] * a[i * columns + k];
    const norm = Math.sqrt(square);
    if (!(norm > DEPENDENT * Math.sqrt(whole))) return false;
    const head = a[k * columns + k];
    diagonal[k] = head > 0 ? -norm : norm;
    a[k * columns + k] = head - diagonal[k];
    // v'v / 2 of the reflection I - v v' / (v'v / 2).
    const half = norm * (norm + Math.abs(head));
    for (let j = k + 1; j < columns; j++) {
      let dot = 0;
      for (let i = k; i < rows; i++) dot += a[i * columns + k] * a[i * columns + j];
      dot /= half;
      for (let i = k; i < rows; i++) a[i * columns + j] -= dot * a[i * columns + k];
    }
    let dot = 0;
    for (let i = k; i < rows; i++) dot += a[i * columns + k] * b[i];
    dot /= half;
    for (let i = k; i < rows; i++) b[i] -= dot * a[i * columns + k];
  }
  return true;
}

/** Solves R x = Q'b with what triangulate() left; x replaces the first `columns` entries of `b`. */
export function backSolve(a: Float64Array, columns: number, b: Float64Array, diagonal: Float64Array): void {
  for (let k = columns - 1; k >= 0; k--) {
    for (let j = k + 1; j < columns; j++) b[k] -= a[k * columns + j] * b[j];
    b[k] /= diagonal[k];
  }
}

/** (A'A)^-1 = R^-1 R^-T of what triangulate() left: columns x columns, row-major. */
export function inverseGram(a: Float64Array, columns: number, diagonal: Float64Array): Float64Array {
  const inverse = new Float64Array(columns * columns);
  const column = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    column.fill(0);
    column[j] = 1;
    backSolve(a, columns, column, diagonal);
    for (let i = 0; i < columns; i++) inverse[i * columns + j] = column[i];
  }
  const gram = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < columns; k++) sum += inverse[i * columns + k] * inverse[j * columns + k];
      gram[i * columns + j] = gram[j * columns + i] = sum;
    }
  }
  return gram;
}
