/** Opens one SQLite connection with the settings that the promises need, and reads them back. */
import type Database from 'better-sqlite3';
import { MmsError } from '../../contract/problem.js';

export type Connection = Database.Database;

/** Longest wait for another connection's lock; it blocks the thread that waits. */
const BUSY_TIMEOUT_MS = 100;
/** The write-ahead log is cut back to this after a checkpoint. */
const MAX_WAL_BYTES = 64 * 1024 * 1024;
/** SQLite's number for synchronous=FULL: every commit is fsynced. */
const FULL = 2;
/** The Node-API version that the addon is built for; an older Node would crash in it. */
const MIN_NODE_API = 10;

/**
 * Throws MmsError E_STORE naming the path. WAL alone would quietly run with synchronous=NORMAL, which loses
 * acknowledged commits when the power fails, so FULL is set and read back on every connection.
 */
export async function connect(path: string, mode: 'write' | 'read'): Promise<Connection> {
  const { default: Sqlite } = await loadAddon();
  let db: Connection | null = null;
  try {
    db = new Sqlite(path, {
      readonly: mode === 'read',
      fileMustExist: mode === 'read',
      timeout: BUSY_TIMEOUT_MS,
    });
    if (mode === 'write') db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    if (mode === 'write') db.pragma(`journal_size_limit = ${MAX_WAL_BYTES}`);
    requireDurable(db, path);
    return db;
  } catch (error) {
    db?.close();
    throw unusable(path, error);
  }
}

/** Throws MmsError E_STORE unless every commit of this connection is fsynced into a write-ahead log. */
export function requireDurable(db: Connection, path: string): void {
  const synchronous = db.pragma('synchronous', { simple: true });
  const journal = db.pragma('journal_mode', { simple: true });
  if (synchronous === FULL && journal === 'wal') return;
  const came = `synchronous=${String(synchronous)}, journal_mode=${String(journal)}`;
  throw new MmsError(
    'E_STORE',
    `Expected synchronous=2, journal_mode=wal for ${path}; got ${came}. Use a local disk.`,
  );
}

/** Loads better-sqlite3 only where it can run: on an older Node it would end the process without a word. */
export async function loadAddon(
  nodeApi = Number(process.versions.napi),
): Promise<{ default: typeof Database }> {
  if (nodeApi >= MIN_NODE_API) return import('better-sqlite3');
  const came = `this is Node ${process.versions.node}`;
  throw new MmsError(
    'E_STORE',
    `The SQLite store needs Node 22.13 or newer (Node-API ${MIN_NODE_API}); ${came}.`,
  );
}

/** SQLite's error as a sentence with the path and what to do. */
export function unusable(path: string, error: unknown): MmsError {
  if (error instanceof MmsError) return error;
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new MmsError(
      'E_STORE',
      `The store ${path} is damaged (${detail}). Restore a backup (mms restore FILE --replace), or move the file away.`,
    );
  }
  return new MmsError(
    'E_STORE',
    `The store ${path} cannot be used: ${detail}. Check its folder, owner and free space${asWhom()}.`,
  );
}

/** Whoever mends rights must know for whom. */
function asWhom(): string {
  const user = process.getuid?.();
  return user === undefined ? '' : `; this process runs as user ${user}`;
}

/** SQLite's extended result code, e.g. SQLITE_IOERR_FSYNC; '' for other errors. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
