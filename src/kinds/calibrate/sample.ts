/** What one unit of a calibration is fitted to: a piece of the file's feed, or a simulated sample. */
import type { Table } from '../../contract/columns.js';
import type { Rows } from './tables.js';
import type { ReplayFeed } from '../../core/sim/replay-feed.js';
import { CELLS_PER_LEVEL, readReplayFeed, tickE4Of, UNITS_PER_CURRENCY } from '../../core/sim/replay-feed.js';
import type { FlowSpec } from './spec.js';

export interface Sample {
  readonly unit: number;
  /** Null where the model simulates its own events. */
  readonly feed: ReplayFeed | null;
  readonly tickE4: number;
  /** Units of the asset in one lot of the feed. */
  readonly lotSize: number;
  /** After the first row of the file. */
  readonly fromS: number;
  readonly toS: number;
}

/**
 * Fits a model to a sample and writes what it found. The whole sample (unit 0) also gets curves and
 * residuals.
 */
export type Calibrator<Model> = (sample: Sample, model: Model, rows: Rows) => void;

/** Rows of `feed` in fromS..toS after its first row; the first row kept gives the book before the others. */
export function cutFeed(feed: ReplayFeed, fromS: number, toS: number): ReplayFeed {
  const start = feed.tNs[0]!;
  const from = firstAt(feed.tNs, start + fromS * 1e9);
  const to = firstAt(feed.tNs, start + toS * 1e9 + 1);
  const width = feed.levels * CELLS_PER_LEVEL;
  return {
    ...feed,
    rows: to - from,
    tNs: feed.tNs.subarray(from, to),
    type: feed.type.subarray(from, to),
    order: feed.order.subarray(from, to),
    lots: feed.lots.subarray(from, to),
    priceE4: feed.priceE4.subarray(from, to),
    side: feed.side.subarray(from, to),
    cells: feed.cells.subarray(from * width, to * width),
  };
}

/** Index of the first element >= value. */
function firstAt(values: Float64Array, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Seconds of the sample in the file: its fields, cut at the end of the feed. */
export function spanOf({ data }: FlowSpec, feed: ReplayFeed): readonly [fromS: number, toS: number] {
  if (data.type === 'simulated') throw new Error('simulated data have no file');
  const whole = (feed.tNs[feed.rows - 1]! - feed.tNs[0]!) * 1e-9;
  return [data.fromS, data.toS > 0 ? Math.min(data.toS, whole) : whole];
}

/** The sample of a unit of file data: unit 0 all of it, unit w the w-th of its windows. */
export function sampleOf(spec: FlowSpec, tables: readonly Table[], unit: number): Sample {
  const { data } = spec;
  if (data.type === 'simulated') throw new Error('simulated data have no file');
  const feed = readReplayFeed(tables);
  const [start, end] = spanOf(spec, feed);
  const share = (end - start) / data.windows;
  const fromS = unit === 0 ? start : start + (unit - 1) * share;
  const toS = unit === 0 ? end : start + unit * share;
  const facts = tables.find((table) => table.name === 'feed');
  return {
    unit,
    feed: cutFeed(feed, fromS, toS),
    tickE4: spec.tickSize > 0 ? tickE4Of(feed, spec.tickSize) : feed.gridE4,
    lotSize: facts?.columns[3]?.[0] ?? 1,
    fromS,
    toS,
  };
}

/** A simulated sample: its events are the model's own. The tick is 0.01. */
export function simulatedSample(durationS: number, unit: number): Sample {
  return { unit, feed: null, tickE4: UNITS_PER_CURRENCY / 100, lotSize: 1, fromS: 0, toS: durationS };
}

/** Is this the sample that curves and residuals are shown of? */
export const isWhole = (sample: Sample): boolean => sample.unit === 0;
