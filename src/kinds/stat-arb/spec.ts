/** The spec of a stat-arb job as its kernel sees it: schema.ts checks it and fills in the defaults. */
import type { OrderSizeSpec } from '../../core/flow/order-size.js';
import { TRADING_SECONDS_PER_YEAR } from '../../core/metrics/sharpe.js';
import type { HedgeMethod } from '../../core/pairs/formation.js';

export interface SeriesSource {
  readonly type: 'series';
  readonly observations: number;
  readonly observationsPerYr: number;
  readonly startY: number;
  readonly startX: number;
  readonly driftPerYr: number;
  readonly sigmaPerSqrtYr: number;
  readonly hedgeRatio: number;
  readonly halfLifeObs: number;
  readonly spreadSd: number;
  readonly cointegrated: boolean;
}

export interface ValuesSource {
  readonly type: 'values';
  readonly yValues: readonly number[];
  readonly xValues: readonly number[];
  readonly observationsPerYr: number;
}

export interface FilesSource {
  readonly type: 'files';
  readonly yFile: string;
  readonly xFile: string;
  readonly column: 'close' | 'adjClose';
  readonly observationsPerYr: number;
}

export interface VenueSpec {
  readonly tickSize: number;
  readonly startMidTicks: number;
  readonly orderNs: number;
  readonly feedNs: number;
  readonly makerBps: number;
  readonly takerBps: number;
  readonly informedDelayS: number;
}

export interface BooksSource {
  readonly type: 'books';
  readonly durationS: number;
  readonly warmupS: number;
  readonly sampleS: number;
  readonly cointegrated: boolean;
  readonly valueSigmaTicksPerSqrtS: number;
  readonly ratioTicks: number;
  readonly halfLifeS: number;
  readonly spreadSdTicks: number;
  readonly informedRatePerS: number;
  readonly informedEdgeTicks: number;
  readonly flow: {
    readonly limitRatePerS: readonly number[];
    readonly marketRatePerS: number;
    readonly cancelRatePerS: readonly number[];
    readonly orderSize: OrderSizeSpec;
  };
  readonly venueY: VenueSpec;
  readonly venueX: VenueSpec;
  readonly lots: number;
  readonly orders: 'take' | 'make';
  readonly slippageTicks: number;
}

export type SourceSpec = SeriesSource | ValuesSource | FilesSource | BooksSource;

export type StrategySpec =
  | {
      readonly type: 'zscore';
      readonly entry: number;
      readonly exit: number;
      readonly stop: number;
      readonly window: number;
    }
  | { readonly type: 'bertram' }
  | { readonly type: 'bands'; readonly entry: number; readonly exit: number; readonly stop: number }
  | {
      readonly type: 'lead-lag';
      readonly entryTicks: number;
      readonly exitTicks: number;
      readonly isHedged: boolean;
    };

export interface Spec {
  readonly source: SourceSpec;
  readonly pair: {
    readonly scale: 'log' | 'price';
    readonly method: HedgeMethod;
    readonly ratio: number;
    readonly stateNoise: number;
    readonly lags: number;
    readonly formationShare: number;
  };
  readonly strategy: StrategySpec;
  readonly legs: { readonly yMultiplier: number; readonly xMultiplier: number; readonly capital: number };
  readonly execution: {
    readonly delayObs: number;
    readonly costBps: number;
    readonly costPerLot: number;
  };
  readonly runs?: number;
  readonly seriesPoints: number;
}

/** Independent pairs that are simulated where the spec names no number. */
const DEFAULT_RUNS = 32;
/** The same of simulated books, which cost thousands of times as much. */
const DEFAULT_BOOK_RUNS = 16;

/** Units of the job: given prices have nothing random. */
export function countRuns(spec: Spec): number {
  if (spec.source.type === 'books') return spec.runs ?? DEFAULT_BOOK_RUNS;
  return spec.source.type === 'series' ? (spec.runs ?? DEFAULT_RUNS) : 1;
}

/** Observations of a run; those of files are known with them only. */
export function samplesOf({ durationS, sampleS }: BooksSource): number {
  return Math.floor(durationS / sampleS);
}

/** Observations in a year, by which results are annualised. */
export function observationsPerYr(source: SourceSpec): number {
  return source.type === 'books' ? TRADING_SECONDS_PER_YEAR / source.sampleS : source.observationsPerYr;
}

/** Rows of the formation window among so many. */
export function formationRows(spec: Spec, rows: number): number {
  return Math.floor(rows * spec.pair.formationShare);
}
