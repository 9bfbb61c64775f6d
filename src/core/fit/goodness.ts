/**
 * Goodness of fit of a point process by its time-rescaled residuals, which are exponential of mean 1 where
 * the model is true: Kolmogorov-Smirnov test, quantiles for a QQ plot, and correlation of neighbours.
 *
 * The p-value is Kolmogorov's asymptotic law with Stephens' correction for n (1970, JRSS B 32).
 * Parameters were estimated from the same data, which makes the distance somewhat smaller than the law
 * supposes: a small p-value rejects the model, a large one is milder evidence for it than the number
 * says. Cost O(n log n).
 */
import { exp } from '../math/exp.js';
import { log1p } from '../math/log.js';

export interface Goodness {
  readonly count: number;
  /** Greatest distance of the two distribution functions. */
  readonly ksStatistic: number;
  readonly ksPValue: number;
  /** Correlation of each residual's rank with the next one's: 0 +- 1/sqrt(n) where the model is true. */
  readonly serialCorrelation: number;
}

/** Reorders nothing. With fewer than two residuals the statistic is 1 and the p-value 1: nothing is known. */
export function goodnessOf(residuals: Float64Array): Goodness {
  const n = residuals.length;
  if (n < 2) return { count: n, ksStatistic: 1, ksPValue: 1, serialCorrelation: 0 };
  const uniforms = new Float64Array(n);
  for (let i = 0; i < n; i++) uniforms[i] = 1 - exp(-residuals[i]);
  const serialCorrelation = neighbours(uniforms);
  uniforms.sort();
  let distance = 0;
  for (let i = 0; i < n; i++) {
    distance = Math.max(distance, (i + 1) / n - uniforms[i], uniforms[i] - i / n);
  }
  const root = Math.sqrt(n);
  const ksPValue = kolmogorovTail((root + 0.12 + 0.11 / root) * distance);
  return { count: n, ksStatistic: distance, ksPValue, serialCorrelation };
}

function neighbours(values: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let variance = 0;
  let covariance = 0;
  for (let i = 0; i < values.length; i++) {
    variance += (values[i] - mean) * (values[i] - mean);
    if (i > 0) covariance += (values[i] - mean) * (values[i - 1] - mean);
  }
  return variance > 0 ? covariance / variance : 0;
}

/** P[K > x] of Kolmogorov's law: 2 sum over k of (-1)^(k-1) e^(-2 k^2 x^2). */
export function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = exp(-2 * k * k * x * x);
    sum += (k & 1) === 1 ? term : -term;
    if (term < 1e-16) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

/**
 * Points of a QQ plot against the exponential of mean 1: `count` probabilities (i + 1/2) / count, at each the
 * model's quantile and the one of the sample (the order statistic there). Null for an empty sample.
 */
export function exponentialQuantiles(
  residuals: Float64Array,
  count: number,
): { expected: Float64Array; observed: Float64Array } | null {
  const n = residuals.length;
  if (n === 0) return null;
  const sorted = residuals.slice().sort();
  const points = Math.min(n, count);
  const expected = new Float64Array(points);
  const observed = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    const p = (i + 0.5) / points;
    expected[i] = -log1p(-p);
    observed[i] = sorted[Math.min(n - 1, Math.floor(p * n))];
  }
  return { expected, observed };
}

/** Collects the residuals of several event streams whose rates a caller integrates piece by piece. */
export class RescaledStreams {
  declare private readonly open: Float64Array;
  declare private readonly done: number[][];

  constructor(streams: number) {
    this.open = new Float64Array(streams);
    this.done = Array.from({ length: streams }, () => []);
  }

  /** Adds the integral of the rate over a piece without events. */
  pass(stream: number, integral: number): void {
    this.open[stream] += integral;
  }

  event(stream: number): void {
    this.done[stream].push(this.open[stream]);
    this.open[stream] = 0;
  }

  residuals(): Float64Array[] {
    return this.done.map((values) => Float64Array.from(values));
  }
}
