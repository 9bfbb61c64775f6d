/** Ports: what one room needs of another without knowing who gives it. main.ts ties them together. */
import type { BatchEnd, BatchRecord, BatchView } from './batch.js';
import type { DescribedTable, Table } from './columns.js';
import type { JobEnd, JobRecord, JobState, JobView } from './job.js';
import type { BookFrame, InputData, InputRef, Kind, Summary } from './kind.js';
import type { Problem } from './problem.js';
import type { Removal, RetentionRules } from './retention.js';
import type { BatchEnds, StoredSweep, SweepMark, SweepRecord } from './stored-sweep.js';
import type { SweepState, Sweeps } from './sweep.js';

/** Wall clock and timers, injected so that tests own time. */
export interface Clock {
  /** Milliseconds since the epoch; for records only, never for ordering. */
  nowMs(): number;
  /** Monotonic milliseconds. */
  monotonicMs(): number;
}

/** Finds kinds by name; the registry of src/kinds implements it. */
export interface Kinds {
  names(): readonly string[];
  /** Loads the kind's index.ts on first use. Throws MmsError E_KIND with the nearest name. */
  get(name: string): Promise<Kind>;
}

/**
 * Reads the files that a spec names; src/data implements it. Throws MmsError E_DATA naming file, line,
 * column.
 */
export interface InputReader {
  read(ref: InputRef): Promise<InputData>;
}

/** What a client asks. `seed` is an integer 0..2^53-1. */
export interface SubmitRequest {
  readonly kind: string;
  readonly spec: unknown;
  readonly seed?: number;
  readonly priority?: number;
  /** Seconds after its acceptance by which the job must have ended, 0.001 to 1,000,000; else it expires. */
  readonly timeoutS?: number;
  readonly idempotencyKey?: string;
  readonly requestHash?: string;
  /** Who asks, by whatever tells clients apart (an address); absent: nobody whose share is limited. */
  readonly client?: string;
  /** Of the request that asked, for the log. */
  readonly reqId?: string;
}

/** What a client asks in one request. */
export interface SubmitBatchRequest {
  /** 1 to MAX_BATCH_JOBS; their own idempotency keys do not count. */
  readonly jobs: readonly SubmitRequest[];
  /** As SubmitRequest.client; that of each job does not count. */
  readonly client?: string;
  /** As SubmitRequest.reqId. */
  readonly reqId?: string;
  readonly idempotencyKey?: string;
  readonly requestHash?: string;
}

/** How the answer came about: a new job, one already in flight with the same key, or a stored result. */
export interface Receipt {
  readonly job: JobView;
  readonly how: 'new' | 'joined' | 'cached';
}

/** A finished result: the tables with their declarations, the summary, the digest over the raw frames. */
export interface JobResult {
  readonly digest: string;
  readonly tables: readonly DescribedTable[];
  readonly summary: Summary;
}

/** The hall, as the HTTP side and the CLI see it. Every method may throw MmsError. */
export interface Hall {
  readonly sweeps: Sweeps;
  submit(request: SubmitRequest): Promise<Receipt>;
  /** Accepts all of them or none, in one commit. Faults name the job: /jobs/17/spec/paths. */
  submitBatch(request: SubmitBatchRequest): Promise<BatchView>;
  batch(id: string): Promise<BatchView | null>;
  /** Cancels what has not ended. Throws MmsError E_CONFLICT when all has. */
  cancelBatch(id: string): Promise<BatchView>;
  /** Calls back when jobs of the batch start or end; returns the unsubscriber. */
  watchBatch(id: string, listener: (view: BatchView) => void): () => void;
  status(id: string): JobView | null | Promise<JobView | null>;
  result(id: string): Promise<JobResult>;
  cancel(id: string): Promise<JobView>;
  list(filter: {
    state?: JobState;
    kind?: string;
    limit: number;
    before?: string;
  }): Promise<readonly JobView[]>;
  /** Jobs lost with what ran them that were not requeued yet, newest first. */
  deadLetters(filter: { kind?: string; limit: number; before?: string }): Promise<readonly JobView[]>;
  /**
   * A new job with the question of one that ended without a result; the same one when it is asked again.
   * Throws MmsError E_NOT_FOUND, E_CONFLICT and what submit throws.
   */
  requeue(id: string, client?: string): Promise<Receipt>;
  /**
   * Calls back on every change of state and at most 10 times a second on progress; returns the unsubscriber.
   */
  watch(id: string, listener: (view: JobView) => void): () => void;
  /** Stops accepting, waits for running jobs up to graceMs (queued ones stay on disk), then resolves. */
  drain(graceMs: number): Promise<void>;
  stats(): HallStats;
  /** Since the oldest of the jobs that wait was accepted, or taken up by this process; 0 when none waits. */
  oldestWaitMs(): number;
}

