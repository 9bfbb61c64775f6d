/** The part of a calibrate spec that fits price models to a series: schema.ts checks it and fills it in. */

/** Bars of one asset: the importer `bars`. */
export interface BarsData {
  readonly type: 'bars';
  readonly file: string;
  readonly column: 'close' | 'adjClose';
  readonly returns: 'log' | 'simple' | 'log-percent' | 'simple-percent';
  readonly observationsPerYr: number;
}

/** Numbers that are returns already, or levels of an Ornstein-Uhlenbeck process: the importer `values`. */
export interface ValuesData {
  readonly type: 'values';
  readonly file: string;
  readonly observationsPerYr: number;
}

export interface SimulatedSeriesData {
  readonly type: 'simulated-series';
  readonly observations: number;
  readonly samples: number;
}

/** European options of one day: the importer `option-quotes`. */
export interface QuotesData {
  readonly type: 'option-quotes';
  readonly file: string;
  readonly spot: number;
  readonly ratePerYr: number;
  readonly yieldPerYr: number;
}

export type SeriesData = BarsData | ValuesData | QuotesData | SimulatedSeriesData;

export interface GbmModel {
  readonly type: 'gbm';
}

export interface OrnsteinUhlenbeckModel {
  readonly type: 'ornstein-uhlenbeck';
}

interface Searched {
  /** Starts of the search, each a unit of the job. */
  readonly starts: number;
  readonly search: 'newton' | 'simplex';
}

export interface MertonModel extends Searched {
  readonly type: 'merton';
}

export interface GarchModel {
  readonly type: 'garch';
  readonly starts: number;
  readonly errors: 'hessian' | 'robust';
}

export interface MarkovModel extends Searched {
  readonly type: 'markov-switching';
  readonly regimes: number;
  readonly lags: number;
  readonly switching: 'mean' | 'variance' | 'both';
}

export interface HestonModel {
  readonly type: 'heston';
  readonly starts: number;
}

export type SeriesModel =
  GbmModel | OrnsteinUhlenbeckModel | MertonModel | GarchModel | MarkovModel | HestonModel;

export const SERIES_DATA: readonly string[] = ['bars', 'values', 'option-quotes', 'simulated-series'];
export const SERIES_MODELS: readonly string[] = [
  'gbm',
  'ornstein-uhlenbeck',
  'merton',
  'garch',
  'markov-switching',
  'heston',
];

/** Units of a job: the samples, or the starts of the search over one file. */
export function seriesUnits(data: SeriesData, model: SeriesModel): number {
  if (data.type === 'simulated-series') return data.samples;
  return 'starts' in model ? model.starts : 1;
}
