/** Smith, Farmer, Gillemot & Krishnamurthy (2003): the spec and the thread side. */
import { poissonFlow } from '../../../../core/flow/poisson-flow.js';
import { zeroIntelligenceRates, type ZeroIntelligence } from '../../../../core/flow/zero-intelligence.js';
import { openFlowMarket, type FlowFields } from '../flow-market.js';
import type { OpenMarket } from '../stage.js';

export interface ZeroIntelligenceSpec extends FlowFields, ZeroIntelligence {
  readonly type: 'zero-intelligence';
}

export const openZeroIntelligence: OpenMarket<ZeroIntelligenceSpec> = (market, task) =>
  openFlowMarket(market, () => poissonFlow(zeroIntelligenceRates(market)), task);
