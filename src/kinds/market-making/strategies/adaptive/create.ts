/** Avellaneda & Stoikov with a rolling horizon: the spec and the thread side. */
import { AdaptiveQuoter } from '../../../../core/agent/adaptive.js';
import { VolatilityEstimator } from '../../../../core/agent/volatility.js';

export interface AdaptiveSpec {
  readonly type: 'adaptive';
  readonly gamma: number;
  readonly k: number;
  readonly horizonS: number;
  readonly volatility: 'online' | 'given';
  readonly sigmaTicksPerSqrtS: number;
  readonly volatilityHalfLifeS: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

/** The mid is looked at once a second for the online volatility. */
const VOLATILITY_SAMPLE_S = 1;

export const createAdaptive = (strategy: AdaptiveSpec): AdaptiveQuoter =>
  new AdaptiveQuoter(strategy, createEstimator(strategy));

function createEstimator(strategy: AdaptiveSpec): VolatilityEstimator | null {
  if (strategy.volatility === 'given') return null;
  const { sigmaTicksPerSqrtS, volatilityHalfLifeS } = strategy;
  return new VolatilityEstimator(sigmaTicksPerSqrtS, VOLATILITY_SAMPLE_S, volatilityHalfLifeS);
}
