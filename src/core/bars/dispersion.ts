/**
 * How widely bars scatter in a moving window: Bollinger's bands and rolling volatility.
 *
 * Mean and sum of squared deviations are moved by one update per bar (Welford 1962 with the oldest value
 * taken out) instead of by sums of squares, which would cancel for prices far from nought. They are taken
 * anew every REFRESH_BARS bars, and where a window has become nearly flat, of which rounding would be too
 * large a part. Cost per bar: about ten operations and a square root, whatever the window; slow where flat
 * and wild stretches take turns at the length of a window.
 */
import { log } from '../math/log.js';
import { REFRESH_BARS, checkWindow } from './averages.js';

/**
 * A sum of squares that has fallen to this part of its peak is taken anew: its rounding is of the peak's
 * size.
 */
const COLLAPSE = 1e-4;

/** Where bollinger() writes; each as long as the closes. */
export interface BandColumns {
  readonly middle: Float64Array;
  readonly upper: Float64Array;
  readonly lower: Float64Array;
}

/**
 * Bollinger bands (Bollinger 2001, Bollinger on Bollinger Bands): the simple average of n closes, and `width`
 * standard deviations (with n, not n - 1, in the denominator, as he has it) above and below. NaN in the first
 * n - 1 places. Band width is (upper - lower) / middle, percent b (close - lower) / (upper - lower). Throws
 * where n is no window or a column is too short; `close` must be finite.
 */
export function bollinger(close: Float64Array, n: number, width: number, out: BandColumns): void {
  for (const column of [out.middle, out.upper, out.lower]) checkWindow(n, close, column);
  const { middle, upper, lower } = out;
  moments(close, 0, n, middle, upper);
  for (let i = 0; i < close.length; i++) {
    const reach = width * Math.sqrt(upper[i] / n);
    upper[i] = middle[i] + reach;
    lower[i] = middle[i] - reach;
  }
}

/**
 * Standard deviation (n - 1 in the denominator) of the last n log returns, times sqrt(periodsPerYear) to
 * annualise; 1 leaves it per bar. NaN in the first n places. Throws where n is no window above 1 or `out` too
 * short; closes must be above 0.
 */
export function rollingVolatility(
  close: Float64Array,
  n: number,
  periodsPerYear: number,
  out: Float64Array,
): void {
  checkWindow(n, close, out);
  if (n < 2) throw new Error(`expected a window of 2 returns or more; got ${n}`);
  const rows = close.length;
  const returns = new Float64Array(rows);
  for (let i = 1; i < rows; i++) returns[i] = log(close[i] / close[i - 1]);
  moments(returns, 1, n, null, out);
  for (let i = 0; i < rows; i++) out[i] = Math.sqrt((out[i] / (n - 1)) * periodsPerYear);
}

/**
 * Mean and sum of squared deviations of the n values up to each place from `first` + n - 1 on, NaN before;
 * the mean is not written where `mean` is null.
 */
function moments(
  values: Float64Array,
  first: number,
  n: number,
  mean: Float64Array | null,
  squares: Float64Array,
): void {
  const rows = values.length;
  const start = first + n - 1;
  mean?.fill(NaN, 0, Math.min(start, rows));
  squares.fill(NaN, 0, Math.min(start, rows));
  const block = Math.max(REFRESH_BARS, n);
  let [center, sum, peak] = [0, 0, 0];
  let fresh = start;
  for (let i = start; i < rows; i++) {
    let stale = i === fresh;
    if (!stale) {
      const change = values[i] - values[i - n];
      const before = center;
      center += change / n;
      sum += change * (values[i] - center + values[i - n] - before);
      if (sum > peak) peak = sum;
      stale = sum < COLLAPSE * peak;
    }
    if (stale) {
      center = 0;
      for (let j = i - n + 1; j <= i; j++) center += values[j] / n;
      sum = 0;
      for (let j = i - n + 1; j <= i; j++) sum += (values[j] - center) * (values[j] - center);
      peak = sum;
      fresh = i + block;
    }
    if (mean !== null) mean[i] = center;
    squares[i] = sum;
  }
}
