/**
 * What a series of prices says about itself: drift, volatility, Sharpe ratio, drawdown, shape and memory of
 * its returns.
 *
 * Logarithmic returns for the law of geometric Brownian motion (its drift is the mean plus half the
 * variance), simple ones for the Sharpe ratio at a rate of 0. Skewness and kurtosis are population moments,
 * the autocorrelation is Pearson's of the two shifted vectors. Cost O(n), a few passes.
 */
import { log } from '../math/log.js';

export interface ReturnStatistics {
  readonly returns: number;
  /** Mean logarithmic return per year, and its standard error. */
  readonly logDriftPerYr: number;
  readonly logDriftError: number;
  /** Divisor n - 1. */
  readonly sigmaPerSqrtYr: number;
  /** Drift mu of dS = mu S dt + sigma S dW. */
  readonly driftPerYr: number;
  /** Annualised; 0 without variation. */
  readonly sharpe: number;
  /** Deepest fall from a peak as a share of it, <= 0, and where both lie. */
  readonly maxDrawdown: number;
  readonly peakIndex: number;
  readonly troughIndex: number;
  readonly totalReturn: number;
  readonly skewness: number;
  readonly excessKurtosis: number;
  readonly autocorrelation: number;
  /** Of the squared returns. */
  readonly squaredAutocorrelation: number;
}

/** Prices > 0, so many observations a year. Null with fewer than four prices or constant ones. */
export function returnStatistics(prices: Float64Array, perYr: number): ReturnStatistics | null {
  const n = prices.length - 1;
  if (n < 3) return null;
  const logs = new Float64Array(n);
  const simple = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    logs[i] = log(prices[i + 1] / prices[i]);
    simple[i] = prices[i + 1] / prices[i] - 1;
  }
  const [mean, variance] = [meanOf(logs), varianceOf(logs)];
  if (!(variance > 1e-26)) return null;
  const sigma = Math.sqrt((variance * n * perYr) / (n - 1));
  const logDrift = mean * perYr;
  let [m3, m4] = [0, 0];
  for (let i = 0; i < n; i++) {
    const d = logs[i] - mean;
    m3 += (d * d * d) / n;
    m4 += (d * d * d * d) / n;
  }
  const simpleSd = Math.sqrt((varianceOf(simple) * n) / (n - 1));
  return {
    returns: n,
    logDriftPerYr: logDrift,
    logDriftError: sigma / Math.sqrt(n / perYr),
    sigmaPerSqrtYr: sigma,
    driftPerYr: logDrift + (sigma * sigma) / 2,
    sharpe: (meanOf(simple) / simpleSd) * Math.sqrt(perYr),
    ...drawdownOf(prices),
    totalReturn: prices[n] / prices[0] - 1,
    skewness: m3 / (variance * Math.sqrt(variance)),
    excessKurtosis: m4 / (variance * variance) - 3,
    autocorrelation: neighbours(logs),
    squaredAutocorrelation: neighbours(logs.map((value) => value * value)),
  };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Divisor n. */
function varianceOf(values: Float64Array): number {
  const mean = meanOf(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) * (values[i] - mean);
  return sum / values.length;
}

function drawdownOf(
  prices: Float64Array,
): Pick<ReturnStatistics, 'maxDrawdown' | 'peakIndex' | 'troughIndex'> {
  let [peak, peakIndex, troughIndex, maxDrawdown] = [0, 0, 0, 0];
  for (let i = 1; i < prices.length; i++) {
    if (prices[i] > prices[peak]) peak = i;
    const fall = (prices[i] - prices[peak]) / prices[peak];
    if (fall < maxDrawdown) [maxDrawdown, peakIndex, troughIndex] = [fall, peak, i];
  }
  return { maxDrawdown, peakIndex, troughIndex };
}

/** Pearson's correlation of each value with the next; 0 without variation. */
function neighbours(values: Float64Array): number {
  const n = values.length - 1;
  const [a, b] = [values.subarray(0, n), values.subarray(1)];
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let covariance = 0;
  for (let i = 0; i < n; i++) covariance += ((a[i] - meanA) * (b[i] - meanB)) / n;
  const scale = Math.sqrt(varianceOf(a) * varianceOf(b));
  return scale > 0 ? covariance / scale : 0;
}
