/** The reads of batches: a job of one is found by its id alone, its end by the range that holds it. */
import { LRUCache } from 'lru-cache';
import { memberOf, memberRecord, type BatchRecord } from '../../contract/batch.js';
import { DEAD_CODES, isDead, type JobEnd } from '../../contract/job.js';
import type { StoredBatch, StoredJob } from '../../contract/ports.js';
import type { BatchEnds } from '../../contract/stored-sweep.js';
import type { Problem } from '../../contract/problem.js';
import { MmsError } from '../../contract/problem.js';
import { decodeResult } from '../../wire/result.js';
import { fromBatchRow, type BatchRow } from './batch-rows.js';
import type { Connection } from './database.js';
import { sha256 } from './hash.js';

/** Batches whose jobs are kept unpacked for the next question. */
const KEPT_BATCHES = 64;

/** A job with its number among all jobs of the file. */
export interface Numbered {
  readonly seq: number;
  readonly job: StoredJob;
}

export interface BatchReads {
  load(id: string): StoredBatch | null;
  byIdempotencyKey(key: string): StoredBatch | null;
  /** By idempotency key. */
  ends(key: string): BatchEnds | null;
  /** All of one batch in their order. */
  jobs(id: string): StoredJob[];
  job(id: string): Numbered | null;
  /** Newest first, at most `limit`, with numbers below `below`. */
  list(filter: { state: string | null; kind: string | null; below: number; limit: number }): Numbered[];
  unfinished(): Numbered[];
  /** Result bytes of a job that is done, 'damaged' when they are not those that were written. */
  result(id: string): Uint8Array | 'damaged' | null;
  /** The same by batch number and key. */
  resultByKey(seq: number, key: string): Uint8Array | 'damaged' | null;
  /** Calls back with the packed members of every batch. */
  scan(each: (seq: number, jobs: number, members: Uint8Array) => void): void;
}

type Row = Omit<BatchRow, 'kinds' | 'inputs'> & { seq: number; open: number };

interface EndRow {
  first: number;
  jobs: number;
  state: JobEnd['state'];
  startedMs: number | null;
  finishedMs: number;
  attempts: number;
  problem: string | null;
  lengths: Buffer | null;
  sha256: string | null;
  bytes: Buffer | null;
}

const ROW = `SELECT seq, id, jobs, open, created_ms AS createdMs, idempotency_key AS idempotencyKey,
  request_hash AS requestHash, gathered, groups, members FROM batches WHERE removed = 0`;
/** Of a failed job or range. */
export const IS_DEAD = `json_extract(problem, '$.code') IN (${DEAD_CODES.map((code) => `'${code}'`).join(', ')})`;
const END = `SELECT first, jobs, state, started_ms AS startedMs, finished_ms AS finishedMs, attempts, problem,
  lengths, sha256, bytes FROM ends`;

class SqliteBatchReads implements BatchReads {
  readonly #byId;
  readonly #bySeq;
  readonly #byKey;
  readonly #open;
  readonly #below;
  readonly #belowDead;
  readonly #endAt;
  readonly #ends;
  readonly #counts;
  readonly #sizes;
  readonly #all;
  readonly #kept = new LRUCache<number, BatchRecord>({ max: KEPT_BATCHES });

