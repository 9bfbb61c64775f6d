/** Reads columns of a result's tables by name. */
import type { ColumnData, DescribedTable } from '../contract/columns.js';

export function tableNamed(tables: readonly DescribedTable[], name: string): DescribedTable | null {
  return tables.find((table) => table.name === name) ?? null;
}

/** The column's data; throws when a kind's table lacks it, since the table declarations are a contract. */
export function column(table: DescribedTable, name: string): ColumnData {
  const data = columnOrNull(table, name);
  if (!data) throw new Error(`table "${table.name}" has no column "${name}"`);
  return data;
}

export function columnOrNull(table: DescribedTable, name: string): ColumnData | null {
  const index = table.decl.columns.findIndex((decl) => decl.name === name);
  return index < 0 ? null : (table.columns[index] ?? null);
}
