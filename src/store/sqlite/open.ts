/** The durable job store: reads here on the main thread, writes in a thread of their own. */
import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BatchEnd, BatchRecord } from '../../contract/batch.js';
import type { JobEnd, JobRecord } from '../../contract/job.js';
import type { InputData } from '../../contract/kind.js';
import type {
  JobStore,
  Meter,
  ResultBytes,
  StoredBatch,
  StoredJob,
  StoreSize,
} from '../../contract/ports.js';
import { MmsError } from '../../contract/problem.js';
import type { Removal, RetentionRules } from '../../contract/retention.js';
import type { BatchEnds, StoredSweep, SweepMark, SweepRecord } from '../../contract/stored-sweep.js';
import { decodeResult, encodeResult } from '../../wire/result.js';
import { keyHeads, toBatchRow } from './batch-rows.js';
import { connect, unusable, type Connection } from './database.js';
import { createKeyIndex, headOf } from './key-index.js';
import { BACKUP_MARK } from './backup-mark.js';
import { lockStore } from './lock.js';
import { prepareReads, type Reads } from './reads.js';
import { FILED_BYTES, type Slice } from './prune.js';
import { FILE_BYTES } from './result-files.js';
import type { WriterReply, WriterRequest } from './writer.js';
import type { Write } from './writes.js';

export interface SqliteOptions {
  /** File of the database; its folder is made when missing. -wal, -shm, .lock files stand beside it. */
  readonly path: string;
  readonly meter: Meter;
  /** Results from this size on are files of their own in `<path>-results`; by default 4 MiB. */
  readonly fileBytes?: number;
}

/** Files up to this size are checked at every start: about 0.4 s per GB. */
const MAX_CHECKED_BYTES = 1024 ** 3;

/**
 * Opens the store and holds it alone until close(). Throws MmsError E_STORE, naming the path: unwritable
 * folder, used by another process, damaged, written by a newer version.
 */
export async function openSqliteStore({
  path,
  meter,
  fileBytes = FILE_BYTES,
}: SqliteOptions): Promise<JobStore> {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw unusable(path, error);
  }
  const unlock = await lockStore(path);
  try {
    const writer = await startWriter(path, fileBytes, meter);
    try {
      const db = await connect(path, 'read');
      checkFile(db, path);
      return new SqliteStore(db, path, writer, unlock, meter);
    } catch (error) {
      await writer.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw unusable(path, error);
  }
}

/** Finds damage before it finds us; a file that is too large to check at a start is not checked. */
function checkFile(db: Connection, path: string): void {
  if (statSync(path).size > MAX_CHECKED_BYTES) return;
  const verdict = db.pragma('quick_check(1)', { simple: true });
  if (verdict === 'ok') return;
  db.close();
  throw new MmsError(
    'E_STORE',
    `The store ${path} is damaged (${String(verdict)}). Restore a backup (mms restore FILE --replace), or move the file away.`,
  );
}

/** Places in the key index: the results of single jobs, or the batch of this number. */
const IN_RESULTS = 1;
const placeOf = (seq: number): number => seq + 1;
const seqAt = (place: number): number => place - 1;

/** From this size on it is cheaper to move a result's memory to the writer and back than to copy it. */
const MOVED_BYTES = 1 << 16;

interface WriterHandle {
  /** Resolves after the commit, with the bytes that come back. */
  write(write: Write, transfer?: readonly ArrayBuffer[]): Promise<Uint8Array | null>;
  /** One at a time. */
  prune(rules: RetentionRules, nowMs: number): Promise<Slice>;
  fault(): string | null;
  close(): Promise<void>;
}

class SqliteStore implements JobStore {
  readonly #db: Connection;
  readonly #path: string;
  readonly #reads: Reads;
  readonly #writer: WriterHandle;
  readonly #unlock: () => void;
  readonly #meter: Meter;
  readonly #keys = createKeyIndex();
  #nextSeq: number;
  /** Settles when no slice is under way. */
  #pruned: Promise<unknown> = Promise.resolve();

