/** Job kind `paths`: many paths of a price model to laws, payoffs and Greeks with standard errors. */
import { defineKind, type Cost } from '../../contract/kind.js';
import { BINS } from '../../core/price/histogram.js';
import { faultsOf } from './faults.js';
import { estimandsOf, layoutOf, processOf, quantitiesOf, SAMPLE_PATHS, sampleTimes } from './layout.js';
import { MODEL_EXAMPLES, modelOf } from './models/models.js';
import { reduce } from './reduce.js';
import { schema } from './schema.js';
import type { PathsSpec } from './spec.js';
import { summarise } from './summarise.js';
import { PARTIALS, TABLES } from './tables.js';

/** Per path beside its steps: its stream, and its share of every mean, in nanoseconds. */
const NS_PER_PATH = 150;
const NS_PER_MEAN = 12;
/** Of a Sobol point's coordinate, its quantile and its bridge, beside what a pseudo-random normal takes. */
const NS_PER_COORDINATE = 36;
const ROW_BYTES = 24;
/** To write a row of whole paths, an exponential included. */
const NS_PER_ROW = 50;

function cost(spec: PathsSpec): Cost {
  const process = processOf({ ...spec, steps: 1 });
  const { paths, unitPaths, units } = layoutOf(spec);
  const series = process.start.length;
  const means = series * quantitiesOf(spec, process).length;
  const steps = spec.sampling === 'exact' ? 1 : spec.steps;
  const model = modelOf(spec).nsPerStep(spec.model, spec) * (spec.greeks ? 1.6 : 1);
  const nsPerStep = model + (spec.points === 'sobol' ? NS_PER_COORDINATE * process.factors : 0);
  const keptRows = spec.wholePaths ? series * (steps + 1) : 0;
  const nsPerPath = NS_PER_PATH + NS_PER_MEAN * (means + estimandsOf(spec).length) + NS_PER_ROW * keptRows;
  const kept = paths * keptRows * ROW_BYTES;
  const shown = SAMPLE_PATHS * sampleTimes(spec.sampling, spec.steps).length * series * ROW_BYTES;
  const partials = units * (series * BINS * 4 + (means + estimandsOf(spec).length) * 100);
  return {
    stepsPerUnit: (paths / units) * (steps + nsPerPath / nsPerStep),
    nsPerStep,
    resultBytes: kept + shown + partials + series * BINS * 40 + 4_096,
    threadBytes: 2_000_000 + 60 * series * steps + (kept / paths) * Math.min(paths, unitPaths),
  };
}

export default defineKind<PathsSpec>({
  name: 'paths',
  version: 2,
  title: 'Price paths',
  description:
    'Many paths of a price model: laws of terminal price, extremes and averages, option payoffs and Greeks, with standard errors.',
  schema,
  units: (spec) => layoutOf(spec).units,
  sizeField: 'paths',
  cost,
  faults: faultsOf,
  partials: PARTIALS,
  reduce,
  tables: TABLES,
  summarise,
  score: { name: 'terminalMean', sense: 'max' },
  examples: MODEL_EXAMPLES,
});
