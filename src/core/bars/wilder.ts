/**
 * Wilder's indicators: relative strength index and average true range (New Concepts in Technical Trading
 * Systems, 1978). One pass each; his average gives 1/n to the newest value and starts from a plain mean.
 */
import { checkWindow, weightOf } from './averages.js';

/**
 * Relative strength index 100 g / (g + l), g and l being Wilder's averages of the rises and falls of n
 * changes, NaN in the first n places. They start from the mean of the first `seed` changes: n as Wilder has
 * it; 0 starts them from nought before the first change, as pandas-based libraries do. A market that never
 * moved has index 50. Throws where n or seed is no window or `out` too short; `close` must be finite.
 */
export function rsi(close: Float64Array, n: number, out: Float64Array, seed = n): void {
  checkWindow(n, close, out);
  if (!(Number.isInteger(seed) && seed >= 0 && seed <= n))
    throw new Error(`expected a seed in 0..${n}; got ${seed}`);
  let [gain, loss] = [0, 0];
  if (close.length > 0) out[0] = NaN;
  for (let i = 1; i < close.length; i++) {
    const weight = weightOf(i - 1, seed, 1 / n);
    const change = close[i] - close[i - 1];
    const size = Math.abs(change);
    // Half of |d| + d and of |d| - d: no branch, which would be guessed wrongly half of the time.
    gain = (1 - weight) * gain + weight * 0.5 * (size + change);
    loss = (1 - weight) * loss + weight * 0.5 * (size - change);
    const both = gain + loss;
    out[i] = i < n ? NaN : both > 0 ? (100 * gain) / both : 50;
  }
}

/**
 * Average true range: Wilder's average of max(high, last close) - min(low, last close), the first bar giving
 * its high minus low. NaN in the first n - 1 places; starts from the mean of n true ranges. Units of price.
 * Throws as rsi() does.
 */
export function atr(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  n: number,
  out: Float64Array,
): void {
  checkWindow(n, close, out);
  let average = 0;
  for (let i = 0; i < close.length; i++) {
    const before = i > 0 ? close[i - 1] : high[i];
    const top = i > 0 && before > high[i] ? before : high[i];
    const bottom = i > 0 && before < low[i] ? before : low[i];
    const weight = weightOf(i, n, 1 / n);
    average = (1 - weight) * average + weight * (top - bottom);
    out[i] = i < n - 1 ? NaN : average;
  }
}
