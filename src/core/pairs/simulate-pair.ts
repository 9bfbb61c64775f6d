/**
 * Two prices that belong together, or only seem to: a geometric walk, and another price tied to it by a
 * spread.
 *
 * ln x walks with a drift; ln y = intercept + ratio ln x + s, where s is a stationary Ornstein-Uhlenbeck
 * process taken by its exact step (market-agents/fundamental.ts), or, for a pair that is not cointegrated, a
 * walk with the same noise per step. Two normals per observation, one before the first.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { ouStep } from '../market-agents/fundamental.js';
import type { Stream } from '../rng/stream.js';

const LN2 = 0.6931471805599453;

export interface PairLaw {
  readonly startY: number;
  readonly startX: number;
  readonly driftPerYr: number;
  readonly sigmaPerSqrtYr: number;
  readonly hedgeRatio: number;
  /** Observations in which half of a distance from the mean goes. */
  readonly halfLifeObs: number;
  /** Stationary standard deviation of the spread of logarithms. */
  readonly spreadSd: number;
  readonly cointegrated: boolean;
  readonly observationsPerYr: number;
}

/** Writes `y.length` observations of both prices. */
export function simulatePair(law: PairLaw, stream: Stream, y: Float64Array, x: Float64Array): void {
  const { hedgeRatio, observationsPerYr, sigmaPerSqrtYr, spreadSd } = law;
  const kappa = LN2 / law.halfLifeObs;
  const step = { phi: 0.5, variance: 0.5 };
  ouStep(spreadSd * Math.sqrt(2 * kappa), kappa, 1, step);
  const phi = law.cointegrated ? step.phi : 1;
  const noise = Math.sqrt(step.variance);
  const stepSd = sigmaPerSqrtYr / Math.sqrt(observationsPerYr);
  const drift = (law.driftPerYr - (sigmaPerSqrtYr * sigmaPerSqrtYr) / 2) / observationsPerYr;
  let logX = log(law.startX);
  const intercept = log(law.startY) - hedgeRatio * logX;
  let spread = law.cointegrated ? spreadSd * stream.normal() : 0;
  for (let i = 0; i < y.length; i++) {
    x[i] = exp(logX);
    y[i] = exp(intercept + hedgeRatio * logX + spread);
    logX += drift + stepSd * stream.normal();
    spread = phi * spread + noise * stream.normal();
  }
}
