/** Units of the bench's kind: random walks, a row each. */
import type { Table } from '../../../../../src/contract/columns.js';
import type { ChunkTask } from '../../../../../src/contract/kind.js';
import { CONTROL_CANCEL } from '../../../../../src/core/control.js';
import { columnsFor, walk } from '../../kernel.js';

export interface WalkSpec {
  readonly units: number;
  readonly steps: number;
}

/** Units from..to-1; null when told to stop. */
export function run({ spec, seed, from, to, control }: ChunkTask<WalkSpec>): Table[] | null {
  const columns = columnsFor(to - from);
  const stop = (): boolean => Atomics.load(control, CONTROL_CANCEL) !== 0;
  for (let unit = from; unit < to; unit++) {
    if (!walk(seed, unit, spec.steps, columns, unit - from, stop)) return null;
  }
  return [{ name: 'walks', rows: to - from, columns }];
}
