/** What a job over a price series reads and costs. */
import type { Cost, InputRef } from '../../../contract/kind.js';
import { isSeries, unitsOf, type Spec } from '../spec.js';
import type { SeriesModel } from './spec.js';

/** Rows of a file are not known before it is read; twenty years of days. */
const FILE_OBSERVATIONS = 5_000;
const FILE_QUOTES = 100;
const ROW_BYTES = 36;
/** Points of the lines and of the quantiles that a unit writes at most. */
const ROWS_SHOWN = 6_300;
const ROWS_OTHERWISE = 40;

/** Passes over the observations times nanoseconds of one, from measured fits. */
function nsPerObservation(model: SeriesModel): number {
  switch (model.type) {
    case 'gbm':
    case 'ornstein-uhlenbeck':
      return 600;
    case 'garch':
      return 1_500;
    case 'merton':
      return model.search === 'simplex' ? 320_000 : 40_000;
    case 'heston':
      return 1_500_000;
    case 'markov-switching': {
      const states = statesOf(model.regimes, model.lags);
      return (model.search === 'simplex' ? 12_000 : 3_000) * states * states;
    }
  }
}

function statesOf(regimes: number, lags: number): number {
  let states = regimes;
  for (let lag = 0; lag < Math.max(1, lags); lag++) states *= regimes;
  return states;
}

/** A spec whose data and model do not belong together is refused before it runs. */
export function seriesCost(spec: Spec): Cost {
  if (!isSeries(spec)) return { stepsPerUnit: 1, nsPerStep: 1, resultBytes: 1, threadBytes: 1 };
  const { data, model } = spec;
  const simulated = data.type === 'simulated-series';
  const ofFile = data.type === 'option-quotes' ? FILE_QUOTES : FILE_OBSERVATIONS;
  const observations = simulated ? data.observations : ofFile;
  const states = model.type === 'markov-switching' ? statesOf(model.regimes, model.lags) : 1;
  return {
    stepsPerUnit: observations,
    nsPerStep: nsPerObservation(model) * (simulated && 'starts' in model ? 2 : 1),
    resultBytes: unitsOf(spec) * ROW_BYTES * (simulated ? ROWS_OTHERWISE : ROWS_SHOWN),
    threadBytes: 4e6 + (64 + 48 * states) * observations,
  };
}

export function seriesInputs({ data }: Spec): readonly InputRef[] {
  if (data.type !== 'bars' && data.type !== 'values' && data.type !== 'option-quotes') return [];
  return [
    { name: 'series', importer: data.type, files: { file: data.file }, pointers: { file: '/data/file' } },
  ];
}