export interface HallStats {
  readonly accepting: boolean;
  readonly queued: number;
  readonly running: number;
  readonly queueLimit: number;
  readonly degraded: Readonly<Record<string, string>>;
}

/** Jobs of one kind that travel and answer together, because each alone costs less than its way. */
export interface Pack {
  /** Checked specs; several jobs may share one. */
  readonly specs: readonly unknown[];
  /** For each job the number of its spec. */
  readonly specOf: readonly number[];
  readonly seeds: readonly number[];
}

/** A range of units on its way to a thread, or a pack of whole jobs. */
export interface Chunk {
  readonly jobId: string;
  readonly chunk: number;
  readonly kind: string;
  readonly kindVersion: number;
  readonly spec: unknown;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Input name -> digest. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly priority: number;
  /** Whose share of its priority it takes; absent: that of all who are nobody. */
  readonly client?: string;
  /** Estimated nanoseconds of compute. */
  readonly costNs: number;
  /** Milliseconds of compute after which its thread is stopped and the job fails with E_TIMEOUT. */
  readonly limitMs: number;
  /**
   * Instead of units from..to-1 of one job: all units of these jobs, numbered from..to-1. `spec` is null,
   * and the tables of the answer are those of src/wire/pack.ts.
   */
  readonly pack?: Pack;
}

/** What comes back to the hall. Exactly one of done/failed per offered chunk, unless it was cancelled. */
export interface ChunkEvents {
  started(jobId: string, chunk: number): void;
  /** `done` is 0..1 of this chunk. */
  progress(jobId: string, chunk: number, done: number): void;
  done(jobId: string, chunk: number, tables: readonly Table[], attempts: number, computeNs: number): void;
  failed(jobId: string, chunk: number, problem: Problem, attempts: number): void;
}

/** The narrow port between hall and compute: the ZeroMQ router, or the in-process pool of the CLI. */
export interface ChunkTransport {
  /** Called once, before the first offer. */
  connect(events: ChunkEvents, inputs: InputStore): void;
  offer(chunks: readonly Chunk[]): void;
  /** Queued chunks vanish; running ones are told to stop. No event for this job comes after this call. */
  cancel(jobId: string): void;
  /** Threads that could compute now, over all nodes. */
  capacity(): number;
  close(): Promise<void>;
}

/** Input tables by digest, kept while a live job needs them. */
export interface InputStore {
  put(data: InputData): Promise<void>;
  get(digest: string): Promise<InputData | null>;
}

/** A stored result: MessagePack header and raw column frames in one byte string (src/wire/result.ts). */
export type ResultBytes = Uint8Array;

/**
 * Durable truth. accept() resolves only after the commit was fsynced (G1). Terminal rows are immutable (G3).
 */
