/** The spec of a paths job as its kernel sees it: the schemas check it and fill in the defaults. */
import type { Payoff } from '../../core/price/payoffs.js';
import type { Precision } from '../../core/price/simd/normals.js';
import type { ModelSpec } from './models/open.js';

export interface PathsSpec {
  readonly model: ModelSpec;
  readonly horizonYr: number;
  readonly sampling: 'exact' | 'stepped';
  readonly steps: number;
  readonly paths: number;
  readonly points: 'pseudo' | 'sobol';
  readonly precision: Precision;
  readonly antithetic: boolean;
  readonly control: boolean;
  readonly ratePerYr: number;
  readonly payoffs: readonly Payoff[];
  readonly greeks: boolean;
  readonly levels: readonly number[];
  readonly wholePaths: boolean;
}

export interface Fault {
  readonly pointer: string;
  readonly message: string;
}
