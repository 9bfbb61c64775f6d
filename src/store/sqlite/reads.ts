/** The reads of the store, on a read-only connection of the main thread: they outlive a failed writer. */
import type { JobEnd, JobState } from '../../contract/job.js';
import type { JobStore, StoredJob } from '../../contract/ports.js';
import type { Connection } from './database.js';
import { IS_DEAD, prepareBatchReads, type BatchReads, type Numbered } from './batch-reads.js';
import { sha256 } from './hash.js';
import { readResultFile, type FileRow } from './result-files.js';
import { prepareSweepReads, type SweepReads } from './sweep-rows.js';

/** Rows of one list, whatever was asked for: an open iterator would let the log grow. */
const MAX_LIST = 1_000;

export interface Reads {
  load(id: string): StoredJob | null;
  list(filter: Parameters<JobStore['list']>[0]): StoredJob[];
  unfinished(): StoredJob[];
  readonly batches: BatchReads;
  readonly sweeps: SweepReads;
  /** Calls back with the first 8 hexadecimal digits of the key of every single job's result. */
  scanKeys(each: (head: string) => void): void;
  /** The number after that of the newest job. */
  nextSeq(): number;
  byIdempotencyKey(key: string): StoredJob | null;
  /** Bytes of a result or input; 'damaged' when they are not the ones that were written. */
  blob(table: 'results' | 'inputs', key: string): Uint8Array | 'damaged' | null;
}

interface Row {
  seq: number;
  id: string;
  kind: string;
  kind_version: number;
  spec: string;
  seed: number;
  key: string;
  inputs: string;
  units: number;
  priority: number;
  created_ms: number;
  timeout_ms: number | null;
  idempotency_key: string | null;
  request_hash: string | null;
  state: JobState;
  started_ms: number | null;
  finished_ms: number | null;
  problem: string | null;
  digest: string | null;
  summary: string | null;
  attempts: number;
}

/** `path` is the file of `db`, beside which large results stand. */
export function prepareReads(db: Connection, path: string): Reads {
  const byId = db.prepare<[string], Row>('SELECT * FROM jobs WHERE id = ?');
  const byKey = db.prepare<[string], Row>('SELECT * FROM jobs WHERE idempotency_key = ?');
  const live = db.prepare<[], Row>(`SELECT * FROM jobs WHERE state IN ('queued', 'running') ORDER BY seq`);
  const list = db.prepare<object, Row>(`
    SELECT * FROM jobs
    WHERE (@state IS NULL OR state = @state OR (@state = 'open' AND state IN ('queued', 'running')))
      AND (@kind IS NULL OR kind = @kind) AND seq < @below
    ORDER BY seq DESC LIMIT @limit`);
  const dead = db.prepare<object, Row>(`
    SELECT * FROM jobs
    WHERE state = 'failed' AND ${IS_DEAD} AND (@kind IS NULL OR kind = @kind) AND seq < @below
    ORDER BY seq DESC LIMIT @limit`);
  const blobs = {
    results: db.prepare<[string], Blob>('SELECT sha256, bytes, file, file_bytes FROM results WHERE key = ?'),
    inputs: db.prepare<[string], Blob>(
      'SELECT sha256, bytes, NULL AS file, NULL AS file_bytes FROM inputs WHERE digest = ?',
    ),
  };
  const keys = db.prepare<[], string>('SELECT substr(key, 1, 8) FROM results').pluck();
  const next = db
    .prepare<[], number>(
      `SELECT 1 + max((SELECT coalesce(max(seq), 0) FROM jobs),
        (SELECT coalesce(max(seq + jobs - 1), 0) FROM batches WHERE seq = (SELECT max(seq) FROM batches)),
        (SELECT coalesce(max(seq), 0) FROM sweeps))`,
    )
    .pluck();
  const batches = prepareBatchReads(db);
  const numbered = (row: Row): Numbered => ({ seq: row.seq, job: toStoredJob(row) });
  const find = (id: string): Numbered | null => {
    const row = byId.get(id);
    return row ? numbered(row) : batches.job(id);
  };
  return {
    batches,
    sweeps: prepareSweepReads(db),
    load: (id) => find(id)?.job ?? null,
    byIdempotencyKey(key) {
      const row = byKey.get(key);
      return row ? toStoredJob(row) : null;
    },
    unfinished: () => merge(live.all().map(numbered), batches.unfinished(), (a, b) => a.seq - b.seq),
    list({ state = null, kind = null, before, limit: asked }) {
      const limit = Math.min(asked, MAX_LIST);
      const below = before === undefined ? Number.MAX_SAFE_INTEGER : find(before)?.seq;
      if (below === undefined) return [];
      const filter = { state, kind, below, limit };
      const singles = (state === 'dead' ? dead : list).all(filter).map(numbered);
      return merge(singles, batches.list(filter), (a, b) => b.seq - a.seq).slice(0, limit);
    },
    nextSeq: () => next.get()!,
    scanKeys(each) {
      for (const head of keys.iterate()) each(head);
    },
    blob(table, key) {
      const row = blobs[table].get(key);
      if (!row) return null;
      if (row.file !== null) {
        const bytes = readResultFile(path, row as FileRow);
        if (bytes !== 'missing') return bytes;
        // It may have been removed with its row between the two looks.
        return blobs[table].get(key)?.file === row.file ? 'damaged' : null;
      }
      const { buffer, byteOffset, byteLength } = row.bytes;
      return sha256(row.bytes) === row.sha256 ? new Uint8Array(buffer, byteOffset, byteLength) : 'damaged';
    },
  };
}

function merge(
  singles: readonly Numbered[],
  members: readonly Numbered[],
  order: (a: Numbered, b: Numbered) => number,
): StoredJob[] {
  return [...singles, ...members].sort(order).map(({ job }) => job);
}

interface Blob {
  sha256: string;
  file: string | null;
  file_bytes: number | null;
  /** A plain view goes out: Buffer's slice() does not copy, which its readers expect. */
  bytes: Buffer;
}

function toStoredJob(row: Row): StoredJob {
  return {
    record: {
      id: row.id,
      kind: row.kind,
      kindVersion: row.kind_version,
      spec: JSON.parse(row.spec),
      seed: row.seed,
      key: row.key,
      inputs: JSON.parse(row.inputs) as Record<string, string>,
      units: row.units,
      priority: row.priority,
      createdMs: row.created_ms,
      ...(row.timeout_ms !== null && { timeoutMs: row.timeout_ms }),
      idempotencyKey: row.idempotency_key,
      requestHash: row.request_hash,
    },
    state: row.state,
    startedMs: row.started_ms,
    end: toEnd(row),
  };
}

function toEnd({ state, finished_ms, problem, digest, summary, attempts }: Row): JobEnd | null {
  if (state === 'queued' || state === 'running' || finished_ms === null) return null;
  return {
    state,
    finishedMs: finished_ms,
    problem: parse(problem),
    digest,
    summary: parse(summary),
    attempts,
  };
}

function parse<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}
