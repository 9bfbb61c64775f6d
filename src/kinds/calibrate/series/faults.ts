/** What is wrong with a question about a series: the wrong data for a model, or a series too poor. */
import type { Table } from '../../../contract/columns.js';
import { fileSeries } from './sample.js';
import type { BarsData, SeriesData, SeriesModel, ValuesData } from './spec.js';

export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** Observations for each parameter of a model, so that its errors mean something. */
const LEAST_PER_PARAMETER = 5;

/** A price that grows 148-fold in one step is none; larger numbers are levels or per cent. */
const MAX_LOG_RETURN = 5;

const takesLogReturns = ({ type }: SeriesModel): boolean => type === 'gbm' || type === 'merton';

/** Free parameters of a model. */
export function parameterCount(model: SeriesModel): number {
  switch (model.type) {
    case 'gbm':
      return 2;
    case 'ornstein-uhlenbeck':
      return 3;
    case 'merton':
      return 5;
    case 'garch':
      return 4;
    case 'heston':
      return 5;
    case 'markov-switching': {
      const k = model.regimes;
      const [means, sigmas] = [model.switching === 'variance' ? 1 : k, model.switching === 'mean' ? 1 : k];
      return means + sigmas + model.lags + k * (k - 1);
    }
  }
}

/** heston needs quotes and nothing else does; models whose numbers are those of a price need log-returns. */
export function seriesFaults(data: SeriesData, model: SeriesModel): Fault[] {
  const ofQuotes = model.type === 'heston';
  if (data.type !== 'simulated-series' && ofQuotes !== (data.type === 'option-quotes')) {
    const expected = ofQuotes ? 'option-quotes for model heston' : `bars or values for model ${model.type}`;
    return [{ pointer: '/data/type', message: `Expected ${expected}; got ${data.type}.` }];
  }
  if (data.type !== 'bars' || !takesLogReturns(model) || data.returns === 'log') return [];
  const message = `Expected log: ${model.type} describes log-returns; got ${data.returns}. Leave out returns.`;
  return [{ pointer: '/data/returns', message }];
}

/** What only the file can tell: enough values, all of them possible, and not all the same. */
export function seriesInputFaults(
  data: BarsData | ValuesData,
  model: SeriesModel,
  tables: readonly Table[],
): Fault[] {
  const pointer = '/data/file';
  if (data.type === 'bars') {
    const found = priceFault(data, tables);
    if (found) return [found];
  }
  const { values } = fileSeries(data, model, tables);
  const wild = values.findIndex((value) => Math.abs(value) > MAX_LOG_RETURN);
  if (takesLogReturns(model) && wild >= 0) {
    const message =
      `Expected log-returns within ${MAX_LOG_RETURN} of 0 for ${model.type}; value ${wild + 1} of ${values.length} is ` +
      `${values[wild]}. Are these prices, or per cent?`;
    return [{ pointer, message }];
  }
  const least = LEAST_PER_PARAMETER * parameterCount(model);
  if (values.length < least) {
    const message = `Expected at least ${least} observations for ${model.type}; got ${values.length}. Give a longer file.`;
    return [{ pointer, message }];
  }
  if (values.every((value) => value === values[0])) {
    const message = `Expected a series that varies; got ${values.length} times ${values[0]}. Is this the right column?`;
    return [{ pointer, message }];
  }
  return [];
}

function priceFault(data: BarsData, [table]: readonly Table[]): Fault | null {
  const [close, adjClose] = [4, 5];
  const prices = table!.columns[data.column === 'close' ? close : adjClose] as Float64Array;
  const at = prices.findIndex((price) => !(price > 0));
  if (at < 0) return null;
  if (Number.isNaN(prices[at])) {
    return {
      pointer: '/data/column',
      message: 'Expected a column of the file; it has no adjusted close. Use close.',
    };
  }
  return {
    pointer: '/data/file',
    message: `Expected prices above 0; bar ${at + 1} of ${prices.length} has ${prices[at]}. Use data of type values.`,
  };
}
