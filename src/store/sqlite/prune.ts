/** What retention removes, oldest first, in slices short enough to stand between two commits. */
import { memberOf } from '../../contract/batch.js';
import { requeueOfKey } from '../../contract/job.js';
import { isPartKey, partKeysOf } from '../../contract/stored-sweep.js';
import {
  KEPT_KEYED_MS,
  KEPT_MS,
  type Removal,
  type RemovalReason,
  type RetentionRules,
} from '../../contract/retention.js';
import { keyHeads } from './batch-rows.js';
import type { Connection } from './database.js';
import { headOf } from './key-index.js';

/** Rows are looked at and removed for so long; what is left of 5 ms is the commit's. */
const SLICE_MS = 3;

/** The bytes of all large results. */
export const FILED_BYTES = 'SELECT coalesce(sum(file_bytes), 0) FROM results WHERE file_bytes IS NOT NULL';

export interface Slice extends Removal {
  /** Heads of keys whose results are gone: of a single job (null) or of a batch, by its number. */
  readonly forgotten: readonly { readonly seq: number | null; readonly heads: readonly number[] }[];
}

/** A single job, a batch or a sweep. */
interface Entry {
  seq: number;
  id: string;
  /** Null for a single job or a sweep. */
  batchJobs: number | null;
  isSweep: 0 | 1;
  createdMs: number;
  /** Null while it, or one job of it, lives. */
  finishedMs: number | null;
  idempotencyKey: string | null;
}

type Removed = Pick<Entry, 'seq' | 'id' | 'batchJobs' | 'isSweep'>;

/** What decides within one slice. */
interface Terms {
  readonly rules: RetentionRules;
  readonly nowMs: number;
  /** Number of the newest job. */
  readonly newest: number;
}

/** What one slice has done. */
interface Draft {
  readonly counts: Record<RemovalReason, number>;
  readonly removed: Slice['removed'][number][];
  readonly forgotten: Slice['forgotten'][number][];
  /** By performance.now(). */
  readonly untilMs: number;
}

/**
 * Sweeps the jobs from the oldest number of acceptance on, one slice a call. A sweep ends where nothing that
 * was accepted later can be removed either: it costs what it removes and what it steps over, not the file.
 */
export class Pruner {
  readonly #db: Connection;
  readonly #sql;
  /** Where the sweep stands. */
  #from = 0;
  /** Bytes of large results, which are files beside the database. */
  #filedBytes = 0;

  constructor(db: Connection) {
    this.#db = db;
    this.#sql = prepare(db);
  }

  /** Throws what SQLite throws; then nothing was removed. */
  slice(rules: RetentionRules, nowMs: number): Slice {
    const untilMs = performance.now() + SLICE_MS;
    const draft: Draft = { counts: { age: 0, count: 0, bytes: 0 }, removed: [], forgotten: [], untilMs };
    const { counts, removed, forgotten } = draft;
    const before = this.#from;
    try {
      const more = this.#db.transaction(() => this.#sweep(rules, nowMs, draft)).immediate();
      return { counts, removed, forgotten, more };
    } catch (error) {
      this.#from = before;
      throw error;
    }
  }