  constructor(db: Connection, path: string, writer: WriterHandle, unlock: () => void, meter: Meter) {
    this.#db = db;
    this.#path = path;
    this.#reads = prepareReads(db, path);
    this.#writer = writer;
    this.#unlock = unlock;
    this.#meter = meter;
    this.#nextSeq = this.#reads.nextSeq();
    this.#reads.scanKeys((head) => this.#keys.add(headOf(head), IN_RESULTS));
    this.#reads.batches.scan((seq, jobs, members) => {
      for (const head of keyHeads(members, jobs)) this.#keys.add(head, placeOf(seq));
    });
  }

  async accept(record: JobRecord): Promise<void> {
    this.#keys.add(headOf(record.key), IN_RESULTS);
    await this.#writer.write({ op: 'accept', seq: this.#nextSeq++, record });
  }

  async acceptBatch(batch: BatchRecord): Promise<void> {
    const row = toBatchRow(batch);
    const seq = this.#nextSeq;
    this.#nextSeq += row.jobs;
    for (const head of keyHeads(row.members, row.jobs)) this.#keys.add(head, placeOf(seq));
    await this.#writer.write({ op: 'acceptBatch', seq, row });
  }

  async finishBatch(id: string, ends: readonly BatchEnd[]): Promise<void> {
    await this.#writer.write({ op: 'finishBatch', id, ends });
  }

  async loadBatch(id: string): Promise<StoredBatch | null> {
    return this.#reads.batches.load(id);
  }

  async batchByIdempotencyKey(key: string): Promise<StoredBatch | null> {
    return this.#reads.batches.byIdempotencyKey(key);
  }

  async batchEnds(key: string): Promise<BatchEnds | null> {
    return this.#reads.batches.ends(key);
  }

  async batchJobs(id: string): Promise<readonly StoredJob[]> {
    return this.#reads.batches.jobs(id);
  }

  async acceptSweep(record: SweepRecord): Promise<void> {
    await this.#writer.write({ op: 'acceptSweep', seq: this.#nextSeq++, record });
  }

  async markSweep(id: string, mark: SweepMark): Promise<void> {
    await this.#writer.write({ op: 'markSweep', id, mark });
  }

  async loadSweep(id: string): Promise<StoredSweep | null> {
    return this.#reads.sweeps.load(id);
  }

  async sweepByIdempotencyKey(key: string): Promise<StoredSweep | null> {
    return this.#reads.sweeps.byIdempotencyKey(key);
  }

  async listSweeps(filter: Parameters<JobStore['listSweeps']>[0]): Promise<readonly StoredSweep[]> {
    return this.#reads.sweeps.list(filter);
  }

  async openSweeps(): Promise<readonly StoredSweep[]> {
    return this.#reads.sweeps.open();
  }

  markRunning(id: string, startedMs: number): void {
    // A lost mark is harmless: the job is then taken up as a queued one. A fault shows in fault().
    this.#writer.write({ op: 'running', id, startedMs }).catch(() => {});
  }

  async finish(
    id: string,
    end: JobEnd,
    bytes: ResultBytes | null,
    startedMs: number | null = null,
    keep?: (bytes: ResultBytes) => void,
  ): Promise<void> {
    const write = { op: 'finish', id, startedMs, end, bytes } as const;
    const memory = bytes && keep && bytes.byteLength >= MOVED_BYTES ? bytes.buffer : null;
    if (memory instanceof ArrayBuffer) {
      keep!((await this.#writer.write({ ...write, isMoved: true }, [memory]))!);
      return;
    }
    await this.#writer.write({ ...write, isMoved: false });
    if (bytes) keep?.(bytes);
  }

  async load(id: string): Promise<StoredJob | null> {
    return this.#reads.load(id);
  }

  async list(filter: Parameters<JobStore['list']>[0]): Promise<readonly StoredJob[]> {
    return this.#reads.list(filter);
  }

  async unfinished(): Promise<readonly StoredJob[]> {
    return this.#reads.unfinished();
  }

  async byIdempotencyKey(key: string): Promise<StoredJob | null> {
    return this.#reads.byIdempotencyKey(key);
  }

  async resultByKey(key: string): Promise<ResultBytes | null> {
    for (const place of this.#keys.find(headOf(key)) ?? []) {
      if (place === IN_RESULTS) continue;
      const bytes = this.#sound(this.#reads.batches.resultByKey(seqAt(place), key));
      if (bytes) return bytes;
    }
    // Whatever the index says: a result may have been removed and stored again at the same time.
    return this.#blob('results', key);
  }

  mayHoldResult(key: string): boolean {
    return this.#keys.find(headOf(key))?.length !== 0;
  }

  async resultOf(id: string): Promise<ResultBytes | null> {
    return this.#sound(this.#reads.batches.result(id));
  }

  async put(data: InputData): Promise<void> {
    const { digest, tables, notes } = data;
    const bytes = encodeResult({ digest, tables, summary: { metrics: [], notes } });
    await this.#writer.write({ op: 'put', digest, bytes }, [bytes.buffer]);
  }

  async get(digest: string): Promise<InputData | null> {
    const bytes = this.#blob('inputs', digest);
    if (!bytes) return null;
    const { tables, summary } = decodeResult(bytes);
    return { digest, tables, notes: summary.notes };
  }

  #blob(table: 'results' | 'inputs', key: string): Uint8Array | null {
    return this.#sound(this.#reads.blob(table, key));
  }

  #sound(bytes: Uint8Array | 'damaged' | null): Uint8Array | null {
    if (bytes !== 'damaged') return bytes;
    this.#meter.count('mms_result_hash_mismatch_total');
    return null;
  }

  prune(rules: RetentionRules, nowMs: number): Promise<Removal> {
    const slice = this.#pruned.then(async () => {
      const { forgotten, ...removal } = await this.#writer.prune(rules, nowMs);
      for (const { seq, heads } of forgotten)
        for (const head of heads) this.#keys.remove(head, seq === null ? IN_RESULTS : placeOf(seq));
      return removal;
    });
    this.#pruned = slice.catch(() => undefined);
    return slice;
  }

  size(): StoreSize {
    const number = (name: string): number => this.#db.pragma(name, { simple: true }) as number;
    const pageBytes = number('page_size');
    const filedBytes = this.#db.prepare<[], number>(FILED_BYTES).pluck().get()!;
    return {
      fileBytes: number('page_count') * pageBytes + filedBytes,
      freeBytes: number('freelist_count') * pageBytes,
      ...sizesBeside(this.#path),
    };
  }

  fault(): string | null {
    return this.#writer.fault();
  }

  async close(): Promise<void> {
    // The writer must be the last to close: the last connection empties the log into the file.
    this.#db.close();
    await this.#writer.close();
    this.#unlock();
  }
}

