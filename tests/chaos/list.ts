/** The rows as the table of docs/chaos.md. */
import type { Row } from './row.js';

/** As prettier sets it, so that the page can be compared with the rows. */
export function markdown(rows: readonly Row[]): string {
  const cells = [
    ['row', 'fault', 'the user must see'],
    ...rows.map(({ id, fault, mustSee }) => [id, fault, mustSee]),
  ];
  const widths = [0, 1, 2].map((c) => Math.max(...cells.map((row) => row[c]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, c) => cell.padEnd(widths[c]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}
