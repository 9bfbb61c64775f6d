/** Small pieces of HTML: escaping, tables, cards. Every text that comes from a result passes escapeHtml. */
import type { DescribedTable } from '../contract/columns.js';
import { formatNumber } from './format.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** JSON for a script element: no `</script>` or `<!--` can end it early. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

/** A titled panel; `tools` stands at the right of the title. */
export function card(title: string, body: string, tools = ''): string {
  return `<section class="card"><div class="head"><h2>${escapeHtml(title)}</h2>${tools}</div>${body}</section>`;
}

/** Rows `pick` of a table under a summary line that tells how many of how many are shown. */
export function tableDetails(table: DescribedTable, pick: readonly number[], label: string): string {
  const heads = table.decl.columns
    .map((col) => {
      const title = escapeHtml(`${col.meaning} [${col.unit}]`);
      return `<th scope="col" title="${title}">${escapeHtml(col.name)}</th>`;
    })
    .join('');
  const rows = pick
    .map((row) => `<tr>${table.columns.map((data) => `<td>${cell(data[row] ?? NaN)}</td>`).join('')}</tr>`)
    .join('');
  const count = pick.length < table.rows ? `${pick.length} of ${table.rows} rows` : `${table.rows} rows`;
  return (
    `<details><summary>${escapeHtml(label)} as a table (${count})</summary>` +
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)} as a table">` +
    `<table class="data"><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div></details>`
  );
}

function cell(value: number): string {
  return Number.isInteger(value) ? String(value).replace('-', '\u2212') : formatNumber(value, 6);
}

/** The first `n` row numbers. */
export function firstRows(rows: number, n: number): number[] {
  return Array.from({ length: Math.min(rows, n) }, (_, i) => i);
}

/** `n` row numbers at even distances, the first and the last among them. */
export function spreadRows(rows: number, n: number): number[] {
  if (rows <= n) return firstRows(rows, n);
  return Array.from({ length: n }, (_, i) => Math.round((i * (rows - 1)) / (n - 1)));
}
