/**
 * Merton's jump diffusion: dS / S = (mu - lambda k) dt + sigma dW + (J - 1) dN, ln J normal, k = E[J] - 1, so
 * that the mean price grows by mu (Merton, "Option pricing when underlying stock returns are discontinuous",
 * J. Financial Economics 3, 1976, 125-144; Glasserman 2003, section 3.5.1).
 *
 * A step draws the diffusion, the number of jumps and their sum, a normal each: the number by comparing its
 * normal with the normal quantiles of the Poisson law, which is inversion without computing a distribution
 * function. The law at the fixings is exact, and so is one step to the horizon.
 */
import { exp } from '../../math/exp.js';
import { normalQuantile } from '../../math/normal.js';
import type { ExactSampler, ExactStates, Process, TerminalLaw } from './process.js';

export interface MertonLaw {
  readonly s0: number;
  readonly driftPerYr: number;
  readonly sigmaPerSqrtYr: number;
  readonly jumpsPerYr: number;
  /** Mean and standard deviation of the logarithm of a jump. */
  readonly jumpLogMean: number;
  readonly jumpLogSd: number;
}

/** Jumps beyond this count in one step have a probability below 1e-15 at the largest mean below. */
const MAX_JUMPS = 2_000;
/** Largest mean number of jumps over a step. */
export const MAX_STEP_JUMPS = 500;

export function merton(law: MertonLaw, horizonYr: number, steps: number): Process {
  return new Merton(law, horizonYr, steps);
}

/** Normal quantiles of P(N <= 0), P(N <= 1), ... of a Poisson law, up to where they leave the doubles. */
function jumpBounds(mean: number): Float64Array {
  const bounds: number[] = [];
  let weight = exp(-mean);
  let sum = weight;
  for (let n = 1; n < MAX_JUMPS && sum < 1 - 1e-16; n++) {
    bounds.push(normalQuantile(sum));
    weight *= mean / n;
    if (n > mean && weight < 1e-17) break;
    sum += weight;
  }
  return Float64Array.from(bounds);
}

class Merton implements Process {
  readonly scale = 'log';
  readonly steps;
  readonly start;
  readonly laws: readonly TerminalLaw[];
  readonly factors = 3;
  readonly exact: ExactSampler;
  private readonly step: JumpStep;

  constructor(law: MertonLaw, horizonYr: number, steps: number) {
    const { s0, driftPerYr, sigmaPerSqrtYr: sigma, jumpsPerYr, jumpLogMean, jumpLogSd } = law;
    const growth = exp(jumpLogMean + 0.5 * jumpLogSd * jumpLogSd) - 1;
    const drift = driftPerYr - jumpsPerYr * growth - 0.5 * sigma * sigma;
    const jumpVariance = jumpsPerYr * (jumpLogMean * jumpLogMean + jumpLogSd * jumpLogSd);
    const step = (years: number): JumpStep => ({
      drift: drift * years,
      sd: sigma * Math.sqrt(years),
      bounds: jumpBounds(jumpsPerYr * years),
      jumpMean: jumpLogMean,
      jumpSd: jumpLogSd,
    });
    const whole = step(horizonYr);
    this.steps = steps;
    this.start = Float64Array.of(s0);
    this.step = step(horizonYr / steps);
    this.laws = [
      {
        mean: s0 * exp(driftPerYr * horizonYr),
        stateMean: (drift + jumpsPerYr * jumpLogMean) * horizonYr,
        stateSd: Math.sqrt((sigma * sigma + jumpVariance) * horizonYr),
      },
    ];
    this.exact = {
      normals: 3,
      hasExtremes: false,
      sample(normals: Float64Array, count: number, at: number, out: readonly ExactStates[]): void {
        const { terminal } = out[0];
        for (let path = 0, z = 0; path < count; path++, z += 3) {
          terminal[at + path] = increment(whole, normals[z], normals[z + 1], normals[z + 2]);
        }
      },
    };
  }

  walk(normals: Float64Array, count: number, out: Float64Array): void {
    const { steps, step } = this;
    let at = 0;
    for (let path = 0; path < count; path++) {
      const z = path * 3 * steps;
      let y = 0;
      out[at++] = 0;
      for (let j = 0; j < steps; j++) {
        y += increment(step, normals[z + j], normals[z + steps + j], normals[z + 2 * steps + j]);
        out[at++] = y;
      }
    }
  }
}

interface JumpStep {
  readonly drift: number;
  readonly sd: number;
  readonly bounds: Float64Array;
  readonly jumpMean: number;
  readonly jumpSd: number;
}

function increment(step: JumpStep, z: number, zCount: number, zSize: number): number {
  const { bounds } = step;
  let jumps = 0;
  while (jumps < bounds.length && zCount > bounds[jumps]) jumps++;
  const y = step.drift + step.sd * z;
  return jumps === 0 ? y : y + jumps * step.jumpMean + Math.sqrt(jumps) * step.jumpSd * zSize;
}
