/** Indicators by their definitions, window by window, and random bars to compare on. */
import { Stream } from '../../../src/core/rng/stream.js';

type Values = ArrayLike<number>;

/**
 * Bars of a random walk: closes above 0, highs and lows around open and close, volumes, at times equal
 * closes.
 */
export function randomBars(
  rows: number,
  seed: number,
): Record<'open' | 'high' | 'low' | 'close' | 'volume', Float64Array> {
  const stream = new Stream(seed, 0, 1);
  const [open, high, low, close, volume] = Array.from({ length: 5 }, () => new Float64Array(rows));
  let price = 50 + 100 * stream.uniform();
  for (let i = 0; i < rows; i++) {
    open![i] = price * (1 + 0.002 * (stream.uniform() - 0.5));
    if (stream.uniform() > 0.1) price *= 1 + 0.02 * (stream.uniform() - 0.5);
    close![i] = price;
    high![i] = Math.max(open![i]!, price) * (1 + 0.005 * stream.uniform());
    low![i] = Math.min(open![i]!, price) * (1 - 0.005 * stream.uniform());
    volume![i] = Math.floor(1e6 * stream.uniform());
  }
  return { open: open!, high: high!, low: low!, close: close!, volume: volume! };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** One value per window of n, NaN before the first. */
function windowed(values: Values, n: number, of: (window: number[], i: number) => number): number[] {
  const all = Array.from(values);
  return all.map((_, i) => (i < n - 1 ? NaN : of(all.slice(i - n + 1, i + 1), i)));
}

export const sma = (values: Values, n: number): number[] => windowed(values, n, mean);

/** The textbook recursion e' = e + alpha (x - e) from the mean of the first `seed` values. */
function smoothed(values: readonly number[], alpha: number, seed: number): number[] {
  const out: number[] = [];
  for (const [i, value] of values.entries()) {
    if (i < seed - 1) out.push(NaN);
    else if (i === seed - 1) out.push(mean(values.slice(0, seed)));
    else out.push(out[i - 1]! + alpha * (value - out[i - 1]!));
  }
  return out;
}

const hidden = (values: readonly number[], first: number): number[] =>
  values.map((value, i) => (i < first ? NaN : value));

export const ema = (values: readonly number[], n: number, seed = n): number[] =>
  hidden(smoothed(values, 2 / (n + 1), seed), n - 1);

export function macd(
  close: Values,
  fast: number,
  slow: number,
  signal: number,
): Record<'line' | 'signal' | 'histogram', number[]> {
  const all = Array.from(close);
  const [fastAverage, slowAverage] = [ema(all, fast), ema(all, slow)];
  const line = all.map((_, i) => fastAverage[i]! - slowAverage[i]!);
  const before = Math.min(slow - 1, all.length);
  const average = [...new Array<number>(before).fill(NaN), ...ema(line.slice(before), signal)];
  return { line, signal: average, histogram: line.map((value, i) => value - average[i]!) };
}

export function rsi(close: Values, n: number): number[] {
  const all = Array.from(close);
  const changes = all.slice(1).map((value, i) => value - all[i]!);
  const average = (pick: (change: number) => number): number[] => smoothed(changes.map(pick), 1 / n, n);
  const [gain, loss] = [average((c) => Math.max(c, 0)), average((c) => Math.max(-c, 0))];
  const index = gain.map((g, i) => (g + loss[i]! === 0 ? 50 : 100 - 100 / (1 + g / loss[i]!)));
  return all.length === 0 ? [] : [NaN, ...index];
}

export function atr(high: Values, low: Values, close: Values, n: number): number[] {
  const ranges = Array.from(close, (_, i) => {
    const before = i === 0 ? high[i]! : close[i - 1]!;
    const down = i === 0 ? 0 : Math.abs(low[i]! - before);
    return Math.max(high[i]! - low[i]!, Math.abs(high[i]! - before), down);
  });
  return smoothed(ranges, 1 / n, n);
}

function squares(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0);
}

export function bollinger(
  close: Values,
  n: number,
  width: number,
): Record<'middle' | 'upper' | 'lower', number[]> {
  const middle = sma(close, n);
  const reach = windowed(close, n, (window) => width * Math.sqrt(squares(window) / n));
  return {
    middle,
    upper: middle.map((value, i) => value + reach[i]!),
    lower: middle.map((value, i) => value - reach[i]!),
  };
}

export function rollingVolatility(close: Values, n: number, periodsPerYear: number): number[] {
  const all = Array.from(close);
  const returns = all.slice(1).map((value, i) => Math.log(value / all[i]!));
  const sd = windowed(returns, n, (window) => Math.sqrt((squares(window) / (n - 1)) * periodsPerYear));
  return all.length === 0 ? [] : [NaN, ...sd];
}

export function stochastic(
  high: Values,
  low: Values,
  close: Values,
  range: number,
  smooth: number,
  signal: number,
): Record<'k' | 'd', number[]> {
  const tops = windowed(high, range, (window) => Math.max(...window));
  const bottoms = windowed(low, range, (window) => Math.min(...window));
  const raw = Array.from(close, (value, i) => {
    const reach = tops[i]! - bottoms[i]!;
    return reach === 0 ? 50 : (100 * (value - bottoms[i]!)) / reach;
  });
  const k = windowed(raw, smooth, mean);
  return { k, d: windowed(k, signal, mean) };
}

export function obv(close: Values, volume: Values): number[] {
  let balance = 0;
  return Array.from(
    close,
    (value, i) => (balance += i === 0 ? 0 : Math.sign(value - close[i - 1]!) * volume[i]!),
  );
}
