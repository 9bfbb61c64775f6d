/**
 * Means and ratios over independent runs with standard errors and 95 % intervals.
 *
 * A mean has the classical error s / sqrt(n) and a t interval. A ratio of sums has the error of the delta
 * method: with r = sum(a) / sum(b), the residuals a - r b stand for the runs (Cochran 1977, Sampling
 * Techniques, 3rd ed., section 6.4; bias of order 1/n is left). Both take n independent runs; one run has no
 * error. Cost O(n).
 */

export interface Estimate {
  readonly value: number;
  /** Null with fewer than two runs. */
  readonly standardError: number | null;
  /** Ends of the 95 % interval; null where the error is. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Runs behind it. */
  readonly runs: number;
}

/** 97.5 % quantiles of Student's t for 1 to 10 degrees of freedom. */
const T_975 = [
  12.706204736, 4.30265273, 3.182446305, 2.776445105, 2.570581836, 2.446911851, 2.364624252, 2.306004135,
  2.262157163, 2.228138852,
];
/** The same of the normal law. */
export const Z_975 = 1.959963984540054;

/**
 * 97.5 % quantile of Student's t, degrees of freedom an integer >= 1: a table up to 10, beyond it the
 * expansion about the normal quantile (Abramowitz & Stegun 26.7.5), whose error is then below 6e-6.
 */
export function tQuantile975(degrees: number): number {
  if (degrees <= T_975.length) return T_975[degrees - 1];
  const z = Z_975;
  const [z2, v] = [z * z, degrees];
  const g1 = (z * (z2 + 1)) / 4;
  const g2 = (z * ((5 * z2 + 16) * z2 + 3)) / 96;
  const g3 = (z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384;
  const g4 = (z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945)) / 92160;
  return z + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v;
}

/** Mean of independent values; null of an empty list. */
export function meanOf(values: readonly number[]): Estimate | null {
  const n = values.length;
  if (n === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / n;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return estimate(mean, n > 1 ? Math.sqrt(squares / (n - 1) / n) : null, n);
}

/** Means of `size` values at a time, which depend on each other while the groups do not. */
export function groupMeans(values: readonly number[], size: number): readonly number[] {
  if (size === 1) return values;
  return Array.from({ length: Math.floor(values.length / size) }, (_, g) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += values[g * size + i];
    return sum / size;
  });
}

/** Sum of `a` over sum of `b`, paired by run; null where the sum of `b` is nought. */
export function ratioOf(a: readonly number[], b: readonly number[]): Estimate | null {
  const n = a.length;
  let [sumA, sumB] = [0, 0];
  for (let i = 0; i < n; i++) {
    sumA += a[i];
    sumB += b[i];
  }
  if (sumB === 0) return null;
  const ratio = sumA / sumB;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (a[i] - ratio * b[i]) * (a[i] - ratio * b[i]);
  const error = n > 1 ? Math.sqrt(squares / (n - 1) / n) / Math.abs(sumB / n) : null;
  return estimate(ratio, error, n);
}

/** A value with the t interval of its error. */
export function estimate(value: number, standardError: number | null, runs: number): Estimate {
  if (standardError === null) return { value, standardError, interval: null, runs };
  const half = tQuantile975(runs - 1) * standardError;
  return { value, standardError, interval: [value - half, value + half], runs };
}
