/**
 * The thread sides of all price models, by the `type` in a spec: a process of core with the spec's numbers.
 */
import {
  arithmeticBrownian,
  gbm,
  type ArithmeticLaw,
  type GbmLaw,
} from '../../../core/price/processes/brownian.js';
import { correlatedGbm, type CorrelatedGbmLaw } from '../../../core/price/processes/correlated-gbm.js';
import { heston, type HestonLaw } from '../../../core/price/processes/heston.js';
import { merton, type MertonLaw } from '../../../core/price/processes/merton.js';
import {
  ornsteinUhlenbeck,
  type OrnsteinUhlenbeckLaw,
} from '../../../core/price/processes/ornstein-uhlenbeck.js';
import type { Process } from '../../../core/price/processes/process.js';
import { regimeSwitching, type RegimeSwitchingLaw } from '../../../core/price/processes/regime-switching.js';

export type GbmSpec = GbmLaw & { readonly type: 'gbm' };
export type CorrelatedGbmSpec = CorrelatedGbmLaw & { readonly type: 'correlated-gbm' };
export type ArithmeticBrownianSpec = ArithmeticLaw & { readonly type: 'arithmetic-brownian' };
export type OrnsteinUhlenbeckSpec = OrnsteinUhlenbeckLaw & { readonly type: 'ornstein-uhlenbeck' };
export type MertonSpec = MertonLaw & { readonly type: 'merton' };
export type HestonSpec = HestonLaw & { readonly type: 'heston' };
export type RegimeSwitchingSpec = RegimeSwitchingLaw & { readonly type: 'regime-switching' };

export type ModelSpec =
  | GbmSpec
  | CorrelatedGbmSpec
  | ArithmeticBrownianSpec
  | OrnsteinUhlenbeckSpec
  | MertonSpec
  | HestonSpec
  | RegimeSwitchingSpec;
/** The spec of one model. */
export type ModelSpecOf<T extends ModelSpec['type']> = Extract<ModelSpec, { type: T }>;

type Open<M> = (model: M, horizonYr: number, steps: number) => Process;

const OPEN: { readonly [T in ModelSpec['type']]: Open<ModelSpecOf<T>> } = {
  gbm,
  'correlated-gbm': correlatedGbm,
  'arithmetic-brownian': arithmeticBrownian,
  'ornstein-uhlenbeck': ornsteinUhlenbeck,
  merton,
  heston,
  'regime-switching': regimeSwitching,
};

export function openProcess(model: ModelSpec, horizonYr: number, steps: number): Process {
  return (OPEN[model.type] as Open<ModelSpec>)(model, horizonYr, steps);
}
