/** The spec of a market-making job as its kernel sees it: schema.ts checks it and fills in the defaults. */
import { twinOf } from '../../core/rng/antithetic.js';
import type { LatencySpec } from './latency.js';
import type { MarketSpec } from './markets/open.js';
import type { StrategySpec } from './strategies/create.js';

export type SessionSpec =
  | { readonly type: 'continuous' }
  | { readonly type: 'auctions'; readonly openingS: number; readonly closingS: number }
  | { readonly type: 'batch'; readonly intervalMs: number };

export type BandSpec =
  { readonly type: 'none' } | { readonly type: 'static' | 'following'; readonly bandTicks: number };

export interface RulesSpec {
  readonly allocation: 'price-time' | 'pro-rata' | 'top-pro-rata';
  readonly session: SessionSpec;
  readonly halts: readonly { readonly fromS: number; readonly toS: number }[];
  readonly breaker: { readonly moveTicks: number; readonly windowS: number; readonly pauseS: number };
  readonly interruption: 'halt' | 'auction';
  readonly band: BandSpec;
}

export interface FeeRatesSpec {
  readonly makerBps: number;
  readonly takerBps: number;
  readonly makerPerLot: number;
  readonly takerPerLot: number;
}

export interface FeesSpec extends FeeRatesSpec {
  readonly tiers: readonly ({ readonly fromVolume: number } & Partial<FeeRatesSpec>)[];
  readonly tierBy: 'notional' | 'lots';
  readonly startVolume: number;
}

export interface LimitsSpec {
  readonly maxLoss: number;
  readonly onLoss: 'flatten' | 'stop';
  readonly messagesPerS: number;
  readonly messageBurst: number;
}

export interface Spec {
  readonly market: MarketSpec;
  readonly instrument: { readonly tickSize: number; readonly lotSize: number; readonly multiplier: number };
  readonly rules: RulesSpec;
  readonly strategy: StrategySpec;
  readonly limits: LimitsSpec;
  readonly requote: { readonly everyMs: number; readonly onFeedChange: boolean };
  readonly latency: LatencySpec;
  readonly fees: FeesSpec;
  readonly measures: {
    readonly samplingS: number;
    readonly adverseS: number;
    readonly factsBlockS: number;
    readonly queueEstimators: boolean;
  };
  readonly runs?: number;
  readonly antithetic: boolean;
  readonly seriesPoints: number;
}

/** Replications of a generated market where the spec names none: some seconds of work, errors of a fifth. */
const DEFAULT_RUNS = 32;

/** Units of the job. A replay has nothing random but latencies, hence one unless told. */
export function countRuns(spec: Spec): number {
  return spec.runs ?? (spec.market.type === 'replay' ? 1 : DEFAULT_RUNS);
}

/** The number by which a run draws: its own, or that of its pair and its antithetic twin. */
export function streamUnit({ antithetic }: Spec, run: number): number {
  if (!antithetic) return run;
  return run % 2 === 0 ? run / 2 : twinOf((run - 1) / 2);
}

/** Runs that depend on each other: errors come from the means of so many. */
export function groupSize({ antithetic }: Spec): number {
  return antithetic ? 2 : 1;
}

/** Currency of one tick x lot. */
export function currencyPerTickLot({ instrument }: Spec): number {
  return instrument.tickSize * instrument.lotSize * instrument.multiplier;
}
