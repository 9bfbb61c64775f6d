/** Writes what a run leaves on disk: the report, and with --out tables and result; never half a file. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MmsError } from '../contract/problem.js';
import type { JobResult } from '../contract/ports.js';

/** Writes beside the target and renames, so that a reader sees the old file or the whole new one. */
export async function writeWhole(path: string, parts: Iterable<string>): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(draft, 'w');
    try {
      for (const part of parts) await file.write(part);
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
