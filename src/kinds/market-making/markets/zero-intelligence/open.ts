/** Smith, Farmer, Gillemot & Krishnamurthy (2003): the spec and the thread side. */
import type { OrderSizeSpec } from '../../../../core/flow/order-size.js';
import { poissonFlow, type FlowRates } from '../../../../core/flow/poisson-flow.js';
import { openFlowMarket, type FlowFields } from '../flow-market.js';
import type { OpenMarket } from '../stage.js';

export interface ZeroIntelligenceSpec extends FlowFields {
  readonly type: 'zero-intelligence';
  readonly alphaPerS: number;
  readonly muPerS: number;
  readonly deltaPerS: number;
  readonly windowTicks: number;
  readonly orderSize: OrderSizeSpec;
}

/** The Poisson flow with one rate for all distances within the window and one for all cancels. */
export function toFlowRates(market: ZeroIntelligenceSpec): FlowRates {
  const { alphaPerS, muPerS, deltaPerS, windowTicks, orderSize } = market;
  return {
    limitRatePerS: new Array<number>(windowTicks).fill(alphaPerS),
    marketRatePerS: muPerS,
    cancelRatePerS: new Array<number>(windowTicks).fill(deltaPerS),
    orderSize,
  };
}

export const openZeroIntelligence: OpenMarket<ZeroIntelligenceSpec> = (market, task) =>
  openFlowMarket(market, () => poissonFlow(toFlowRates(market)), task);
