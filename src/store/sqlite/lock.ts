/** One server owns a store: a lock that the system itself frees when the process dies, however it dies. */
import { MmsError } from '../../contract/problem.js';
import { codeOf, loadAddon, unusable } from './database.js';

/**
 * Holds an exclusive SQLite lock on `<path>.lock` until the returned function is called. No process id is
 * written, so nothing can be stale. Throws MmsError E_STORE when another process, or this one, has it open.
 */
export async function lockStore(path: string): Promise<() => void> {
  const { default: Sqlite } = await loadAddon();
  let lock;
  try {
    lock = new Sqlite(`${path}.lock`, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (!codeOf(error).startsWith('SQLITE_BUSY')) throw unusable(path, error);
    throw new MmsError(
      'E_CONFIG',
      `The store ${path} is in use by another mms process. Stop that one, or set another store.path.`,
    );
  }
  return () => lock.close();
}
