/**
 * Which of two prices moves first, and by how much: Hayashi-Yoshida correlation over lags.
 *
 * The prices change at times of their own. The covariance of Hayashi & Yoshida (2005, Bernoulli 11) sums the
 * products of all increments whose intervals overlap, which needs no common grid and has none of the bias of
 * one. Shifting one clock by a lag gives a correlation at each lag (Hoffmann, Rosenbaum & Yoshida 2013,
 * Bernoulli 19, eq. 3); the lag with the largest one is the estimate, as fine as the grid. The asymmetry,
 * the squared correlations at positive lags over those at negative ones, says how clear it is (Huth & Abergel
 * 2014, Journal of Empirical Finance 26). Cost O(n + m + overlaps) a lag.
 */

export interface LeadLag {
  /** Lag at which the correlation is largest in size; above 0 the first price leads. */
  readonly lag: number;
  readonly correlation: number;
  /** Without a lag. */
  readonly contemporaneous: number;
  /** Above 1 where the first price leads; Infinity where nothing speaks for the other way. */
  readonly asymmetry: number;
  /** Correlation by lag, from -maxLag to maxLag in 2 steps + 1 points. */
  readonly curve: Float64Array;
}

/**
 * Sum of the products of overlapping increments of `a` at `timesA` and `b` at `timesB` (both in ascending
 * order), the clock of b set back by `lag`: a's move is compared with b's `lag` later.
 */
export function overlapCovariance(
  timesA: Float64Array,
  a: Float64Array,
  timesB: Float64Array,
  b: Float64Array,
  lag: number,
): number {
  let sum = 0;
  let first = 1;
  for (let i = 1; i < a.length; i++) {
    const [from, to] = [timesA[i - 1] + lag, timesA[i] + lag];
    while (first < b.length && timesB[first] <= from) first++;
    const move = a[i] - a[i - 1];
    for (let j = first; j < b.length && timesB[j - 1] < to; j++) sum += move * (b[j] - b[j - 1]);
  }
  return sum;
}

/**
 * Correlations at lags from -maxLag to maxLag, `steps` >= 1 on each side. Null where a price does not
 * move.
 */
export function leadLag(
  timesA: Float64Array,
  a: Float64Array,
  timesB: Float64Array,
  b: Float64Array,
  maxLag: number,
  steps: number,
): LeadLag | null {
  const scale = Math.sqrt(squares(a) * squares(b));
  if (!(scale > 0)) return null;
  const curve = new Float64Array(2 * steps + 1);
  let best = steps;
  let [forward, backward] = [0, 0];
  for (let k = 0; k < curve.length; k++) {
    const value = overlapCovariance(timesA, a, timesB, b, (maxLag * (k - steps)) / steps) / scale;
    curve[k] = value;
    if (Math.abs(value) > Math.abs(curve[best])) best = k;
    if (k > steps) forward += value * value;
    else if (k < steps) backward += value * value;
  }
  return {
    lag: (maxLag * (best - steps)) / steps,
    correlation: curve[best],
    contemporaneous: curve[steps],
    asymmetry: backward > 0 ? forward / backward : forward > 0 ? Infinity : 1,
    curve,
  };
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
  return sum;
}
