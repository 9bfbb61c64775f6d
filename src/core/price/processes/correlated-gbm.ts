/**
 * Several geometric Brownian motions with correlated drivers, and their weighted basket as a last series.
 *
 * Why prices as states: a basket is a sum of prices, so every step needs the exponentials anyway. The drivers
 * are L z with L the Cholesky factor of the correlation matrix (Glasserman, "Monte Carlo Methods in Financial
 * Engineering", 2003, section 2.3.3). Cost per step: n exponentials and n^2 / 2 products.
 */
import { exp } from '../../math/exp.js';
import type { ExactSampler, ExactStates, Process, TerminalLaw } from './process.js';

/** n assets; `weights` may be negative (a spread). */
export interface CorrelatedGbmLaw {
  readonly startPrices: readonly number[];
  readonly driftsPerYr: readonly number[];
  readonly sigmasPerSqrtYr: readonly number[];
  /** Rows of a symmetric, positive definite matrix with ones on the diagonal. */
  readonly correlation: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

/** Lower Cholesky factor, row-major, of a positive definite matrix (Golub & Van Loan, algorithm 4.2.1). */
export function choleskyFactor(matrix: readonly (readonly number[])[]): Float64Array {
  const n = matrix.length;
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j];
    }
  }
  return l;
}

export function correlatedGbm(law: CorrelatedGbmLaw, horizonYr: number, steps: number): Process {
  return new CorrelatedGbm(law, horizonYr, steps);
}

class CorrelatedGbm implements Process {
  readonly scale = 'linear';
  readonly steps;
  readonly start;
  readonly laws;
  readonly factors;
  readonly exact: ExactSampler;
  private readonly weights: Float64Array;
  private readonly step: LogStep;

  constructor(law: CorrelatedGbmLaw, horizonYr: number, steps: number) {
    const n = law.startPrices.length;
    const weights = Float64Array.from(law.weights);
    const basket = law.startPrices.reduce((sum, price, i) => sum + weights[i] * price, 0);
    const start = Float64Array.from([...law.startPrices, basket]);
    this.steps = steps;
    this.factors = n;
    this.start = start;
    this.laws = lawsOf(law, horizonYr);
    this.weights = weights;
    this.step = new LogStep(law, horizonYr / steps);
    // The law at the horizon is one step of the same process.
    const whole = new LogStep(law, horizonYr);
    this.exact = {
      normals: n,
      hasExtremes: false,
      sample(normals: Float64Array, count: number, at: number, out: readonly ExactStates[]): void {
        const logs = new Float64Array(n);
        for (let path = 0; path < count; path++) {
          logs.fill(0);
          whole.add(normals, path * n, 1, logs);
          let sum = 0;
          for (let i = 0; i < n; i++) {
            const price = start[i] * exp(logs[i]);
            sum += weights[i] * price;
            out[i].terminal[at + path] = price;
          }
          out[n].terminal[at + path] = sum;
        }
      },
    };
  }

  walk(normals: Float64Array, count: number, out: Float64Array): void {
    const { steps, factors: n, start, weights, step } = this;
    const times = steps + 1;
    const logs = new Float64Array(n);
    for (let path = 0; path < count; path++) {
      const z = path * n * steps;
      const at = path * (n + 1) * times;
      for (let s = 0; s <= n; s++) out[at + s * times] = start[s];
      logs.fill(0);
      for (let j = 0; j < steps; j++) {
        step.add(normals, z + j, steps, logs);
        let basket = 0;
        for (let i = 0; i < n; i++) {
          const price = start[i] * exp(logs[i]);
          basket += weights[i] * price;
          out[at + i * times + j + 1] = price;
        }
        out[at + n * times + j + 1] = basket;
      }
    }
  }
}

/** What `years` add to the logarithms. */
class LogStep {
  private readonly mean: Float64Array;
  /** Row i of the Cholesky factor, times the standard deviation of asset i. */
  private readonly load: Float64Array;

  constructor({ driftsPerYr, sigmasPerSqrtYr: sigmas, correlation }: CorrelatedGbmLaw, years: number) {
    const n = sigmas.length;
    this.mean = Float64Array.from(driftsPerYr, (mu, i) => (mu - 0.5 * sigmas[i] * sigmas[i]) * years);
    this.load = choleskyFactor(correlation);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k <= i; k++) this.load[i * n + k] *= sigmas[i] * Math.sqrt(years);
    }
  }

  /** The normals of the step stand `stride` apart from `first` on. */
  add(normals: Float64Array, first: number, stride: number, logs: Float64Array): void {
    const { mean, load } = this;
    const n = mean.length;
    for (let i = 0; i < n; i++) {
      let sum = mean[i];
      for (let k = 0; k <= i; k++) sum += load[i * n + k] * normals[first + k * stride];
      logs[i] += sum;
    }
  }
}

/** cov(S_i, S_j) = E[S_i] E[S_j] (exp(rho_ij sigma_i sigma_j T) - 1). */
function lawsOf(law: CorrelatedGbmLaw, horizonYr: number): TerminalLaw[] {
  const { startPrices, driftsPerYr, sigmasPerSqrtYr: sigmas, correlation, weights } = law;
  const mean = startPrices.map((price, i) => price * exp(driftsPerYr[i] * horizonYr));
  const covariance = (i: number, j: number): number =>
    mean[i] * mean[j] * (exp(correlation[i][j] * sigmas[i] * sigmas[j] * horizonYr) - 1);
  const laws = mean.map((m, i) => ({ mean: m, stateMean: m, stateSd: Math.sqrt(covariance(i, i)) }));
  let basket = 0;
  let variance = 0;
  for (let i = 0; i < mean.length; i++) {
    basket += weights[i] * mean[i];
    for (let j = 0; j < mean.length; j++) variance += weights[i] * weights[j] * covariance(i, j);
  }
  return [...laws, { mean: basket, stateMean: basket, stateSd: Math.sqrt(variance > 0 ? variance : 0) }];
}
