/**
 * Metrics out of estimates over runs: errors, 95 % intervals, and flags where there is too little to go
 * by.
 */
import type { Table } from '../../contract/columns.js';
import type { Metric } from '../../contract/kind.js';
import { groupMeans, meanOf, ratioOf, type Estimate } from '../../core/metrics/estimate.js';
import { RUN_COLUMNS } from './tables.js';

/** Fewer runs than this give an error that is itself uncertain by more than a quarter. */
const MIN_RUNS = 10;

/** Runs behind an estimate: how many, and how many depend on each other (two where pairs are antithetic). */
export interface Sample {
  readonly count: number;
  readonly group: number;
}

/** The table `runs` by name of column. */
export class RunReader implements Sample {
  readonly count: number;
  readonly group: number;
  private readonly columns: Table['columns'];

  constructor(table: Table, group = 1) {
    this.count = table.rows;
    this.group = group;
    this.columns = table.columns;
  }

  /** Reader of a column by number of the run. Throws Error for a name that the table lacks. */
  at(name: string): (i: number) => number {
    const column = this.columns[RUN_COLUMNS.findIndex((c) => c.name === name)];
    if (!column) throw new Error(`no column ${name}`);
    return (i) => column[i]!;
  }

  values(of: (i: number) => number): number[] {
    return Array.from({ length: this.count }, (_, i) => of(i));
  }
}

/** Null instead of a share of nothing. */
export const ratio = (a: number, b: number): number | null => (b > 0 ? a / b : null);

/** Mean over the runs where `of` is defined for all of a group. `flag` tells what else is too small. */
export function meanMetric(
  name: string,
  unit: string,
  meaning: string,
  { count, group }: Sample,
  of: (i: number) => number | null,
  flag?: string,
): Metric {
  const all = Array.from({ length: count }, (_, i) => of(i) ?? NaN);
  const values = groupMeans(all, group).filter((value) => !Number.isNaN(value));
  return metricOf(name, unit, meaning, meanOf(values), group, flag);
}

/** Sum of `a` over sum of `b`, both by run, of which `group` depend on each other. */
export function totalsMetric(
  name: string,
  unit: string,
  meaning: string,
  a: readonly number[],
  b: readonly number[],
  group: number,
  flag?: string,
): Metric {
  return metricOf(name, unit, meaning, ratioOf(groupMeans(a, group), groupMeans(b, group)), group, flag);
}

function metricOf(
  name: string,
  unit: string,
  meaning: string,
  found: Estimate | null,
  group: number,
  flag?: string,
): Metric {
  if (found === null) return { name, value: null, standardError: null, unit, meaning };
  const { value, standardError, interval, runs } = found;
  const told =
    flag ?? (runs > 1 && runs < MIN_RUNS ? `${runs} ${group > 1 ? 'pairs of runs' : 'runs'}` : undefined);
  return {
    name,
    value,
    standardError,
    unit,
    meaning,
    ...(interval !== null && { interval }),
    ...(told !== undefined && { flag: `small sample: ${told}` }),
  };
}
