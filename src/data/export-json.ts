/** A result table as one JSON document with an array per column, made chunk by chunk. */
import type { DescribedTable } from '../contract/columns.js';
import { numberText } from './number-text.js';

const VALUES_PER_CHUNK = 8192;

/**
 * Yields { name, title, rows, columns: [{ name, type, unit, meaning }], data: { <name>: [...] } }. Doubles
 * are written in the shortest form that reads back as the same bits (-0 included, which JSON.stringify
 * loses).
 */
export function* tableToJson(table: DescribedTable): Generator<string> {
  const { title, columns } = table.decl;
  const head = JSON.stringify({ name: table.name, title, rows: table.rows, columns });
  yield `${head.slice(0, -1)},"data":{`;
  for (const [i, { name }] of columns.entries()) {
    yield `${i > 0 ? ',' : ''}${JSON.stringify(name)}:[`;
    const column = table.columns[i] ?? [];
    for (let from = 0; from < table.rows; from += VALUES_PER_CHUNK) {
      const values = Array.from(column.slice(from, from + VALUES_PER_CHUNK), numberText);
      yield `${from > 0 ? ',' : ''}${values.join(',')}`;
    }
    yield ']';
  }
  yield '}}\n';
}
