/**
 * A proof as people read it: lines for the terminal, and cards of the HTML report with each check's words.
 */
import type { JobResult } from '../contract/ports.js';
import { checkNumber, type Check, type Line } from '../core/proof/check.js';
import { CHECKS } from '../core/proof/proof.js';
import { shortDigest } from './format.js';
import { card, escapeHtml } from './html.js';
import { column, tableNamed } from './tables.js';
import type { Paint, ReportedJob } from './terminal.js';

/** Colours of a verdict beside those of every summary. */
export interface VerdictPaint extends Paint {
  green(text: string): string;
  red(text: string): string;
}

/** A line of the proof with the row that stands for it: of a table the one that lies furthest off. */
interface Outcome {
  readonly line: Line;
  readonly rows: number;
  readonly misses: number;
  /** Name of the cell that is shown; '' where the line is one value. */
  readonly cell: string;
  readonly got: number;
  readonly expected: number;
  readonly tolerance: number;
}

interface Section {
  readonly check: Check;
  readonly outcomes: readonly Outcome[];
}

/** Sections with rows, in the order of the checks; null for a result of another kind. */
function sectionsOf(result: JobResult): Section[] | null {
  const table = tableNamed(result.tables, 'rows');
  if (!table || !table.decl.columns.some(({ name }) => name === 'tolerance')) return null;
  const names = ['check', 'line', 'cell', 'got', 'expected', 'tolerance', 'passed'];
  const [checks, lines, cells, got, expected, tolerance, passed] = names.map((name) => column(table, name));
  const rowsByLine = new Map<string, number[]>();
  for (let row = 0; row < table.rows; row++) {
    const key = `${checks![row]}/${lines![row]}`;
    const rows = rowsByLine.get(key);
    if (rows) rows.push(row);
    else rowsByLine.set(key, [row]);
  }
  // How far off in tolerances; a row without tolerance is off by all or nothing.
  const distance = (row: number): number =>
    Math.abs(got![row]! - expected![row]!) / Math.max(tolerance![row]!, Number.MIN_VALUE);
  return CHECKS.flatMap((check) => {
    const all = check.experiments.flatMap((experiment) => experiment.lines);
    const outcomes = all.flatMap((line, place): Outcome[] => {
      const rows = rowsByLine.get(`${checkNumber(check)}/${place}`);
      if (!rows) return [];
      const worst = rows.reduce((a, b) => (distance(b) > distance(a) ? b : a));
      return [
        {
          line,
          rows: rows.length,
          misses: rows.filter((row) => passed![row] !== 1).length,
          cell: line.cells?.[cells![worst]!] ?? '',
          got: got![worst]!,
          expected: expected![worst]!,
          tolerance: tolerance![worst]!,
        },
      ];
    });
    return outcomes.length > 0 ? [{ check, outcomes }] : [];
  });
}

/** A value to a hundredth of what is allowed, or to six digits where nothing is; no trailing zeros. */
function figure(value: number, tolerance: number): string {
  const decimals = Math.min(14, Math.max(0, 2 - Math.floor(Math.log10(tolerance))));
  const text = tolerance > 0 ? value.toFixed(decimals) : value.toPrecision(6);
  return String(Number(text)).replace(/^-/, '\u2212');
}

function allowed(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(2)));
}

function whatOf({ line, rows, cell }: Outcome): string {
  return rows > 1 ? `${line.what} (worst of ${rows}: ${cell})` : line.what;
}

