/** Rows of a sweep as they travel: what metrics are called and mean is said once, not with every job. */
import type { Metric } from './kind.js';
import type { SweepJob, SweepRow } from './sweep.js';

/** [number of the metric, value, standard error, low and high end of the interval, flag], or its start. */
type PackedMetric = readonly [
  number,
  number | null,
  (number | null)?,
  (number | null)?,
  (number | null)?,
  (string | null)?,
];

interface PackedJob extends Omit<SweepJob, 'metrics'> {
  readonly metrics: readonly PackedMetric[] | null;
}

export interface PackedRows {
  readonly metrics: readonly (readonly [name: string, unit: string, meaning: string])[];
  readonly rows: readonly (Omit<SweepRow, 'jobs'> & { readonly jobs: readonly PackedJob[] })[];
}

export function packRows(rows: readonly SweepRow[]): PackedRows {
  const metrics: [string, string, string][] = [];
  const numbers = new Map<string, number>();
  const pack = (metric: Metric): PackedMetric => {
    const { name, unit, meaning, value, standardError, interval, flag } = metric;
    const text = JSON.stringify([name, unit, meaning]);
    let number = numbers.get(text);
    if (number === undefined) {
      numbers.set(text, (number = metrics.length));
      metrics.push([name, unit, meaning]);
    }
    if (flag !== undefined)
      return [number, value, standardError, interval?.[0] ?? null, interval?.[1] ?? null, flag];
    if (interval) return [number, value, standardError, ...interval];
    return standardError === null ? [number, value] : [number, value, standardError];
  };
  const packed = rows.map(({ jobs, ...row }) => ({
    ...row,
    jobs: jobs.map((job) => ({ ...job, metrics: job.metrics && job.metrics.map(pack) })),
  }));
  return { metrics, rows: packed };
}

export function unpackRows({ metrics, rows }: PackedRows): SweepRow[] {
  const unpack = ([number, value, standardError = null, low, high, flag]: PackedMetric): Metric => {
    const [name, unit, meaning] = metrics[number]!;
    const known = { name, value, standardError, unit, meaning };
    const isBounded = typeof low === 'number' && typeof high === 'number';
    return { ...known, ...(isBounded && { interval: [low, high] as const }), ...(flag && { flag }) };
  };
  return rows.map(({ jobs, ...row }) => ({
    ...row,
    jobs: jobs.map((job) => ({ ...job, metrics: job.metrics && job.metrics.map(unpack) })),
  }));
}
