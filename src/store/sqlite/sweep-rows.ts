/** Reads and writes of sweeps: one row each, all else of them stands in batches. */
import type { JobStore } from '../../contract/ports.js';
import type { StoredSweep, SweepCounts, SweepMark, SweepRecord } from '../../contract/stored-sweep.js';
import type { SweepPlan } from '../../contract/sweep.js';
import type { Connection } from './database.js';

/** Rows of one list, whatever was asked for. */
const MAX_LIST = 1_000;

interface Row extends Omit<SweepRecord, 'plan'>, Omit<SweepMark, 'counts'> {
  readonly plan: string;
  readonly counts: string | null;
}

const ROW = `SELECT id, created_ms AS createdMs, idempotency_key AS idempotencyKey,
  request_hash AS requestHash, plan, part_jobs AS partJobs,
  state, round, finished_ms AS finishedMs, counts FROM sweeps WHERE removed IS NULL`;

export interface SweepReads {
  load(id: string): StoredSweep | null;
  byIdempotencyKey(key: string): StoredSweep | null;
  /** Newest first. */
  list(filter: Parameters<JobStore['listSweeps']>[0]): StoredSweep[];
  /** Oldest first. */
  open(): StoredSweep[];
}

export function prepareSweepReads(db: Connection): SweepReads {
  const byId = db.prepare<[string], Row>(`${ROW} AND id = ?`);
  const byKey = db.prepare<[string], Row>(`${ROW} AND idempotency_key = ?`);
  const open = db.prepare<[], Row>(`${ROW} AND finished_ms IS NULL ORDER BY seq`);
  const list = db.prepare<object, Row>(`${ROW} AND (@state IS NULL OR state = @state)
    AND (@before IS NULL OR seq < (SELECT seq FROM sweeps WHERE id = @before)) ORDER BY seq DESC LIMIT @limit`);
  const stored = (row: Row | undefined): StoredSweep | null => (row ? toStored(row) : null);
  return {
    load: (id) => stored(byId.get(id)),
    byIdempotencyKey: (key) => stored(byKey.get(key)),
    list: ({ state = null, limit, before = null }) =>
      list.all({ state, before, limit: Math.min(limit, MAX_LIST) }).map(toStored),
    open: () => open.all().map(toStored),
  };
}

export interface SweepWrites {
  accept(record: SweepRecord, seq: number): void;
  /** Throws when the sweep is unknown. */
  mark(id: string, mark: SweepMark): void;
}

export function prepareSweepWrites(db: Connection): SweepWrites {
  const insert = db.prepare(`
    INSERT INTO sweeps (seq, id, created_ms, idempotency_key, request_hash, part_jobs, plan)
    VALUES (@seq, @id, @createdMs, @idempotencyKey, @requestHash, @partJobs, @plan)`);
  const update = db.prepare(`
    UPDATE sweeps SET state = @state, round = @round, finished_ms = @finishedMs, counts = @counts
    WHERE id = @id AND removed IS NULL`);
  return {
    accept: (record, seq) => void insert.run({ ...record, seq, plan: JSON.stringify(record.plan) }),
    mark(id, { counts, ...mark }) {
      const given = { id, ...mark, counts: counts && JSON.stringify(counts) };
      if (update.run(given).changes === 0) throw new Error(`Sweep ${id} is unknown to the store.`);
    },
  };
}

function toStored(row: Row): StoredSweep {
  const { state, round, finishedMs, counts, plan, ...record } = row;
  return {
    record: { ...record, plan: JSON.parse(plan) as SweepPlan },
    mark: { state, round, finishedMs, counts: counts === null ? null : (JSON.parse(counts) as SweepCounts) },
  };
}
