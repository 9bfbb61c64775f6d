/** Compares two results run by run: the rows of the comparison, the terminal's lines, and the page. */
import type { DescribedTable } from '../contract/columns.js';
import type { JobResult } from '../contract/ports.js';
import type { Estimate } from '../core/metrics/estimate.js';
import { pairedDifference, type PairedDifference } from '../core/metrics/paired.js';
import { formatNumber, formatValue, labelOf, shortDigest, unitSuffix } from './format.js';
import { card, escapeHtml } from './html.js';
import { drawPlot, place, type Range } from './plot.js';
import { renderPage } from './report.js';
import { differenceText, specDifferences, type SpecDifference } from './spec-differences.js';
import { columnOrNull, tableNamed } from './tables.js';
import { PLAIN, type Paint, type ReportedJob } from './terminal.js';

/** What is compared where the tables have it, the first one being the verdict; else every column. */
const COLUMNS = [
  'pnl',
  'quotedPnl',
  'latencyPnl',
  'adversePnl',
  'carryPnl',
  'feesPaid',
  'maxDrawdown',
  'valueAtRisk',
  'fills',
  'makerLots',
  'meanAbsInventoryLots',
];

export interface Side {
  /** How the user named it. */
  readonly name: string;
  readonly job: ReportedJob;
  readonly result: JobResult;
}

export interface ComparedRow extends PairedDifference {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
}

export interface Comparison {
  readonly runs: number;
  /** Runs that depend on each other: 2 where they are antithetic. */
  readonly group: number;
  readonly verdict: string;
  /** The parameters that differ; equal ones say nothing. */
  readonly parameters: readonly SpecDifference[];
  readonly rows: readonly ComparedRow[];
}

/**
 * Pairs the rows of the first table of both results, which must have one row per run. Throws Error for
 * results without two pairs: the command asks for runs first.
 */
export function compareResults(a: Side, b: Side): Comparison {
  const [tableA, tableB] = [runsOf(a), runsOf(b)];
  const group = isAntithetic(a) ? 2 : 1;
  const shared = tableA.decl.columns.filter(({ name }) => columnOrNull(tableB, name) !== null);
  const known = COLUMNS.filter((name) => shared.some((decl) => decl.name === name));
  const names = known.length > 0 ? known : shared.map(({ name }) => name).slice(1);
  const rows = names.flatMap((name) => {
    const found = pairedDifference(valuesOf(tableA, name), valuesOf(tableB, name), 0.05, group);
    const decl = shared.find((column) => column.name === name);
    return found && decl ? [{ ...found, name, unit: decl.unit, meaning: decl.meaning }] : [];
  });
  const [first] = rows;
  if (!first) throw new Error('a comparison needs two runs of both sides');
  return {
    runs: group * first.difference.runs,
    group,
    verdict: verdictOf(first, a.name, b.name, group),
    parameters: specDifferences(a.job.spec, b.job.spec),
    rows,
  };
}

/** "A beats B by x ± y currency of PnL (95 %), 32 runs; 120 needed for an error of 5 %". */
function verdictOf(
  { difference, neededRuns, name, unit }: ComparedRow,
  a: string,
  b: string,
  group: number,
): string {
  const { value, interval, runs } = difference;
  const [low, high] = interval ?? [value, value];
  const what = `${unitSuffix(unit)} of ${labelOf(name)}`;
  const half = formatValue({ value: Math.abs(value), standardError: (high - low) / 2 });
  const needed = neededRuns === null ? '' : `; ${formatNumber(neededRuns)} needed for an error of 5 %`;
  const pairs = group > 1 ? ` in ${runs} antithetic pairs` : '';
  const tail = `(95 % interval, ${group * runs} paired runs${pairs}${needed}).`;
  if (low <= 0 && high >= 0) {
    return `No difference shown between ${a} and ${b}: ${formatValue({ value, standardError: (high - low) / 2 })}${what} ${tail}`;
  }
  const [better, worse] = value > 0 ? [a, b] : [b, a];
  return `${better} beats ${worse} by ${half}${what} ${tail}`;
}

