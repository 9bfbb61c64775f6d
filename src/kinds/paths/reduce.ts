/**
 * Makes the tables of a job of its units' sums, added up in the order of the units: size independent of
 * paths.
 *
 * Independent paths, or pairs, are one pool. Sobol points are independent between randomisations alone: each
 * of them is added up for itself, and errors are those of their means.
 */
import type { Table } from '../../contract/columns.js';
import { exp } from '../../core/math/exp.js';
import {
  controlledMean,
  emptyPairs,
  groupedMean,
  mergePairs,
  pooledMean,
  type PairMoments,
  type PooledMean,
} from '../../core/price/control-variate.js';
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
import { estimandsOf, layoutOf, MEASURES, METHODS, processOf, QUANTITIES, quantitiesOf } from './layout.js';
import type { Layout } from './layout.js';
import type { PathsSpec } from './spec.js';
import { SHARES, TABLES } from './tables.js';

/** Stands for a number that is not known, because tables hold finite numbers only. */
export const UNKNOWN = -1;

export function reduce(
  spec: PathsSpec,
  [moments, sums, counts, samplePaths, wholePaths]: readonly Table[],
): Table[] {
  const process = processOf(spec);
  const layout = layoutOf(spec);
  const measured = process.start.length * quantitiesOf(spec, process).length;
  const groups = sumsOf(sums!, layout);
  return [
    quantityTable(spec, process, momentsOfAll(moments!, layout), groups.slice(0, measured)),
    estimateTable(spec, process, groups.slice(measured)),
    ...countTables(process, counts!, layout.units),
    samplePaths!,
    wholePaths!,
  ];
}

/** Units of each independent group: the pool of all, or the units of one randomisation. */
function groupSize({ points, unitPaths, units }: Layout): number {
  return points === 0 ? units : points / unitPaths;
}

/** For each place in a unit, one sum a group: the units' rows merged in their order. */
function grouped<Sum>(
  { rows, columns }: Table,
  layout: Layout,
  empty: () => Sum,
  add: (to: Sum, row: readonly number[]) => void,
): Sum[][] {
  const perUnit = rows / layout.units;
  const size = groupSize(layout);
  return Array.from({ length: perUnit }, (_, i) =>
    Array.from({ length: layout.units / size }, (__, group) => {
      const total = empty();
      for (let unit = group * size; unit < (group + 1) * size; unit++) {
        add(
          total,
          columns.map((column) => column[unit * perUnit + i]!),
        );
      }
      return total;
    }),
  );
}

function momentsOfAll(table: Table, layout: Layout): Moments[][] {
  return grouped(table, layout, emptyMoments, (total, [count, mean, m2, m3, m4, min, max]) =>
    mergeMoments(total, {
      count: count!,
      mean: mean!,
      m2: m2!,
      m3: m3!,
      m4: m4!,
      min: min!,
      max: max!,
    }),
  );
}

function sumsOf(table: Table, layout: Layout): PairMoments[][] {
  return grouped(table, layout, emptyPairs, (total, [count, meanY, meanX, m2Y, m2X, mXY]) =>
    mergePairs(total, {
      count: count!,
      meanY: meanY!,
      meanX: meanX!,
      m2Y: m2Y!,
      m2X: m2X!,
      mXY: mXY!,
    }),
  );
}

/** The estimate from one pool, or from independent groups. */
function estimate(groups: readonly PairMoments[], controlMean: number | null): PooledMean {
  if (groups.length === 1) return pooledMean(groups[0]!, controlMean ?? 0);
  const plain = groupedMean(groups);
  const best = controlMean === null ? plain : controlledMean(groups, controlMean);
  return { ...best, plainError: plain.standardError };
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
  moments: readonly (readonly Moments[])[],
  sums: readonly (readonly PairMoments[])[],
): Table {
  const names = quantitiesOf(spec, process);
  const rows = moments.map((groups, i) => {
    const all = emptyMoments();
    for (const group of groups) mergeMoments(all, group);
    return [
      Math.floor(i / names.length),
      QUANTITIES.indexOf(names[i % names.length]!),
      all.count,
      all.mean,
      known(estimate(sums[i]!, null).standardError),
      known(sdOf(all)),
      known(sdError(spec, groups)),
      finite(skewnessOf(all)),
      finite((all.m4 * all.count) / (all.m2 * all.m2) - 3),
      all.min,
      all.max,
    ];
  });
  return tableOf('quantities', rows);
}

/** Of pairs nothing is known: the formula for independent paths does not hold for them. */
function sdError({ antithetic }: PathsSpec, groups: readonly Moments[]): number {
  if (antithetic) return NaN;
  if (groups.length === 1) return sdErrorOf(groups[0]!);
  const sds = groups.map((group) => sdOf(group));
  const mean = sds.reduce((sum, sd) => sum + sd, 0) / sds.length;
  const squares = sds.reduce((sum, sd) => sum + (sd - mean) * (sd - mean), 0);
  return Math.sqrt(squares / (sds.length - 1) / sds.length);
}

function estimateTable(spec: PathsSpec, process: Process, sums: readonly (readonly PairMoments[])[]): Table {
  const rows = estimandsOf(spec).map((estimand, i) => {
    const control = controlOf(spec, process, estimand);
    const { mean, standardError, plainError, beta } = estimate(sums[i]!, control?.mean ?? null);
    const number = estimand.measure === 'reached' ? spec.levels.indexOf(estimand.level) : estimand.payoff;
    const method = 'method' in estimand ? METHODS.indexOf(estimand.method) : -1;
    const measure = MEASURES.indexOf(estimand.measure);
    return [number + 1, measure, method, mean, known(standardError), known(plainError), beta];
  });
  return tableOf('estimates', rows);
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
