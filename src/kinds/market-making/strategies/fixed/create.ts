/** A constant half spread around the mid: the spec and the thread side. */
import { FixedQuoter } from '../../../../core/agent/fixed.js';

export interface FixedSpec {
  readonly type: 'fixed';
  readonly halfSpreadTicks: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

export const createFixed = ({ halfSpreadTicks, quoteLots }: FixedSpec): FixedQuoter =>
  new FixedQuoter(halfSpreadTicks, quoteLots);
