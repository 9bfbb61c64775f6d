/** The thread sides of all strategies, by the `type` in a spec. */
import type { ChunkTask } from '../../../contract/kind.js';
import type { Quoter } from '../../../core/agent/quoter.js';
import { createAdaptive, type AdaptiveSpec } from './adaptive/create.js';
import { createAlmgrenChriss, type AlmgrenChrissSpec } from './almgren-chriss/create.js';
import { createAvellanedaStoikov, type AvellanedaStoikovSpec } from './avellaneda-stoikov/create.js';
import {
  createCarteaJaimungalPenalva,
  type CarteaJaimungalPenalvaSpec,
} from './cartea-jaimungal-penalva/create.js';
import { CODE_INPUT, createCustom, type CustomSpec } from './custom/create.js';
import { createFixed, type FixedSpec } from './fixed/create.js';
import { createGlft, type GlftSpec } from './glft/create.js';
import { createImbalance, type ImbalanceSpec } from './imbalance/create.js';
import { createPov, type PovSpec } from './pov/create.js';
import { createSymmetric, type SymmetricSpec } from './symmetric/create.js';
import { createTwap, type TwapSpec } from './twap/create.js';
import { createVwap, type VwapSpec } from './vwap/create.js';

/** Strategies that quote both sides, those that work a parent order, and a user's own. */
export type StrategySpec = BuiltInSpec | CustomSpec;
type BuiltInSpec = QuotingSpec | ExecutionSpec;
export type ExecutionSpec = TwapSpec | VwapSpec | PovSpec | AlmgrenChrissSpec;
export type QuotingSpec =
  | FixedSpec
  | SymmetricSpec
  | AvellanedaStoikovSpec
  | AdaptiveSpec
  | GlftSpec
  | CarteaJaimungalPenalvaSpec
  | ImbalanceSpec;

const CREATE: {
  readonly [T in BuiltInSpec['type']]: (strategy: Extract<BuiltInSpec, { type: T }>) => Quoter;
} = {
  fixed: createFixed,
  symmetric: createSymmetric,
  'avellaneda-stoikov': createAvellanedaStoikov,
  adaptive: createAdaptive,
  glft: createGlft,
  'cartea-jaimungal-penalva': createCarteaJaimungalPenalva,
  imbalance: createImbalance,
  twap: createTwap,
  vwap: createVwap,
  pov: createPov,
  'almgren-chriss': createAlmgrenChriss,
};

/** A strategy at the start of a unit. */
export function createQuoter(
  strategy: StrategySpec,
  { inputs, seed }: Pick<ChunkTask, 'inputs' | 'seed'>,
  unit: number,
): Quoter {
  if (strategy.type === 'custom') return createCustom(strategy, inputs[CODE_INPUT] ?? [], seed, unit);
  return (CREATE[strategy.type] as (strategy: BuiltInSpec) => Quoter)(strategy);
}

export const isExecution = (strategy: StrategySpec): strategy is ExecutionSpec => 'parentLots' in strategy;

/** Position that is never exceeded, long or short. */
export const inventoryLimit = (strategy: StrategySpec): number =>
  isExecution(strategy) ? strategy.parentLots : strategy.maxInventoryLots;
