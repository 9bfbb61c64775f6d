/** What the table of queue estimators shows: their biases against the truth. */
import type { ColumnData, Table } from '../../contract/columns.js';
import type { Metric } from '../../contract/kind.js';
import { QUEUE_ESTIMATORS, TRUTH } from '../../core/sim/queue-estimators.js';
import { meanMetric } from './estimates.js';
import { QUEUE_COLUMNS } from './queue-rows.js';

const COUNT = QUEUE_ESTIMATORS.length;

/** "riskAverse" for "risk-averse". */
const camel = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Biases against the truth, as means over runs; none where the table has no rows. */
export function queueMetrics({ rows, columns }: Table, group: number): Metric[] {
  if (rows === 0) return [];
  const runs = { count: rows / COUNT, group };
  const at = (name: string): ColumnData => columns[QUEUE_COLUMNS.findIndex((c) => c.name === name)]!;
  const [placed, filled, value] = [at('placedLots'), at('filledLots'), at('value')];
  const [error, changes] = [at('aheadErrorLots'), at('changes')];
  const per = (a: number, b: number): number | null => (b > 0 ? a / b : null);
  return QUEUE_ESTIMATORS.flatMap((estimator, k) => {
    if (k === TRUTH) return [];
    const name = capital(camel(estimator));
    const less = (column: ColumnData, i: number) => column[i * COUNT + k]! - column[i * COUNT + TRUTH]!;
    return [
      meanMetric(
        `fillRateBias${name}`,
        '1',
        `fill rate by the ${estimator} queue estimator less the true one`,
        runs,
        (i) => per(less(filled, i), placed[i * COUNT]!),
      ),
      meanMetric(
        `pnlBias${name}`,
        'currency',
        `value of its fills, at the mid at the delay of adverse selection, less that of the true ones`,
        runs,
        (i) => less(value, i),
      ),
      meanMetric(
        `aheadBias${name}Lots`,
        'lots',
        'its lots ahead less the true ones, mean over changes of the level',
        runs,
        (i) => per(error[i * COUNT + k]!, changes[i * COUNT]!),
      ),
    ];
  });
}

/** One sentence that says what the estimators are worth; none where the table has no rows. */
export function describeQueues({ rows, columns }: Table): string[] {
  if (rows === 0) return [];
  const filled = columns[QUEUE_COLUMNS.findIndex((c) => c.name === 'filledLots')]!;
  const sums = QUEUE_ESTIMATORS.map((_, k) => {
    let sum = 0;
    for (let row = k; row < rows; row += COUNT) sum += filled[row]!;
    return sum;
  });
  const truth = sums[TRUTH]!;
  if (truth === 0) return ['Queue estimators: no own order filled, so that nothing can be compared.'];
  const told = QUEUE_ESTIMATORS.slice(1).map(
    (name, i) => `${name} ${((100 * sums[i + 1]!) / truth).toFixed(1)} %`,
  );
  return [
    `Queue estimators that see level totals and trades only report, of the lots that truly filled: ${told.join(', ')}.`,
  ];
}
