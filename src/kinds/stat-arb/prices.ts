/** The two price series of a unit, whatever their source. */
import type { Table } from '../../contract/columns.js';
import { barsOf } from '../../core/bars/bars.js';
import { alignTimes } from '../../core/pairs/align.js';
import { simulatePair } from '../../core/pairs/simulate-pair.js';
import { PRICE } from '../../core/rng/names.js';
import { Stream } from '../../core/rng/stream.js';
import type { BooksSource, FilesSource, SourceSpec } from './spec.js';

export interface Prices {
  readonly y: Float64Array;
  readonly x: Float64Array;
  /** Seconds since 1970 as the files write it; empty where nothing has a date. */
  readonly timeS: Float64Array;
}

export type InputTables = Readonly<Record<string, readonly Table[]>>;

/** Prices of unit `unit`. */
export function pricesOf(
  source: Exclude<SourceSpec, BooksSource>,
  inputs: InputTables,
  seed: number,
  unit: number,
): Prices {
  if (source.type === 'files') return alignedBars(source, inputs);
  const timeS = new Float64Array(0);
  if (source.type === 'values') {
    return { y: Float64Array.from(source.yValues), x: Float64Array.from(source.xValues), timeS };
  }
  const y = new Float64Array(source.observations);
  const x = new Float64Array(source.observations);
  simulatePair(source, new Stream(seed, unit, PRICE), y, x);
  return { y, x, timeS };
}

/** The bars whose times both files have. */
export function alignedBars({ column }: FilesSource, inputs: InputTables): ReturnType<typeof alignTimes> {
  const [y, x] = ['y', 'x'].map((leg) => barsOf(inputs[leg]?.[0]?.columns ?? []));
  return alignTimes(y!.timeS, y![column], x!.timeS, x![column]);
}
