/** Order sizes in lots: always the same, or geometric with a given mean. */
import { log1p } from '../math/log.js';
import type { Draws } from './draws.js';

export type OrderSizeSpec =
  | { readonly type: 'constant'; readonly lots: number }
  | { readonly type: 'geometric'; readonly meanLots: number };

/**
 * Draws order sizes. Geometric on 1, 2, ... with P(size > n) = (1 - 1/mean)^n: the floor of an
 * exponential of mean -1/ln(1 - 1/mean) has exactly this law, so one ziggurat draw is enough. A constant
 * size draws nothing.
 */
export class OrderSize {
  declare private readonly constantLots: number;
  declare private readonly scale: number;

  /** Constant lots >= 1 (integer), or geometric meanLots >= 1. */
  constructor(spec: OrderSizeSpec) {
    const mean = spec.type === 'constant' ? spec.lots : spec.meanLots;
    this.constantLots = spec.type === 'constant' ? spec.lots : mean === 1 ? 1 : 0;
    this.scale = this.constantLots > 0 ? 0 : -1 / log1p(-1 / mean);
  }

  draw(draws: Draws): number {
    if (this.constantLots > 0) return this.constantLots;
    const i = draws.exponentialIndex();
    return 1 + ((draws.exponentials[i] * this.scale) | 0);
  }
}
