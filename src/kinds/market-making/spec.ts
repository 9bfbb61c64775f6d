/** The spec of a market-making job as its kernel sees it: schema.ts checks it and fills in the defaults. */
import type { OrderSizeSpec } from '../../core/flow/order-size.js';

export interface GeneratedMarketSpec {
  readonly type: 'generated';
  readonly durationS: number;
  readonly warmupS: number;
  readonly startMidTicks: number;
  readonly limitRatePerS: readonly number[];
  readonly marketRatePerS: number;
  readonly cancelRatePerS: readonly number[];
  readonly orderSize: OrderSizeSpec;
}

export interface ReplayMarketSpec {
  readonly type: 'replay';
  readonly messages: string;
  readonly orderbook: string;
}

export interface FixedStrategySpec {
  readonly type: 'fixed';
  readonly halfSpreadTicks: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

export interface AdaptiveStrategySpec {
  readonly type: 'adaptive';
  readonly gamma: number;
  readonly k: number;
  readonly horizonS: number;
  readonly volatility: 'online' | 'given';
  readonly sigmaTicksPerSqrtS: number;
  readonly volatilityHalfLifeS: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

export interface Spec {
  readonly market: GeneratedMarketSpec | ReplayMarketSpec;
  readonly instrument: { readonly tickSize: number; readonly lotSize: number };
  readonly strategy: FixedStrategySpec | AdaptiveStrategySpec;
  readonly requote: { readonly everyMs: number; readonly onFeedChange: boolean };
  readonly latency: { readonly orderNs: number; readonly feedNs: number };
  readonly fees: { readonly makerBps: number; readonly takerBps: number };
  readonly measures: { readonly samplingS: number; readonly adverseS: number };
  readonly runs?: number;
  readonly seriesPoints: number;
}

/** Replications of a generated market where the spec names none: some seconds of work, errors of a fifth. */
const DEFAULT_RUNS = 32;

/** Units of the job. A replay has nothing random, hence one. */
export function countRuns(spec: Spec): number {
  return spec.runs ?? (spec.market.type === 'replay' ? 1 : DEFAULT_RUNS);
}
