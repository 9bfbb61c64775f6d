/** The spread of Avellaneda & Stoikov around the mid: the spec and the thread side. */
import { SymmetricQuoter } from '../../../../core/agent/symmetric.js';

export interface SymmetricSpec {
  readonly type: 'symmetric';
  readonly gamma: number;
  readonly k: number;
  readonly horizonS: number;
  readonly sigmaTicksPerSqrtS: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

export const createSymmetric = (strategy: SymmetricSpec): SymmetricQuoter => new SymmetricQuoter(strategy);
