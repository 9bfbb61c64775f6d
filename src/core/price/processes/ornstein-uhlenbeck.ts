/**
 * Ornstein-Uhlenbeck process dX = kappa (mean - X) dt + sigma dW, stepped by its exact transition: given X,
 * the state after D years is normal with mean m + (X - m) e^(-kappa D) and variance
 * sigma^2 (1 - e^(-2 kappa D)) / (2 kappa) (Glasserman 2003, section 3.3.1), for any length of a step.
 */
import { exp } from '../../math/exp.js';
import type { ExactSampler, ExactStates, Process, TerminalLaw } from './process.js';

export interface OrnsteinUhlenbeckLaw {
  readonly s0: number;
  /** Speed of reversion, above 0. */
  readonly kappaPerYr: number;
  readonly meanPrice: number;
  readonly sigmaCurrencyPerSqrtYr: number;
}

/** Factor and standard deviation of one transition over `years`. */
export function transition(law: OrnsteinUhlenbeckLaw, years: number): { phi: number; sd: number } {
  const { kappaPerYr, sigmaCurrencyPerSqrtYr: sigma } = law;
  const x = 2 * kappaPerYr * years;
  // 1 - e^-x loses its digits for small x; the first terms of its series do not.
  const share = x < 1e-5 ? x * (1 - x / 2 + (x * x) / 6) : 1 - exp(-x);
  return { phi: exp(-kappaPerYr * years), sd: sigma * Math.sqrt(share / (2 * kappaPerYr)) };
}

export function ornsteinUhlenbeck(law: OrnsteinUhlenbeckLaw, horizonYr: number, steps: number): Process {
  return new OrnsteinUhlenbeck(law, horizonYr, steps);
}

class OrnsteinUhlenbeck implements Process {
  readonly scale = 'linear';
  readonly steps;
  readonly start;
  readonly laws: readonly TerminalLaw[];
  readonly factors = 1;
  readonly exact: ExactSampler;
  private readonly mean: number;
  private readonly phi: number;
  private readonly sd: number;

  constructor(law: OrnsteinUhlenbeckLaw, horizonYr: number, steps: number) {
    const step = transition(law, horizonYr / steps);
    const whole = transition(law, horizonYr);
    const end = law.meanPrice + (law.s0 - law.meanPrice) * whole.phi;
    this.steps = steps;
    this.start = Float64Array.of(law.s0);
    this.laws = [{ mean: end, stateMean: end, stateSd: whole.sd }];
    this.mean = law.meanPrice;
    this.phi = step.phi;
    this.sd = step.sd;
    this.exact = {
      normals: 1,
      hasExtremes: false,
      sample(normals: Float64Array, count: number, at: number, out: readonly ExactStates[]): void {
        const { terminal } = out[0];
        for (let path = 0; path < count; path++) terminal[at + path] = end + whole.sd * normals[path];
      },
    };
  }

  walk(normals: Float64Array, count: number, out: Float64Array): void {
    const { steps, mean, phi, sd } = this;
    const start = this.start[0];
    let z = 0;
    let at = 0;
    for (let path = 0; path < count; path++) {
      let away = start - mean;
      out[at++] = start;
      for (let j = 0; j < steps; j++) {
        away = away * phi + sd * normals[z++];
        out[at++] = mean + away;
      }
    }
  }
}