  constructor(db: Connection) {
    this.#byId = db.prepare<[string], Row>(`${ROW} AND id = ?`);
    this.#bySeq = db.prepare<[number], Row>(`${ROW} AND seq = ?`);
    this.#byKey = db.prepare<[string], Row>(`${ROW} AND idempotency_key = ?`);
    this.#open = db.prepare<[], Row>(`${ROW} AND open > 0 ORDER BY seq`);
    this.#below = db.prepare<object, Row>(`${ROW} AND seq < @below
      AND (@kind IS NULL OR instr(kinds, ',' || @kind || ',') > 0)
      AND (@state IS NULL OR (@state IN ('open', 'queued') AND open > 0)
        OR EXISTS (SELECT 1 FROM ends WHERE ends.batch = batches.seq AND ends.state = @state))
      ORDER BY seq DESC LIMIT 1`);
    this.#belowDead = db.prepare<object, Row>(`${ROW} AND seq = (
      SELECT batch FROM ends WHERE state = 'failed' AND batch < @below AND ${IS_DEAD}
        AND batch NOT IN (SELECT seq FROM batches WHERE removed = 1) ORDER BY batch DESC LIMIT 1)`);
    this.#endAt = db.prepare<[number, number], EndRow>(
      `${END} WHERE batch = ? AND first <= ? ORDER BY first DESC LIMIT 1`,
    );
    this.#ends = db.prepare<[number], EndRow>(`${END} WHERE batch = ? ORDER BY first`);
    this.#counts = db.prepare<[number], Omit<EndRow, 'lengths' | 'sha256' | 'bytes'>>(
      'SELECT first, jobs, state, attempts, finished_ms AS finishedMs FROM ends WHERE batch = ? ORDER BY first',
    );
    this.#sizes = db.prepare<[string], { seq: number; id: string; jobs: number }>(
      'SELECT seq, id, jobs FROM batches WHERE idempotency_key = ?',
    );
    this.#all = db.prepare<[], { seq: number; jobs: number; members: Buffer }>(
      'SELECT seq, jobs, members FROM batches WHERE removed = 0 ORDER BY seq',
    );
  }

  load(id: string): StoredBatch | null {
    return this.#stored(this.#byId.get(id));
  }

  byIdempotencyKey(key: string): StoredBatch | null {
    return this.#stored(this.#byKey.get(key));
  }

  ends(key: string): BatchEnds | null {
    const row = this.#sizes.get(key);
    if (!row) return null;
    const { seq, id, jobs } = row;
    return { id, jobs, ends: this.#counts.all(seq) };
  }

  jobs(id: string): StoredJob[] {
    const row = this.#byId.get(id);
    if (!row) return [];
    const found: StoredJob[] = [];
    // One range of results in memory at a time.
    for (const end of this.#ends.iterate(row.seq)) {
      while (found.length < end.first) found.push(this.#numbered(row, found.length, null).job);
      const { jobs } = end;
      for (let i = 0; i < jobs; i++) found.push(this.#numbered(row, end.first + i, end).job);
    }
    while (found.length < row.jobs) found.push(this.#numbered(row, found.length, null).job);
    return found;
  }

  job(id: string): Numbered | null {
    const place = memberOf(id);
    const row = place && this.#byId.get(place.batchId);
    if (!row || place.number >= row.jobs) return null;
    const { number } = place;
    const end = this.#endOf(row.seq, number);
    return !end && isGone(row) ? null : this.#numbered(row, number, end);
  }

  list({ state, kind, below, limit }: Parameters<BatchReads['list']>[0]): Numbered[] {
    const found: Numbered[] = [];
    for (let at = below; found.length < limit;) {
      const row =
        state === 'dead' ? this.#belowDead.get({ below: at }) : this.#below.get({ state, kind, below: at });
      if (!row) break;
      at = row.seq;
      found.push(
        ...this.#members(row)
          .reverse()
          .filter(
            ({ seq, job }) => seq < below && (kind === null || job.record.kind === kind) && isIn(state, job),
          ),
      );
    }
    return found.slice(0, limit);
  }

  unfinished(): Numbered[] {
    return this.#open.all().flatMap((row) => this.#members(row).filter(({ job }) => !job.end));
  }

  result(id: string): Uint8Array | 'damaged' | null {
    const place = memberOf(id);
    const row = place && this.#byId.get(place.batchId);
    return row ? this.#resultOf(row.seq, place.number) : null;
  }

  resultByKey(seq: number, key: string): Uint8Array | 'damaged' | null {
    const row = this.#bySeq.get(seq);
    if (!row) return null;
    const { keys } = this.#record(row);
    for (let number = keys.indexOf(key); number >= 0; number = keys.indexOf(key, number + 1)) {
      const bytes = this.#resultOf(seq, number);
      if (bytes) return bytes;
    }
    return null;
  }

  scan(each: (seq: number, jobs: number, members: Uint8Array) => void): void {
    for (const { seq, jobs, members } of this.#all.iterate()) each(seq, jobs, members);
  }

  #stored(row: Row | undefined): StoredBatch | null {
    if (!row) return null;
    const states: (JobEnd['state'] | null)[] = new Array<null>(row.jobs).fill(null);
    let finishedMs = 0;
    for (const end of this.#counts.all(row.seq)) {
      states.fill(end.state as JobEnd['state'], end.first, end.first + end.jobs);
      finishedMs = Math.max(finishedMs, end.finishedMs);
    }
    if (states.includes(null) && isGone(row)) return null;
    return { record: this.#record(row), states, finishedMs: states.includes(null) ? null : finishedMs };
  }

  #record(row: Row): BatchRecord {
    let record = this.#kept.get(row.seq);
    if (!record) this.#kept.set(row.seq, (record = fromBatchRow(row)));
    return record;
  }

  #members(row: Row): Numbered[] {
    const ends: (EndRow | null)[] = new Array<null>(row.jobs).fill(null);
    for (const end of this.#ends.all(row.seq)) ends.fill(end, end.first, end.first + end.jobs);
    if (ends.includes(null) && isGone(row)) return [];
    return ends.map((end, number) => this.#numbered(row, number, end));
  }

  #endOf(seq: number, number: number): EndRow | null {
    const row = this.#endAt.get(seq, number);
    return row && number < row.first + row.jobs ? row : null;
  }

  #numbered(row: Row, number: number, end: EndRow | null): Numbered {
    const record = memberRecord(this.#record(row), number);
    const { state, startedMs } = end ?? { state: 'queued', startedMs: null };
    const job: StoredJob = { record, state, startedMs, end: end && toEnd(end, number), batchId: row.id };
    return { seq: row.seq + number, job };
  }

  #resultOf(seq: number, number: number): Uint8Array | 'damaged' | null {
    const end = this.#endOf(seq, number);
    if (!end?.bytes) return null;
    return sha256(end.bytes) === end.sha256 ? sliceOf(end, number) : 'damaged';
  }
}

export function prepareBatchReads(db: Connection): BatchReads {
  return new SqliteBatchReads(db);
}

/** All of it had ended when its row was read: an end that is not found was removed between the two reads. */
function isGone({ open }: Row): boolean {
  return open === 0;
}

/** The bytes of one job in those of its range. */
function sliceOf({ first, lengths, bytes }: EndRow, number: number): Uint8Array {
  const sizes = new Uint32Array(new Uint8Array(lengths!).buffer);
  let at = 0;
  for (let i = 0; i < number - first; i++) at += sizes[i]!;
  return new Uint8Array(bytes!.buffer, bytes!.byteOffset + at, sizes[number - first]);
}

/** What a job of a range has of its own stands in its result; without that only the end is known. */
function toEnd(row: EndRow, number: number): JobEnd {
  const { state, finishedMs, attempts } = row;
  const problem = row.problem === null ? null : (JSON.parse(row.problem) as Problem);
  const known = { state, finishedMs, attempts, problem };
  if (state !== 'done') return { ...known, digest: null, summary: null };
  try {
    const { digest, summary } = decodeResult(sliceOf(row, number));
    return { ...known, digest, summary };
  } catch (error) {
    if (error instanceof MmsError) return { ...known, digest: null, summary: null };
    throw error;
  }
}

function isIn(state: string | null, { state: own, end }: StoredJob): boolean {
  if (state === null) return true;
  if (state === 'open') return !end;
  return state === 'dead' ? isDead(end) : own === state;
}
