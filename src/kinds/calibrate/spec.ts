/** The spec of a calibrate job as its kernel sees it: schema.ts checks it and fills in the defaults. */
import { SERIES_DATA, SERIES_MODELS, seriesUnits, type SeriesData, type SeriesModel } from './series/spec.js';

export interface FileData {
  readonly type: 'lobster' | 'trades' | 'depth' | 'orders';
  /** LOBSTER's message file, or the one file of another source. */
  readonly messages?: string;
  readonly orderbook?: string;
  readonly file?: string;
  readonly fromS: number;
  readonly toS: number;
  readonly windows: number;
}

export interface SimulatedData {
  readonly type: 'simulated';
  readonly durationS: number;
  readonly samples: number;
}

export interface IntensityModel {
  readonly type: 'intensity';
  readonly fromTicks: number;
  readonly toTicks: number;
  readonly widthTicks: number;
}

export interface ContStoikovTalrejaModel {
  readonly type: 'cont-stoikov-talreja';
  readonly maxDistanceTicks: number;
  readonly leastOrders: number;
}

export interface HawkesModel {
  readonly type: 'hawkes';
  readonly events: 'trades' | 'trade-sides' | 'orders';
  readonly maxDistanceTicks: number;
  readonly starts: number;
}

export interface QueueReactiveModel {
  readonly type: 'queue-reactive';
  readonly levels: number;
  readonly maxQueue: number;
}

/** Models of order flow, fitted to feeds. */
export type FlowModel = IntensityModel | ContStoikovTalrejaModel | HawkesModel | QueueReactiveModel;
export type FlowData = FileData | SimulatedData;
export type Model = FlowModel | SeriesModel;

export interface Spec {
  readonly data: FlowData | SeriesData;
  readonly model: Model;
  /** Price of one tick in the currency; 0: the largest that fits the file. */
  readonly tickSize: number;
}

/** A spec over a feed, or over a price series; faults() refuses data of one with a model of the other. */
export type FlowSpec = Spec & { readonly data: FlowData; readonly model: FlowModel };
export type SeriesSpec = Spec & { readonly data: SeriesData; readonly model: SeriesModel };

export const isSeriesData = (data: Spec['data']): data is SeriesData => SERIES_DATA.includes(data.type);
export const isSeriesModel = (model: Model): model is SeriesModel => SERIES_MODELS.includes(model.type);
export function isSeries(spec: Spec): spec is SeriesSpec {
  return isSeriesData(spec.data) && isSeriesModel(spec.model);
}
export function isFlow(spec: Spec): spec is FlowSpec {
  return !isSeriesData(spec.data) && !isSeriesModel(spec.model);
}
/** Simulated from known parameters? */
export const isSimulated = ({ data }: Spec): boolean =>
  data.type === 'simulated' || data.type === 'simulated-series';

/** Unit 0 is the whole sample, the others its windows; of simulated data each unit is a sample of its own. */
export function unitsOf(spec: Spec): number {
  if (isSeries(spec)) return seriesUnits(spec.data, spec.model);
  const { data } = spec;
  if (isSeriesData(data)) return 1;
  return data.type === 'simulated' ? data.samples : 1 + (data.windows > 1 ? data.windows : 0);
}
