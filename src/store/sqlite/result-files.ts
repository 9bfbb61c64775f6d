/**
 * Large results as files of their own in a folder beside the database: SQLite would copy their bytes twice,
 * into its log and out of it, page by page. A file is written and synced before the commit of the row that
 * names it, and removed after the commit that drops that row, so that no row is ever without its bytes; what
 * a crash leaves between the two is a file that no row names, which the next start removes.
 */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './durable-file.js';
import { sha256 } from './hash.js';

/** Results from this size on are files; a smaller one costs less as a row than two more syncs. */
export const FILE_BYTES = 4 * 2 ** 20;

/** The folder of the large results of the store `path`. */
export const resultFolder = (path: string): string => `${path}-results`;

/** A file that is on disk, and the hash of its bytes. */
export interface ResultFile {
  readonly name: string;
  readonly sha256: string;
}

/** What a row knows of its file. */
export interface FileRow {
  readonly sha256: string;
  readonly file: string;
  readonly file_bytes: number;
}

/**
 * Writes and syncs a new file for the result of job `id`. Its name never comes twice, not even for a job that
 * a mistake ends twice, so that no file changes once a row names it. Rejects with the system's error.
 */
export async function writeResultFile(path: string, id: string, bytes: Uint8Array): Promise<ResultFile> {
  const folder = resultFolder(path);
  mkdirSync(folder, { recursive: true });
  const name = `${id}-${randomBytes(6).toString('hex')}`;
  const hash = createHash('sha256');
  await writeDurably(join(folder, name), bytes, (part) => hash.update(part));
  syncFolder(folder);
  return { name, sha256: hash.digest('hex') };
}

/** A file that was synced may still be without its name after a power loss. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The bytes that were written; 'damaged' when they are others, 'missing' without a file. */
export function readResultFile(path: string, row: FileRow): Uint8Array<ArrayBuffer> | 'damaged' | 'missing' {
  let bytes: NonSharedBuffer;
  try {
    bytes = readFileSync(join(resultFolder(path), row.file));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'damaged';
  }
  if (bytes.byteLength !== row.file_bytes || sha256(bytes) !== row.sha256) return 'damaged';
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Removes files; what cannot be removed is left to the next start. */
export function dropResultFiles(path: string, names: Iterable<string>): void {
  for (const name of names) {
    try {
      unlinkSync(join(resultFolder(path), name));
    } catch {
      continue;
    }
  }
}

/** Removes every file that no row names. */
export function sweepResultFiles(path: string, named: ReadonlySet<string>): void {
  let found: string[];
  try {
    found = readdirSync(resultFolder(path));
  } catch {
    // No large result so far.
    return;
  }
  dropResultFiles(
    path,
    found.filter((name) => !named.has(name)),
  );
}
