/**
 * What every importer is: named files in, checked tables out. One format, one file and a line in the reader.
 */
import type { Table, TableDecl } from '../contract/columns.js';
import type { DataFile } from './data-file.js';

/** Bounds of one file, so that a small gz file cannot fill the memory. */
export interface ImportLimits {
  readonly maxRows: number;
  /** Unpacked bytes. */
  readonly maxBytes: number;
}

export interface Imported {
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}

export interface Importer {
  /** Keys of InputRef.files, for which read() may ask. */
  readonly roles: readonly string[];
  /** Declarations of the tables in order. */
  readonly tables: readonly TableDecl[];
  /**
   * Throws E_DATA naming file, line and column; nothing half-read is ever returned. Columns lie in shared
   * memory.
   */
  read(file: (role: string) => DataFile, limits: ImportLimits): Promise<Imported>;
}
