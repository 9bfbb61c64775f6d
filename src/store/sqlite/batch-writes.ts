/** The writes of batches: one row for jobs that came together, one for neighbours that ended together. */
import { memberOf, type BatchEnd } from '../../contract/batch.js';
import type { JobEnd, JobRecord } from '../../contract/job.js';
import { MmsError } from '../../contract/problem.js';
import { fromBatchRow, toBatchRow, type BatchRow } from './batch-rows.js';
import type { Connection } from './database.js';
import { sha256 } from './hash.js';

export interface BatchWrites {
  /** `seq` is the number of its first job. */
  accept(row: BatchRow, seq: number): void;
  /** Changes kind version, spec, key and units of a job that has not ended. False when no batch has it. */
  change(record: JobRecord): boolean;
  /** Throws MmsError E_STORE when the batch is unknown; true when its inputs may be free now. */
  finish(id: string, ends: readonly BatchEnd[]): boolean;
  /** The same for one job, by its id. */
  finishOne(id: string, startedMs: number | null, end: JobEnd, bytes: Uint8Array | null): boolean;
}

export function prepareBatchWrites(db: Connection): BatchWrites {
  const insert = db.prepare(`
    INSERT INTO batches (seq, id, jobs, open, created_ms, idempotency_key, request_hash, gathered, kinds, inputs, groups, members)
    VALUES (@seq, @id, @jobs, @jobs, @createdMs, @idempotencyKey, @requestHash, @gathered, @kinds, @inputs, @groups, @members)`);
  const find = db.prepare<[string], { seq: number; inputs: string }>(
    'SELECT seq, inputs FROM batches WHERE id = ?',
  );
  const read = db.prepare<[string], Omit<BatchRow, 'kinds' | 'inputs'> & { seq: number }>(`
    SELECT seq, id, jobs, created_ms AS createdMs, idempotency_key AS idempotencyKey,
      request_hash AS requestHash, gathered, groups, members FROM batches WHERE id = ?`);
  const endOf = db.prepare<[number, number], { last: number }>(
    'SELECT first + jobs AS last FROM ends WHERE batch = ? AND first <= ? ORDER BY first DESC LIMIT 1',
  );
  const rewrite = db.prepare('UPDATE batches SET groups = @groups, members = @members WHERE id = @id');
  const end = db.prepare(`
    INSERT INTO ends (batch, first, jobs, state, started_ms, finished_ms, attempts, problem, lengths, sha256, bytes)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);

  const finish = db.transaction((id: string, ends: readonly BatchEnd[]): boolean => {
    const batch = find.get(id);
    if (!batch) throw new MmsError('E_STORE', `Batch ${id} is unknown to the store.`);
    for (const { first, jobs, state, startedMs, finishedMs, attempts, problem, results } of ends) {
      const told = problem === null ? null : JSON.stringify(problem);
      const { lengths, bytes } = results ?? { lengths: null, bytes: null };
      const packed = lengths && new Uint8Array(lengths.buffer, lengths.byteOffset, lengths.byteLength);
      const hash = bytes && sha256(bytes);
      end.run(batch.seq, first, jobs, state, startedMs, finishedMs, attempts, told, packed, hash, bytes);
    }
    return batch.inputs !== '[]';
  });

  return {
    accept: (row, seq) => void insert.run({ ...row, seq }),
    change(record) {
      const place = memberOf(record.id);
      const row = place && read.get(place.batchId);
      if (!place || !row) return false;
      const { number } = place;
      if ((endOf.get(row.seq, number)?.last ?? 0) > number)
        throw new MmsError('E_STORE', `Job ${record.id} has ended; a terminal state never changes.`);
      const batch = fromBatchRow(row);
      const { kind, kindVersion, spec, inputs, units, priority, timeoutMs, key } = record;
      const given = { kind, kindVersion, spec, inputs, units, priority };
      const changed = toBatchRow({
        ...batch,
        groups: [...batch.groups, timeoutMs === undefined ? given : { ...given, timeoutMs }],
        groupOf: batch.groupOf.with(number, batch.groups.length),
        keys: batch.keys.with(number, key),
      });
      rewrite.run(changed);
      return true;
    },
    finish,
    finishOne(id, startedMs, { state, finishedMs, attempts, problem }, bytes) {
      const place = memberOf(id);
      if (!place || !find.get(place.batchId))
        throw new MmsError('E_STORE', `Job ${id} is unknown to the store.`);
      const given = { first: place.number, jobs: 1, state, startedMs, finishedMs, attempts, problem };
      if (state === 'done' && !bytes)
        throw new MmsError(
          'E_STORE',
          `Job ${id} is one of a batch and done: its result must come with its end.`,
        );
      const results = bytes && { lengths: Uint32Array.of(bytes.byteLength), bytes };
      return finish(place.batchId, [{ ...given, results }]);
    },
  };
}