  /** False when the sweep has come to its end, true when the time was over before. */
  #sweep(rules: RetentionRules, nowMs: number, draft: Draft): boolean {
    for (let seq = this.#sql.leaving.get(); seq !== undefined; seq = this.#sql.leaving.get())
      if (!this.#dropBatch(seq, draft.untilMs)) return true;
    if (!this.#dropParts(draft)) return true;
    this.#filedBytes = this.#sql.filedBytes.get()!;
    const terms = { rules, nowMs, newest: this.#sql.newest.get()! };
    while (performance.now() < draft.untilMs) {
      const entry = this.#next();
      const { createdMs = 0, finishedMs = null } = entry ?? {};
      // Nobody ends before he was accepted, and whoever comes later was accepted later; but clocks leap.
      if (!entry || (createdMs <= nowMs && this.#reason(entry, createdMs, terms) === null)) {
        this.#from = 0;
        return false;
      }
      this.#from = entry.seq + 1;
      const reason = finishedMs === null ? null : this.#reason(entry, finishedMs, terms);
      if (reason === null || this.#isKept(entry, nowMs)) continue;
      this.#remove(entry, reason, draft);
      // Its parts are the next slice's.
      if (entry.isSweep) return true;
    }
    return true;
  }

  /** The job, batch or sweep with the least number from here on. */
  #next(): Entry | undefined {
    const single = this.#sql.nextJob.get(this.#from);
    const sweep = this.#sql.nextSweep.get(this.#from, single?.seq ?? Number.MAX_SAFE_INTEGER) ?? single;
    return this.#sql.nextBatch.get(this.#from, sweep?.seq ?? Number.MAX_SAFE_INTEGER) ?? sweep;
  }

  /** Why a rule removes it if it ended at this time; null if none does. */
  #reason(entry: Entry, endedMs: number, { rules, nowMs, newest }: Terms): RemovalReason | null {
    const own = entry.isSweep ? this.#sql.lastOf.get(...partKeysOf(entry.id)) : null;
    const later = newest - (own ?? entry.seq + (entry.batchJobs ?? 1) - 1);
    // The newest job says where the numbers go on after a restart.
    if (later === 0 || endedMs > nowMs - KEPT_MS) return null;
    if (rules.ageMs !== null && endedMs <= nowMs - rules.ageMs) return 'age';
    if (rules.jobs !== null && later >= rules.jobs) return 'count';
    return rules.bytes !== null && this.#sql.usedBytes() + this.#filedBytes > rules.bytes ? 'bytes' : null;
  }

  /** True while its key may be asked for again, or a dead letter would look as if nobody had requeued it. */
  #isKept({ idempotencyKey, finishedMs }: Entry, nowMs: number): boolean {
    if (idempotencyKey === null) return false;
    // A part goes with its sweep.
    if (isPartKey(idempotencyKey)) return true;
    if (finishedMs! > nowMs - KEPT_KEYED_MS) return true;
    const letter = requeueOfKey(idempotencyKey);
    if (letter === null) return false;
    const batchId = memberOf(letter)?.batchId ?? null;
    return this.#sql.has.get(letter, batchId) !== undefined;
  }

  /** Drops the parts of sweeps that are gone, and then their rows; false when the time was over before. */
  #dropParts(draft: Draft): boolean {
    for (let sweep = this.#sql.leavingSweep.get(); sweep; sweep = this.#sql.leavingSweep.get()) {
      const keys = partKeysOf(sweep.id);
      for (let part = this.#sql.nextPart.get(...keys); part; part = this.#sql.nextPart.get(...keys)) {
        this.#remove(part, sweep.reason, draft);
        if (performance.now() > draft.untilMs) return false;
      }
      this.#sql.dropSweep.run(sweep.id);
    }
    return true;
  }

  #remove({ seq, id, batchJobs, isSweep }: Removed, reason: RemovalReason, draft: Draft): void {
    draft.removed.push({ id, batchJobs });
    if (isSweep) return void this.#sql.markSweep.run(reason, seq);
    draft.counts[reason] += batchJobs ?? 1;
    if (batchJobs === null) {
      const { key, state } = this.#sql.dropJob.get(seq)!;
      const result = state === 'done' ? this.#sql.dropResult.get(key, key) : undefined;
      if (!result) return;
      this.#filedBytes -= result.filedBytes ?? 0;
      draft.forgotten.push({ seq: null, heads: [headOf(key)] });
      return;
    }
    draft.forgotten.push({ seq, heads: keyHeads(this.#sql.members.get(seq)!, batchJobs) });
    if (!this.#dropBatch(seq, draft.untilMs)) this.#sql.markLeaving.run(seq);
  }

  /** Drops its ends, each of which may be large, and then its row; false when the time was over before. */
  #dropBatch(seq: number, untilMs: number): boolean {
    while (this.#sql.dropEnd.run(seq).changes > 0) if (performance.now() > untilMs) return false;
    this.#sql.dropBatch.run(seq);
    return true;
  }
}

function prepare(db: Connection) {
  const number = (sql: string) => db.prepare<[], number>(sql).pluck();
  const [pages, free] = [number('PRAGMA page_count'), number('PRAGMA freelist_count')];
  const pageBytes = number('PRAGMA page_size').get()!;
  return {
    usedBytes: () => (pages.get()! - free.get()!) * pageBytes,
    newest: number(`SELECT max((SELECT coalesce(max(seq), 0) FROM jobs),
      (SELECT coalesce(max(seq + jobs - 1), 0) FROM batches WHERE seq = (SELECT max(seq) FROM batches)),
      (SELECT coalesce(max(seq), 0) FROM sweeps))`),
    leavingSweep: db.prepare<[], { id: string; reason: RemovalReason }>(
      'SELECT id, removed AS reason FROM sweeps WHERE removed IS NOT NULL LIMIT 1',
    ),
    nextPart: db.prepare<[string, string], Removed>(`
      SELECT seq, id, jobs AS batchJobs, 0 AS isSweep FROM batches
      WHERE idempotency_key >= ? AND idempotency_key < ? LIMIT 1`),
    dropSweep: db.prepare<[string]>('DELETE FROM sweeps WHERE id = ?'),
    markSweep: db.prepare<[RemovalReason, number]>(
      'UPDATE sweeps SET removed = ?, idempotency_key = NULL WHERE seq = ?',
    ),
    lastOf: db
      .prepare<[string, string], number | null>(
        'SELECT max(seq + jobs - 1) FROM batches WHERE idempotency_key >= ? AND idempotency_key < ?',
      )
      .pluck(),
    nextSweep: db.prepare<[number, number], Entry>(`
      SELECT seq, id, NULL AS batchJobs, 1 AS isSweep, created_ms AS createdMs, finished_ms AS finishedMs,
        idempotency_key AS idempotencyKey
      FROM sweeps WHERE removed IS NULL AND seq >= ? AND seq < ? ORDER BY seq LIMIT 1`),
    leaving: number('SELECT seq FROM batches WHERE removed = 1 LIMIT 1'),
    nextJob: db.prepare<[number], Entry>(`
      SELECT seq, id, NULL AS batchJobs, 0 AS isSweep, created_ms AS createdMs, finished_ms AS finishedMs,
        idempotency_key AS idempotencyKey
      FROM jobs WHERE seq >= ? ORDER BY seq LIMIT 1`),
    nextBatch: db.prepare<[number, number], Entry>(`
      SELECT seq, id, jobs AS batchJobs, 0 AS isSweep, created_ms AS createdMs, idempotency_key AS idempotencyKey,
        CASE open WHEN 0 THEN (SELECT max(finished_ms) FROM ends WHERE batch = batches.seq) END AS finishedMs
      FROM batches WHERE removed = 0 AND seq >= ? AND seq < ? ORDER BY seq LIMIT 1`),
    has: db.prepare<[string, string | null], number>(`
      SELECT 1 FROM jobs WHERE id = ? UNION ALL SELECT 1 FROM batches WHERE id = ? AND removed = 0`),
    dropJob: db.prepare<[number], { key: string; state: string }>(
      'DELETE FROM jobs WHERE seq = ? RETURNING key, state',
    ),
    filedBytes: number(FILED_BYTES),
    dropResult: db.prepare<[string, string], { filedBytes: number | null }>(`
      DELETE FROM results WHERE key = ? AND NOT EXISTS (SELECT 1 FROM jobs WHERE key = ? AND state = 'done')
      RETURNING file_bytes AS filedBytes`),
    members: db.prepare<[number], Buffer>('SELECT members FROM batches WHERE seq = ?').pluck(),
    dropEnd: db.prepare<[number]>(
      'DELETE FROM ends WHERE rowid = (SELECT rowid FROM ends WHERE batch = ? LIMIT 1)',
    ),
    dropBatch: db.prepare<[number]>('DELETE FROM batches WHERE seq = ?'),
    markLeaving: db.prepare<[number]>('UPDATE batches SET removed = 1, idempotency_key = NULL WHERE seq = ?'),
  };
}
