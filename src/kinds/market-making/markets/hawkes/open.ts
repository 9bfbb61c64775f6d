/** Mutually exciting order flow: the spec and the thread side. */
import { hawkesFlow, type HawkesRates } from '../../../../core/flow/hawkes-flow.js';
import { openFlowMarket, type FlowFields } from '../flow-market.js';
import type { OpenMarket } from '../stage.js';

export interface HawkesSpec extends FlowFields, HawkesRates {
  readonly type: 'hawkes';
}

export const openHawkes: OpenMarket<HawkesSpec> = (market, task) =>
  openFlowMarket(market, () => hawkesFlow(market), task);
