/** Small statistics for tests: chi-square as a z-score, the normal distribution function. */

/**
 * Chi-square of `counts` against `expected` (same length, none below about 5) as an approximately standard
 * normal score, by the cube-root transform of Wilson and Hilferty (1931); `lost` degrees of freedom beside
 * the total.
 */
export function chiSquareZ(counts: Float64Array, expected: Float64Array, lost = 0): number {
  let chiSquare = 0;
  for (let i = 0; i < counts.length; i++) chiSquare += (counts[i]! - expected[i]!) ** 2 / expected[i]!;
  const degrees = counts.length - 1 - lost;
  const variance = 2 / (9 * degrees);
  return (Math.cbrt(chiSquare / degrees) - (1 - variance)) / Math.sqrt(variance);
}

/** Standard normal distribution function to about 1e-15 absolute, by its power series around 0; |x| <= 8. */
export function normalCdf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Sample correlation of two lists of one length. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const n = a.length;
  const [meanA, meanB] = [a, b].map((values) => values.reduce((sum, x) => sum + x, 0) / n) as [
    number,
    number,
  ];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}
