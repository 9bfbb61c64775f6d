/**
 * Tables as raw little-endian column frames and a small header that says how to read them. The digest of a
 * result is taken over these frames, because they are the only form of a number that no codec rounds.
 */
import type { ColumnData, ColumnType, Table } from '../contract/columns.js';
import { MmsError } from '../contract/problem.js';
import { WireError } from './codec.js';
import { asArray, asCount, asText, word } from './fields.js';

/** name, rows, one type per column, in frame order. */
export type TableHeader = readonly [name: string, rows: number, types: readonly ColumnType[]];

export interface EncodedTables {
  readonly header: readonly TableHeader[];
  /** One frame per column, tables in order, columns in order. Views on the columns: no byte was copied. */
  readonly frames: readonly Uint8Array[];
}

/** Bytes of an element. */
export const BYTES: Readonly<Record<ColumnType, number>> = { f64: 8, i32: 4, u32: 4, u8: 1 };
const MAX_TABLES = 256;
const MAX_COLUMNS = 1024;
const MAX_ROWS = 2 ** 31 - 1;

/**
 * Throws MmsError E_CONFIG on a big-endian host: frames are the memory of the columns and must be little-
 * endian.
 */
export function requireLittleEndian(firstByteOfOne = new Uint8Array(new Uint32Array([1]).buffer)[0]): void {
  if (firstByteOfOne !== 1) {
    throw new MmsError(
      'E_CONFIG',
      'Expected a little-endian processor; this one is big-endian. Run on x86-64 or arm64.',
    );
  }
}
requireLittleEndian();

export function columnType(column: ColumnData): ColumnType {
  if (column instanceof Float64Array) return 'f64';
  if (column instanceof Int32Array) return 'i32';
  return column instanceof Uint32Array ? 'u32' : 'u8';
}

/**
 * Header and frames of tables. Throws MmsError E_INTERNAL when a column does not have the table's number
 * of rows.
 */
export function encodeTables(tables: readonly Table[]): EncodedTables {
  const header: TableHeader[] = [];
  const frames: Uint8Array[] = [];
  for (const { name, rows, columns } of tables) {
    columns.forEach((column, i) => {
      if (column.length === rows) return;
      throw new MmsError(
        'E_INTERNAL',
        `Table ${name}: expected ${rows} rows in column ${i}; got ${column.length}.`,
      );
    });
    header.push([name, rows, columns.map(columnType)]);
    for (const column of columns)
      frames.push(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return { header, frames };
}

/** The header, checked field by field. Throws WireError 'tables'. */
export function checkTableHeaders(value: unknown): TableHeader[] {
  return asArray(value, 'tables', MAX_TABLES).map((item) => {
    const [name, rows, types, ...rest] = asArray(item, 'table', 4);
    if (rest.length > 0) throw new WireError('shape', 'expected [name, rows, types]; got more');
    const checked = asArray(types, 'types', MAX_COLUMNS).map((type) => {
      if (typeof type !== 'string' || !Object.hasOwn(BYTES, type)) {
        throw new WireError('shape', `expected a column type f64, i32, u32 or u8; got ${word(type)}`);
      }
      return type as ColumnType;
    });
    return [asText(name, 'table name', 128), asCount(rows, 'rows', MAX_ROWS), checked];
  });
}

/** Bytes that each frame of this header must have, in frame order. */
export function frameSizes(header: readonly TableHeader[]): number[] {
  return header.flatMap(([, rows, types]) => types.map((type) => rows * BYTES[type]));
}

/**
 * Tables on the memory of the frames; a frame whose start is not aligned for its type is copied. Throws
 * WireError when the frames are not as many or as long as the header says.
 */
export function decodeTables(header: readonly TableHeader[], frames: readonly Uint8Array[]): Table[] {
  const sizes = frameSizes(header);
  if (sizes.length !== frames.length) {
    throw new WireError('frames', `expected ${sizes.length} column frames; got ${frames.length}`);
  }
  let at = 0;
  return header.map(([name, rows, types]) => {
    const columns = types.map((type) => {
      const frame = frames[at]!;
      if (frame.byteLength !== sizes[at]) {
        throw new WireError(
          'frames',
          `table ${name}: expected ${sizes[at]} bytes in a frame; got ${frame.byteLength}`,
        );
      }
      at++;
      return view(type, frame, rows);
    });
    return { name, rows, columns };
  });
}

function view(type: ColumnType, frame: Uint8Array, rows: number): ColumnData {
  const aligned = frame.byteOffset % BYTES[type] === 0 ? frame : new Uint8Array(frame);
  const { buffer, byteOffset } = aligned;
  if (type === 'f64') return new Float64Array(buffer, byteOffset, rows);
  if (type === 'i32') return new Int32Array(buffer, byteOffset, rows);
  if (type === 'u32') return new Uint32Array(buffer, byteOffset, rows);
  return new Uint8Array(buffer, byteOffset, rows);
}
