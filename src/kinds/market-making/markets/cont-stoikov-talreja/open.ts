/** Cont, Stoikov & Talreja (2010): the spec and the thread side. */
import type { OrderSizeSpec } from '../../../../core/flow/order-size.js';
import { poissonFlow } from '../../../../core/flow/poisson-flow.js';
import { openFlowMarket, type FlowFields } from '../flow-market.js';
import type { OpenMarket } from '../stage.js';

export interface ContStoikovTalrejaSpec extends FlowFields {
  readonly type: 'cont-stoikov-talreja';
  readonly limitRatePerS: readonly number[];
  readonly marketRatePerS: number;
  readonly cancelRatePerS: readonly number[];
  readonly orderSize: OrderSizeSpec;
}

export const openContStoikovTalreja: OpenMarket<ContStoikovTalrejaSpec> = (market, task) =>
  openFlowMarket(market, () => poissonFlow(market), task);
