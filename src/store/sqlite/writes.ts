/** The writes of the store as prepared statements; the writer thread groups them into commits. */
import { createHash } from 'node:crypto';
import type { JobEnd, JobRecord } from '../../contract/job.js';
import { MmsError } from '../../contract/problem.js';
import type { Connection } from './database.js';

export type Write =
  | { readonly op: 'accept'; readonly record: JobRecord }
  | { readonly op: 'running'; readonly id: string; readonly startedMs: number }
  | { readonly op: 'finish'; readonly id: string; readonly end: JobEnd; readonly bytes: Uint8Array | null }
  | { readonly op: 'put'; readonly digest: string; readonly bytes: Uint8Array };

/** Applies one write inside the open transaction; throws and leaves nothing of it when it breaks a rule. */
export type ApplyWrite = (write: Write) => void;

export function prepareWrites(db: Connection): ApplyWrite {
  const accept = db.prepare(`
    INSERT INTO jobs (id, kind, kind_version, spec, seed, key, inputs, units, priority, created_ms, idempotency_key, request_hash)
    VALUES (@id, @kind, @kindVersion, @spec, @seed, @key, @inputs, @units, @priority, @createdMs, @idempotencyKey, @requestHash)
    ON CONFLICT (id) DO UPDATE SET
      kind_version = excluded.kind_version, spec = excluded.spec, key = excluded.key, units = excluded.units`);
  const running = db.prepare(
    `UPDATE jobs SET state = 'running', started_ms = ? WHERE id = ? AND state = 'queued'`,
  );
  const finish = db.prepare(`
    UPDATE jobs SET state = @state, finished_ms = @finishedMs, problem = @problem, digest = @digest,
      summary = @summary, attempts = @attempts
    WHERE id = @id RETURNING key, inputs`);
  const result = db.prepare(`
    INSERT INTO results (key, sha256, bytes) VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes`);
  const put = db.prepare(
    `INSERT INTO inputs (digest, sha256, bytes) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING`,
  );

  const finishJob = db.transaction((id: string, end: JobEnd, bytes: Uint8Array | null) => {
    const row = finish.get({ ...end, id, problem: json(end.problem), summary: json(end.summary) });
    if (!row) throw new MmsError('E_STORE', `Job ${id} is unknown to the store.`);
    const { key, inputs } = row as { key: string; inputs: string };
    if (bytes) result.run(key, sha256(bytes), bytes);
    if (inputs !== '{}') dropInputs(db);
  });

  return (write) => {
    switch (write.op) {
      case 'accept': {
        const { record } = write;
        accept.run({ ...record, spec: JSON.stringify(record.spec), inputs: JSON.stringify(record.inputs) });
        return;
      }
      case 'running':
        running.run(write.startedMs, write.id);
        return;
      case 'finish':
        finishJob(write.id, write.end, write.bytes);
        return;
      case 'put':
        put.run(write.digest, sha256(write.bytes), write.bytes);
    }
  };
}

/** Drops the inputs that no live job needs. */
export function dropInputs(db: Connection): void {
  db.exec(`
    DELETE FROM inputs WHERE digest NOT IN (
      SELECT need.value FROM jobs, json_each(jobs.inputs) AS need WHERE jobs.state IN ('queued', 'running'))`);
}

/** SQLite has no checksums: a flipped bit in a blob would come back as it is. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
