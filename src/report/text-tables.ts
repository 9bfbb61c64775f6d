/** Tables of ready texts: lines of a terminal, and HTML. */
import { escapeHtml } from './html.js';
import type { Paint } from './terminal.js';

/** Lines of a table for the terminal, the first column to the left. */
export function grid(heads: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = heads.map((head, c) => Math.max(head.length, ...rows.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, c) => (c === 0 ? text.padEnd(widths[c] ?? 0) : text.padStart(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  return [paint.dim(line(heads)), ...rows.map(line)];
}

/** A table of texts that scrolls where the window is narrow. */
export function htmlTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]): string =>
    row.map((text) => `<td>${escapeHtml(text)}</td>`).join('');
  return (
    '<div class="scroll whole"><table class="data"><thead><tr>' +
    `${heads.map((head) => `<th scope="col">${escapeHtml(head)}</th>`).join('')}</tr></thead>` +
    `<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody></table></div>`
  );
}
