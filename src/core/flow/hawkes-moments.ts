/** Mean rates of a Hawkes process, and whether it has any: plain linear algebra on small matrices. */

type Matrix = readonly (readonly number[])[];

/**
 * Largest absolute eigenvalue of a square matrix of entries >= 0, by the power method on (matrix + identity),
 * whose largest one lies apart from all others of its absolute value. Relative error some 1e-9 at worst,
 * where two eigenvalues are close. Cost O(n^2) a step.
 */
export function spectralRadius(matrix: Matrix): number {
  const n = matrix.length;
  let vector = new Array<number>(n).fill(1 / n);
  let radius = 0;
  for (let step = 0; step < 10_000; step++) {
    const next = matrix.map((row, i) => row.reduce((sum, entry, j) => sum + entry * vector[j], vector[i]));
    const total = next.reduce((sum, entry) => sum + entry, 0);
    vector = next.map((entry) => entry / total);
    if (Math.abs(total - 1 - radius) <= 1e-13 * total) return total - 1;
    radius = total - 1;
  }
  return radius;
}

/**
 * Mean intensities (I - branching)^-1 baseline, by fixed-point iteration, which is the sum over generations
 * of events. Infinity where the spectral radius is 1 or more and the baselines reach that part.
 */
export function meanRates(baseline: readonly number[], branching: Matrix): number[] {
  let rates = [...baseline];
  for (let step = 0; step < 100_000; step++) {
    const next = branching.map((row, i) =>
      row.reduce((sum, entry, j) => sum + entry * rates[j], baseline[i]),
    );
    const isDone = next.every((rate, i) => Math.abs(rate - rates[i]) <= 1e-13 * rate);
    rates = next;
    if (isDone) return rates;
    if (rates.some((rate) => rate > 1e300)) break;
  }
  return rates.map((rate) => (rate > 0 ? Infinity : 0));
}
