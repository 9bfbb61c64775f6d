/** The digest of a result: SHA-256 over its raw little-endian columns, framed so that all can redo it. */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { ColumnDecl, Table, TableDecl } from '../contract/columns.js';

/** What stands in front of a table's columns. */
export const tableLine = ({ name }: TableDecl, rows: number): string => `table ${name} ${rows}\n`;

/** What stands in front of a column's bytes. */
export const columnLine = ({ name, type }: ColumnDecl, bytes: number): string =>
  `column ${name} ${type} ${bytes}\n`;

/**
 * Hex SHA-256 of these bytes, for each table in the declared order:
 *
 *     "table <name> <rows>\n"                      UTF-8, decimal rows
 *     for each column in the declared order:
 *       "column <name> <type> <byteLength>\n"      type is f64, i32, u32 or u8
 *       the column's elements, little-endian, without padding
 *
 * An optional table without rows is left out.
 *
 * The lengths stand in front of the bytes, so no two results share a framing. The bytes are taken from memory
 * before any codec: MessagePack would lose -0 and JSON would lose NaN.
 *
 * `tables` holds one table for each declaration, in the same order; anything else is a broken invariant.
 */
export function digestTables(decls: readonly TableDecl[], tables: readonly Table[]): string {
  if (endianness() !== 'LE') throw new Error('Digests need a little-endian machine');
  if (decls.length !== tables.length)
    throw new Error(`${decls.length} tables are declared, ${tables.length} came`);
  const hash = createHash('sha256');
  decls.forEach((decl, t) => {
    const table = tables[t]!;
    if (table.name !== decl.name || table.columns.length !== decl.columns.length) {
      throw new Error(`Table ${t} is not "${decl.name}" with ${decl.columns.length} columns`);
    }
    if (decl.optional && table.rows === 0) return;
    hash.update(tableLine(decl, table.rows));
    decl.columns.forEach((column, c) => {
      const data = table.columns[c]!;
      hash.update(columnLine(column, data.byteLength));
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    });
  });
  return hash.digest('hex');
}
