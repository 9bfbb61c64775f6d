/**
 * Input tables that a node keeps by digest, in shared memory so that every thread reads the one copy;
 * bounded in bytes.
 */
import { LRUCache } from 'lru-cache';
import type { ColumnData, Table } from '../contract/columns.js';

export const DEFAULT_INPUT_BYTES = 1024 * 1024 * 1024;

export interface InputCache {
  get(digest: string): readonly Table[] | null;
  /** Copies the tables into shared memory and returns that copy, which is kept only while it fits. */
  put(digest: string, tables: readonly Table[]): readonly Table[];
}

export function createInputCache(maxBytes = DEFAULT_INPUT_BYTES): InputCache {
  const kept = new LRUCache<string, readonly Table[]>({ maxSize: maxBytes, sizeCalculation: bytesOf });
  return {
    get: (digest) => kept.get(digest) ?? null,
    put(digest, tables) {
      const shared = tables.map(shareTable);
      kept.set(digest, shared);
      return shared;
    },
  };
}

function bytesOf(tables: readonly Table[]): number {
  return tables.reduce((sum, { columns }) => columns.reduce((s, c) => s + c.byteLength, sum), 1);
}

/** The same table on SharedArrayBuffers; a column that is shared already is not copied. */
export function shareTable({ name, rows, columns }: Table): Table {
  return { name, rows, columns: columns.map(shareColumn) };
}

function shareColumn(column: ColumnData): ColumnData {
  if (column.buffer instanceof SharedArrayBuffer) return column;
  const memory = new SharedArrayBuffer(column.byteLength);
  new Uint8Array(memory).set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  if (column instanceof Float64Array) return new Float64Array(memory);
  if (column instanceof Int32Array) return new Int32Array(memory);
  return column instanceof Uint32Array ? new Uint32Array(memory) : new Uint8Array(memory);
}
