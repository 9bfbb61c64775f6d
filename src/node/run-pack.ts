/**
 * Computes a pack of small jobs in a thread, each to its finished result: what the hall does with the chunks
 * of a larger job is done here for a job of one chunk, so that its one thread only stores the bytes.
 */
import type { Table } from '../contract/columns.js';
import type { Kind, Run } from '../contract/kind.js';
import type { Pack } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import type { PackedEnd } from '../wire/pack.js';
import { packEnds } from '../wire/pack.js';
import { settle } from '../wire/settle.js';
import { declaredColumn, nonFinite, nonFiniteProblem, thrownProblem } from './faults.js';
import { SLOT_CANCEL } from './thread-task.js';

/** The tables of wire/pack.ts, or null when control asked to stop. A job that fails fails alone. */
export function runPack(kind: Kind, run: Run, pack: Pack, control: Int32Array): Table[] | null {
  const units = pack.specs.map((spec) => kind.units(spec));
  const ends: PackedEnd[] = [];
  for (let job = 0; job < pack.seeds.length; job++) {
    if (Atomics.load(control, SLOT_CANCEL)) return null;
    const of = pack.specOf[job]!;
    const end = runJob(kind, run, pack.specs[of], units[of]!, pack.seeds[job]!, control);
    if (end === null) return null;
    ends.push(end);
  }
  return packEnds(ends);
}

function runJob(
  kind: Kind,
  run: Run,
  spec: unknown,
  to: number,
  seed: number,
  control: Int32Array,
): PackedEnd | null {
  let tables;
  try {
    tables = run({ spec, seed, from: 0, to, inputs: {}, control });
    if (tables === null) return null;
    const fault = nonFinite(tables);
    if (fault) return nonFiniteProblem(kind.name, 0, to, fault, declaredColumn(kind, fault));
  } catch (cause) {
    return thrownProblem(kind.name, 0, to, cause);
  }
  try {
    return settle(kind, spec, [tables], {}).bytes;
  } catch (cause) {
    const { message } = cause as Error;
    return (cause instanceof MmsError ? cause : new MmsError('E_JOB', `The result: ${message}`)).problem;
  }
}
