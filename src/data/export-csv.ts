/** A result table as CSV text, made chunk by chunk so that a large table never stands in memory as text. */
import type { DescribedTable } from '../contract/columns.js';
import { numberText } from './number-text.js';

const ROWS_PER_CHUNK = 2048;

/**
 * Yields the header line of column names, then the rows. Fields are separated by commas and lines end with a
 * newline; names and numbers need no quotes. Doubles are written in the shortest form that reads back as the
 * same bits; -1 stays where a column uses it for "none".
 */
export function* tableToCsv(table: DescribedTable): Generator<string> {
  yield table.decl.columns.map(({ name }) => name).join(',') + '\n';
  for (let from = 0; from < table.rows; from += ROWS_PER_CHUNK) {
    const to = Math.min(from + ROWS_PER_CHUNK, table.rows);
    let text = '';
    for (let row = from; row < to; row++) {
      text += table.columns.map((column) => numberText(column[row] ?? NaN)).join(',') + '\n';
    }
    yield text;
  }
}
