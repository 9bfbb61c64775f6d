/**
 * Result columns: named typed arrays with a declared type, unit and meaning. Every table of the house has
 * this form.
 */

/** The four classes of typed array that cross a border; more than four at one access site is slow in V8. */
export type ColumnType = 'f64' | 'i32' | 'u32' | 'u8';
export type ColumnData = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** What a column holds; `unit` is the field's word: ticks, lots, ns, s, 1, currency, bps. */
export interface ColumnDecl {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit: string;
  readonly meaning: string;
}

export interface TableDecl {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly ColumnDecl[];
  /** True: while the table is empty the digest knows nothing of it, so a new table changes no old result. */
  readonly optional?: boolean;
}

/** `columns[i]` belongs to `decl.columns[i]` of the same table; all have `rows` elements. */
export interface Table {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly ColumnData[];
}

/** A table with its words: what a reader (report, csv, json) gets. */
export interface DescribedTable extends Table {
  readonly decl: TableDecl;
}
