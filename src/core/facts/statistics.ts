/**
 * Statistics of one block of a tape: moments, tails, autocorrelations, signature, impact. Each is a few
 * passes over an array; null or a missing point where the block is too short to define it.
 */
import { log } from '../math/log.js';

/** Moves of a series over `step` places, in the series' unit. */
export function movesOf(series: ArrayLike<number>, step: number): Float64Array {
  const n = Math.max(0, Math.floor((series.length - 1) / step));
  const moves = new Float64Array(n);
  for (let i = 0; i < n; i++) moves[i] = series[(i + 1) * step] - series[i * step];
  return moves;
}

/** Variance about the mean (division by n); null of fewer than two values. */
export function variance(values: Float64Array): number | null {
  return values.length < 2 ? null : centralMoment(values, 2);
}

/** Fourth central moment over the squared variance, less 3; null without variation or below 30 values. */
export function excessKurtosis(values: Float64Array): number | null {
  if (values.length < 30) return null;
  const second = centralMoment(values, 2);
  return second > 0 ? centralMoment(values, 4) / (second * second) - 3 : null;
}

function centralMoment(values: Float64Array, order: 2 | 4): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let sum = 0;
  for (const value of values) {
    const square = (value - mean) * (value - mean);
    sum += order === 2 ? square : square * square;
  }
  return sum / values.length;
}

/**
 * Hill (1975) estimator of the tail index: one over the mean of ln(x / threshold) of the k largest sizes, the
 * threshold being the next. Null where fewer than 10 sizes are left or they are all equal.
 */
export function tailIndex(values: Float64Array, share = 0.05): number | null {
  const sizes = values.map((value) => Math.abs(value)).sort();
  const k = Math.floor(share * sizes.length);
  const threshold = k < 10 ? 0 : sizes[sizes.length - 1 - k];
  if (!(threshold > 0)) return null;
  let sum = 0;
  for (let i = sizes.length - k; i < sizes.length; i++) sum += log(sizes[i] / threshold);
  return sum > 0 ? k / sum : null;
}

/** Autocorrelation at a lag; null without variation or with fewer than 20 pairs. */
export function autocorrelation(values: Float64Array, lag: number): number | null {
  const n = values.length;
  if (n - lag < 20) return null;
  let mean = 0;
  for (const value of values) mean += value / n;
  let [below, above] = [0, 0];
  for (const value of values) below += (value - mean) * (value - mean);
  for (let i = lag; i < n; i++) above += (values[i] - mean) * (values[i - lag] - mean);
  return below > 0 ? above / below : null;
}

/** Minus the slope of ln(value) on ln(lag) by least squares over the positive values; null below 3. */
export function decayExponent(points: readonly (readonly [lag: number, value: number])[]): number | null {
  const logs = points.filter(([, value]) => value > 0).map(([lag, value]) => [log(lag), log(value)] as const);
  if (logs.length < 3) return null;
  let [meanX, meanY] = [0, 0];
  for (const [x, y] of logs) {
    meanX += x / logs.length;
    meanY += y / logs.length;
  }
  let [xy, xx] = [0, 0];
  for (const [x, y] of logs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) * (x - meanX);
  }
  return xx > 0 ? 0 - xy / xx : null;
}

/** Mean square of overlapping moves over `step` places, per place; null below 5 moves that do not overlap. */
export function signatureAt(series: ArrayLike<number>, step: number): number | null {
  const n = series.length - step;
  if (n < 5 * step) return null;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (series[i + step] - series[i]) * (series[i + step] - series[i]);
  return sum / n / step;
}

/** Mean of sign x move of the mid from a trade to the one `lag` trades later; null below 20 trades. */
export function responseAt(signs: ArrayLike<number>, mids: ArrayLike<number>, lag: number): number | null {
  const n = signs.length - lag;
  if (n < 20) return null;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += signs[i] * (mids[i + lag] - mids[i]);
  return sum / n;
}
