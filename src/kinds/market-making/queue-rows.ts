/** The table of queue estimators: its columns, and the rows that a run adds to it. */
import type { ColumnDecl } from '../../contract/columns.js';
import { QUEUE_ESTIMATORS } from '../../core/sim/queue-estimators.js';
import type { QueueStudy } from '../../core/sim/queue-study.js';

const COUNT = QUEUE_ESTIMATORS.length;

interface QueueColumn extends ColumnDecl {
  of(run: number, estimator: number, study: QueueStudy, money: number): number;
}

function column(name: string, unit: string, meaning: string, of: QueueColumn['of']): QueueColumn {
  return { name, type: 'f64', unit, meaning, of };
}

/** A row per run and estimator. */
export const QUEUE_COLUMNS: readonly QueueColumn[] = [
  column('run', '1', 'number of the replication', (run) => run),
  column('estimator', '1', QUEUE_ESTIMATORS.map((name, k) => `${k} ${name}`).join(', '), (_, k) => k),
  column('placedLots', 'lots', 'own lots that came to rest', (_, _k, study) => study.placedLots),
  column(
    'filledLots',
    'lots',
    'lots of them that filled, as the estimator would have it',
    (_, k, study) => study.filledLots[k]!,
  ),
  column(
    'value',
    'currency',
    'their distance from the mid at the delay of adverse selection',
    (_, k, study, money) => (study.valueHalfTickLots[k]! / 2) * money,
  ),
  column(
    'aheadErrorLots',
    'lots',
    'estimated less true lots ahead, summed over changes of the level',
    (_, k, study) => study.errorLots[k]!,
  ),
  column('changes', '1', 'number of those changes', (_, _k, study) => study.changes),
];

/** Rows of the table for so many runs, all zero. */
export const blankQueues = (runs: number): Float64Array[] =>
  QUEUE_COLUMNS.map(() => new Float64Array(runs * COUNT));

/** Writes the rows of run number `run`, the `at`-th of the table. */
export function writeQueues(
  into: readonly Float64Array[],
  at: number,
  run: number,
  study: QueueStudy,
  money: number,
): void {
  QUEUE_COLUMNS.forEach(({ of }, c) => {
    for (let k = 0; k < COUNT; k++) into[c]![at * COUNT + k] = of(run, k, study, money);
  });
}
