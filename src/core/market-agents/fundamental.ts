/**
 * The value that informed agents look at: an Ornstein-Uhlenbeck process, computed only when asked for.
 *
 * dV = kappa (mean - V) dt + sigma dW has the exact step V' = mean + (V - mean) phi + s Z with
 * phi = exp(-kappa dt) and s^2 = sigma^2 (1 - phi^2) / (2 kappa), so that any stretch of time costs one exp
 * and one normal. ABIDES' sparse mean-reverting oracle (Byrd, "Explaining agent-based financial market
 * simulation", arXiv 1909.11650) works so too; its jumps, once in eleven years at the published rate, are
 * left out. Below kappa dt = 1e-9 the variance is sigma^2 dt: the difference loses its
 * digits there.
 */
import { exp } from '../math/exp.js';

/** kappa dt below which 1 - exp(-2 kappa dt) has too few digits left. */
const TINY = 1e-9;

/** How far what is not known of the value has moved after dtS seconds. */
export interface OuStep {
  /** Factor of the distance from the mean. */
  phi: number;
  /** Variance that was added [ticks^2]. */
  variance: number;
}

/** Writes the exact step of an Ornstein-Uhlenbeck process over dtS >= 0 seconds. */
export function ouStep(sigmaTicksPerSqrtS: number, kappaPerS: number, dtS: number, out: OuStep): void {
  const x = kappaPerS * dtS;
  const diffusion = sigmaTicksPerSqrtS * sigmaTicksPerSqrtS * dtS;
  out.phi = exp(-x);
  out.variance = x < TINY ? diffusion : (diffusion * (1 - out.phi * out.phi)) / (2 * x);
}

export class Fundamental {
  /** The value at the time of the last advance, in ticks. */
  readonly valueTicks = new Float64Array(1);
  private readonly sigma: number;
  private readonly kappa: number;
  /** Mean in ticks, time of the last advance in ns. */
  private readonly state = new Float64Array(2);
  private readonly step: OuStep = { phi: 1.5, variance: 0.5 };

  /** Volatility in ticks per sqrt(second), mean reversion per second; both >= 0. */
  constructor(sigmaTicksPerSqrtS: number, kappaPerS: number) {
    this.sigma = sigmaTicksPerSqrtS;
    this.kappa = kappaPerS;
  }

  /** Stands at its mean at time 0. */
  start(meanTicks: number): void {
    this.valueTicks[0] = this.state[0] = meanTicks;
    this.state[1] = 0;
  }

  get meanTicks(): number {
    return this.state[0];
  }

  /** Goes to tNs, not before the last one, with the standard normal `z`. */
  advance(tNs: number, z: number): void {
    ouStep(this.sigma, this.kappa, (tNs - this.state[1]) * 1e-9, this.step);
    this.state[1] = tNs;
    const { phi, variance } = this.step;
    const mean = this.state[0];
    this.valueTicks[0] = mean + (this.valueTicks[0] - mean) * phi + Math.sqrt(variance) * z;
  }

  /** Moves its clock by so many ns. */
  shift(byNs: number): void {
    this.state[1] += byNs;
  }
}
