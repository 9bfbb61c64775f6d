/** A job store in memory, for runs inside one process: SQLite's promises except surviving the process. */
import { freemem } from 'node:os';
import { memberId, memberRecord, type BatchEnd, type BatchRecord } from '../contract/batch.js';
import { isDead, requeueOfKey, TERMINAL_STATES, type JobEnd, type JobRecord } from '../contract/job.js';
import type { InputData } from '../contract/kind.js';
import type { JobStore, ResultBytes, StoredBatch, StoredJob, StoreSize } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import {
  KEPT_KEYED_MS,
  KEPT_MS,
  type Removal,
  type RemovalReason,
  type RetentionRules,
} from '../contract/retention.js';
import {
  isPartKey,
  partKeysOf,
  type BatchEnds,
  type StoredSweep,
  type SweepMark,
  type SweepRecord,
} from '../contract/stored-sweep.js';
import { decodeResult } from '../wire/result.js';
import { MemorySweeps } from './memory-sweeps.js';

/** What is not pruned stays until close(); a service that runs for days uses the SQLite store. */
export function createMemoryStore(): JobStore {
  return new MemoryStore();
}

class MemoryStore implements JobStore {
  /** In the order of acceptance. */
  readonly #jobs = new Map<string, StoredJob>();
  readonly #idByIdempotencyKey = new Map<string, string>();
  readonly #batches = new Map<string, BatchRecord>();
  readonly #batchByIdempotencyKey = new Map<string, string>();
  readonly #results = new Map<string, ResultBytes>();
  readonly #inputs = new Map<string, InputData>();
  readonly #sweeps = new MemorySweeps();
  /** Numbers in the order of acceptance: of a job, a sweep, or of the first of a batch. */
  readonly #seqs = new Map<string, number>();
  #nextSeq = 1;

  async accept(record: JobRecord): Promise<void> {
    const { id, idempotencyKey } = record;
    const before = this.#jobs.has(id) ? this.#live(id) : null;
    if (idempotencyKey !== null) {
      const owner = this.#idByIdempotencyKey.get(idempotencyKey) ?? id;
      if (owner !== id) throw new MmsError('E_STORE', `The idempotency key of ${id} belongs to ${owner}.`);
      this.#idByIdempotencyKey.set(idempotencyKey, id);
    }
    if (!before) this.#seqs.set(id, this.#nextSeq++);
    const { state, startedMs } = before ?? { state: 'queued', startedMs: null };
    this.#jobs.set(id, { ...before, record, state, startedMs, end: null });
  }

  markRunning(id: string, startedMs: number): void {
    const job = this.#jobs.get(id);
    if (job?.state === 'queued') this.#jobs.set(id, { ...job, state: 'running', startedMs });
  }

