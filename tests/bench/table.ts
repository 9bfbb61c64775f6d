/** The table of `make bench`: what each row must reach, and the verdict. */
import type { Baseline } from './baseline.js';
import { median } from './measure.js';

/** What is asked of a row. */
export interface Goal {
  readonly name: string;
  /** Written behind every number: "x", " us"; empty for a plain ratio. */
  readonly unit: string;
  /** What it must reach and what is aimed at; null where it is shown only. */
  readonly must: number | null;
  readonly aim: number | null;
  /** Whether smaller is better: times and counts. */
  readonly atMost: boolean;
  /**
   * The part by which it may fall below the baseline, for ratios to the C++ twin; null for rows that the
   * baseline does not keep. docs/bench-history.md holds the measurements behind it.
   */
  readonly tolerance: number | null;
  /** Which of the measured values stands for all; min: what other work on the machine disturbed least. */
  readonly by: 'min' | 'median' | 'max';
}

export interface Row extends Goal {
  readonly value: number;
  /** Lowest and highest of the values. */
  readonly range: readonly [number, number];
}

export type Verdict = 'aim' | 'ok' | 'shown' | 'MISSED' | 'REGRESSED';

export function rowOf(goal: Goal, values: readonly number[]): Row {
  const range = [Math.min(...values), Math.max(...values)] as const;
  const value = { min: range[0], median: median(values), max: range[1] }[goal.by];
  return { ...goal, value: values.length === 0 ? NaN : value, range };
}

function beforeOf({ name, tolerance }: Row, baseline: Baseline | null): number | undefined {
  return tolerance === null ? undefined : baseline?.[name];
}

/** Judges a row. Missing the must comes first; then a fall below the baseline. */
export function judge(row: Row, baseline: Baseline | null): Verdict {
  const reaches = (goal: number): boolean => (row.atMost ? row.value <= goal : row.value >= goal);
  // Written so that a value that is no number fails.
  if (row.must !== null && !reaches(row.must)) return 'MISSED';
  const before = beforeOf(row, baseline);
  if (before !== undefined && !(row.value >= before * (1 - row.tolerance!))) return 'REGRESSED';
  if (row.aim !== null && reaches(row.aim)) return 'aim';
  return row.must === null && before === undefined ? 'shown' : 'ok';
}

/** What is wrong with a row, in a line; null when nothing is. */
export function faultOf(row: Row, baseline: Baseline | null): string | null {
  const got = `${row.name}: ${Number(row.value.toPrecision(4))}${row.unit}`;
  switch (judge(row, baseline)) {
    case 'MISSED':
      return `${got}, must be at ${row.atMost ? 'most' : 'least'} ${row.must!}${row.unit}`;
    case 'REGRESSED':
      return `${got}, more than ${100 * row.tolerance!} % below the baseline's ${baseline![row.name]!}`;
    case 'aim':
    case 'ok':
    case 'shown':
      return null;
  }
}

/** The whole table as Markdown, so that it can stand in a document as it is. */
export function formatTable(rows: readonly Row[], baseline: Baseline | null): string {
  const head = ['case', 'measured', 'range', 'must', 'aim', 'baseline', 'verdict'];
  const body = rows.map((row) => {
    const goal = (value: number | null): string =>
      value === null ? '' : `${row.atMost ? '<= ' : ''}${digits(value)}${row.unit}`;
    const before = beforeOf(row, baseline);
    return [
      row.name,
      `${digits(row.value)}${row.unit}`,
      row.range.map(digits).join('..'),
      goal(row.must),
      goal(row.aim),
      before === undefined ? '' : digits(before),
      judge(row, baseline),
    ];
  });
  const widths = head.map((title, c) => Math.max(title.length, ...body.map((cells) => cells[c]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join(' | ')} |`;
  const rule = widths.map((width, c) => (c === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

/** About three significant digits, without an exponent. */
function digits(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const places = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toFixed(places);
}
