/** The thread sides of all strategies, by the `type` in a spec. */
import type { Quoter } from '../../../core/agent/quoter.js';
import { createAdaptive, type AdaptiveSpec } from './adaptive/create.js';
import { createFixed, type FixedSpec } from './fixed/create.js';

export type StrategySpec = FixedSpec | AdaptiveSpec;

const CREATE: {
  readonly [T in StrategySpec['type']]: (strategy: Extract<StrategySpec, { type: T }>) => Quoter;
} = { fixed: createFixed, adaptive: createAdaptive };

/** A strategy at its start. */
export function createQuoter(strategy: StrategySpec): Quoter {
  return (CREATE[strategy.type] as (strategy: StrategySpec) => Quoter)(strategy);
}
