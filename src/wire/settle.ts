/** Makes one result of a job's chunks: joined in chunk order, checked, digested, summarised, encoded. */
import type { ColumnData, ColumnDecl, ColumnType, Table, TableDecl } from '../contract/columns.js';
import type { InputData, Kind, Summary } from '../contract/kind.js';
import type { ResultBytes } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { encodeResult } from './result.js';
import { digestTables } from './digest.js';

const ARRAYS = {
  f64: Float64Array,
  i32: Int32Array,
  u32: Uint32Array,
  u8: Uint8Array,
} as const satisfies Record<ColumnType, unknown>;

export interface Settled {
  readonly tables: readonly Table[];
  readonly digest: string;
  readonly summary: Summary;
  readonly bytes: ResultBytes;
}

/**
 * `chunks[i]` holds chunk i's tables in the kind's declared order. Rows follow one another in chunk order, so
 * the result is the same for every cut. Throws MmsError E_NONFINITE (table, column, row) or E_JOB (shape).
 */
export function settle<Spec>(
  kind: Kind<Spec>,
  spec: Spec,
  chunks: readonly (readonly Table[])[],
  inputs: Readonly<Record<string, InputData>>,
): Settled {
  const tables = resultTables(kind, spec, chunks);
  const digest = digestTables(kind.tables, tables);
  const summary = kind.summarise(spec, tables, inputs);
  return { tables, digest, summary, bytes: encodeResult({ digest, tables, summary }) };
}

/** The tables of the result: those of the chunks joined, and reduced where the kind does so. */
export function resultTables<Spec>(
  kind: Kind<Spec>,
  spec: Spec,
  chunks: readonly (readonly Table[])[],
): Table[] {
  const joined = joinTables(kind.partials ?? kind.tables, chunks);
  return kind.reduce ? joinTables(kind.tables, [kind.reduce(spec, joined)]) : joined;
}

/** Concatenates the chunks' tables after checking each against its declaration. */
export function joinTables(decls: readonly TableDecl[], chunks: readonly (readonly Table[])[]): Table[] {
  chunks.forEach((tables, chunk) => {
    if (tables.length !== decls.length) throw malformed(chunk, `${decls.length} tables`, `${tables.length}`);
    decls.forEach((decl, t) => checkTable(decl, tables[t]!, chunk));
  });
  return decls.map((decl, t) => {
    const parts = chunks.map((tables) => tables[t]!);
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    const columns = decl.columns.map((column, c) => {
      const joined = joinColumns(
        column.type,
        rows,
        parts.map((part) => part.columns[c]!),
      );
      checkFinite(decl, column, joined);
      return joined;
    });
    return { name: decl.name, rows, columns };
  });
}

function checkTable(decl: TableDecl, table: Table, chunk: number): void {
  if (table.name !== decl.name) throw malformed(chunk, `table "${decl.name}"`, `"${table.name}"`);
  if (table.columns.length !== decl.columns.length) {
    throw malformed(chunk, `${decl.columns.length} columns in ${decl.name}`, `${table.columns.length}`);
  }
  decl.columns.forEach((column, c) => {
    const data = table.columns[c]!;
    const place = `${decl.name}.${column.name}`;
    if (!(data instanceof ARRAYS[column.type]))
      throw malformed(chunk, `${place} as ${column.type}`, data.constructor.name);
    if (data.length !== table.rows)
      throw malformed(chunk, `${table.rows} rows in ${place}`, `${data.length}`);
  });
}

function joinColumns(type: ColumnType, rows: number, parts: readonly ColumnData[]): ColumnData {
  if (parts.length === 1) return parts[0]!;
  const joined = new ARRAYS[type](rows);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function checkFinite(decl: TableDecl, column: ColumnDecl, data: ColumnData): void {
  if (!(data instanceof Float64Array)) return;
  for (let row = 0; row < data.length; row++) {
    if (Number.isFinite(data[row])) continue;
    const place = `row ${row} of ${decl.name}.${column.name}`;
    throw new MmsError('E_NONFINITE', `Expected a finite number in ${place}; the job computed ${data[row]}.`);
  }
}

function malformed(chunk: number, expected: string, came: string): MmsError {
  return new MmsError(
    'E_JOB',
    `Chunk ${chunk}: expected ${expected}; got ${came}. The kind breaks its own tables.`,
  );
}
