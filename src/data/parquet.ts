/** A table as an Apache Parquet file, made in row groups: a large one never stands in memory as a whole. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { ColumnSource } from 'hyparquet-writer';
import type { ColumnData, DescribedTable } from '../contract/columns.js';

/** Bounds what is encoded at once, some 10 ms of work. */
const VALUES_PER_GROUP = 65_536;

/** One column of any table: `data` holds text for STRING and numbers for the others. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: 'INT32' | 'INT64' | 'DOUBLE' | 'STRING';
  readonly data: ColumnData | readonly (number | null)[] | readonly (string | null)[];
  /** True: null stands for "nothing". */
  readonly nullable?: boolean;
}

/**
 * Yields the bytes of the file, one piece per row group and one for its foot. Types stay: i32 and u8 are
 * INT32, u32 is INT64, f64 is DOUBLE, but nanoseconds (unit ns) are INT64 where all of them are whole. Throws
 * RangeError for a number that is not finite. The metadata "columns" tells unit and meaning of each.
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
 * The same for columns without a declaration; `metadata` becomes the file's key-value metadata. Throws
 * RangeError for a number that is not finite.
 */
export function* columnsToParquet(
  columns: readonly ParquetColumn[],
  rows: number,
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  const file = openParquet(columns, metadata);
  const step = Math.max(1, Math.floor(VALUES_PER_GROUP / Math.max(1, columns.length)));
  for (let from = 0; from < rows; from += step) {
    yield file.group(columns.map(({ data }) => data.slice(from, Math.min(from + step, rows))));
  }
  yield file.end();
}

/** A file that is made as its rows become known. */
export interface ParquetFile {
  /** The bytes of further rows: all values of each column, as many in each, in the order of the columns. */
  group(data: readonly ParquetColumn['data'][]): Uint8Array;
  /** The foot: after it the file is whole. */
  end(): Uint8Array;
}

/** `columns` without their data; see columnsToParquet. */
export function openParquet(
  columns: readonly Omit<ParquetColumn, 'data'>[],
  metadata: Readonly<Record<string, string>> = {},
): ParquetFile {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columns.map((column) => sourceOf(column, [])) }),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: 'MMS',
  });
  return {
    group(data) {
      const rows = data[0]?.length ?? 0;
      const columnData = columns.map((column, i) => sourceOf(column, data[i] ?? []));
      if (rows > 0) void writer.write({ columnData, rowGroupSize: rows });
      return taken(bytes);
    },
    end() {
      void writer.finish();
      return taken(bytes);
    },
  };
}

/** What was written since it was last called; `offset`, by which the foot names places, goes on. */
function taken(bytes: ByteWriter): Uint8Array {
  const piece = bytes.getBytes().slice();
  bytes.index = 0;
  return piece;
}

function sourceOf(
  { name, type, nullable = false }: Omit<ParquetColumn, 'data'>,
  data: ParquetColumn['data'],
): ColumnSource {
  const column = { name, type, nullable };
  if (type === 'STRING') return { ...column, data: data as string[] };
  const numbers = data as ColumnData | (number | null)[];
  for (const value of numbers) {
    if (!Number.isFinite(value) && !(nullable && value === null))
      throw new RangeError(`Column ${name} holds ${value}, which is not a finite number.`);
  }
  if (type === 'INT64')
    return { ...column, data: Array.from(numbers, (value) => (value === null ? null : BigInt(value))) };
  // A dictionary would take -0 for 0.
  return { ...column, data: numbers, ...(type === 'DOUBLE' && { encoding: 'PLAIN' }) };
}

function isWhole(data: ColumnData | readonly number[]): boolean {
  for (const value of data) if (!Number.isSafeInteger(value) || Object.is(value, -0)) return false;
  return true;
}
