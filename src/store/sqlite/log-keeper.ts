/**
 * Keeps the write-ahead log short: copies it into the database file between commits, never between a commit
 * and its answer, as SQLite by itself would. It takes milliseconds and syncs both files, so a quiet moment is
 * waited for; a log of MAX_LOG_PAGES waits no longer, so that its length has a bound (G6).
 */
import type { Statement } from 'better-sqlite3';
import { codeOf, type Connection } from './database.js';

/** From so many pages on (4 KiB each) a quiet moment is used. */
const WORTH_PAGES = 1_000;
/** From so many on, about one small commit in three hundred, the next commit waits. */
const MAX_LOG_PAGES = 3_000;
const QUIET_MS = 5;

export interface LogKeeper {
  /** To be called when a commit was answered. */
  committed(): void;
  stop(): void;
}

/** `onFault` hears of a copy after which the file cannot be trusted. `db` must be the only writer. */
export function createLogKeeper(db: Connection, onFault: (error: unknown) => void): LogKeeper {
  db.pragma('wal_autocheckpoint = 0');
  const size = db.prepare('PRAGMA wal_checkpoint(NOOP)') as Statement<
    [],
    { log: number; checkpointed: number }
  >;
  let timer: NodeJS.Timeout | null = null;
  let lastMs = 0;

  function copy(): void {
    try {
      db.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      // A full disk leaves all in the log, where it is safe; a page that could not be synced may be lost.
      if (!codeOf(error).startsWith('SQLITE_FULL')) onFault(error);
    }
  }

  function whenQuiet(): void {
    const leftMs = lastMs + QUIET_MS - performance.now();
    timer = null;
    if (leftMs > 0) timer = setTimeout(whenQuiet, leftMs);
    else copy();
  }

  return {
    committed() {
      lastMs = performance.now();
      const { log, checkpointed } = size.get()!;
      const pages = log - checkpointed;
      if (pages >= MAX_LOG_PAGES) copy();
      else if (pages >= WORTH_PAGES) timer ??= setTimeout(whenQuiet, QUIET_MS);
    },
    stop() {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
