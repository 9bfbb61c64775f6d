/**
 * The error of any statistic of one dependent series: the stationary bootstrap.
 *
 * Politis & Romano (1994), The Stationary Bootstrap, Journal of the American Statistical Association 89(428),
 * section 2: a copy of the series is made of blocks that begin anywhere, wrap round at the end, and go on
 * with probability 1 - 1/L, so that their lengths are geometric with mean L and the copy is stationary. The
 * spread of the statistic over copies is its error. Blocks of mean length n^(1/3) by default: the order
 * that is optimal for a mean (their section 4.1). Cost: copies x (n draws + the statistic).
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import type { Stream } from '../rng/stream.js';

export interface BootstrapError {
  readonly standardError: number;
  /** 2.5 % and 97.5 % quantiles of the copies. */
  readonly interval: readonly [low: number, high: number];
}

export interface BootstrapOptions {
  /** Copies, default 200. */
  readonly copies?: number;
  /** Mean length of a block in values, default n^(1/3). */
  readonly blockLength?: number;
}

/**
 * `statistic` gets a buffer that is used again. Copies on which it is null are left out; null where fewer
 * than half of them are left, or the series has fewer than 2 values.
 */
export function stationaryBootstrap(
  series: Float64Array,
  statistic: (copy: Float64Array) => number | null,
  stream: Stream,
  { copies = 200, blockLength = exp(log(series.length) / 3) }: BootstrapOptions = {},
): BootstrapError | null {
  const n = series.length;
  if (n < 2) return null;
  const copy = new Float64Array(n);
  const found: number[] = [];
  for (let c = 0; c < copies; c++) {
    drawCopy(series, copy, 1 / blockLength, stream);
    const value = statistic(copy);
    if (value !== null) found.push(value);
  }
  if (2 * found.length < copies || found.length < 2) return null;
  found.sort((a, b) => a - b);
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const squares = found.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const quantile = (p: number): number => found[Math.min(found.length - 1, Math.floor(p * found.length))];
  return {
    standardError: Math.sqrt(squares / (found.length - 1)),
    interval: [quantile(0.025), quantile(0.975)],
  };
}

function drawCopy(series: Float64Array, copy: Float64Array, newBlock: number, stream: Stream): void {
  const n = series.length;
  let from = stream.below(n);
  for (let i = 0; i < n; i++) {
    copy[i] = series[from];
    if (stream.uniform() < newBlock) from = stream.below(n);
    else from = from + 1 === n ? 0 : from + 1;
  }
}
