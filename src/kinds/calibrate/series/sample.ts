/** What one unit over a series is fitted to: a file's series from one start, or a simulated sample. */
import type { Table } from '../../../contract/columns.js';
import { barsOf } from '../../../core/bars/bars.js';
import type { Quotes } from '../../../core/fit/heston.js';
import { log } from '../../../core/math/log.js';
import { FLOW } from '../../../core/rng/names.js';
import { Stream } from '../../../core/rng/stream.js';
import { fileQuotes, simulatedQuotes } from './quotes.js';
import { simulateSeries } from './simulate.js';
import type {
  BarsData,
  QuotesData,
  SeriesData,
  SeriesModel,
  SimulatedSeriesData,
  ValuesData,
} from './spec.js';

export interface SeriesSample {
  readonly unit: number;
  /** Starts of the search that this unit follows. */
  readonly starts: readonly number[];
  readonly seed: number;
  /** What the model describes: returns, or levels. */
  readonly values: Float64Array;
  /** Years from one observation to the next. */
  readonly stepYr: number;
  /** Seconds from the first observation of the file to the first and last value. */
  readonly fromS: number;
  readonly toS: number;
  /** Last price of the file; NaN where there are none. */
  readonly lastPrice: number;
  /** Whether lines and residuals are written: not for simulated samples. */
  readonly isShown: boolean;
}

const SECONDS_PER_YR = 365.25 * 86_400;
/** A simulated sample follows so many starts, each by itself. */
const STARTS_SIMULATED = 2;
/** Observations of a simulated year. */
export const TRADING_DAYS = 252;

export function seriesSample(
  data: SeriesData,
  model: SeriesModel,
  tables: readonly Table[],
  unit: number,
  seed: number,
): SeriesSample {
  if (data.type === 'option-quotes') throw new Error('option quotes are no series');
  if (data.type === 'simulated-series') {
    const stepYr = 1 / TRADING_DAYS;
    if (model.type === 'heston') throw new Error('heston is fitted to quotes');
    const values = simulateSeries(model, data.observations, stepYr, new Stream(seed, unit, FLOW));
    const most = 'starts' in model ? Math.min(model.starts, STARTS_SIMULATED) : 1;
    const starts = Array.from({ length: most }, (_, i) => i);
    const toS = (values.length - 1) * stepYr * SECONDS_PER_YR;
    return { unit, starts, seed, values, stepYr, fromS: 0, toS, lastPrice: NaN, isShown: false };
  }
  const file = fileSeries(data, model, tables);
  return { unit, starts: [unit], seed, stepYr: 1 / data.observationsPerYr, isShown: true, ...file };
}

/** The quotes of a unit in place of a series: its prices are the values. */
export function quotesSample(
  data: QuotesData | SimulatedSeriesData,
  tables: readonly Table[],
  unit: number,
  seed: number,
): { readonly sample: SeriesSample; readonly quotes: Quotes } {
  const isShown = data.type === 'option-quotes';
  const quotes = isShown ? fileQuotes(data, tables) : simulatedQuotes(data, unit, seed);
  const starts = isShown ? [unit] : [0];
  const still = { stepYr: 1, fromS: 0, toS: 0, lastPrice: isShown ? quotes.spot : NaN };
  return { sample: { unit, starts, seed, values: quotes.price, ...still, isShown }, quotes };
}

export interface FileSeries {
  readonly values: Float64Array;
  readonly fromS: number;
  readonly toS: number;
  readonly lastPrice: number;
}

/** The series of a file as the model takes it; `tables` are those of the importer. */
export function fileSeries(
  data: BarsData | ValuesData,
  model: SeriesModel,
  [table]: readonly Table[],
): FileSeries {
  if (data.type === 'values') {
    const values = table!.columns[0] as Float64Array;
    const toS = (values.length - 1) * (SECONDS_PER_YR / data.observationsPerYr);
    return { values, fromS: 0, toS, lastPrice: NaN };
  }
  const bars = barsOf(table!.columns);
  const prices = bars[data.column];
  const toS = bars.timeS[prices.length - 1]! - bars.timeS[0]!;
  const lastPrice = prices[prices.length - 1]!;
  if (model.type === 'ornstein-uhlenbeck') return { values: prices, fromS: 0, toS, lastPrice };
  const fromS = prices.length > 1 ? bars.timeS[1]! - bars.timeS[0]! : 0;
  const scale = data.returns.endsWith('percent') ? 100 : 1;
  const values = new Float64Array(Math.max(0, prices.length - 1));
  for (let i = 0; i < values.length; i++) {
    const ratio = prices[i + 1]! / prices[i]!;
    values[i] = scale * (data.returns.startsWith('log') ? log(ratio) : ratio - 1);
  }
  return { values, fromS, toS, lastPrice };
}
