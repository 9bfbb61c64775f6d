/** Copies a store while a service writes to it, and puts a copy back; no half copy has the final name. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MmsError } from '../../contract/problem.js';
import { markBackup } from './backup-mark.js';
import { connect, loadAddon, unusable, type Connection } from './database.js';
import { lockStore } from './lock.js';
import { readResultFile, resultFolder, type FileRow } from './result-files.js';
import { damaged, verifyStore, WITH_FILES, type StoreAccount } from './verify.js';

/**
 * Where the log and its index stand, without which a database file is only what was checkpointed, and its
 * large results.
 */
const SIDES = ['-wal', '-shm', '-results'] as const;

/**
 * Writes what is committed at this moment in the store `path` to `file`, in one snapshot that no writer can
 * disturb or restart, reads it back whole, and only then gives it its name. The service may go on: until the
 * end its log only grows. Throws MmsError E_STORE: `file` exists, no store, no space, damage.
 */
export async function backupStore(path: string, file: string): Promise<StoreAccount> {
  if (existsSync(file)) throw occupied(file, 'Choose another name; a backup never replaces a file.');
  if (!existsSync(path))
    throw new MmsError('E_STORE', `Expected a store at ${path}; got no such file. Set store.path.`);
  const account = await place(file, async (part) => {
    const db = await connect(path, 'read');
    try {
      db.prepare('VACUUM INTO ?').run(part);
      await takeFilesIn(part, path, (file) => namesFile(db, file));
    } catch (error) {
      throw unusable(`${path} or its copy ${part}`, error);
    } finally {
      db.close();
    }
  });
  markBackup(path);
  return account;
}

/**
 * Puts the large results that stand beside the store `path` into the rows of its copy `part`: a backup is one
 * file. Of a result that the store removed since it was copied, and no longer `names`, nothing stays.
 */
async function takeFilesIn(part: string, path: string, names: (file: string) => boolean): Promise<void> {
  const { default: Sqlite } = await loadAddon();
  const copy = new Sqlite(part, { fileMustExist: true });
  try {
    if ((copy.pragma('user_version', { simple: true }) as number) < WITH_FILES) return;
    // Nobody reads this copy before it was verified and synced.
    copy.pragma('journal_mode = MEMORY');
    copy.pragma('synchronous = OFF');
    const put = copy.prepare('UPDATE results SET bytes = ?, file = NULL, file_bytes = NULL WHERE file = ?');
    const forget = copy.transaction((file: string) => {
      copy
        .prepare(`DELETE FROM jobs WHERE state = 'done' AND key = (SELECT key FROM results WHERE file = ?)`)
        .run(file);
      copy.prepare('DELETE FROM results WHERE file = ?').run(file);
    });
    const rows = copy.prepare<[], FileRow>(
      'SELECT sha256, file, file_bytes FROM results WHERE file IS NOT NULL',
    );
    for (const row of rows.all()) {
      const bytes = readResultFile(path, row);
      if (typeof bytes !== 'string') put.run(bytes, row.file);
      else if (bytes === 'missing' && !names(row.file)) forget(row.file);
      else throw damaged(path, `the file ${row.file} in ${resultFolder(path)} is ${bytes}`);
    }
  } finally {
    copy.close();
  }
}

const namesFile = (db: Connection, file: string): boolean =>
  db.prepare('SELECT 1 FROM results WHERE file = ?').get(file) !== undefined;

/**
 * Copies the backup `file` to `path`, which no service may use, after every hash in the copy was checked. A
 * store that is there is refused, or with `replace` kept beside as `<path>.before`. Throws MmsError E_STORE,
 * E_CONFIG when the store is in use.
 */
export async function restoreStore(file: string, path: string, replace: boolean): Promise<StoreAccount> {
  await verifyStore(file);
  mkdirSync(dirname(path), { recursive: true });
  const unlock = await lockStore(path);
  try {
    if (existsSync(path) && !replace)
      throw occupied(path, 'Add --replace to keep it as PATH.before instead.');
    const kept = `${path}.before`;
    if (existsSync(path) && existsSync(kept)) throw occupied(kept, 'Move it away first.');
    return await place(
      path,
      async (part) => {
        copyFileSync(file, part);
        await takeFilesIn(part, file, () => true);
      },
      () => {
        for (const side of ['', ...SIDES]) {
          if (existsSync(path + side)) renameSync(path + side, kept + side);
        }
      },
    );
  } finally {
    unlock();
  }
}

/** Makes `<file>.part`, verifies it, brings it to disk, and renames it as the last step. */
async function place(
  file: string,
  make: (part: string) => Promise<void>,
  beforeRename: () => void = () => undefined,
): Promise<StoreAccount> {
  const part = `${file}.part`;
  try {
    rmSync(part, { force: true });
    await make(part);
    const account = await verifyStore(part);
    sync(part);
    beforeRename();
    renameSync(part, file);
    sync(dirname(file));
    return account;
  } catch (error) {
    throw unusable(file, error);
  } finally {
    for (const side of ['', ...SIDES]) rmSync(part + side, { force: true, recursive: true });
  }
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function occupied(path: string, advice: string): MmsError {
  return new MmsError('E_STORE', `Expected no file at ${path}; got one. ${advice}`);
}
