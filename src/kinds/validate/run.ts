/** Runs experiments of the proof: each writes the rows of its lines. */
import type { Table } from '../../contract/columns.js';
import type { ChunkTask } from '../../contract/kind.js';
import { CONTROL_PROGRESS } from '../../core/control.js';
import { runTask, tasksOf } from '../../core/proof/proof.js';
import { Sheet } from '../../core/proof/sheet.js';
import type { ValidateSpec } from './spec.js';

/** Experiments from..to-1 of those that the spec selects; null when told to stop. */
export function run({ spec, seed, from, to, control }: ChunkTask<ValidateSpec>): Table[] | null {
  const sheet = new Sheet();
  const tasks = tasksOf(spec.only).slice(from, to);
  for (const [done, task] of tasks.entries()) {
    if (!runTask(task, seed, control, sheet)) return null;
    Atomics.store(control, CONTROL_PROGRESS, Math.floor((10_000 * (done + 1)) / tasks.length));
  }
  return [{ name: 'rows', rows: sheet.rows, columns: sheet.columns() }];
}
