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
  // Jobs of a batch are numbered seq, seq + 1, ... among the jobs of the file. An end is one of neighbours.
  `
  CREATE TABLE batches (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    jobs INTEGER NOT NULL CHECK (jobs > 0),
    open INTEGER NOT NULL CHECK (open BETWEEN 0 AND jobs),
    created_ms INTEGER NOT NULL,
    idempotency_key TEXT UNIQUE,
    request_hash TEXT,
    kinds TEXT NOT NULL,
    inputs TEXT NOT NULL,
    groups TEXT NOT NULL,
    members BLOB NOT NULL
  ) STRICT;
  CREATE INDEX batches_open ON batches (seq) WHERE open > 0;

  CREATE TABLE ends (
    batch INTEGER NOT NULL REFERENCES batches (seq),
    first INTEGER NOT NULL CHECK (first >= 0),
    jobs INTEGER NOT NULL CHECK (jobs > 0),
    state TEXT NOT NULL CHECK (state IN ${TERMINAL}),
    started_ms INTEGER,
    finished_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    problem TEXT,
    lengths BLOB,
    sha256 TEXT,
    bytes BLOB,
    PRIMARY KEY (batch, first),
    CHECK ((state = 'done') = (bytes IS NOT NULL)),
    CHECK ((bytes IS NULL) = (sha256 IS NULL) AND (bytes IS NULL) = (lengths IS NULL))
  ) STRICT;
  CREATE TRIGGER ends_are_final BEFORE UPDATE ON ends
  BEGIN
    SELECT RAISE(ABORT, 'a terminal state never changes');
  END;
  CREATE TRIGGER ends_come_once BEFORE INSERT ON ends
  BEGIN
    SELECT RAISE(ABORT, 'a terminal state never changes')
      WHERE (SELECT first + jobs FROM ends WHERE batch = NEW.batch AND first <= NEW.first
        ORDER BY first DESC LIMIT 1) > NEW.first
      OR EXISTS (SELECT 1 FROM ends WHERE batch = NEW.batch AND first > NEW.first AND first < NEW.first + NEW.jobs);
    SELECT RAISE(ABORT, 'an end of a job that the batch does not have')
      WHERE NEW.first + NEW.jobs > (SELECT jobs FROM batches WHERE seq = NEW.batch);
  END;
  CREATE TRIGGER ends_count AFTER INSERT ON ends
  BEGIN
    UPDATE batches SET open = open - NEW.jobs WHERE seq = NEW.batch;
  END;
  `,
  // Small jobs that came one by one stand in one row as well, which is nobody's batch.
  `ALTER TABLE batches ADD COLUMN gathered INTEGER NOT NULL DEFAULT 0 CHECK (gathered IN (0, 1));`,
  `ALTER TABLE jobs ADD COLUMN timeout_ms INTEGER CHECK (timeout_ms > 0);`,
  // Few jobs fail, and whoever looks for them must not read all others.
  `
  CREATE INDEX jobs_failed ON jobs (seq) WHERE state = 'failed';
  CREATE INDEX ends_failed ON ends (batch) WHERE state = 'failed';
  `,
  // A large result is a file of this name in the folder beside the database; `bytes` is empty then.
  `
  ALTER TABLE results ADD COLUMN file TEXT;
  ALTER TABLE results ADD COLUMN file_bytes INTEGER CHECK ((file_bytes IS NULL) = (file IS NULL) AND file_bytes > 0);
  `,
  // A removed batch is gone at once, its ends go bit by bit; a result goes with the last job that has it.
  `
  ALTER TABLE batches ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));
  CREATE INDEX batches_removed ON batches (seq) WHERE removed = 1;
  CREATE INDEX results_filed ON results (file_bytes) WHERE file_bytes IS NOT NULL;
  CREATE INDEX jobs_done ON jobs (key) WHERE state = 'done';
  `,
  // The jobs of a sweep stand in batches, whose idempotency keys name it; removed is the reason why it goes.
  `
  CREATE TABLE sweeps (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    idempotency_key TEXT UNIQUE,
    request_hash TEXT,
    part_jobs INTEGER NOT NULL CHECK (part_jobs > 0),
    state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'partial', 'cancelled')),
    round INTEGER NOT NULL DEFAULT 0 CHECK (round >= 0),
    finished_ms INTEGER,
    counts TEXT,
    removed TEXT CHECK (removed IN ('age', 'count', 'bytes')),
    plan TEXT NOT NULL,
    CHECK ((finished_ms IS NULL) = (counts IS NULL)),
    CHECK (finished_ms IS NULL OR state <> 'running')
  ) STRICT;
  CREATE INDEX sweeps_open ON sweeps (seq) WHERE finished_ms IS NULL;
  CREATE INDEX sweeps_removed ON sweeps (seq) WHERE removed IS NOT NULL;
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
