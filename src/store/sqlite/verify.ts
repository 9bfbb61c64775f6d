/** Checks a whole store file: its structure, and all stored bytes against the hash they were written with. */
import { statSync } from 'node:fs';
import { MmsError } from '../../contract/problem.js';
import { loadAddon, unusable, type Connection } from './database.js';
import { MIGRATIONS } from './migrations.js';
import { sha256 } from './hash.js';
import { readResultFile, resultFolder, type FileRow } from './result-files.js';

/** Files from this version on hold batches. */
const WITH_BATCHES = 2;
/** And from this one on large results may be files of their own. */
export const WITH_FILES = 6;
/** From this one on a batch may be on its way out. */
const WITH_REMOVALS = 7;

/** What a verified store holds. */
export interface StoreAccount {
  readonly jobs: number;
  /** Queued or running: a service that opens the file goes on with them. */
  readonly unfinishedJobs: number;
  readonly results: number;
  readonly fileBytes: number;
}

/**
 * Reads the file from end to end and changes nothing. Throws MmsError E_STORE, naming the path and what was
 * found: no store, of a newer version, damaged pages, a result or input with other bytes than were written,
 * a done job without its result.
 */
export async function verifyStore(path: string): Promise<StoreAccount> {
  const { default: Sqlite } = await loadAddon();
  let db: Connection | null = null;
  try {
    db = new Sqlite(path, { readonly: true, fileMustExist: true });
    const version = requireVersion(db, path);
    const verdict = db.pragma('integrity_check(1)', { simple: true });
    if (verdict !== 'ok') throw damaged(path, String(verdict));
    const results =
      version < WITH_FILES
        ? checkBytes(db, path, 'results', 'key')
        : checkBytes(db, path, 'results', 'key', 'file IS NULL') + checkFiles(db, path);
    checkBytes(db, path, 'inputs', 'digest');
    const number = (sql: string): number => db!.prepare(`SELECT ${sql}`).pluck().get() as number;
    const bare = number(`count(*) FROM jobs WHERE state = 'done' AND key NOT IN (SELECT key FROM results)`);
    if (bare > 0) throw damaged(path, `${bare} done jobs are without their results`);
    const singles = {
      jobs: number('count(*) FROM jobs'),
      unfinishedJobs: number(`count(*) FROM jobs WHERE state IN ('queued', 'running')`),
      results,
      fileBytes: statSync(path).size,
    };
    if (version < WITH_BATCHES) return singles;
    checkBytes(db, path, 'ends', `'range ' || batch || '/' || first`);
    const leaving = version < WITH_REMOVALS ? '(NULL)' : '(SELECT seq FROM batches WHERE removed = 1)';
    const stays = (seq: string): string => `(${seq} IN ${leaving}) IS NOT TRUE`;
    const open = number('coalesce(sum(open), 0) FROM batches');
    const ended = number(`coalesce(sum(jobs), 0) FROM ends WHERE ${stays('batch')}`);
    const packed = number(`coalesce(sum(jobs), 0) FROM batches WHERE ${stays('seq')}`);
    if (open + ended !== packed)
      throw damaged(path, `${packed} jobs of batches are ${ended} ended and ${open} open ones`);
    return {
      ...singles,
      jobs: singles.jobs + packed,
      unfinishedJobs: singles.unfinishedJobs + open,
      results:
        results + number(`coalesce(sum(jobs), 0) FROM ends WHERE state = 'done' AND ${stays('batch')}`),
    };
  } catch (error) {
    throw unusable(path, error);
  } finally {
    db?.close();
  }
}

function requireVersion(db: Connection, path: string): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version >= 1 && version <= MIGRATIONS.length) return version;
  const expected = `Expected a store of version 1 to ${MIGRATIONS.length} in ${path}; got ${version}.`;
  const advice = version > 0 ? 'Use the mms that wrote it.' : 'Name a file that `mms backup` made.';
  throw new MmsError('E_STORE', `${expected} ${advice}`);
}

/** Hashes every row's bytes, one row in memory at a time; the number of rows. */
function checkBytes(
  db: Connection,
  path: string,
  table: 'results' | 'inputs' | 'ends',
  key: string,
  where = 'TRUE',
): number {
  const rows = db.prepare<[], { name: string; sha256: string; bytes: Buffer }>(
    `SELECT ${key} AS name, sha256, bytes FROM ${table} WHERE bytes IS NOT NULL AND ${where}`,
  );
  let count = 0;
  for (const row of rows.iterate()) {
    if (sha256(row.bytes) !== row.sha256) {
      throw damaged(path, `the bytes of ${row.name} in ${table} are not those that were written`);
    }
    count++;
  }
  return count;
}

/** The same for results that are files. */
function checkFiles(db: Connection, path: string): number {
  const rows = db.prepare<[], FileRow>('SELECT sha256, file, file_bytes FROM results WHERE file IS NOT NULL');
  let count = 0;
  for (const row of rows.iterate()) {
    const bytes = readResultFile(path, row);
    if (typeof bytes === 'string')
      throw damaged(path, `the file ${row.file} in ${resultFolder(path)} is ${bytes}`);
    count++;
  }
  return count;
}

export function damaged(path: string, what: string): MmsError {
  return new MmsError('E_STORE', `The store ${path} is damaged (${what}). Use an older backup.`);
}
