/** Writes what a run leaves on disk: the report, and with --out tables and result; never half a file. */
import { access, constants, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MmsError } from '../contract/problem.js';
import type { JobResult } from '../contract/ports.js';

/**
 * Rejects with E_DATA naming `flag` where a file could not be written to `folder`, before the work begins: a
 * result of minutes is not lost at its end. Creates nothing.
 */
export async function checkFolder(flag: string, folder: string): Promise<void> {
  const wanted = resolve(folder);
  const refuse = (found: string): MmsError =>
    new MmsError('E_DATA', `${flag}: Expected a folder that can be written; ${found}. Choose another place.`);
  for (let path = wanted; ; path = dirname(path)) {
    const info = await stat(path).catch((error: NodeJS.ErrnoException) => error);
    if (info instanceof Error) {
      if (info.code === 'ENOTDIR' || (info.code === 'ENOENT' && path !== dirname(path))) continue;
      throw refuse(`${path}: ${info.message}`);
    }
    if (!info.isDirectory()) throw refuse(`${path} is a file`);
    const open = await access(path, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!open) throw refuse(`${path} is closed to this user`);
    return;
  }
}

/** Also refuses a `path` that is itself a folder. */
export async function checkFile(flag: string, path: string): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory())
    throw new MmsError('E_DATA', `${flag}: Expected the path of a file; ${path} is a folder.`);
  await checkFolder(flag, dirname(resolve(path)));
}

/** mkdir -p, step by step: Node's own recursive mkdir never returns where a file system makes no folders. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isFolder = await stat(path).then(
      (info) => info.isDirectory(),
      () => false,
    );
    if (isFolder) return;
    const parent = dirname(path);
    const missing = code === 'ENOENT' && (await stat(parent).catch(() => null)) === null;
    if (!missing || parent === path) throw error;
    await makeFolder(parent);
    await makeFolder(path);
  }
}

/** Writes beside the target and renames, so that a reader sees the old file or the whole new one. */
export async function writeWhole(
  path: string,
  parts: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    await makeFolder(dirname(resolve(path)));
    const file = await open(draft, 'w');
    try {
      for await (const part of parts) await file.write(part);
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    // The first failure is the one to tell, whatever becomes of the draft.
    await rm(draft, { force: true }).catch(() => undefined);
    throw new MmsError('E_DATA', `Cannot write ${path}: ${(error as Error).message}. Choose another place.`);
  }
}

/** One csv per table that has rows; returns their paths. */
export async function writeTables(dir: string, result: JobResult): Promise<string[]> {
  const { tableToCsv } = await import('../data/export-csv.js');
  const paths: string[] = [];
  for (const table of result.tables) {
    if (table.rows === 0) continue;
    const path = join(dir, `${table.name}.csv`);
    await writeWhole(path, tableToCsv(table));
    paths.push(path);
  }
  return paths;
}