/** Lines without line ends. */
export function comparisonLines(a: Side, b: Side, found: Comparison, paint: Paint = PLAIN): string[] {
  const cells = found.rows.map((row) => [
    labelOf(row.name),
    formatValue(row.a),
    formatValue(row.b),
    formatValue(row.difference),
    intervalOf(row.difference),
    row.unit === '1' ? '' : row.unit,
  ]);
  const head = ['', 'A', 'B', 'A − B', '95 % interval', ''];
  const widths = head.map((text, c) => Math.max(text.length, ...cells.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, c) => (c === 0 || c === 5 ? text.padEnd(widths[c] ?? 0) : text.padStart(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  return [
    paint.bold(found.verdict),
    '',
    paint.dim(line(head)),
    ...cells.map(line),
    '',
    ...[a, b].map(
      (side, i) =>
        `${'AB'[i]}  ${side.name}  ${paint.dim(shortDigest(side.result.digest))}  ${side.job.reproduce}`,
    ),
    ...found.parameters.map((one) => `${paint.dim('A → B')}  ${differenceText(one)}`),
    ...gainOf(found),
  ];
}

/** The page; self-contained as the report of a job is. */
export function renderComparison(a: Side, b: Side, found: Comparison): string {
  const row = (compared: ComparedRow): string => {
    const cells = [formatValue(compared.a), formatValue(compared.b), formatValue(compared.difference)];
    const needed = compared.neededRuns === null ? '' : formatNumber(compared.neededRuns);
    const all = [...cells, intervalOf(compared.difference), needed, unitSuffix(compared.unit).trim()];
    return (
      `<tr><td title="${escapeHtml(compared.meaning)}">${escapeHtml(labelOf(compared.name))}</td>` +
      `${all.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
    );
  };
  const heads = ['', 'A', 'B', 'A − B ± s.e.', '95 % interval', 'runs for 5 %', 'unit'];
  const table =
    '<div class="scroll whole" tabindex="0" role="region" aria-label="Comparison"><table class="data"><thead><tr>' +
    `${heads.map((text) => `<th scope="col">${text}</th>`).join('')}</tr></thead>` +
    `<tbody>${found.rows.map(row).join('')}</tbody></table></div>`;
  const notes = gainOf(found).map((text) => `<p>${escapeHtml(text)}</p>`);
  const sides = [a, b].map(
    ({ name, job, result }, i) =>
      `<p>${'AB'[i]}: ${escapeHtml(name)} · digest ${escapeHtml(result.digest)}</p><code class="reproduce">${escapeHtml(job.reproduce)}</code>`,
  );
  const title = 'Paired comparison';
  const body =
    `<header><h1>${title}</h1><p>A ${escapeHtml(a.name)} · B ${escapeHtml(b.name)} · seed ${a.job.seed}</p>` +
    '<button type="button" id="theme">Light / dark</button></header>' +
    card(found.verdict, notes.join('') + table) +
    parametersCard(found) +
    differencesCard(a, b, found) +
    card('Reproduce', sides.join(''));
  return renderPage(title, body, false);
}

function parametersCard({ parameters }: Comparison): string {
  const items = parameters.map((one) => `<li>${escapeHtml(differenceText(one))}</li>`).join('');
  return card(
    'Parameters that differ (A → B)',
    items === '' ? '<p>None.</p>' : `<ul class="notes">${items}</ul>`,
  );
}

function differencesCard(a: Side, b: Side, { rows, runs }: Comparison): string {
  const [first] = rows;
  if (!first) return '';
  const [ofA, ofB] = [valuesOf(runsOf(a), first.name), valuesOf(runsOf(b), first.name)];
  const differences = ofA.slice(0, runs).map((value, i) => value - (ofB[i] ?? 0));
  const sorted = [...differences].sort((p, q) => p - q);
  const x: Range = [0, Math.max(1, sorted.length - 1)];
  const y: Range = [Math.min(0, sorted[0] ?? 0), Math.max(0, sorted.at(-1) ?? 1)];
  const at = place(x, y);
  const line = (name: string, level: number): string =>
    `<polyline class="${name}" points="${at(x[0], level)} ${at(x[1], level)}"/>`;
  const shapes =
    `<polyline class="path" style="opacity:1" points="${sorted.map((value, i) => at(i, value)).join(' ')}"/>` +
    line('mean', first.difference.value) +
    line('path', 0);
  const ahead = sorted.filter((value) => value > 0).length;
  const told = `A is ahead of B in ${ahead} of ${sorted.length} runs. Differences in ascending order; the thick line is their mean, the thin one nought.`;
  const label = `A − B, ${labelOf(first.name)} [${first.unit}]`;
  return card(
    `Difference of ${labelOf(first.name)} by run`,
    `<figure><figcaption><p>${escapeHtml(told)}</p></figcaption>${drawPlot({ x, y, xLabel: 'rank of the run', yLabel: label, shapes })}</figure>`,
  );
}

/** What the common random numbers were worth, as a sentence. */
function gainOf({ rows }: Comparison): string[] {
  const gain = rows[0]?.varianceRatio;
  if (gain === null || gain === undefined) return [];
  return [
    `Both sides met the same random numbers: the variance of the difference is ${formatNumber(1 / gain, 3)} times that of ` +
      'independent runs.',
  ];
}

/** Whether its runs are antithetic pairs. */
export function isAntithetic({ job }: Pick<Side, 'job'>): boolean {
  const { antithetic } = job.spec as { readonly antithetic?: unknown };
  return job.kind === 'market-making' && antithetic === true;
}

function intervalOf({ interval, standardError }: Estimate): string {
  if (interval === null || standardError === 0) return '';
  return interval.map((value) => formatValue({ value, standardError }).split(' ± ')[0]).join(' to ');
}

function runsOf({ result }: Side): DescribedTable {
  const table = tableNamed(result.tables, 'runs') ?? result.tables[0];
  if (!table) throw new Error('a comparison needs results with tables');
  return table;
}

function valuesOf(table: DescribedTable, name: string): number[] {
  return [...(columnOrNull(table, name) ?? [])];
}
