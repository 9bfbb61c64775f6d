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
import { connect, unusable } from './database.js';
import { lockStore } from './lock.js';
import { verifyStore, type StoreAccount } from './verify.js';

/** Where the log and its index stand; without them in place a database file is only what was checkpointed. */
const SIDES = ['-wal', '-shm'] as const;

/**
 * Writes what is committed at this moment in the store `path` to `file`, in one snapshot that no writer can
 * disturb or restart, reads it back whole, and only then gives it its name. The service may go on: until the
 * end its log only grows. Throws MmsError E_STORE: `file` exists, no store, no space, damage.
 */
export async function backupStore(path: string, file: string): Promise<StoreAccount> {
  if (existsSync(file)) throw occupied(file, 'Choose another name; a backup never replaces a file.');
  if (!existsSync(path))
    throw new MmsError('E_STORE', `Expected a store at ${path}; got no such file. Set store.path.`);
  return place(file, async (part) => {
    const db = await connect(path, 'read');
    try {
      db.prepare('VACUUM INTO ?').run(part);
    } catch (error) {
      throw unusable(`${path} or its copy ${part}`, error);
    } finally {
      db.close();
    }
  });
}

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
    for (const side of ['', ...SIDES]) rmSync(part + side, { force: true });
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
