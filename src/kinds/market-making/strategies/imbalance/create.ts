/** Quotes that lean with the order-book imbalance: the spec and the thread side. */
import { ImbalanceQuoter } from '../../../../core/agent/imbalance.js';

export interface ImbalanceSpec {
  readonly type: 'imbalance';
  readonly halfSpreadTicks: number;
  readonly weight: number;
  readonly skewTicks: number;
  readonly pullAbove: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

export const createImbalance = (strategy: ImbalanceSpec): ImbalanceQuoter => new ImbalanceQuoter(strategy);
