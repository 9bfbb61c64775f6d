/** A sweep in words: axes, values, the table of its best cells; the same on terminal and page. */
import type { Estimate } from '../core/metrics/estimate.js';
import { formatNumber, formatValue, labelOf, unitSuffix } from './format.js';
import type { RankedRow, SweepData } from './sweep-data.js';
import { grid } from './text-tables.js';
import { PLAIN, type Paint } from './terminal.js';

const MAX_VALUE = 28;

/** The shortest ends of the paths that tell the axes apart: gamma for strategy.gamma. */
export function axisLabels(paths: readonly string[]): string[] {
  return paths.map((path) => {
    const parts = path.split('.');
    for (let n = 1; n < parts.length; n++) {
      const end = parts.slice(-n).join('.');
      const isIndex = /^\d+$/.test(parts.at(-n)!) || (n === 1 && parts.at(-1) === 'type');
      if (!isIndex && paths.filter((other) => other === end || other.endsWith(`.${end}`)).length === 1)
        return end;
    }
    return path;
  });
}

/** A value of the spec, short: six digits of a number, a variant by its type. */
export function valueText(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6))).replace('-', '\u2212');
  if (typeof value === 'string') return value;
  const { type, ...rest } = (value ?? {}) as { type?: unknown };
  const text =
    typeof type === 'string'
      ? [type, ...Object.entries(rest).map(([name, member]) => `${name} ${JSON.stringify(member)}`)].join(' ')
      : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
}

/** `low to high`; '' where there is no interval. */
export function intervalText({ interval, standardError }: Estimate): string {
  if (interval === null) return '';
  return interval.map((end) => formatValue({ value: end, standardError }).split(' ± ')[0]).join(' to ');
}

export function metricHead({ metric }: SweepData): string {
  if (!metric) return 'Value';
  const unit = unitSuffix(metric.unit).trim();
  return `${labelOf(metric.name)}${unit && ` [${unit}]`}`;
}

/** Heads and cells of the best cells. */
export function bestTable(data: SweepData): { heads: string[]; rows: string[][] } {
  const { plan } = data.view;
  const labels = axisLabels(plan.axes.map(({ path }) => path));
  const paired = data.best.some(({ difference }) => difference !== null);
  const heads = ['Rank', 'Cell', ...labels, `${metricHead(data)} ± s.e.`, '95 % interval'];
  if (paired) heads.push('Less the best ± s.e.', '95 % interval of that');
  const rows = data.best.map((row) => [
    ...[String(row.rank), String(row.cell), ...row.values.map(valueText)],
    ...[formatValue(row.estimate), intervalText(row.estimate)],
    ...(paired ? differenceTexts(row) : []),
  ]);
  return { heads, rows };
}

function differenceTexts({ difference }: RankedRow): string[] {
  return difference ? [formatValue(difference), intervalText(difference)] : ['', ''];
}

/** "1,996 of 2,000 cells done, 4 failed"; every count that is not nought. */
export function countsText({ view }: Pick<SweepData, 'view'>): string {
  const { plan, cellsDone, cellsFailed, jobs } = view;
  const parts = [`${formatNumber(cellsDone)} of ${formatNumber(plan.cells)} cells done`];
  if (cellsFailed > 0) parts.push(`${formatNumber(cellsFailed)} failed`);
  const open = jobs.total - jobs.done - jobs.failed - jobs.cancelled;
  if (open > 0) parts.push(`${formatNumber(open)} jobs open`);
  if (jobs.cancelled > 0) parts.push(`${formatNumber(jobs.cancelled)} jobs cancelled`);
  if (jobs.cached > 0) parts.push(`${formatNumber(jobs.cached)} jobs from earlier results`);
  return parts.join(', ');
}

/** What a reader of the ranking must know. */
export function rankingNotes({ view, metric, names, best }: SweepData): string[] {
  const { plan } = view;
  const notes: string[] = [];
  if (metric === null) {
    const named = plan.metric.name === null ? 'a metric' : `the metric "${plan.metric.name}"`;
    const known = names.length > 0 ? ` There are: ${names.join(', ')}.` : '';
    return [`No result has ${named}, so that nothing is ranked.${known}`];
  }
  if (best.length > 1) {
    notes.push(
      'The best cell was chosen by its value, so that the value flatters it: the more cells, the more. Repeat it with another seed before believing it.',
    );
  }
  if (plan.repeats === 1) {
    notes.push(
      'One repeat per cell: errors are those of the single jobs. Raise repeats for paired differences.',
    );
  } else if (plan.commonRandomNumbers) {
    notes.push(
      'Repeat r met the same random numbers in every cell, so that differences are by repeat; intervals are of Student’s t, 95 % each and not of all together.',
    );
  } else {
    notes.push('Every cell had random numbers of its own, so that differences are not paired.');
  }
  return notes;
}

/** Lines without line ends: the best cells and their notes. */
export function sweepLines(data: SweepData, paint: Paint = PLAIN): string[] {
  const { plan } = data.view;
  const { heads, rows } = bestTable(data);
  const lines = rows.length === 0 ? [] : grid(heads, rows, paint);
  const jobs = plan.repeats > 1 ? ` × ${formatNumber(plan.repeats)} repeats` : '';
  return [
    paint.bold(`${formatNumber(plan.cells)} cells${jobs}: ${countsText(data)}`),
    ...(lines.length > 0 ? ['', ...lines, ''] : []),
    ...data.reasons.map(
      ({ text, jobs: n, cell }) => `${paint.dim('Failed ')} ${n} × ${text} (first: cell ${cell})`,
    ),
    ...rankingNotes(data).map((note) => `${paint.dim('Note   ')} ${note}`),
  ];
}
