/**
 * Makes the tables of a job of its units' sums, added up in the order of the units: size independent of
 * paths.
 */
import type { Table } from '../../contract/columns.js';
import { exp } from '../../core/math/exp.js';
import {
  controlledMean,
  emptyComoments,
  mergeComoments,
  type Comoments,
  type ControlledMean,
} from '../../core/price/comoments.js';
import { binEdge, BINS, histogramQuantile } from '../../core/price/histogram.js';
import {
  emptyMoments,
  mergeMoments,
  sdErrorOf,
  sdOf,
  skewnessOf,
  type Moments,
} from '../../core/price/moments.js';
import type { Process } from '../../core/price/processes/process.js';
import { controlOf } from './estimates.js';
import {
  estimandsOf,
  layoutOf,
  MEASURES,
  METHODS,
  processOf,
  QUANTITIES,
  quantitiesOf,
  type Estimand,
} from './layout.js';
import type { PathsSpec } from './spec.js';
import { SHARES, TABLES } from './tables.js';

/** Stands for a number that is not known, because tables hold finite numbers only. */
export const UNKNOWN = -1;

export function reduce(
  spec: PathsSpec,
  [moments, sums, counts, samplePaths, wholePaths]: readonly Table[],
): Table[] {
  const process = processOf(spec);
  const { units } = layoutOf(spec);
  const measured = process.start.length * quantitiesOf(spec, process).length;
  const totals = sumsOf(sums!, units);
  return [
    quantityTable(spec, process, momentsOfAll(moments!, units), totals.slice(0, measured)),
    estimateTable(spec, process, totals.slice(measured)),
    ...countTables(process, counts!, units),
    samplePaths!,
    wholePaths!,
  ];
}

/** The i-th of the moments of every unit, merged in the order of the units. */
function momentsOfAll({ rows, columns }: Table, units: number): Moments[] {
  const perUnit = rows / units;
  return Array.from({ length: perUnit }, (_, i) => {
    const total = emptyMoments();
    for (let row = i; row < rows; row += perUnit) {
      const [count, mean, m2, m3, m4, min, max] = columns.map((column) => column[row]!);
      mergeMoments(total, { count: count!, mean: mean!, m2: m2!, m3: m3!, m4: m4!, min: min!, max: max! });
    }
    return total;
  });
}

function sumsOf({ rows, columns }: Table, units: number): Comoments[] {
  const perUnit = rows / units;
  return Array.from({ length: perUnit }, (_, i) => {
    const total = emptyComoments();
    for (let row = i; row < rows; row += perUnit) {
      const [count, y, x, yy, xy, xx] = columns.map((column) => column[row]!);
      mergeComoments(total, { count: count!, y: y!, x: x!, yy: yy!, xy: xy!, xx: xx! });
    }
    return total;
  });
}

const known = (value: number): number => (Number.isFinite(value) ? value : UNKNOWN);
const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

/** Columns of numbers, one row for each list, in the types that the table declares. */
function tableOf(name: string, rows: readonly (readonly number[])[]): Table {
  const { columns } = TABLES.find((decl) => decl.name === name)!;
  return {
    name,
    rows: rows.length,
    columns: columns.map(({ type }, c) => {
      const values = rows.map((row) => row[c]!);
      return type === 'i32' ? Int32Array.from(values) : Float64Array.from(values);
    }),
  };
}

function quantityTable(
  spec: PathsSpec,
  process: Process,
  moments: readonly Moments[],
  sums: readonly Comoments[],
): Table {
  const names = quantitiesOf(spec, process);
  const rows = moments.map((m, i) => {
    const { error } = controlledMean(sums[i]!, 0);
    const kurtosis = finite((m.m4 * m.count) / (m.m2 * m.m2) - 3);
    // Paths of a pair depend on each other, so the formula for independent ones says nothing.
    const sdError = spec.antithetic ? NaN : sdErrorOf(m);
    return [
      Math.floor(i / names.length),
      QUANTITIES.indexOf(names[i % names.length]!),
      m.count,
      m.mean,
      known(error),
      known(sdOf(m)),
      known(sdError),
      finite(skewnessOf(m)),
      kurtosis,
      m.min,
      m.max,
    ];
  });
  return tableOf('quantities', rows);
}

function estimateTable(spec: PathsSpec, process: Process, sums: readonly Comoments[]): Table {
  const rows = estimandsOf(spec).map((estimand, i) => {
    const { value, error, plainError, weight } = estimate(spec, process, estimand, sums[i]!);
    const number = estimand.measure === 'reached' ? spec.levels.indexOf(estimand.level) : estimand.payoff;
    const method = 'method' in estimand ? METHODS.indexOf(estimand.method) : -1;
    const measure = MEASURES.indexOf(estimand.measure);
    return [number + 1, measure, method, value, known(error), known(plainError), weight];
  });
  return tableOf('estimates', rows);
}

function estimate(spec: PathsSpec, process: Process, estimand: Estimand, sums: Comoments): ControlledMean {
  return controlledMean(sums, controlOf(spec, process, estimand)?.mean ?? 0);
}

/** The histogram of each series, and its quantiles. */
function countTables(process: Process, counts: Table, units: number): Table[] {
  const histogram: number[][] = [];
  const quantiles: number[][] = [];
  const column = counts.columns[0]!;
  const of = process.start.length;
  process.laws.forEach(({ stateMean, stateSd }, series) => {
    const sd = stateSd || 1;
    const start = process.start[series]!;
    const priceAt = (state: number): number => (process.scale === 'log' ? start * exp(state) : state);
    const total = new Float64Array(BINS);
    for (let unit = 0; unit < units; unit++) {
      for (let bin = 0; bin < BINS; bin++) total[bin]! += column[(unit * of + series) * BINS + bin]!;
    }
    for (let bin = 0; bin < BINS; bin++) {
      if (total[bin] === 0) continue;
      const edges = [binEdge(bin, stateMean, sd), binEdge(bin + 1, stateMean, sd)].map(priceAt);
      histogram.push([series, bin, ...edges, total[bin]!]);
    }
    for (const share of SHARES) {
      quantiles.push([series, share, priceAt(histogramQuantile(total, share, stateMean, sd))]);
    }
  });
  return [tableOf('terminalHistogram', histogram), tableOf('quantiles', quantiles)];
}
