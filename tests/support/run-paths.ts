/** Runs a paths job in this thread, in so many chunks, and hands out its numbers by name. */
import type { Table } from '../../src/contract/columns.js';
import type { Metric } from '../../src/contract/kind.js';
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import { digestTables } from '../../src/wire/digest.js';
import { resultTables } from '../../src/wire/settle.js';
import { splitInto } from '../../src/jobs/split.js';
import kind from '../../src/kinds/paths/index.js';
import { run } from '../../src/kinds/paths/run.js';
import type { PathsSpec } from '../../src/kinds/paths/spec.js';

export interface PathsRun {
  readonly spec: PathsSpec;
  readonly tables: readonly Table[];
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly notes: readonly string[];
  readonly digest: string;
  /** A column of a result table. */
  column(table: string, name: string): number[];
  /** A metric's value and standard error; throws where either is missing. */
  estimate(name: string): { value: number; error: number };
}

export function runPaths(input: object, seed = 1, chunks = 1): PathsRun {
  const spec = checkSpec(kind, input);
  const parts = splitInto(kind.units(spec), chunks, 1).map(({ from, to }) => {
    const control = new Int32Array(CONTROL_SLOTS);
    return run({ spec, seed, from, to, inputs: {}, control })!;
  });
  const tables = resultTables(kind, spec, parts);
  const summary = kind.summarise(spec, tables, {});
  const metrics = new Map(summary.metrics.map((metric) => [metric.name, metric]));
  return {
    spec,
    tables,
    metrics,
    notes: summary.notes,
    digest: digestTables(kind.tables, tables),
    column(table, name) {
      const at = kind.tables.findIndex((decl) => decl.name === table);
      const c = kind.tables[at]!.columns.findIndex((decl) => decl.name === name);
      return [...tables[at]!.columns[c]!];
    },
    estimate(name) {
      const { value, standardError } = metrics.get(name)!;
      if (value === null || standardError === null) throw new Error(`${name} has no standard error`);
      return { value, error: standardError };
    },
  };
}

/** How many standard errors an estimate lies from the truth. */
export function offBy(run: PathsRun, name: string, truth: number): number {
  const { value, error } = run.estimate(name);
  return Math.abs(value - truth) / error;
}
