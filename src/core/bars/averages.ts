/**
 * Moving averages over bars: simple, exponential and Wilder's, and the MACD made of them.
 *
 * One pass each, into arrays that come in; nothing is allocated. A value that is not defined yet is NaN.
 * Simple averages keep a running sum, which is taken anew every REFRESH_BARS bars, so that rounding does not
 * pile up. An exponential average weighs its i-th value by 1 / (i + 1) while it warms up, which makes it the
 * plain mean of what came so far, and by a constant from then on; one line of arithmetic thus holds every way
 * of starting that is in use. Cost per bar: two additions for a simple average, a product and a sum for an
 * exponential one; the latter waits for its own last value (8 cycles), so it is bound by latency.
 */

/** Running sums are taken anew after so many bars, or after a window where that is longer. */
export const REFRESH_BARS = 1024;

/**
 * Weight of the i-th value (from 0) of an exponential average whose first `seed` values are averaged plainly.
 */
export function weightOf(i: number, seed: number, alpha: number): number {
  return i < seed ? 1 / (i + 1) : alpha;
}

/**
 * Simple moving average of the last n values, NaN in the first n - 1 places. Throws where n is no integer
 * above 0 or `out` is shorter than `values`, which must be finite.
 */
export function sma(values: Float64Array, n: number, out: Float64Array): void {
  checkWindow(n, values, out);
  const rows = values.length;
  out.fill(NaN, 0, Math.min(n - 1, rows));
  const block = Math.max(REFRESH_BARS, n);
  for (let from = n - 1; from < rows; from += block) {
    let sum = 0;
    for (let i = from - n + 1; i <= from; i++) sum += values[i];
    out[from] = sum / n;
    const to = Math.min(from + block, rows);
    for (let i = from + 1; i < to; i++) {
      sum += values[i] - values[i - n];
      out[i] = sum / n;
    }
  }
}

/**
 * Exponential moving average with weight alpha = 2 / (n + 1), NaN in the first n - 1 places (seed <= n). It
 * starts from the mean of the first `seed` values: n as StockCharts, TA-Lib and most books have it, 1 for the
 * first value itself as in pandas' ewm(adjust=False). Throws as sma() does, or for a seed outside 1..n.
 */
export function ema(values: Float64Array, n: number, out: Float64Array, seed = n): void {
  checkWindow(n, values, out);
  if (!(Number.isInteger(seed) && seed >= 1 && seed <= n))
    throw new Error(`expected a seed in 1..${n}; got ${seed}`);
  const alpha = 2 / (n + 1);
  let average = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weightOf(i, seed, alpha);
    average = (1 - weight) * average + weight * values[i];
    out[i] = i < n - 1 ? NaN : average;
  }
}

/** Windows of a MACD in bars; Appel's are 12, 26 and 9. */
export interface MacdWindows {
  readonly fast: number;
  /** > fast. */
  readonly slow: number;
  readonly signal: number;
}

/** Where macd() writes; each as long as the values. */
export interface MacdColumns {
  readonly line: Float64Array;
  readonly signal: Float64Array;
  readonly histogram: Float64Array;
}

/**
 * Moving average convergence/divergence (Appel 2005, Technical Analysis, chapter 6): the line is the fast
 * minus the slow exponential average, the signal an exponential average of the line, the histogram line
 * minus signal. Each average starts from the plain mean of its first window, that of the signal over the
 * first lines there are; `seed` 1 starts all three from their first value. NaN up to bar slow - 2 in the
 * line and up to slow + signal - 3 in the others. Throws as ema() does.
 */
export function macd(values: Float64Array, windows: MacdWindows, out: MacdColumns, seed?: 1): void {
  const { fast, slow, signal } = windows;
  for (const column of [out.line, out.signal, out.histogram]) checkWindow(slow, values, column);
  checkWindow(signal, values, out.signal);
  if (!(Number.isInteger(fast) && fast > 0 && fast < slow))
    throw new Error(`expected fast in 1..${slow - 1}; got ${fast}`);
  const [fastAlpha, slowAlpha, signalAlpha] = [2 / (fast + 1), 2 / (slow + 1), 2 / (signal + 1)];
  const [fastSeed, slowSeed, signalSeed] = [seed ?? fast, seed ?? slow, seed ?? signal];
  let [fastAverage, slowAverage, signalAverage] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const fastWeight = weightOf(i, fastSeed, fastAlpha);
    fastAverage = (1 - fastWeight) * fastAverage + fastWeight * values[i];
    const slowWeight = weightOf(i, slowSeed, slowAlpha);
    slowAverage = (1 - slowWeight) * slowAverage + slowWeight * values[i];
    const line = fastAverage - slowAverage;
    const lines = i - slow + 1;
    out.line[i] = lines < 0 ? NaN : line;
    if (lines >= 0) {
      const signalWeight = weightOf(lines, signalSeed, signalAlpha);
      signalAverage = (1 - signalWeight) * signalAverage + signalWeight * line;
    }
    const defined = lines >= signal - 1;
    out.signal[i] = defined ? signalAverage : NaN;
    out.histogram[i] = defined ? line - signalAverage : NaN;
  }
}

/** Throws unless n is a window in bars and `out` holds a value for each of `values`. */
export function checkWindow(n: number, values: Float64Array, out: Float64Array): void {
  if (!(Number.isInteger(n) && n > 0)) throw new Error(`expected a window of 1 bar or more; got ${n}`);
  if (out.length < values.length)
    throw new Error(`expected room for ${values.length} bars; got ${out.length}`);
}
