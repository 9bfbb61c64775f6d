/** Avellaneda & Stoikov with a rolling horizon: the spec and the thread side. */
import { AdaptiveQuoter } from '../../../../core/agent/adaptive.js';
import { createIntensity, createVolatility, type IntensitySpec, type VolatilitySpec } from '../estimators.js';

export interface AdaptiveSpec extends VolatilitySpec, IntensitySpec {
  readonly type: 'adaptive';
  readonly gamma: number;
  readonly k: number;
  readonly horizonS: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

/** Sweeps per second and side that the first guess of the online intensity supposes. */
const FIRST_A = 1;

export const createAdaptive = (strategy: AdaptiveSpec): AdaptiveQuoter =>
  new AdaptiveQuoter(strategy, createVolatility(strategy), createIntensity(strategy, FIRST_A, strategy.k));
