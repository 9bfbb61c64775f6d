/** Makes one result of a job's chunks: joined in chunk order, checked, digested, summarised, encoded. */
import type { ColumnData, ColumnDecl, ColumnType, Table, TableDecl } from '../contract/columns.js';
import type { InputData, Kind, Summary } from '../contract/kind.js';
import type { ResultBytes } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { frameSizes, type TableHeader } from './frames.js';
import { allocateResult, encodeResult, type ResultMemory } from './result.js';
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
  const memory = kind.reduce ? null : placeTables(kind.tables, chunks);
  const tables = memory ? [...memory.tables] : resultTables(kind, spec, chunks);
  const digest = digestTables(kind.tables, tables);
  const summary = kind.summarise(spec, tables, inputs);
  const bytes = memory ? memory.encode(digest, summary) : encodeResult({ digest, tables, summary });
  return { tables, digest, summary, bytes };
}

/** From this size on a result is joined in the memory of its bytes; a smaller one is copied once more. */
const PLACED_BYTES = 1 << 20;

/** The joined chunks in the memory of their result; null for a small one. */
function placeTables(
  decls: readonly TableDecl[],
  chunks: readonly (readonly Table[])[],
): ResultMemory | null {
  checkChunks(decls, chunks);
  const header = decls.map(({ name, columns }, t): TableHeader => {
    const rows = chunks.reduce((sum, tables) => sum + tables[t]!.rows, 0);
    return [name, rows, columns.map(({ type }) => type)];
  });
  if (frameSizes(header).reduce((sum, size) => sum + size, 0) < PLACED_BYTES) return null;
  const memory = allocateResult(header);
  memory.tables.forEach(({ columns }, t) => {
    columns.forEach((column, c) => joinColumn(column, chunks, t, c));
  });
  requireFinite(decls, memory.tables);
  return memory;
}

function joinColumn(
  joined: ColumnData,
  chunks: readonly (readonly Table[])[],
  table: number,
  column: number,
): void {
  let at = 0;
  for (const tables of chunks) {
    const part = tables[table]!.columns[column]!;
    joined.set(part, at);
    at += part.length;
  }
}

/** The tables of the result: the chunks' joined, their numbers checked, reduced where the kind does so. */
export function resultTables<Spec>(
  kind: Kind<Spec>,
  spec: Spec,
  chunks: readonly (readonly Table[])[],
): Table[] {
  const decls = kind.partials ?? kind.tables;
  const joined = joinTables(decls, chunks);
  requireFinite(decls, joined);
  return reduceTables(kind, spec, joined);
}

/** The tables of the result, of joined ones whose numbers are known to be finite. */
export function reduceTables<Spec>({ tables, reduce }: Kind<Spec>, spec: Spec, joined: Table[]): Table[] {
  if (!reduce) return joined;
  const reduced = joinTables(tables, [reduce(spec, joined)]);
  requireFinite(tables, reduced);
  return reduced;
}

/** Concatenates the chunks' tables after checking each against its declaration. */
export function joinTables(decls: readonly TableDecl[], chunks: readonly (readonly Table[])[]): Table[] {
  checkChunks(decls, chunks);
  if (chunks.length === 1) return [...chunks[0]!];
  return decls.map((decl, t) => {
    const rows = chunks.reduce((sum, tables) => sum + tables[t]!.rows, 0);
    const columns = decl.columns.map(({ type }, c) => {
      const joined = new ARRAYS[type](rows);
      joinColumn(joined, chunks, t, c);
      return joined;
    });
    return { name: decl.name, rows, columns };
  });
}

function checkChunks(decls: readonly TableDecl[], chunks: readonly (readonly Table[])[]): void {
  for (let chunk = 0; chunk < chunks.length; chunk++) checkTables(decls, chunks[chunk]!, chunk);
}

function checkTables(decls: readonly TableDecl[], tables: readonly Table[], chunk: number): void {
  if (tables.length !== decls.length) throw malformed(chunk, `${decls.length} tables`, `${tables.length}`);
  for (let t = 0; t < decls.length; t++) checkTable(decls[t]!, tables[t]!, chunk);
}

function checkTable(decl: TableDecl, table: Table, chunk: number): void {
  const { name, columns } = decl;
  if (table.name !== name) throw malformed(chunk, `table "${name}"`, `"${table.name}"`);
  if (table.columns.length !== columns.length) {
    throw malformed(chunk, `${columns.length} columns in ${name}`, `${table.columns.length}`);
  }
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c]!;
    const data = table.columns[c]!;
    if (!(data instanceof ARRAYS[column.type]))
      throw malformed(chunk, `${name}.${column.name} as ${column.type}`, data.constructor.name);
    if (data.length !== table.rows)
      throw malformed(chunk, `${table.rows} rows in ${name}.${column.name}`, `${data.length}`);
  }
}

function requireFinite(decls: readonly TableDecl[], tables: readonly Table[]): void {
  decls.forEach((decl, t) => {
    decl.columns.forEach((column, c) => checkFinite(decl, column, tables[t]!.columns[c]!));
  });
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
