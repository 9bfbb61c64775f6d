/** Reads the files that a spec names: finds the importer, guards the paths, digests and caches the tables. */
import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Table, TableDecl } from '../contract/columns.js';
import type { InputData, InputRef } from '../contract/kind.js';
import type { InputReader } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { barsImporter } from './bars.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { depthImporter } from './depth.js';
import type { Importer, ImportLimits } from './importer.js';
import { lobsterImporter } from './lobster.js';
import { optionQuotesImporter } from './option-quotes.js';
import { ordersImporter } from './orders.js';
import { strategyImporter } from './strategy-file.js';
import { explain } from './read-bytes.js';
import { tradesImporter } from './trades.js';
import { valuesImporter } from './values.js';

const IMPORTERS: Readonly<Record<string, Importer>> = {
  lobster: lobsterImporter,
  trades: tradesImporter,
  depth: depthImporter,
  orders: ordersImporter,
  bars: barsImporter,
  values: valuesImporter,
  'option-quotes': optionQuotesImporter,
  strategy: strategyImporter,
};
/** Importers whose tables a thread runs. */
const CODE: ReadonlySet<string> = new Set(['strategy']);

/** Bytes of columns kept for the next job over the same files; a larger input is not kept. */
const CACHE_BYTES = 256 * 2 ** 20;

export interface InputReaderOptions {
  /**
   * Folder to which paths are relative and which they may not leave, even by a symbolic link (a service reads
   * for strangers). null: any path, relative to the working directory (a command line reads for its own
   * user).
   */
  readonly root: string | null;
  /** Whether files that are code may be read where there is a root; without one they may. */
  readonly allowCode?: boolean;
  readonly limits?: ImportLimits;
}

/** Rows of the longest days of single shares are a few million. */
const DEFAULT_LIMITS: ImportLimits = { maxRows: 5_000_000, maxBytes: 2 ** 30 };

/**
 * The reader of contract/ports.ts. read() rejects with E_DATA naming the file, line and column and pointing
 * at the field of the spec. A file that changed (size, inode or change time) is read again; concurrent reads
 * of one file share a pass.
 */
export function createInputReader(options: InputReaderOptions): InputReader {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const cache = new LRUCache<string, InputData>({ maxSize: CACHE_BYTES, sizeCalculation: bytesOf });
  const reading = new Map<string, Promise<InputData>>();

  const allowCode = options.root === null || options.allowCode === true;

  async function read(ref: InputRef): Promise<InputData> {
    if (CODE.has(ref.importer) && !allowCode) throw codeRefused(ref);
    const importer = IMPORTERS[ref.importer];
    if (importer === undefined) throw new Error(`no importer is called '${ref.importer}'`);
    const files = new Map<string, DataFile>();
    let key = ref.importer;
    for (const role of importer.roles) {
      const { file, version } = heldBySpec(ref, role) ?? (await locate(ref, role, options.root));
      files.set(role, file);
      key += `\n${role}\n${file.label}\n${version}`;
    }
    const known = cache.get(key) ?? reading.get(key);
    if (known !== undefined) return known;
    const pending = load(importer, files, limits);
    reading.set(key, pending);
    try {
      const data = await pending;
      cache.set(key, data);
      return data;
    } finally {
      reading.delete(key);
    }
  }
  return { read };
}

/** The reader of a service for a folder that must exist now. Throws MmsError E_CONFIG. */
export async function openDataFolder(dir: string, allowCode = false): Promise<InputReader> {
  const info = await stat(dir).catch(() => null);
  if (info?.isDirectory()) return createInputReader({ root: dir, allowCode });
  const came = info ? 'it is no folder' : 'it does not exist';
  throw new MmsError('E_CONFIG', `data.dir: Expected a folder that can be read; got ${dir}: ${came}.`);
}

/** The reader of a service without a data folder: it opens no file at all and says so. */
export const closedReader: InputReader = {
  read: (ref) => {
    if (CODE.has(ref.importer)) return Promise.reject(codeRefused(ref));
    const { files, pointers } = ref;
    const [role = '', label = ''] = Object.entries(files)[0] ?? [];
    const file = { path: '', label, pointer: pointers[role] ?? null };
    return Promise.reject(
      dataError(
        file,
        '',
        'this service reads no files: it was started without a data folder (see --data-dir)',
      ),
    );
  },
};

