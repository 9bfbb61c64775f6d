/** The thread sides of all strategies, by the `type` in a spec. */
import type { Quoter } from '../../../core/agent/quoter.js';
import { createAdaptive, type AdaptiveSpec } from './adaptive/create.js';
import { createAvellanedaStoikov, type AvellanedaStoikovSpec } from './avellaneda-stoikov/create.js';
import {
  createCarteaJaimungalPenalva,
  type CarteaJaimungalPenalvaSpec,
} from './cartea-jaimungal-penalva/create.js';
import { createFixed, type FixedSpec } from './fixed/create.js';
import { createGlft, type GlftSpec } from './glft/create.js';
import { createImbalance, type ImbalanceSpec } from './imbalance/create.js';
import { createSymmetric, type SymmetricSpec } from './symmetric/create.js';

export type StrategySpec =
  | FixedSpec
  | SymmetricSpec
  | AvellanedaStoikovSpec
  | AdaptiveSpec
  | GlftSpec
  | CarteaJaimungalPenalvaSpec
  | ImbalanceSpec;

const CREATE: {
  readonly [T in StrategySpec['type']]: (strategy: Extract<StrategySpec, { type: T }>) => Quoter;
} = {
  fixed: createFixed,
  symmetric: createSymmetric,
  'avellaneda-stoikov': createAvellanedaStoikov,
  adaptive: createAdaptive,
  glft: createGlft,
  'cartea-jaimungal-penalva': createCarteaJaimungalPenalva,
  imbalance: createImbalance,
};

/** A strategy at its start. */
export function createQuoter(strategy: StrategySpec): Quoter {
  return (CREATE[strategy.type] as (strategy: StrategySpec) => Quoter)(strategy);
}
