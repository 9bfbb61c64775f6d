/**
 * What is kept of a path once it has been walked: its end, extremes and averages, and where Greeks are asked
 * for the few sums that their estimators need.
 *
 * Why: every output (moments, payoffs, Greeks) is a function of these numbers, so a path is read once and
 * forgotten. Cost per step on the log scale: one exponential, two comparisons; with `greeks` about twice
 * that.
 */
import { exp } from '../math/exp.js';

/** Numbers of the paths of one block and one series; element i belongs to path i of the block. */
export class SeriesStats {
  readonly terminal: Float64Array;
  /** Over the start and all fixings; in continuous time where an exact sampler wrote it. */
  readonly maximum: Float64Array;
  readonly minimum: Float64Array;
  /** Arithmetic mean over the fixings, without the start. */
  readonly average: Float64Array;
  /** Geometric mean over the fixings; log scale only. */
  readonly geometric: Float64Array;

  constructor(paths: number) {
    this.terminal = new Float64Array(paths);
    this.maximum = new Float64Array(paths);
    this.minimum = new Float64Array(paths);
    this.average = new Float64Array(paths);
    this.geometric = new Float64Array(paths);
  }
}

/** Sums for Greeks of a geometric Brownian motion, with x = ln(S / S_0) and fixings j = 1..n. */
export class GreekStats {
  /** Number of the fixing at which the maximum, the minimum was reached; 0 is the start. */
  readonly maximumAt: Float64Array;
  readonly minimumAt: Float64Array;
  /** Means over the fixings of S x and of S j. */
  readonly priceLog: Float64Array;
  readonly priceStep: Float64Array;
  /** x after the first step, and the sum of the squared increments of x. */
  readonly firstLog: Float64Array;
  readonly squares: Float64Array;

  constructor(paths: number) {
    this.maximumAt = new Float64Array(paths);
    this.minimumAt = new Float64Array(paths);
    this.priceLog = new Float64Array(paths);
    this.priceStep = new Float64Array(paths);
    this.firstLog = new Float64Array(paths);
    this.squares = new Float64Array(paths);
  }
}

/**
 * Reads `count` paths of states as Process.walk wrote them, series `series` of `of`, into places at..;
 * `start` is S_0.
 */
export function statsOfLogs(
  states: Float64Array,
  count: number,
  steps: number,
  start: number,
  at: number,
  out: SeriesStats,
): void {
  const times = steps + 1;
  for (let path = 0; path < count; path++) {
    const from = path * times;
    let high = 0;
    let low = 0;
    let logs = 0;
    let sum = 0;
    let price = 1;
    for (let j = from + 1; j < from + times; j++) {
      const x = states[j];
      if (x > high) high = x;
      if (x < low) low = x;
      logs += x;
      price = exp(x);
      sum += price;
    }
    out.terminal[at + path] = start * price;
    out.maximum[at + path] = start * exp(high);
    out.minimum[at + path] = start * exp(low);
    out.average[at + path] = (start * sum) / steps;
    out.geometric[at + path] = start * exp(logs / steps);
  }
}

/** The same for states that are prices. */
export function statsOfPrices(
  states: Float64Array,
  count: number,
  steps: number,
  series: number,
  of: number,
  at: number,
  out: SeriesStats,
): void {
  const times = steps + 1;
  for (let path = 0; path < count; path++) {
    const from = (path * of + series) * times;
    let high = states[from];
    let low = high;
    let sum = 0;
    for (let j = from + 1; j < from + times; j++) {
      const price = states[j];
      if (price > high) high = price;
      if (price < low) low = price;
      sum += price;
    }
    out.terminal[at + path] = states[from + steps];
    out.maximum[at + path] = high;
    out.minimum[at + path] = low;
    out.average[at + path] = sum / steps;
  }
}

/** The sums that Greeks need, of `count` paths of logarithms. */
export function greekStatsOf(
  states: Float64Array,
  count: number,
  steps: number,
  start: number,
  at: number,
  out: GreekStats,
): void {
  const times = steps + 1;
  for (let path = 0; path < count; path++) {
    const from = path * times;
    let highAt = 0;
    let lowAt = 0;
    let high = 0;
    let low = 0;
    let priceLog = 0;
    let priceStep = 0;
    let squares = 0;
    let before = 0;
    for (let j = 1; j < times; j++) {
      const x = states[from + j];
      if (x > high) {
        high = x;
        highAt = j;
      }
      if (x < low) {
        low = x;
        lowAt = j;
      }
      const price = exp(x);
      priceLog += price * x;
      priceStep += price * j;
      squares += (x - before) * (x - before);
      before = x;
    }
    out.maximumAt[at + path] = highAt;
    out.minimumAt[at + path] = lowAt;
    out.priceLog[at + path] = (start * priceLog) / steps;
    out.priceStep[at + path] = (start * priceStep) / steps;
    out.firstLog[at + path] = states[from + 1];
    out.squares[at + path] = squares;
  }
}

/** Turns the states that an exact sampler wrote at places from..to-1 into prices, in place. */
export function pricesOfLogs(states: Float64Array, from: number, to: number, start: number): void {
  for (let i = from; i < to; i++) states[i] = start * exp(states[i]);
}
