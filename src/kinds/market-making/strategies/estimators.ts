/** The online estimators of strategies, as their specs ask for them. */
import { IntensityEstimator } from '../../../core/agent/intensity.js';
import { VolatilityEstimator } from '../../../core/agent/volatility.js';

export interface VolatilitySpec {
  readonly volatility: 'online' | 'given';
  readonly sigmaTicksPerSqrtS: number;
  readonly volatilityHalfLifeS: number;
}

export interface IntensitySpec {
  readonly intensity: 'online' | 'given';
  readonly intensityHalfLifeS: number;
}

/** The mid is looked at, and the intensity fitted, once a second. */
const SAMPLE_S = 1;

export function createVolatility(spec: VolatilitySpec): VolatilityEstimator | null {
  if (spec.volatility === 'given') return null;
  return new VolatilityEstimator(spec.sigmaTicksPerSqrtS, SAMPLE_S, spec.volatilityHalfLifeS);
}

/** `intensityA` and `intensityK` are the first guess. */
export function createIntensity(
  spec: IntensitySpec,
  intensityA: number,
  intensityK: number,
): IntensityEstimator | null {
  if (spec.intensity === 'given') return null;
  return new IntensityEstimator(intensityA, intensityK, SAMPLE_S, spec.intensityHalfLifeS);
}
