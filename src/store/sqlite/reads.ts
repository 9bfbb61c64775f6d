/** The reads of the store, on a read-only connection of the main thread: they outlive a failed writer. */
import type { JobEnd, JobState } from '../../contract/job.js';
import type { JobStore, StoredJob } from '../../contract/ports.js';
import type { Connection } from './database.js';
import { sha256 } from './writes.js';

/** Rows of one list, whatever was asked for: an open iterator would let the log grow. */
const MAX_LIST = 1_000;

export interface Reads {
  load(id: string): StoredJob | null;
  list(filter: Parameters<JobStore['list']>[0]): StoredJob[];
  unfinished(): StoredJob[];
  byIdempotencyKey(key: string): StoredJob | null;
  /** Bytes of a result or input; 'damaged' when they are not the ones that were written. */
  blob(table: 'results' | 'inputs', key: string): Uint8Array | 'damaged' | null;
}

interface Row {
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

export function prepareReads(db: Connection): Reads {
  const byId = db.prepare<[string], Row>('SELECT * FROM jobs WHERE id = ?');
  const byKey = db.prepare<[string], Row>('SELECT * FROM jobs WHERE idempotency_key = ?');
  const live = db.prepare<[], Row>(`SELECT * FROM jobs WHERE state IN ('queued', 'running') ORDER BY seq`);
  const list = db.prepare<object, Row>(`
    SELECT * FROM jobs
    WHERE (@state IS NULL OR state = @state) AND (@kind IS NULL OR kind = @kind)
      AND (@before IS NULL OR seq < (SELECT seq FROM jobs WHERE id = @before))
    ORDER BY seq DESC LIMIT @limit`);
  const blobs = {
    results: db.prepare<[string], Blob>('SELECT sha256, bytes FROM results WHERE key = ?'),
    inputs: db.prepare<[string], Blob>('SELECT sha256, bytes FROM inputs WHERE digest = ?'),
  };
  const orNull = (row: Row | undefined) => (row ? toStoredJob(row) : null);
  return {
    load: (id) => orNull(byId.get(id)),
    byIdempotencyKey: (key) => orNull(byKey.get(key)),
    unfinished: () => live.all().map(toStoredJob),
    list({ state = null, kind = null, before = null, limit }: { [name: string]: unknown; limit: number }) {
      return list.all({ state, kind, before, limit: Math.min(limit, MAX_LIST) }).map(toStoredJob);
    },
    blob(table, key) {
      const row = blobs[table].get(key);
      if (!row) return null;
      const { buffer, byteOffset, byteLength } = row.bytes;
      return sha256(row.bytes) === row.sha256 ? new Uint8Array(buffer, byteOffset, byteLength) : 'damaged';
    },
  };
}

interface Blob {
  sha256: string;
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