function codeRefused({ files, pointers }: InputRef): MmsError {
  const [role = '', label = ''] = Object.entries(files)[0] ?? [];
  const message =
    `Expected a built-in strategy: this service runs no code of clients; got the file ${JSON.stringify(label)}. ` +
    'Run it with "mms run FILE" on your own machine, or ask the operator for data.allowCode.';
  return new MmsError('E_CODE', message, [{ pointer: pointers[role] ?? '', message }]);
}

async function load(
  importer: Importer,
  files: ReadonlyMap<string, DataFile>,
  limits: ImportLimits,
): Promise<InputData> {
  const file = (role: string): DataFile => {
    const found = files.get(role);
    if (found === undefined) throw new Error(`an importer asked for '${role}', which is none of its roles`);
    return found;
  };
  const { tables, notes } = await importer.read(file, limits);
  return { digest: digestOf(importer.tables, tables), tables, notes };
}

/** A file whose content came with the spec; null where it did not. */
function heldBySpec(ref: InputRef, role: string): { file: DataFile; version: string } | null {
  const text = ref.texts?.[role];
  if (text === undefined) return null;
  const label = ref.files[role] ?? '';
  const version = `text ${createHash('sha256').update(text).digest('hex')}`;
  return { file: { path: label, label, pointer: ref.pointers[role] ?? null, text }, version };
}

/**
 * The file of a role, its path free of links and inside `root` unless that is null, and what tells its
 * versions apart.
 */
async function locate(
  ref: InputRef,
  role: string,
  root: string | null,
): Promise<{ file: DataFile; version: string }> {
  const label = ref.files[role] ?? '';
  const pointer = ref.pointers[role] ?? null;
  const wanted = { path: resolve(root ?? '', label), label, pointer };
  if (label === '' || label.includes('\0')) {
    throw dataError(
      { ...wanted, label: `${ref.importer} ${role}` },
      '',
      'expected the path of a file; got none',
    );
  }
  if (root === '')
    throw dataError(wanted, '', 'this service reads no files: it was started without a data folder');
  const base = root === null ? null : await realpath(root).catch(() => null);
  if (root !== null && base === null) {
    throw dataError(wanted, '', `the data folder ${root} of this service does not exist`);
  }
  // First by name, so that nothing is learnt about files outside; then again without symbolic links.
  if (base !== null && !isInside(root ?? '', wanted.path) && !isInside(base, wanted.path))
    throw outside(wanted);
  try {
    const path = await realpath(wanted.path);
    if (base !== null && !isInside(base, path)) throw outside(wanted);
    const info = await stat(path);
    if (info.isDirectory()) throw dataError(wanted, '', 'expected a file; got a directory');
    if (!info.isFile()) throw dataError(wanted, '', 'expected a regular file; got a pipe, socket or device');
    return { file: { ...wanted, path }, version: `${path}\n${info.ino}\n${info.size}\n${info.ctimeMs}` };
  } catch (error) {
    throw explain(error, wanted);
  }
}

function outside(file: DataFile): Error {
  return dataError(
    file,
    '',
    'this service reads files from its data folder only; give a path inside it, relative to that folder',
  );
}

function isInside(folder: string, path: string): boolean {
  const way = relative(resolve(folder), path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function bytesOf({ tables }: InputData): number {
  return tables.flatMap(({ columns }) => columns).reduce((sum, column) => sum + column.byteLength, 1);
}

/**
 * sha256 hex over one JSON line that names tables, rows, columns and types, then the little-endian column
 * bytes.
 */
function digestOf(decls: readonly TableDecl[], tables: readonly Table[]): string {
  const hash = createHash('sha256');
  const header = tables.map((table, i) => ({
    name: table.name,
    rows: table.rows,
    columns: (decls[i]?.columns ?? []).map(({ name, type }) => [name, type]),
  }));
  hash.update(JSON.stringify(header) + '\n');
  for (const table of tables) for (const column of table.columns) hash.update(column);
  return hash.digest('hex');
}
