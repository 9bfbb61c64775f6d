/** A table as an Apache Parquet file, made in row groups so that a large one never stands in memory as a whole. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { ColumnSource } from 'hyparquet-writer';
import type { ColumnData, DescribedTable } from '../contract/columns.js';

/** Bounds what is encoded at once, some 10 ms of work. */
const VALUES_PER_GROUP = 131_072;

/** One column of any table: `data` holds text for STRING and numbers for the others. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: 'INT32' | 'INT64' | 'DOUBLE' | 'STRING';
  readonly data: ColumnData | readonly (number | null)[] | readonly (string | null)[];
  /** True: null stands for "nothing". */
  readonly nullable?: boolean;
}

/**
 * Yields the bytes of the file, one piece per row group and one for its foot. Types stay: i32 and u8 are INT32,
 * u32 is INT64, f64 is DOUBLE, but nanoseconds (unit ns) are INT64 where all of them are whole. Throws
 * RangeError for a number that is not finite. Unit and meaning of each column are the file's metadata "columns".
 */
export function tableToParquet(table: DescribedTable): Generator<Uint8Array> {
  const columns = table.decl.columns.map(({ name, type, unit }, i): ParquetColumn => {
    const data = table.columns[i] ?? [];
    if (type === 'f64') return { name, data, type: unit === 'ns' && isWhole(data) ? 'INT64' : 'DOUBLE' };
    return { name, data, type: type === 'u32' ? 'INT64' : 'INT32' };
  });
  const { title, columns: declared } = table.decl;
  return columnsToParquet(columns, table.rows, { title, columns: JSON.stringify(declared) });
}

/**
 * The same for columns without a declaration; `metadata` becomes the file's key-value metadata. Throws RangeError
 * for a number that is not finite, or beyond the type of its column.
 */
export function* columnsToParquet(
  columns: readonly ParquetColumn[],
  rows: number,
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columns.map((column) => sourceOf(column, 0, 0)) }),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: 'MMS',
  });
  const step = Math.max(1, Math.floor(VALUES_PER_GROUP / Math.max(1, columns.length)));
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(from + step, rows);
    void writer.write({
      columnData: columns.map((column) => sourceOf(column, from, to)),
      rowGroupSize: to - from,
    });
    yield taken(bytes);
  }
  void writer.finish();
  yield taken(bytes);
}

/** What was written since it was last called; `offset`, by which the foot names places, goes on. */
function taken(bytes: ByteWriter): Uint8Array {
  const piece = bytes.getBytes().slice();
  bytes.index = 0;
  return piece;
}

function sourceOf(
  { name, type, data, nullable = false }: ParquetColumn,
  from: number,
  to: number,
): ColumnSource {
  const part: ColumnSource['data'] = data.slice(from, to);
  if (type === 'STRING') return { name, type, nullable, data: part };
  for (const value of part) {
    if (!Number.isFinite(value) && !(nullable && value === null))
      throw new RangeError(`Column ${name} holds ${value}, which is not a finite number.`);
  }
  if (type === 'INT64') {
    const whole = Array.from(part, (value: number | null) => (value === null ? null : BigInt(value)));
    return { name, type, nullable, data: whole };
  }
  // A dictionary would take -0 for 0.
  return { name, type, nullable, data: part, ...(type === 'DOUBLE' && { encoding: 'PLAIN' }) };
}

function isWhole(data: ColumnData | readonly number[]): boolean {
  for (const value of data) if (!Number.isSafeInteger(value) || Object.is(value, -0)) return false;
  return true;
}
