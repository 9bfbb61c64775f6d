/** The writes of the store as prepared statements; the writer thread groups them into commits. */
import { memberOf, type BatchEnd } from '../../contract/batch.js';
import type { JobEnd, JobRecord } from '../../contract/job.js';
import type { SweepMark, SweepRecord } from '../../contract/stored-sweep.js';
import type { BatchRow } from './batch-rows.js';
import { prepareBatchWrites } from './batch-writes.js';
import type { Connection } from './database.js';
import { sha256 } from './hash.js';
import type { ResultFile } from './result-files.js';
import { prepareSweepWrites } from './sweep-rows.js';

export type Write =
  /** `seq` is the job's number in the order of acceptance, which jobs and those of batches share. */
  | { readonly op: 'accept'; readonly seq: number; readonly record: JobRecord }
  | { readonly op: 'running'; readonly id: string; readonly startedMs: number }
  | {
      readonly op: 'finish';
      readonly id: string;
      /** For a job that was not marked as running. */
      readonly startedMs: number | null;
      readonly end: JobEnd;
      readonly bytes: Uint8Array | null;
      /** The memory of the bytes was moved here and is wanted back. */
      readonly isMoved: boolean;
    }
  | { readonly op: 'acceptBatch'; readonly seq: number; readonly row: BatchRow }
  | { readonly op: 'finishBatch'; readonly id: string; readonly ends: readonly BatchEnd[] }
  | { readonly op: 'acceptSweep'; readonly seq: number; readonly record: SweepRecord }
  | { readonly op: 'markSweep'; readonly id: string; readonly mark: SweepMark }
  | { readonly op: 'put'; readonly digest: string; readonly bytes: Uint8Array };

/**
 * Applies one write inside the open transaction; throws and leaves nothing of it when it breaks a rule.
 * `file` holds the result already; null without one.
 */
export type ApplyWrite = (write: Write, file: ResultFile | null) => void;

/** `drop` hears of each file that no row will name once the transaction is committed. */
export function prepareWrites(db: Connection, drop: (file: string) => void): ApplyWrite {
  const accept = db.prepare(`
    INSERT INTO jobs (seq, id, kind, kind_version, spec, seed, key, inputs, units, priority, created_ms, timeout_ms, idempotency_key, request_hash)
    VALUES (@seq, @id, @kind, @kindVersion, @spec, @seed, @key, @inputs, @units, @priority, @createdMs, @timeoutMs, @idempotencyKey, @requestHash)
    ON CONFLICT (id) DO UPDATE SET
      kind_version = excluded.kind_version, spec = excluded.spec, key = excluded.key, units = excluded.units`);
  const running = db.prepare(
    `UPDATE jobs SET state = 'running', started_ms = ? WHERE id = ? AND state = 'queued'`,
  );
  const finish = db.prepare(`
    UPDATE jobs SET state = @state, started_ms = coalesce(started_ms, @startedMs), finished_ms = @finishedMs, problem = @problem, digest = @digest,
      summary = @summary, attempts = @attempts
    WHERE id = @id RETURNING key, inputs`);
  // What was computed again was damaged or gone, whatever its hash; what came from a cache may be here.
  const result = db.prepare(`
    INSERT INTO results (key, sha256, bytes, file, file_bytes) VALUES (@key, @sha256, @bytes, @file, @fileBytes)
    ON CONFLICT (key) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes,
      file = excluded.file, file_bytes = excluded.file_bytes
      WHERE sha256 <> excluded.sha256 OR @attempts > 0`);
  db.function('drop_result_file', (file) => void drop(file as string));
  db.exec(`
    CREATE TEMP TRIGGER result_gone AFTER DELETE ON results WHEN OLD.file IS NOT NULL
    BEGIN SELECT drop_result_file(OLD.file); END;
    CREATE TEMP TRIGGER result_replaced AFTER UPDATE OF file ON results WHEN OLD.file IS NOT NEW.file AND OLD.file IS NOT NULL
    BEGIN SELECT drop_result_file(OLD.file); END;`);
  const put = db.prepare(
    `INSERT INTO inputs (digest, sha256, bytes) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING`,
  );

  const batches = prepareBatchWrites(db);
  const sweeps = prepareSweepWrites(db);
  const finishJob = db.transaction((write: Write & { op: 'finish' }, file: ResultFile | null) => {
    const { id, startedMs, end, bytes } = write;
    const given = { ...end, id, startedMs, problem: json(end.problem), summary: json(end.summary) };
    const row = finish.get(given) as { key: string; inputs: string } | undefined;
    if (row && bytes) result.run({ key: row.key, attempts: end.attempts, ...formOf(bytes, file) });
    const mayFree = row ? row.inputs !== '{}' : batches.finishOne(id, startedMs, end, bytes);
    if (mayFree) dropInputs(db);
  });

  return (write, file) => {
    switch (write.op) {
      case 'accept': {
        const { record } = write;
        // Few ids look like those of a batch's jobs.
        if (memberOf(record.id) && batches.change(record)) return;
        const { spec, inputs, timeoutMs = null } = record;
        const texts = { spec: JSON.stringify(spec), inputs: JSON.stringify(inputs) };
        accept.run({ ...record, ...texts, timeoutMs, seq: write.seq });
        return;
      }
      case 'running':
        running.run(write.startedMs, write.id);
        return;
      case 'finish':
        finishJob(write, file);
        return;
      case 'acceptBatch':
        batches.accept(write.row, write.seq);
        return;
      case 'finishBatch':
        if (batches.finish(write.id, write.ends)) dropInputs(db);
        return;
      case 'acceptSweep':
        sweeps.accept(write.record, write.seq);
        return;
      case 'markSweep':
        sweeps.mark(write.id, write.mark);
        return;
      case 'put':
        put.run(write.digest, sha256(write.bytes), write.bytes);
    }
  };
}

/** A result as its row holds it: all of it, or the name of its file. */
function formOf(bytes: Uint8Array, file: ResultFile | null) {
  if (!file) return { sha256: sha256(bytes), bytes, file: null, fileBytes: null };
  return { sha256: file.sha256, bytes: NO_BYTES, file: file.name, fileBytes: bytes.byteLength };
}

const NO_BYTES = new Uint8Array(0);

/** Drops the inputs that no live job needs. */
export function dropInputs(db: Connection): void {
  db.exec(`
    DELETE FROM inputs WHERE digest NOT IN (
      SELECT need.value FROM jobs, json_each(jobs.inputs) AS need WHERE jobs.state IN ('queued', 'running')
      UNION ALL
      SELECT need.value FROM batches, json_each(batches.inputs) AS need WHERE batches.open > 0)`);
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
