/** Avellaneda & Stoikov as published, with the run's end as horizon: the spec and the thread side. */
import { AdaptiveQuoter } from '../../../../core/agent/adaptive.js';

export interface AvellanedaStoikovSpec {
  readonly type: 'avellaneda-stoikov';
  readonly gamma: number;
  readonly k: number;
  readonly sigmaTicksPerSqrtS: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

export const createAvellanedaStoikov = (strategy: AvellanedaStoikovSpec): AdaptiveQuoter =>
  new AdaptiveQuoter({ ...strategy, horizonS: Infinity }, null);