export interface JobStore extends InputStore {
  accept(job: JobRecord): Promise<void>;
  markRunning(id: string, startedMs: number): void;
  /**
   * Stores the end, and the result bytes under the job's key when it is done; resolves after the commit. A
   * done job of a batch always brings its bytes. `startedMs` is for a job that was not marked as running.
   * With `keep` the store may move the memory of the result away, and gives the same bytes back to it after
   * the commit; without, it copies.
   */
  finish(
    id: string,
    end: JobEnd,
    result: ResultBytes | null,
    startedMs?: number | null,
    keep?: (bytes: ResultBytes) => void,
  ): Promise<void>;
  /** Accepts all jobs of a batch, or none; finish, load and list know each of them as any job. */
  acceptBatch(batch: BatchRecord): Promise<void>;
  /** Ends jobs of a batch in one commit. */
  finishBatch(id: string, ends: readonly BatchEnd[]): Promise<void>;
  loadBatch(id: string): Promise<StoredBatch | null>;
  batchByIdempotencyKey(key: string): Promise<StoredBatch | null>;
  /** The ends of a batch by its idempotency key. */
  batchEnds(idempotencyKey: string): Promise<BatchEnds | null>;
  /** All jobs of a batch in their order; empty when it is unknown. */
  batchJobs(id: string): Promise<readonly StoredJob[]>;
  acceptSweep(sweep: SweepRecord): Promise<void>;
  markSweep(id: string, mark: SweepMark): Promise<void>;
  loadSweep(id: string): Promise<StoredSweep | null>;
  sweepByIdempotencyKey(key: string): Promise<StoredSweep | null>;
  /** Newest first. */
  listSweeps(filter: { state?: SweepState; limit: number; before?: string }): Promise<readonly StoredSweep[]>;
  /** Those that have not finished, oldest first: what a restart must go on with. */
  openSweeps(): Promise<readonly StoredSweep[]>;
  load(id: string): Promise<StoredJob | null>;
  /** Newest first. */
  list(filter: {
    /** 'open': queued or running; 'dead': dead letters. */
    state?: JobState | 'open' | 'dead';
    kind?: string;
    limit: number;
    before?: string;
  }): Promise<readonly StoredJob[]>;
  /** Jobs that were accepted and have no end, oldest first: what a restart must finish. */
  unfinished(): Promise<readonly StoredJob[]>;
  byIdempotencyKey(key: string): Promise<StoredJob | null>;
  /** The stored result of any done job with this key; of batches, those that are not too many to remember. */
  resultByKey(key: string): Promise<ResultBytes | null>;
  /** False when resultByKey would surely find nothing; costs nothing. */
  mayHoldResult(key: string): boolean;
  /** The stored result of a done job of a batch. */
  resultOf(id: string): Promise<ResultBytes | null>;
  /**
   * One short slice of what the rules remove, in a commit of its own between the others. Jobs go in the order
   * of their acceptance, a batch or a sweep as a whole once all of it has ended; see RetentionRules for what
   * stays.
   */
  prune(rules: RetentionRules, nowMs: number): Promise<Removal>;
  size(): StoreSize;
  /** Null while writes succeed; a sentence once a commit failed (G8). */
  fault(): string | null;
  close(): Promise<void>;
}

export interface StoreSize {
  /** Jobs, results and free room, without the log. */
  readonly fileBytes: number;
  /** Of these, what removed jobs left for new ones. */
  readonly freeBytes: number;
  /** The write-ahead log. */
  readonly logBytes: number;
  /** Room left where the store is. */
  readonly diskFreeBytes: number;
  /** When the store was last copied by backupStore, since the epoch; null for never. */
  readonly backupMs: number | null;
}

export interface StoredJob {
  readonly record: JobRecord;
  readonly state: JobState;
  readonly startedMs: number | null;
  readonly end: JobEnd | null;
  /** Present for a job of a batch. */
  readonly batchId?: string;
}

export interface StoredBatch {
  readonly record: BatchRecord;
  /** How each job ended; null for one that has not. */
  readonly states: readonly (JobEnd['state'] | null)[];
  /** When the last one ended; null before. */
  readonly finishedMs: number | null;
}

/**
 * Result bytes by key, in front of the store. Never throws: a broken cache is a miss and a visible
 * degradation (G7).
 */
export interface ResultCache {
  get(key: string): Promise<ResultBytes | null>;
  set(key: string, bytes: ResultBytes): void;
  /** Null when healthy, otherwise one sentence. */
  degraded(): string | null;
  close(): Promise<void>;
}

/** What the router tells about its nodes. */
export interface NodeView {
  readonly id: string;
  readonly host: string;
  readonly threads: number;
  readonly busy: number;
  readonly version: string;
  readonly state: 'ready' | 'draining';
  readonly chunksDone: number;
}

/** Lines for operators: what happened, with its facts. Whoever writes them hides what may be secret. */
export interface Journal {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/** A run to watch: the first of its job, drawn again, which is the same by the same spec and seed. */
export interface BookRequest {
  readonly kind: string;
  readonly spec: unknown;
  readonly seed: number;
  /** Simulated seconds per second. */
  readonly speed: number;
  readonly framesPerS: number;
  /** Levels of a side. */
  readonly levels: number;
}

export interface BookListener {
  frame(frame: BookFrame): void;
  /** The run has ended after its last frame; with a sentence when it failed. */
  end(fault: string | null): void;
}

/** Runs that are drawn for those who watch, each in a thread of its own at the pace that was asked for. */
export interface Books {
  /** Returns what ends it. Throws MmsError E_BUSY when as many are watched as may be. */
  watch(request: BookRequest, listener: BookListener): () => void;
  /** Whether as many are watched as may be. */
  isFull(): boolean;
  close(): void;
}

/** Names of the counters and gauges that rooms report through this port. */
export interface Meter {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  gauge(name: string, value: number, labels?: Readonly<Record<string, string>>): void;
  /** `times` observations of one value, by default 1. */
  observe(name: string, value: number, labels?: Readonly<Record<string, string>>, times?: number): void;
}