  async finish(
    id: string,
    end: JobEnd,
    result: ResultBytes | null,
    markedMs: number | null = null,
    keep?: (bytes: ResultBytes) => void,
  ): Promise<void> {
    const job = this.#live(id);
    if (result) {
      this.#results.set(job.record.key, result);
      keep?.(result);
    }
    const startedMs = job.startedMs ?? markedMs;
    this.#jobs.set(id, { ...job, state: end.state, startedMs, end });
    if (Object.keys(job.record.inputs).length === 0) return;
    const needed = new Set(
      [...this.#jobs.values()].flatMap((j) => (j.end ? [] : Object.values(j.record.inputs))),
    );
    for (const digest of this.#inputs.keys()) if (!needed.has(digest)) this.#inputs.delete(digest);
  }

  async acceptBatch(batch: BatchRecord): Promise<void> {
    const { id, idempotencyKey } = batch;
    if (idempotencyKey !== null) {
      const owner = this.#batchByIdempotencyKey.get(idempotencyKey);
      if (owner !== undefined)
        throw new MmsError('E_STORE', `The idempotency key of ${id} belongs to ${owner}.`);
      this.#batchByIdempotencyKey.set(idempotencyKey, id);
    }
    this.#batches.set(id, batch);
    this.#seqs.set(id, this.#nextSeq);
    this.#nextSeq += batch.seeds.length;
    batch.seeds.forEach((_, number) => {
      const record = memberRecord(batch, number);
      this.#jobs.set(record.id, { record, state: 'queued', startedMs: null, end: null, batchId: id });
    });
  }

  async finishBatch(id: string, ends: readonly BatchEnd[]): Promise<void> {
    if (!this.#batches.has(id)) throw new MmsError('E_STORE', `Batch ${id} is unknown to the store.`);
    // All of them or none.
    for (const { first, jobs } of ends)
      for (let i = first; i < first + jobs; i++) this.#live(memberId(id, i));
    for (const { first, jobs, results, startedMs, ...end } of ends) {
      let at = 0;
      for (let i = 0; i < jobs; i++) {
        const length = results?.lengths[i] ?? 0;
        const bytes = results && results.bytes.slice(at, at + length);
        const { digest, summary } = bytes ? decodeResult(bytes) : { digest: null, summary: null };
        at += length;
        await this.finish(memberId(id, first + i), { ...end, digest, summary }, bytes, startedMs);
      }
    }
  }

  async loadBatch(id: string): Promise<StoredBatch | null> {
    const record = this.#batches.get(id);
    if (!record) return null;
    const ends = record.seeds.map((_, number) => this.#jobs.get(memberId(id, number))!.end);
    const finishedMs = ends.includes(null) ? null : Math.max(...ends.map((end) => end!.finishedMs));
    return { record, states: ends.map((end) => end?.state ?? null), finishedMs };
  }

  async batchByIdempotencyKey(key: string): Promise<StoredBatch | null> {
    const id = this.#batchByIdempotencyKey.get(key);
    return id === undefined ? null : this.loadBatch(id);
  }

  async batchEnds(key: string): Promise<BatchEnds | null> {
    const id = this.#batchByIdempotencyKey.get(key);
    if (id === undefined) return null;
    const all = await this.batchJobs(id);
    const ends = all.flatMap(({ end }, first) =>
      end ? [{ first, jobs: 1, state: end.state, attempts: end.attempts }] : [],
    );
    return { id, jobs: all.length, ends };
  }

  async batchJobs(id: string): Promise<readonly StoredJob[]> {
    return (this.#batches.get(id)?.seeds ?? []).map((_, number) => this.#jobs.get(memberId(id, number))!);
  }

  async acceptSweep(record: SweepRecord): Promise<void> {
    this.#sweeps.accept(record);
    this.#seqs.set(record.id, this.#nextSeq++);
  }

  async markSweep(id: string, mark: SweepMark): Promise<void> {
    this.#sweeps.mark(id, mark);
  }

  async loadSweep(id: string): Promise<StoredSweep | null> {
    return this.#sweeps.load(id);
  }

  async sweepByIdempotencyKey(key: string): Promise<StoredSweep | null> {
    return this.#sweeps.byIdempotencyKey(key);
  }

  async listSweeps(filter: Parameters<JobStore['listSweeps']>[0]): Promise<readonly StoredSweep[]> {
    return this.#sweeps.list(filter);
  }

  async openSweeps(): Promise<readonly StoredSweep[]> {
    return this.#sweeps.open();
  }

  async load(id: string): Promise<StoredJob | null> {
    return this.#jobs.get(id) ?? null;
  }

  async list(filter: Parameters<JobStore['list']>[0]): Promise<readonly StoredJob[]> {
    const { state, kind, limit, before } = filter;
    const newestFirst = [...this.#jobs.values()].reverse();
    const start = before === undefined ? 0 : newestFirst.findIndex((job) => job.record.id === before) + 1;
    if (before !== undefined && start === 0) return [];
    const fits = (job: StoredJob) =>
      (state === 'open'
        ? !job.end
        : state === 'dead'
          ? isDead(job.end)
          : (state ?? job.state) === job.state) && (kind ?? job.record.kind) === job.record.kind;
    return newestFirst.slice(start).filter(fits).slice(0, limit);
  }

  async unfinished(): Promise<readonly StoredJob[]> {
    return [...this.#jobs.values()].filter((job) => !TERMINAL_STATES.includes(job.state));
  }

  async byIdempotencyKey(key: string): Promise<StoredJob | null> {
    const id = this.#idByIdempotencyKey.get(key);
    return id === undefined ? null : this.load(id);
  }

  async resultByKey(key: string): Promise<ResultBytes | null> {
    return this.#results.get(key) ?? null;
  }

  mayHoldResult(key: string): boolean {
    return this.#results.has(key);
  }

  async resultOf(id: string): Promise<ResultBytes | null> {
    const job = this.#jobs.get(id);
    return job?.batchId !== undefined && job.state === 'done' ? this.resultByKey(job.record.key) : null;
  }

  async put(data: InputData): Promise<void> {
    this.#inputs.set(data.digest, data);
  }

  async get(digest: string): Promise<InputData | null> {
    return this.#inputs.get(digest) ?? null;
  }

  async prune(rules: RetentionRules, nowMs: number): Promise<Removal> {
    const counts: Record<RemovalReason, number> = { age: 0, count: 0, bytes: 0 };
    const removed: Removal['removed'][number][] = [];
    for (const [id, seq] of [...this.#seqs]) {
      const sweep = this.#sweeps.load(id);
      if (sweep) {
        this.#pruneSweep(sweep, seq, rules, nowMs, counts, removed);
        continue;
      }
      const batch = this.#batches.get(id);
      if (!batch && !this.#jobs.has(id)) continue;
      const own = batch ? batch.seeds.map((_, number) => memberId(id, number)) : [id];
      const ends = own.map((job) => this.#jobs.get(job)!.end);
      if (ends.includes(null)) continue;
      const agoMs = nowMs - Math.max(...ends.map((end) => end!.finishedMs));
      const key = batch ? batch.idempotencyKey : this.#jobs.get(id)!.record.idempotencyKey;
      const letter = requeueOfKey(key);
      // A part goes with its sweep.
      if (isPartKey(key)) continue;
      if (agoMs < (key === null ? KEPT_MS : KEPT_KEYED_MS)) continue;
      if (letter !== null && this.#jobs.has(letter)) continue;
      const later = this.#nextSeq - seq - own.length;
      const reason = later > 0 && this.#reason(rules, agoMs, later);
      if (!reason) continue;
      counts[reason] += own.length;
      removed.push({ id, batchJobs: batch ? own.length : null });
      this.#forget(id, own, key);
    }
    return { counts, removed, more: false };
  }

  /** A sweep goes with all its parts. */
  #pruneSweep(
    { record, mark }: StoredSweep,
    seq: number,
    rules: RetentionRules,
    nowMs: number,
    counts: Record<RemovalReason, number>,
    removed: Removal['removed'][number][],
  ): void {
    if (mark.finishedMs === null) return;
    const { id, idempotencyKey } = record;
    const agoMs = nowMs - mark.finishedMs;
    if (agoMs < (idempotencyKey === null ? KEPT_MS : KEPT_KEYED_MS)) return;
    const [from, to] = partKeysOf(id);
    const parts = [...this.#batches.values()].filter(
      ({ idempotencyKey: key }) => key !== null && key >= from && key < to,
    );
    const last = Math.max(seq, ...parts.map((part) => this.#seqs.get(part.id)! + part.seeds.length - 1));
    const later = this.#nextSeq - 1 - last;
    const reason = later > 0 && this.#reason(rules, agoMs, later);
    if (!reason) return;
    removed.push({ id, batchJobs: null });
    this.#sweeps.remove(id);
    this.#seqs.delete(id);
    for (const part of parts) {
      const own = part.seeds.map((_, number) => memberId(part.id, number));
      counts[reason] += own.length;
      removed.push({ id: part.id, batchJobs: own.length });
      this.#forget(part.id, own, part.idempotencyKey);
    }
  }

  #reason({ ageMs, jobs, bytes }: RetentionRules, agoMs: number, later: number): RemovalReason | null {
    if (ageMs !== null && agoMs >= ageMs) return 'age';
    if (jobs !== null && later >= jobs) return 'count';
    return bytes !== null && this.size().fileBytes > bytes ? 'bytes' : null;
  }

  /** A result stays while a kept job has it. */
  #forget(id: string, jobs: readonly string[], idempotencyKey: string | null): void {
    const free = new Set(jobs.map((job) => this.#jobs.get(job)!.record.key));
    for (const job of jobs) this.#jobs.delete(job);
    for (const { record, state } of this.#jobs.values()) if (state === 'done') free.delete(record.key);
    for (const key of free) this.#results.delete(key);
    if (this.#batches.delete(id)) this.#batchByIdempotencyKey.delete(idempotencyKey ?? '');
    else this.#idByIdempotencyKey.delete(idempotencyKey ?? '');
    this.#seqs.delete(id);
  }

  size(): StoreSize {
    let fileBytes = 0;
    for (const { byteLength } of this.#results.values()) fileBytes += byteLength;
    return { fileBytes, freeBytes: 0, logBytes: 0, diskFreeBytes: freemem(), backupMs: null };
  }

  fault(): string | null {
    return null;
  }

  async close(): Promise<void> {
    this.#sweeps.clear();
    for (const map of [this.#batches, this.#batchByIdempotencyKey, this.#seqs]) map.clear();
    for (const map of [this.#jobs, this.#idByIdempotencyKey, this.#results, this.#inputs]) map.clear();
  }

  #live(id: string): StoredJob {
    const job = this.#jobs.get(id);
    if (!job) throw new MmsError('E_STORE', `Job ${id} is unknown to the store.`);
    if (job.end) throw new MmsError('E_STORE', `Job ${id} is ${job.state}; a terminal state never changes.`);
    return job;
  }
}
