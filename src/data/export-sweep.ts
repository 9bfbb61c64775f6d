/**
 * The rows of a sweep as CSV and JSON, at any moment of it: read page by page, so that a sweep of a million
 * cells never stands in memory. Rows are in cell order, whatever ended first, and hold nothing of when or
 * where: the CSV of two runs of one sweep is the same to the byte.
 */
import { cellStateOf, type SweepRow, type SweepView } from '../contract/sweep.js';
import {
  doneOf,
  metricByRepeat,
  MetricList,
  sweepPages,
  type MetricDecl,
  type ReadRows,
} from '../contract/sweep-rows.js';
import { cellEstimate } from '../core/sweep/ranking.js';
import { numberText } from './number-text.js';

/** The metrics of all rows; reads all of them. */
export async function sweepMetrics(read: ReadRows): Promise<readonly MetricDecl[]> {
  const metrics = new MetricList();
  for await (const rows of sweepPages(read)) for (const row of rows) metrics.add(row);
  return metrics.all();
}

/**
 * Columns: cell, one for each axis by its path, state (open, done, failed, cancelled), repeats (how many are
 * done), seeds separated by spaces, then for each metric its mean, <metric>_se, _lo95 and _hi95 over repeats.
 * Empty where there is no value. Yields the header line, then some lines at a time.
 */
export async function* sweepToCsv({ plan }: Pick<SweepView, 'plan'>, read: ReadRows): AsyncGenerator<string> {
  const metrics = await sweepMetrics(read);
  const heads = ['cell', ...plan.axes.map(({ path }) => path), 'state', 'repeats', 'seeds'];
  for (const { name } of metrics) heads.push(name, `${name}_se`, `${name}_lo95`, `${name}_hi95`);
  yield `${heads.map(textCell).join(',')}\n`;
  for await (const rows of sweepPages(read)) {
    let text = '';
    for (const row of rows) {
      const cells = [String(row.cell), ...row.values.map(valueCell)];
      cells.push(cellStateOf(row), String(doneOf(row)), row.jobs.map(({ seed }) => seed).join(' '));
      for (const { name } of metrics) cells.push(...figuresOf(row, name).map(figureCell));
      text += `${cells.join(',')}\n`;
    }
    yield text;
  }
}

/**
 * One document: the view of the sweep, `partial` (whether jobs are open), `metrics`, and `rows` with cell,
 * values, state, jobs (id, seed, state, error), `figures` (mean, standard error, low and high end of the 95 %
 * interval for each metric) and `repeats` (the value of each metric for each repeat, null without a result).
 */
export async function* sweepToJson(view: SweepView, read: ReadRows): AsyncGenerator<string> {
  const metrics = await sweepMetrics(read);
  const partial = view.state === 'running';
  yield `{"sweep":${JSON.stringify(view)},"partial":${partial},"metrics":${JSON.stringify(metrics)},"rows":[`;
  let comma = '\n';
  for await (const rows of sweepPages(read)) {
    let text = '';
    for (const row of rows) {
      text += comma + JSON.stringify(jsonRow(row, metrics));
      comma = ',\n';
    }
    yield text;
  }
  yield '\n]}\n';
}

function jsonRow(row: SweepRow, metrics: readonly MetricDecl[]): object {
  const byMetric = metrics.map(({ name }) => metricByRepeat(row, name));
  return {
    cell: row.cell,
    values: row.values,
    state: cellStateOf(row),
    jobs: row.jobs.map(({ id, seed, state, problem }) => ({
      id,
      seed,
      state,
      ...(problem && { error: problem }),
    })),
    figures: metrics.map(({ name }) => figuresOf(row, name)),
    repeats: row.jobs.map((_, repeat) => byMetric.map((found) => found[repeat]?.value ?? null)),
  };
}

export type Figures = readonly [
  mean: number | null,
  standardError: number | null,
  low: number | null,
  high: number | null,
];

/** Of one metric over the repeats of a row; all null where no job has it. */
export function figuresOf(row: SweepRow, metric: string): Figures {
  const found = cellEstimate(metricByRepeat(row, metric));
  if (found === null) return [null, null, null, null];
  const [low, high] = found.interval ?? [null, null];
  return [found.value, found.standardError, low, high];
}

const figureCell = (value: number | null): string => (value === null ? '' : numberText(value));

/** A value of the spec that is no number: text as it is, anything else as JSON. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A value of the spec: numbers as they are, anything that is no plain text as JSON. */
function valueCell(value: unknown): string {
  return typeof value === 'number' ? numberText(value) : textCell(valueText(value));
}

function textCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
