/**
 * The rates of a zero-intelligence market: the same for all prices, so that three numbers say everything.
 *
 * Model: Smith, Farmer, Gillemot & Krishnamurthy, "Statistical theory of the continuous double auction",
 * Quantitative Finance 3(6), 481-514, 2003. The paper lets limit orders arrive at any distance; here they
 * reach `windowTicks`, which should be several spreads.
 */
import type { OrderSizeSpec } from './order-size.js';
import type { FlowRates } from './poisson-flow.js';

/** Per side. */
export interface ZeroIntelligence {
  /** Limit orders per second and tick of distance from the opposite best. */
  readonly alphaPerS: number;
  /** Market orders per second. */
  readonly muPerS: number;
  /** Cancels of each resting order per second. */
  readonly deltaPerS: number;
  readonly windowTicks: number;
  readonly orderSize: OrderSizeSpec;
}

/** The Poisson flow with one rate for all distances within the window and one for all cancels. */
export function zeroIntelligenceRates(market: ZeroIntelligence): FlowRates {
  const { alphaPerS, muPerS, deltaPerS, windowTicks, orderSize } = market;
  return {
    limitRatePerS: new Array<number>(windowTicks).fill(alphaPerS),
    marketRatePerS: muPerS,
    cancelRatePerS: new Array<number>(windowTicks).fill(deltaPerS),
    orderSize,
  };
}