/** What the file system tells; called at each scrape. */
function sizesBeside(path: string): Pick<StoreSize, 'logBytes' | 'diskFreeBytes' | 'backupMs'> {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  const backup = statSync(path + BACKUP_MARK, { throwIfNoEntry: false });
  const { bavail, bsize } = statfsSync(path);
  return { logBytes: log?.size ?? 0, diskFreeBytes: bavail * bsize, backupMs: backup?.mtimeMs ?? null };
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the thread; resolves when the file is open and of the newest form. */
async function startWriter(path: string, fileBytes: number, meter: Meter): Promise<WriterHandle> {
  const worker = new Worker(writerFile(), { workerData: { path, fileBytes }, execArgv: [] });
  const waiting = new Map<number, Waiting<Uint8Array | null>>();
  const pruning: Waiting<Slice>[] = [];
  let fault: string | null = null;
  let next = 0;
  const breakDown = (why: string): void => {
    fault ??= why;
    for (const { reject } of [...waiting.values(), ...pruning.splice(0)])
      reject(new MmsError('E_STORE', fault));
    waiting.clear();
  };
  const settle = (n: number): Waiting<Uint8Array | null> | undefined => {
    const entry = waiting.get(n);
    waiting.delete(n);
    return entry;
  };
  /** What came in one turn of the event loop goes as one message: a message costs more than a write. */
  let outgoing: Write[] = [];
  let moved: ArrayBuffer[] = [];
  const post = (): void => {
    if (outgoing.length === 0) return;
    const first = next - outgoing.length;
    worker.postMessage({ first, writes: outgoing } satisfies WriterRequest, moved);
    outgoing = [];
    moved = [];
  };
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WriterReply) => {
      if (message.type === 'ready') return resolve();
      if (message.type === 'broken') return reject(new MmsError('E_STORE', message.message));
      if (message.type === 'pruned') return pruning.shift()?.resolve(message.slice);
      meter.observe('mms_store_commit_seconds', message.commitMs / 1e3);
      const returned = new Map(message.returned);
      for (const n of message.done) settle(n)?.resolve(returned.get(n) ?? null);
      for (const [n, why] of message.refused) settle(n)?.reject(new MmsError('E_STORE', why));
      if (message.fault !== null) breakDown(message.fault);
    });
    worker.on('error', (error) => {
      breakDown(`The writer of ${path} broke down: ${error.message}`);
      reject(error);
    });
    worker.on('exit', () => breakDown(`The writer of ${path} has ended.`));
  });
  return {
    write: (write, transfer = []) =>
      new Promise((resolve, reject) => {
        if (fault !== null) return reject(new MmsError('E_STORE', fault));
        waiting.set(next++, { resolve, reject });
        if (outgoing.push(write) === 1) setImmediate(post);
        moved.push(...transfer);
      }),
    prune: (rules, nowMs) =>
      new Promise((resolve, reject) => {
        if (fault !== null) return reject(new MmsError('E_STORE', fault));
        pruning.push({ resolve, reject });
        worker.postMessage({ prune: rules, nowMs } satisfies WriterRequest);
      }),
    fault: () => fault,
    async close() {
      post();
      worker.postMessage('close' satisfies WriterRequest);
      await exited;
    },
  };
}

/** The compiled thread file, also when this module runs as TypeScript in a test. */
function writerFile(): URL {
  const here = import.meta.url;
  return new URL('./writer.js', here.endsWith('.ts') ? here.replace('/src/store/', '/dist/store/') : here);
}
