/** Checks of `mms doctor` on the disk: permission, free room, the time of a sync, what SQLite keeps there. */
import { existsSync } from 'node:fs';
import { mkdtemp, open, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { bad, doubt, good, type Check } from './doctor-checks.js';

const MIB = 2 ** 20;
const MIN_FREE_BYTES = 64 * MIB;
const ENOUGH_FREE_BYTES = 1024 * MIB;
const SYNCS = 9;
/** An acceptance waits for a sync; at this time a client feels it. */
const SLOW_SYNC_MS = 25;

/** The folder of a file, or the nearest one above that exists and would hold it. */
export function folderFor(path: string): string {
  let folder = dirname(resolve(path));
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

export async function writeAccess(name: string, folder: string): Promise<Check> {
  try {
    await inside(folder, (dir) => writeFile(join(dir, 'probe'), 'x', { flush: true }));
    return good(name, `${resolve(folder)} can be written`);
  } catch (error) {
    return bad(
      name,
      (error as Error).message,
      `chown $(id -u) ${resolve(folder)} (or run in another folder)`,
    );
  }
}

export async function diskSpace(
  folder: string,
  enough = ENOUGH_FREE_BYTES,
  least = MIN_FREE_BYTES,
): Promise<Check> {
  const name = 'disk space';
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${Math.floor(free / MIB)} MiB free for the store`;
  const fix = 'mms serve --retain-days 30 (removes old jobs), or --store FILE on another disk';
  if (free < least) return bad(name, found, fix);
  return free < enough ? doubt(name, found, fix) : good(name, found);
}

/** The median of a few writes with fsync, each what an accepted job waits for. */
export async function syncTime(folder: string, slowMs = SLOW_SYNC_MS): Promise<Check> {
  const name = 'fsync';
  return inside(folder, async (dir) => {
    const file = await open(join(dir, 'probe'), 'w');
    const times: number[] = [];
    for (let i = 0; i < SYNCS; i++) {
      await file.write(Buffer.alloc(4096, i), 0, 4096, i * 4096);
      const beganMs = performance.now();
      await file.sync();
      times.push(performance.now() - beganMs);
    }
    await file.close();
    const medianMs = times.sort((a, b) => a - b)[SYNCS >> 1]!;
    const found = `${medianMs.toFixed(2)} ms (median of ${SYNCS})`;
    return medianMs <= slowMs
      ? good(name, found)
      : doubt(name, found, '--store FILE on a local disk, not on a network');
  });
}

/** Whether SQLite keeps here what G1 rests on: a log that is synced at each commit; network disks may not. */
export async function pragmas(folder: string): Promise<Check> {
  const name = 'SQLite';
  const fix = '--store FILE on a local disk that can be written';
  try {
    const { default: Database } = await import('better-sqlite3');
    return await inside(folder, (dir) => {
      const db = new Database(join(dir, 'probe.db'));
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.exec('CREATE TABLE probe (n INTEGER) STRICT');
      const read = (pragma: string): unknown => db.pragma(pragma, { simple: true });
      const held = [read('journal_mode'), read('synchronous'), read('integrity_check')].join(' ');
      db.close();
      return Promise.resolve(
        held === 'wal 2 ok'
          ? good(name, 'journal_mode WAL, synchronous FULL')
          : bad(name, `journal_mode, synchronous and integrity_check are ${held}, not wal 2 ok`, fix),
      );
    });
  } catch (error) {
    return bad(name, (error as Error).message, fix);
  }
}

/** Runs in a folder of its own, which is removed. */
async function inside<T>(folder: string, run: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(folder, '.mms-doctor-'));
  try {
    return await run(dir);
  } finally {
    await rm(dir, { recursive: true });
  }
}
