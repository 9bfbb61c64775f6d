/** The spec of a stat-arb job as its kernel sees it: schema.ts checks it and fills in the defaults. */
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

export type SourceSpec = SeriesSource | ValuesSource | FilesSource;

export type StrategySpec =
  | {
      readonly type: 'zscore';
      readonly entry: number;
      readonly exit: number;
      readonly stop: number;
      readonly window: number;
    }
  | { readonly type: 'bertram' }
  | { readonly type: 'bands'; readonly entry: number; readonly exit: number; readonly stop: number };

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

/** Units of the job: given prices have nothing random. */
export function countRuns(spec: Spec): number {
  return spec.source.type === 'series' ? (spec.runs ?? DEFAULT_RUNS) : 1;
}

/** Rows of the formation window among so many. */
export function formationRows(spec: Spec, rows: number): number {
  return Math.floor(rows * spec.pair.formationShare);
}
