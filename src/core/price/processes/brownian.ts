/**
 * Brownian motion with drift, the state of two processes: geometric Brownian motion (its logarithm) and
 * arithmetic Brownian motion (the price itself).
 *
 * Stepped: one normal and one addition a step; the law at the fixings is exact. Exact: the terminal state by
 * one normal; given it, the maximum M in continuous time has P(M > m | Y = y) = exp(-2 m (m - y) / (sigma^2
 * T)) (Glasserman, "Monte Carlo Methods in Financial Engineering", 2003, section 6.4), solved for m with an
 * exponential, which is half the sum of two squared normals; the minimum the same way, mirrored.
 */
import { exp } from '../../math/exp.js';
import type { ExactSampler, ExactStates, Process, TerminalLaw } from './process.js';

export interface GbmLaw {
  readonly s0: number;
  /** dS = S (driftPerYr dt + sigmaPerSqrtYr dW). */
  readonly driftPerYr: number;
  readonly sigmaPerSqrtYr: number;
}

/** Geometric Brownian motion over `horizonYr` in `steps` steps. */
export function gbm(law: GbmLaw, horizonYr: number, steps: number): Process {
  const { s0, driftPerYr, sigmaPerSqrtYr } = law;
  const mean = (driftPerYr - 0.5 * sigmaPerSqrtYr * sigmaPerSqrtYr) * horizonYr;
  const sd = sigmaPerSqrtYr * Math.sqrt(horizonYr);
  const price = s0 * exp(driftPerYr * horizonYr);
  return new Brownian('log', s0, 0, { mean: price, stateMean: mean, stateSd: sd }, mean, sd, steps);
}

export interface ArithmeticLaw {
  readonly s0: number;
  /** dS = driftCurrencyPerYr dt + sigmaCurrencyPerSqrtYr dW. */
  readonly driftCurrencyPerYr: number;
  readonly sigmaCurrencyPerSqrtYr: number;
}

/** Arithmetic Brownian motion (Bachelier 1900): prices may fall below 0. */
export function arithmeticBrownian(law: ArithmeticLaw, horizonYr: number, steps: number): Process {
  const { s0, driftCurrencyPerYr, sigmaCurrencyPerSqrtYr } = law;
  const drift = driftCurrencyPerYr * horizonYr;
  const sd = sigmaCurrencyPerSqrtYr * Math.sqrt(horizonYr);
  const end = { mean: s0 + drift, stateMean: s0 + drift, stateSd: sd };
  return new Brownian('linear', s0, s0, end, drift, sd, steps);
}

/** State from + drift + sd W over the whole horizon. */
class Brownian implements Process {
  readonly scale;
  readonly steps;
  readonly start;
  readonly laws: readonly TerminalLaw[];
  readonly factors = 1;
  readonly exact: ExactSampler;
  private readonly from: number;
  private readonly stepDrift: number;
  private readonly stepSd: number;

  constructor(
    scale: 'log' | 'linear',
    s0: number,
    from: number,
    law: TerminalLaw,
    drift: number,
    sd: number,
    steps: number,
  ) {
    this.scale = scale;
    this.steps = steps;
    this.start = Float64Array.of(s0);
    this.laws = [law];
    this.from = from;
    this.stepDrift = drift / steps;
    this.stepSd = sd / Math.sqrt(steps);
    this.exact = new ExactBrownian(from, drift, sd);
  }

  walk(normals: Float64Array, count: number, out: Float64Array): void {
    const { steps, stepDrift, stepSd, from } = this;
    let z = 0;
    let at = 0;
    for (let path = 0; path < count; path++) {
      let y = from;
      out[at++] = y;
      for (let j = 0; j < steps; j++) {
        y += stepDrift + stepSd * normals[z++];
        out[at++] = y;
      }
    }
  }
}

class ExactBrownian implements ExactSampler {
  readonly normals = 5;
  readonly hasExtremes = true;
  private readonly from: number;
  private readonly drift: number;
  private readonly sd: number;

  constructor(from: number, drift: number, sd: number) {
    this.from = from;
    this.drift = drift;
    this.sd = sd;
  }

  sample(normals: Float64Array, count: number, at: number, out: readonly ExactStates[]): void {
    const { terminal, maximum, minimum } = out[0];
    const { from, drift, sd } = this;
    const variance = sd * sd;
    for (let path = 0, z = 0; path < count; path++, z += 5) {
      const y = drift + sd * normals[z];
      // Twice an exponential is a sum of two squares; (y + sqrt(y^2 + 2 sd^2 E)) / 2 solves for the maximum.
      const up = normals[z + 1] * normals[z + 1] + normals[z + 2] * normals[z + 2];
      const down = normals[z + 3] * normals[z + 3] + normals[z + 4] * normals[z + 4];
      terminal[at + path] = from + y;
      maximum[at + path] = from + 0.5 * (y + Math.sqrt(y * y + variance * up));
      minimum[at + path] = from + 0.5 * (y - Math.sqrt(y * y + variance * down));
    }
  }
}
