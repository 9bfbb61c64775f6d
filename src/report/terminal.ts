/** The few lines that `mms run` prints: headline numbers with errors, a sparkline, seed, digest, command. */
import type { JobView } from '../contract/job.js';
import type { Metric } from '../contract/kind.js';
import type { JobResult } from '../contract/ports.js';
import { attribution } from './attribution.js';
import { formatNumber, formatValue, labelOf, shortDigest, sparkline, unitSuffix } from './format.js';
import { headline } from './headline.js';
import { columnOrNull, tableNamed } from './tables.js';

/** What the summary needs of a job. */
export type ReportedJob = Pick<JobView, 'kind' | 'spec' | 'seed' | 'reproduce'>;

/** Colours of a terminal; the identity function where colour is off. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
}

export const PLAIN: Paint = { bold: (text) => text, dim: (text) => text };

/** Most metrics that are printed; the report holds all of them. */
const MAX_METRICS = 11;

/** Lines without line ends. `reportPath` null leaves its line out. */
export function terminalSummary(
  job: ReportedJob,
  result: JobResult,
  reportPath: string | null,
  paint: Paint = PLAIN,
): string[] {
  const metrics = result.summary.metrics;
  const shown = headline(metrics, MAX_METRICS);
  const width = Math.max(9, ...shown.map((metric) => labelOf(metric.name).length));
  const row = (label: string, text: string): string => `${paint.dim(label.padEnd(width))}  ${text}`;
  const curve = pnlCurve(result);
  const lines = shown.map((metric, i) =>
    row(labelOf(metric.name), metricText(metric, paint, i === 0 ? curve : '')),
  );
  const parts = attributionLine(metrics);
  if (parts !== null) lines.splice(1, 0, row('  of which', parts));
  if (metrics.length > shown.length)
    lines.push(row('', paint.dim(`${metrics.length - shown.length} more in the report and in --json`)));
  lines.push(row('Seed', `${job.seed}   ${paint.dim('digest')} ${shortDigest(result.digest)}`));
  lines.push(row('Reproduce', job.reproduce));
  if (reportPath !== null) lines.push(row('Report', reportPath));
  for (const note of result.summary.notes) lines.push(row('Note', note));
  return lines;
}

function metricText(metric: Metric, paint: Paint, curve: string): string {
  const flag = metric.flag === undefined ? '' : paint.dim(`  (${metric.flag})`);
  const text = paint.bold(formatValue(metric)) + unitSuffix(metric.unit) + flag;
  return curve ? `${text}  ${curve}` : text;
}

/** "quoted +61.3, latency −1.2, ..."; null where a kind has no such parts. */
function attributionLine(metrics: readonly Metric[]): string | null {
  const parts = attribution(metrics);
  const signed = (value: number): string => `${value > 0 ? '+' : ''}${formatNumber(value, 3)}`;
  return parts && parts.map(({ label, value }) => `${label} ${signed(value)}`).join(', ');
}

function pnlCurve(result: JobResult): string {
  const series = tableNamed(result.tables, 'series');
  const pnl = series && columnOrNull(series, 'pnl');
  return pnl ? sparkline(pnl, 24) : '';
}
