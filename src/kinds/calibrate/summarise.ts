/** From the tables of a calibration to its numbers, its warnings in words and its market file. */
import type { Table } from '../../contract/columns.js';
import type { InputData, Metric, Summary } from '../../contract/kind.js';
import { marketFile } from './market-file.js';
import { Parameters, type Parameter } from './parameters.js';
import { MAX_METRICS, metricOf, reader, short, WORDS } from './parts.js';
import { summariseSeries } from './series/summarise.js';
import { isFlow, isSeries, isSimulated, type FlowSpec, type Spec } from './spec.js';
import { WARNINGS, type WarningName } from './tables.js';
import { truthOf } from './truth-of.js';

/** Facts that the market file needs and nobody asks for. */
const UNSHOWN: readonly string[] = ['tickE4', 'lotSize', 'startTicks'];

/** Pure function of the tables; see Kind.summarise. */
export function summarise(
  spec: Spec,
  tables: readonly Table[],
  inputs: Readonly<Record<string, InputData>>,
): Summary {
  const parameters = new Parameters(tables);
  const told = Object.values(inputs).flatMap(({ notes }) => notes);
  if (isSeries(spec) && !isSimulated(spec)) return summariseSeries(spec, tables, parameters, told);
  const notes = [
    ...warningsInWords(spec, tables),
    ...(isFlow(spec) ? steadiness(spec, tables) : []),
    ...told,
  ];
  if (!isFlow(spec) || isSimulated(spec)) {
    return { metrics: recovery(spec, parameters), notes: [simulatedNote(spec), ...notes] };
  }
  const file = marketFile(spec, parameters);
  const metrics = parameters
    .ofUnit(0)
    .filter(({ name }) => !UNSHOWN.includes(name) && !(name === 'limitRate' && spec.model.type === 'hawkes'))
    .slice(0, MAX_METRICS)
    .map(metricOf);
  const fits = fitMetrics(tables);
  if (file.text === null) notes.push(file.why);
  const documents = file.text === null ? [] : [{ name: 'market.yaml', text: file.text }];
  return { metrics: [...metrics, ...fits], notes, ...(documents.length > 0 && { documents }) };
}

/** Likelihood and test of fit of the whole sample, by component. */
function fitMetrics(tables: readonly Table[]): Metric[] {
  const read = reader(tables, 0);
  const [unit, component] = [read('unit'), read('component')];
  const rows = [...Array(tables[0]!.rows).keys()].filter((row) => unit(row) === 0);
  const metric = (name: string, row: number, meaning: string): Metric => ({
    name: rows.length > 1 ? `${name}[${component(row)}]` : name,
    value: read(name)(row),
    standardError: null,
    unit: '1',
    meaning,
  });
  return rows.flatMap((row) => [
    metric('events', row, 'events of this stream in the sample'),
    metric('ksStatistic', row, 'distance of the time-rescaled residuals from the exponential law'),
    metric('ksPValue', row, 'p-value of that distance; small: the model does not describe the sample'),
  ]);
}

/** Warnings of the whole sample one by one, those of windows and simulated samples counted. */
function warningsInWords(spec: Spec, tables: readonly Table[]): string[] {
  const read = reader(tables, 4);
  const [unit, warning, component, value] = [read('unit'), read('warning'), read('component'), read('value')];
  const whole: string[] = [];
  const others = new Map<WarningName, number>();
  for (let row = 0; row < tables[4]!.rows; row++) {
    const name = WARNINGS[warning(row)]!;
    if (unit(row) === 0 && !isSimulated(spec)) {
      whole.push(`Warning, stream ${component(row)}: ${WORDS[name](short(value(row)))}`);
    } else others.set(name, (others.get(name) ?? 0) + 1);
  }
  const where = isSimulated(spec) ? 'samples' : 'windows';
  return [...whole, ...[...others].map(([name, n]) => `Warnings of single ${where}: ${name}, ${n} times.`)];
}

/** 99 % point of the standard normal law. */
const Z99 = 2.326;

/**
 * Are the windows' counts as equal as one rate makes them? By chi-square, as a normal score (Wilson &
 * Hilferty).
 */
function steadiness({ data, model }: FlowSpec, tables: readonly Table[]): string[] {
  // Events that excite one another scatter more, and there the regimes are searched.
  if (data.type === 'simulated' || data.windows < 2 || model.type === 'hawkes') return [];
  const read = reader(tables, 0);
  const [unit, component, events] = [read('unit'), read('component'), read('events')];
  const rows = [...Array(tables[0]!.rows).keys()].filter((row) => unit(row) > 0);
  const streams = [...new Set(rows.map(component))];
  const unsteady = streams.filter((stream) => {
    const counts = rows.filter((row) => component(row) === stream).map(events);
    const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
    if (counts.length < 2 || mean < 5) return false;
    const degrees = counts.length - 1;
    const chiSquare = counts.reduce((sum, n) => sum + ((n - mean) * (n - mean)) / mean, 0);
    const spread = 2 / (9 * degrees);
    return (cubeRoot(chiSquare / degrees) - (1 - spread)) / Math.sqrt(spread) > Z99;
  });
  if (unsteady.length === 0) return [];
  return [
    `Warning: the rates change within the sample (streams ${unsteady.join(', ')}, chi-square over the windows): ` +
      'what is fitted is their mean.',
  ];
}

/** By Newton's method, for x >= 0. */
function cubeRoot(x: number): number {
  let y = Math.max(1, x);
  for (let step = 0; step < 200 && x > 0; step++) y -= (y * y * y - x) / (3 * y * y);
  return x > 0 ? y : 0;
}

function simulatedNote({ data, model }: Spec): string {
  const samples = 'samples' in data ? data.samples : 0;
  return (
    `${samples} samples were simulated from known parameters of ${model.type} and fitted. Each number is the mean estimate ` +
    'with the standard error between samples; its meaning tells the truth and how many 95 % intervals held it.'
  );
}

/** Mean estimate of each parameter over the samples, and the shares of intervals that hold the truth. */
function recovery(spec: Spec, parameters: Parameters): Metric[] {
  const truth = truthOf(spec);
  const groups = new Map<string, Parameter[]>();
  for (const one of parameters.all) {
    const group = groups.get(one.label);
    if (group) group.push(one);
    else groups.set(one.label, [one]);
  }
  let [held, intervals] = [0, 0];
  const metrics: Metric[] = [];
  for (const [label, group] of groups) {
    const known = truth.get(label);
    if (known === undefined) continue;
    const inside = group.filter(({ low, high }) => low <= known && known <= high).length;
    held += inside;
    intervals += group.length;
    const mean = group.reduce((sum, { value }) => sum + value, 0) / group.length;
    const squares = group.reduce((sum, { value }) => sum + (value - mean) * (value - mean), 0);
    const { unit, meaning } = group[0]!;
    metrics.push({
      name: label,
      value: mean,
      standardError: group.length > 1 ? Math.sqrt(squares / (group.length - 1) / group.length) : null,
      unit,
      meaning: `${meaning}; truth ${short(known)}, inside ${inside} of ${group.length} intervals`,
    });
  }
  const coverage: Metric = {
    name: 'coverage',
    value: intervals > 0 ? held / intervals : null,
    standardError: null,
    unit: '1',
    meaning: `share of ${intervals} intervals of 95 % that hold the true parameter`,
  };
  return [coverage, ...metrics.slice(0, MAX_METRICS)];
}
