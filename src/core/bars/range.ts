/** Where the close lies in the range of recent bars, and on which side the volume is: stochastic and OBV. */
import { checkWindow } from './averages.js';

/** Windows of the stochastic oscillator in bars: 14, 3, 3 is Lane's slow one, 14, 1, 3 the fast one. */
export interface StochasticWindows {
  readonly range: number;
  /** Raw values averaged into %K; 1 for the fast oscillator. */
  readonly smooth: number;
  /** Values of %K averaged into %D. */
  readonly signal: number;
}

/**
 * Stochastic oscillator (Lane 1984, Lane's Stochastics): raw 100 (close - L) / (H - L), H and L being the
 * highest high and lowest low of `range` bars; %K its simple average over `smooth`, %D that of %K over
 * `signal`. A range of nought counts as 50. NaN before all windows are full: `k` from bar range + smooth - 2,
 * `d` from signal - 1 bars later. Throws where a window is none or an array too short; values must be finite.
 *
 * H and L come from queues of candidates, each better than all older ones, so a bar costs O(1) amortised
 * whatever the window; a plain search costs O(range). Two Int32Arrays of the bars' length are allocated.
 */
export function stochastic(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  windows: StochasticWindows,
  k: Float64Array,
  d: Float64Array,
): void {
  const { range, smooth, signal } = windows;
  for (const n of [range, smooth, signal]) for (const out of [k, d]) checkWindow(n, close, out);
  const rows = close.length;
  const highs = new Int32Array(rows);
  const lows = new Int32Array(rows);
  let [highHead, highTail, lowHead, lowTail] = [0, 0, 0, 0];
  for (let i = 0; i < rows; i++) {
    while (highTail > highHead && high[highs[highTail - 1]] <= high[i]) highTail--;
    highs[highTail++] = i;
    if (highs[highHead] <= i - range) highHead++;
    while (lowTail > lowHead && low[lows[lowTail - 1]] >= low[i]) lowTail--;
    lows[lowTail++] = i;
    if (lows[lowHead] <= i - range) lowHead++;
    const top = high[highs[highHead]];
    const bottom = low[lows[lowHead]];
    d[i] = i < range - 1 ? NaN : top > bottom ? (100 * (close[i] - bottom)) / (top - bottom) : 50;
  }
  averageFrom(range - 1, d, smooth, k);
  averageFrom(range + smooth - 2, k, signal, d);
}

/**
 * out[i] = mean of the last n values, which are NaN before place `first`, as the result is before its own.
 */
function averageFrom(first: number, values: Float64Array, n: number, out: Float64Array): void {
  const start = Math.min(first + n - 1, values.length);
  // Windows are a few bars: adding them up anew is quicker than a sum that must be guarded against rounding.
  for (let i = start; i < values.length; i++) {
    let sum = 0;
    for (let j = i - n + 1; j <= i; j++) sum += values[j];
    out[i] = sum / n;
  }
  out.fill(NaN, 0, start);
}

/**
 * On-balance volume (Granville 1963, New Key to Stock Market Profits): the volume of bars that closed
 * higher minus that of bars that closed lower, from 0 at the first bar. Defined at every bar; units of
 * volume. Throws where `out` is too short.
 */
export function obv(close: Float64Array, volume: Float64Array, out: Float64Array): void {
  checkWindow(1, close, out);
  let balance = 0;
  for (let i = 0; i < close.length; i++) {
    if (i > 0 && close[i] > close[i - 1]) balance += volume[i];
    else if (i > 0 && close[i] < close[i - 1]) balance -= volume[i];
    out[i] = balance;
  }
}
