/** The tables, as numbered steps that only go forward; PRAGMA user_version tells how far a file is. */
import { MmsError } from '../../contract/problem.js';
import type { Connection } from './database.js';

const TERMINAL = `('done', 'failed', 'cancelled', 'expired')`;

/** Step i brings a file from user_version i to i + 1. A step that was released is never edited. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    kind_version INTEGER NOT NULL,
    spec TEXT NOT NULL,
    seed INTEGER NOT NULL CHECK (seed BETWEEN 0 AND 9007199254740991),
    key TEXT NOT NULL CHECK (length(key) = 64),
    inputs TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    priority INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    idempotency_key TEXT UNIQUE,
    request_hash TEXT,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'expired')),
    started_ms INTEGER,
    finished_ms INTEGER,
    problem TEXT,
    digest TEXT,
    summary TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    CHECK ((state IN ${TERMINAL}) = (finished_ms IS NOT NULL)),
    CHECK ((state = 'done') = (digest IS NOT NULL))
  ) STRICT;
  CREATE INDEX jobs_live ON jobs (seq) WHERE state IN ('queued', 'running');
  CREATE TRIGGER jobs_end_is_final BEFORE UPDATE ON jobs WHEN OLD.state IN ${TERMINAL}
  BEGIN
    SELECT RAISE(ABORT, 'a terminal state never changes');
  END;

  CREATE TABLE results (key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE inputs (digest TEXT PRIMARY KEY, sha256 TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
  `,
];

/** Brings the file to the newest form, each step in a transaction. A file of a newer program is refused. */
export function migrate(db: Connection, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    const came = `the file is at ${version}, this program knows ${MIGRATIONS.length}`;
    throw new MmsError(
      'E_STORE',
      `The store ${path} was written by a newer version (${came}). Use that version.`,
    );
  }
  for (let step = version; step < MIGRATIONS.length; step++) {
    db.transaction(() => {
      db.exec(MIGRATIONS[step]!);
      db.pragma(`user_version = ${step + 1}`);
    }).immediate();
  }
}
