/**
 * Runs the units of a calibration: the whole sample and its windows, or simulated samples, each fitted
 * for itself.
 */
import type { Table } from '../../contract/columns.js';
import type { ChunkTask } from '../../contract/kind.js';
import { CONTROL_CANCEL, CONTROL_PROGRESS } from '../../core/control.js';
import { calibrateContStoikovTalreja } from './models/cont-stoikov-talreja.js';
import { calibrateHawkes } from './models/hawkes.js';
import { calibrateHeston } from './models/heston.js';
import { calibrateIntensity } from './models/intensity.js';
import { calibrateQueueReactive } from './models/queue-reactive.js';
import { calibrateGarch } from './models/garch.js';
import { calibrateGbm } from './models/gbm.js';
import { calibrateMarkovSwitching } from './models/markov-switching.js';
import { calibrateMerton } from './models/merton.js';
import { calibrateOrnsteinUhlenbeck } from './models/ornstein-uhlenbeck.js';
import { sampleOf, simulatedSample, type Sample } from './sample.js';
import { quotesSample, seriesSample } from './series/sample.js';
import { isFlow, isSeries, type FlowModel, type FlowSpec, type SeriesSpec, type Spec } from './spec.js';
import { Rows } from './tables.js';

function calibrate(sample: Sample, model: FlowModel, rows: Rows, seed: number): void {
  switch (model.type) {
    case 'hawkes':
      return calibrateHawkes(sample, model, rows, seed);
    case 'intensity':
      return calibrateIntensity(sample, model, rows, seed);
    case 'cont-stoikov-talreja':
      return calibrateContStoikovTalreja(sample, model, rows, seed);
    case 'queue-reactive':
      return calibrateQueueReactive(sample, model, rows, seed);
  }
}

function calibrateSeries(
  { data, model }: SeriesSpec,
  tables: readonly Table[],
  unit: number,
  seed: number,
  rows: Rows,
): void {
  if (model.type === 'heston') {
    if (data.type === 'bars' || data.type === 'values') throw new Error('heston is fitted to quotes');
    const { sample, quotes } = quotesSample(data, tables, unit, seed);
    return calibrateHeston(sample, quotes, rows);
  }
  const sample = seriesSample(data, model, tables, unit, seed);
  switch (model.type) {
    case 'gbm':
      return calibrateGbm(sample, rows);
    case 'ornstein-uhlenbeck':
      return calibrateOrnsteinUhlenbeck(sample, rows);
    case 'merton':
      return calibrateMerton(sample, model, rows);
    case 'garch':
      return calibrateGarch(sample, model, rows);
    case 'markov-switching':
      return calibrateMarkovSwitching(sample, model, rows);
  }
}

function flowSample(spec: FlowSpec, feed: readonly Table[], unit: number): Sample {
  const { data } = spec;
  return data.type === 'simulated' ? simulatedSample(data.durationS, unit) : sampleOf(spec, feed, unit);
}

/** Units from..to-1; null when told to stop. */
export function run({ spec, seed, from, to, inputs, control }: ChunkTask<Spec>): Table[] | null {
  const rows = new Rows();
  for (let unit = from; unit < to; unit++) {
    if (Atomics.load(control, CONTROL_CANCEL) !== 0) return null;
    if (isSeries(spec)) {
      calibrateSeries(spec, inputs['series'] ?? [], unit, seed, rows);
    } else if (isFlow(spec)) {
      calibrate(flowSample(spec, inputs['feed'] ?? [], unit), spec.model, rows, seed);
    }
    Atomics.store(control, CONTROL_PROGRESS, Math.floor(((unit + 1 - from) / (to - from)) * 10_000));
  }
  return rows.tables();
}
