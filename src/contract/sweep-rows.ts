/** What readers of a sweep's rows share: pages, the metrics that occur, one metric of a row by repeat. */
import type { Metric } from './kind.js';
import type { SweepRow } from './sweep.js';

export type MetricDecl = Pick<Metric, 'name' | 'unit' | 'meaning'>;

const CELLS_PER_PAGE = 1_000;

/** Reads cells from..from+limit-1, as Sweeps.rows does. */
export type ReadRows = (page: {
  readonly from: number;
  readonly limit: number;
}) => Promise<readonly SweepRow[]>;

/** All rows, a page at a time: a sweep of a million cells never stands in memory. */
export async function* sweepPages(read: ReadRows): AsyncGenerator<readonly SweepRow[]> {
  for (let from = 0; ; from += CELLS_PER_PAGE) {
    const rows = await read({ from, limit: CELLS_PER_PAGE });
    if (rows.length > 0) yield rows;
    if (rows.length < CELLS_PER_PAGE) return;
  }
}

/** Collects metrics in the order in which they first occur, by cell, repeat and place in the summary. */
export class MetricList {
  readonly #found = new Map<string, MetricDecl>();

  add({ jobs }: Pick<SweepRow, 'jobs'>): void {
    for (const { metrics } of jobs) {
      for (const { name, unit, meaning } of metrics ?? [])
        if (!this.#found.has(name)) this.#found.set(name, { name, unit, meaning });
    }
  }

  all(): readonly MetricDecl[] {
    return [...this.#found.values()];
  }
}

/** The metric of each repeat; null where the job has none of that name. */
export function metricByRepeat({ jobs }: Pick<SweepRow, 'jobs'>, name: string): (Metric | null)[] {
  return jobs.map(({ metrics }) => metrics?.find((metric) => metric.name === name) ?? null);
}

/** Jobs of the row that are done. */
export function doneOf({ jobs }: Pick<SweepRow, 'jobs'>): number {
  return jobs.filter(({ state }) => state === 'done').length;
}
