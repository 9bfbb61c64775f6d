/**
 * Computes a pack of small jobs in a thread, each to its finished result: what the hall does with the chunks
 * of a larger job is done here for a job of one chunk, so that its one thread only stores the bytes.
 */
import type { Table } from '../contract/columns.js';
import type { Kind, Run } from '../contract/kind.js';
import type { Pack } from '../contract/ports.js';
import { MmsError, type Problem } from '../contract/problem.js';
import { PackWriter } from '../wire/pack-writer.js';
import { joinTables, reduceTables } from '../wire/settle.js';
import { declaredColumn, nonFinite, nonFiniteProblem, thrownProblem } from './faults.js';
import { SLOT_CANCEL } from './thread-task.js';

/** The tables of wire/pack.ts, or null when control asked to stop. A job that fails fails alone. */
export function runPack(kind: Kind, run: Run, pack: Pack, control: Int32Array): Table[] | null {
  const units = pack.specs.map((spec) => kind.units(spec));
  const writer = new PackWriter(pack.seeds.length);
  for (let job = 0; job < pack.seeds.length; job++) {
    if (Atomics.load(control, SLOT_CANCEL)) return null;
    const of = pack.specOf[job]!;
    const spec = pack.specs[of];
    const tables = runJob(kind, run, spec, units[of]!, pack.seeds[job]!, control);
    if (tables === null) return null;
    if ('code' in tables) writer.addProblem(tables);
    else settleInto(writer, kind, spec, tables);
  }
  return writer.tables();
}

/** The tables that the kind computed, checked for numbers that are none; or what went wrong. */
function runJob(
  kind: Kind,
  run: Run,
  spec: unknown,
  to: number,
  seed: number,
  control: Int32Array,
): readonly Table[] | Problem | null {
  try {
    const tables = run({ spec, seed, from: 0, to, inputs: {}, control });
    if (tables === null) return null;
    const fault = nonFinite(tables);
    return fault ? nonFiniteProblem(kind.name, 0, to, fault, declaredColumn(kind, fault)) : tables;
  } catch (cause) {
    return thrownProblem(kind.name, 0, to, cause);
  }
}

function settleInto(writer: PackWriter, kind: Kind, spec: unknown, chunk: readonly Table[]): void {
  try {
    const tables = reduceTables(kind, spec, joinTables(kind.partials ?? kind.tables, [chunk]));
    writer.addResult(kind.tables, tables, kind.summarise(spec, tables, {}));
  } catch (cause) {
    const { message } = cause as Error;
    writer.addProblem(
      (cause instanceof MmsError ? cause : new MmsError('E_JOB', `The result: ${message}`)).problem,
    );
  }
}
