/** The spec of a calibrate job as its kernel sees it: schema.ts checks it and fills in the defaults. */

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

export type Model = IntensityModel | ContStoikovTalrejaModel | HawkesModel | QueueReactiveModel;

export interface Spec {
  readonly data: FileData | SimulatedData;
  readonly model: Model;
  /** Price of one tick in the currency; 0: the largest that fits the file. */
  readonly tickSize: number;
}

/** Unit 0 is the whole sample, the others its windows; of simulated data each unit is a sample of its own. */
export function unitsOf({ data }: Spec): number {
  return data.type === 'simulated' ? data.samples : 1 + (data.windows > 1 ? data.windows : 0);
}
