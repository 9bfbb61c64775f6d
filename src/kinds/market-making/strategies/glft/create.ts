/** Gueant, Lehalle & Fernandez-Tapia, exact or asymptotic: the spec and the thread side. */
import { GlftQuoter } from '../../../../core/agent/glft-quoter.js';
import { glftExact, glftLadder, type GlftModel } from '../../../../core/agent/glft.js';
import { LadderQuoter } from '../../../../core/agent/ladder-quoter.js';
import type { Quoter } from '../../../../core/agent/quoter.js';
import { createIntensity, createVolatility, type IntensitySpec, type VolatilitySpec } from '../estimators.js';
import { quotesAtLimit } from '../ladder-size.js';

export interface GlftSpec extends VolatilitySpec, IntensitySpec {
  readonly type: 'glft';
  readonly solution: 'asymptotic' | 'exact';
  readonly gamma: number;
  readonly A: number;
  readonly k: number;
  readonly horizonS: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

/** In ticks, seconds and quotes. */
export const glftModel = (strategy: GlftSpec): GlftModel => ({
  gamma: strategy.gamma,
  sigma: strategy.sigmaTicksPerSqrtS,
  intensityA: strategy.A,
  intensityK: strategy.k,
});

export function createGlft(strategy: GlftSpec): Quoter {
  const model = glftModel(strategy);
  const { quoteLots, horizonS, A, k } = strategy;
  if (strategy.solution === 'asymptotic') {
    return new GlftQuoter(model, quoteLots, createVolatility(strategy), createIntensity(strategy, A, k));
  }
  const ladder = glftLadder(model, quotesAtLimit(strategy));
  return new LadderQuoter(ladder, (at, q, out) => glftExact(model, at, q, out), horizonS, quoteLots);
}