/** What `mms validate` prints, without line ends. */
export function proofLines(
  job: ReportedJob,
  result: JobResult,
  reportPath: string | null,
  paint: VerdictPaint,
): string[] {
  const sections = sectionsOf(result) ?? [];
  const all = sections.flatMap(({ outcomes }) => outcomes);
  const width = (texts: string[]): number => Math.max(8, ...texts.map((text) => text.length));
  const [gotWidth, expectedWidth, allowedWidth, whatWidth] = [
    width(all.map(({ got, tolerance }) => figure(got, tolerance))),
    width(all.map(({ expected, tolerance }) => figure(expected, tolerance))),
    width(all.map(({ tolerance }) => allowed(tolerance))),
    width(all.map(whatOf)),
  ];
  const row = (got: string, expected: string, tolerance: string, what: string, source: string): string =>
    `${got.padStart(gotWidth)}  ${expected.padStart(expectedWidth)}  ${tolerance.padStart(allowedWidth)}  ` +
    `${what.padEnd(whatWidth)}  ${paint.dim(source)}`;
  const lines = sections.flatMap(({ check, outcomes }) => [
    paint.bold(`${check.id}  ${check.title}`),
    ...outcomes.map((outcome) => {
      const verdict = outcome.misses === 0 ? paint.green('ok  ') : paint.red('MISS');
      const { got, expected, tolerance, line } = outcome;
      return `${verdict} ${row(figure(got, tolerance), figure(expected, tolerance), `\u00b1${allowed(tolerance)}`, whatOf(outcome), line.source)}`;
    }),
  ]);
  const rows = all.reduce((sum, outcome) => sum + outcome.rows, 0);
  const misses = all.reduce((sum, outcome) => sum + outcome.misses, 0);
  const verdict =
    misses === 0
      ? paint.green(`All ${rows} rows lie within their tolerances.`)
      : paint.red(`${misses} of ${rows} rows miss.`);
  return [
    paint.dim(`     ${row('got', 'expected', 'allowed', 'what', 'source')}`.trimEnd()),
    ...lines,
    '',
    `${verdict} What a check does and why: mms validate --explain V1`,
    `${paint.dim('Seed')}       ${job.seed}   ${paint.dim('digest')} ${shortDigest(result.digest)}`,
    `${paint.dim('Reproduce')}  ${job.reproduce}`,
    ...(reportPath === null ? [] : [`${paint.dim('Report')}     ${reportPath}`]),
  ];
}

/** One card a check: verdict, words, rows. Null for a result of another kind. */
export function proofCards(result: JobResult): string | null {
  return sectionsOf(result)?.map(cardOf).join('') ?? null;
}

function cardOf({ check, outcomes }: Section): string {
  const misses = outcomes.reduce((sum, outcome) => sum + outcome.misses, 0);
  const rows = outcomes.reduce((sum, outcome) => sum + outcome.rows, 0);
  const verdict = `${rows - misses} of ${rows} rows agree.`;
  const heads = ['', 'Got', 'Expected', 'Allowed', 'Unit', 'What', 'Source'];
  const head = heads
    .map(
      (text) => `<th scope="col"${text === 'What' || text === 'Source' ? ' class="words"' : ''}>${text}</th>`,
    )
    .join('');
  const body = outcomes
    .map((outcome) => {
      const { got, expected, tolerance, line } = outcome;
      const cells = [
        figure(got, tolerance),
        figure(expected, tolerance),
        `\u00b1${allowed(tolerance)}`,
        line.unit === '1' ? '' : line.unit,
      ];
      return (
        `<tr><td>${outcome.misses === 0 ? 'ok' : '<strong>MISS</strong>'}</td>` +
        cells.map((text) => `<td>${escapeHtml(text)}</td>`).join('') +
        `<td class="words">${escapeHtml(whatOf(outcome))}</td><td class="words">${escapeHtml(line.source)}</td></tr>`
      );
    })
    .join('');
  const title = `${check.id}: ${check.title}`;
  const table =
    `<div class="scroll whole" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><table class="data">` +
    `<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
  const words = [
    ['What is checked', check.asks],
    ['How', check.recipe],
    ['Tolerance', check.tolerance],
    ['Papers', check.papers.join('; ')],
  ].map(([name, text]) => `<dt>${name}</dt><dd>${escapeHtml(text!)}</dd>`);
  return card(title, `<p>${verdict}</p>${table}<dl class="facts">${words.join('')}</dl>`);
}
