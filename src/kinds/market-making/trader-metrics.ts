/** Headline numbers of the parent order and of the limits that held the trader back. */
import type { Table } from '../../contract/columns.js';
import type { Metric } from '../../contract/kind.js';
import { meanMetric } from './estimates.js';
import { TRADER_TABLES } from './trader-tables.js';

/** From the tables `execution` and `limits`, where they have rows. */
export function traderMetrics([execution, limits]: readonly Table[], group: number): Metric[] {
  const metrics: Metric[] = [];
  const mean = (table: Table, name: string, shown: string): void => {
    const columns = TRADER_TABLES.find((decl) => decl.name === table.name)!.columns;
    const at = columns.findIndex((one) => one.name === name);
    const { unit, meaning } = columns[at]!;
    metrics.push(
      meanMetric(shown, unit, meaning, { count: table.rows, group }, (i) => table.columns[at]![i]!),
    );
  };
  if (execution && execution.rows > 0) {
    mean(execution, 'shortfallBps', 'parentShortfallBps');
    mean(execution, 'shortfall', 'parentShortfall');
    mean(execution, 'filledLots', 'parentFilledLots');
  }
  if (limits && limits.rows > 0) {
    const stopped = limits.columns[1]!;
    const meaning = 'share of the runs that the loss limit stopped';
    const sample = { count: limits.rows, group };
    metrics.push(meanMetric('lossStops', '1', meaning, sample, (i) => (stopped[i]! >= 0 ? 1 : 0)));
    mean(limits, 'heldMessages', 'heldMessages');
  }
  return metrics;
}
