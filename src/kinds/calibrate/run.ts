/**
 * Runs the units of a calibration: the whole sample and its windows, or simulated samples, each fitted
 * for itself.
 */
import type { Table } from '../../contract/columns.js';
import type { ChunkTask } from '../../contract/kind.js';
import { CONTROL_CANCEL, CONTROL_PROGRESS } from '../../core/control.js';
import { calibrateContStoikovTalreja } from './models/cont-stoikov-talreja.js';
import { calibrateHawkes } from './models/hawkes.js';
import { calibrateIntensity } from './models/intensity.js';
import { calibrateQueueReactive } from './models/queue-reactive.js';
import { sampleOf, simulatedSample, type Sample } from './sample.js';
import type { Model, Spec } from './spec.js';
import { Rows } from './tables.js';

function calibrate(sample: Sample, model: Model, rows: Rows, seed: number): void {
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

/** Units from..to-1; null when told to stop. */
export function run({ spec, seed, from, to, inputs, control }: ChunkTask<Spec>): Table[] | null {
  const rows = new Rows();
  for (let unit = from; unit < to; unit++) {
    if (Atomics.load(control, CONTROL_CANCEL) !== 0) return null;
    const { data } = spec;
    const sample =
      data.type === 'simulated'
        ? simulatedSample(data.durationS, unit)
        : sampleOf(spec, inputs['feed'] ?? [], unit);
    calibrate(sample, spec.model, rows, seed);
    Atomics.store(control, CONTROL_PROGRESS, Math.floor(((unit + 1 - from) / (to - from)) * 10_000));
  }
  return rows.tables();
}
