/** The writer thread: takes writes as messages, commits them in groups, and answers only after the fsync. */
import { parentPort, workerData } from 'node:worker_threads';
import { memberOf } from '../../contract/batch.js';
import type { RetentionRules } from '../../contract/retention.js';
import { codeOf, connect, requireDurable, unusable, type Connection } from './database.js';
import { createLogKeeper, type LogKeeper } from './log-keeper.js';
import { migrate } from './migrations.js';
import { Pruner, type Slice } from './prune.js';
import { dropResultFiles, sweepResultFiles, writeResultFile, type ResultFile } from './result-files.js';
import { dropInputs, prepareWrites, type ApplyWrite, type Write } from './writes.js';

/** A slice of retention; one at a time. */
export interface PruneRequest {
  readonly prune: RetentionRules;
  readonly nowMs: number;
}
/** Main thread -> writer: writes with consecutive numbers from `first` on, a slice, or the wish to close. */
export type WriterRequest =
  { readonly first: number; readonly writes: readonly Write[] } | PruneRequest | 'close';
/** Writer -> main thread. `fault` is final: nothing is written any more. */
export type WriterReply =
  | { readonly type: 'ready' }
  | { readonly type: 'broken'; readonly message: string }
  | { readonly type: 'pruned'; readonly slice: Slice }
  | {
      readonly type: 'committed';
      readonly done: readonly number[];
      readonly refused: readonly (readonly [n: number, message: string])[];
      /** Results whose memory goes back to where it came from. */
      readonly returned: readonly (readonly [n: number, bytes: Uint8Array])[];
      readonly fault: string | null;
      readonly commitMs: number;
    };

/** After a commit of many writes the next one waits so long for more; after a small one it does not. */
const COMMIT_GAP_MS = 2;
const MANY_WRITES = 8;
const MAX_GROUP = 1_000;
/** A mark that a job runs may be lost, so it waits so long for another write's commit. */
const MARK_MS = 20;
/** Somebody else may hold the write lock for this long before it counts as a fault. */
const MAX_BUSY_MS = 5_000;
/** Result codes after which the file or the disk cannot be trusted with a write. */
const FATAL = ['FULL', 'IOERR', 'CORRUPT', 'NOTADB', 'READONLY', 'CANTOPEN', 'NOMEM', 'BUSY'];

const NOTHING: Slice = { counts: { age: 0, count: 0, bytes: 0 }, removed: [], forgotten: [], more: false };

interface Queued {
  readonly n: number;
  readonly write: Write;
  /** Holds its result already; null for all others. */
  readonly file: ResultFile | null;
}

class Writer {
  readonly #db: Connection;
  readonly #path: string;
  readonly #fileBytes: number;
  readonly #apply: ApplyWrite;
  readonly #pruner: Pruner;
  readonly #log: LogKeeper;
  /** Waits until no write does. */
  #prune: PruneRequest | null = null;
  #queue: Queued[] = [];
  /** Results on their way into their files; their writes are queued when they are there. */
  #filing = 0;
  #isClosing = false;
  /** Files that no row names any more once the open transaction is committed. */
  #dropped: string[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** When the timer fires. */
  #dueMs = Infinity;
  /** A commit comes as soon as the writes that are here already are taken in. */
  #isImmediate = false;
  /** Not before this time is the next group committed. */
  #openMs = -Infinity;
  #busySinceMs: number | null = null;
  #fault: string | null = null;

  constructor(db: Connection, path: string, fileBytes: number) {
    this.#db = db;
    this.#path = path;
    this.#fileBytes = fileBytes;
    migrate(db, path);
    dropInputs(db);
    // The default of WAL would show only after the first write: read the setting once more.
    requireDurable(db, path);
    const named = db.prepare<[], string>('SELECT file FROM results WHERE file IS NOT NULL').pluck().all();
    sweepResultFiles(path, new Set(named));
    this.#apply = prepareWrites(db, (file) => this.#dropped.push(file));
    this.#pruner = new Pruner(db);
    this.#log = createLogKeeper(db, (error) => this.#tellFault(error));
  }

  receive(request: WriterRequest): void {
    if (request === 'close') {
      this.#isClosing = true;
      if (this.#filing === 0) this.#close();
      return;
    }
    if ('prune' in request) {
      this.#prune = request;
      if (this.#queue.length === 0) this.#pruneSlice();
      return;
    }
    const { first, writes } = request;
    writes.forEach((write, i) => {
      if (this.#isFiled(write)) void this.#file(first + i, write);
      else this.#queue.push({ n: first + i, write, file: null });
    });
    this.#gather(writes);
  }

  #gather(writes: readonly Write[]): void {
    if (this.#queue.length >= MAX_GROUP) return this.#commit();
    const areMarks = writes.every(({ op }) => op === 'running');
    this.#schedule(Math.max(this.#openMs, performance.now() + (areMarks ? MARK_MS : 0)));
  }

  /** What was computed just now and is large; a job of a batch has its result in the batch's row. */
  #isFiled(write: Write): write is Write & { op: 'finish'; bytes: Uint8Array } {
    if (write.op !== 'finish' || !write.isMoved || write.bytes === null) return false;
    return write.bytes.byteLength >= this.#fileBytes && memberOf(write.id) === null;
  }

  /** Other commits go on meanwhile: no write of a job follows its end. */
  async #file(n: number, write: Write & { op: 'finish'; bytes: Uint8Array }): Promise<void> {
    this.#filing++;
    let file: ResultFile | null = null;
    try {
      if (this.#fault === null) file = await writeResultFile(this.#path, write.id, write.bytes);
    } catch (error) {
      this.#fault ??= unusable(this.#path, error).message;
    }
    this.#filing--;
    this.#queue.push({ n, write, file });
    if (this.#isClosing && this.#filing === 0) this.#close();
    else this.#gather([write]);
  }

  #schedule(dueMs: number): void {
    if (this.#isImmediate || dueMs >= this.#dueMs) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueMs = dueMs;
    const delayMs = dueMs - performance.now();
    if (delayMs > 0) {
      this.#timer = setTimeout(() => this.#commit(), delayMs);
      return;
    }
    // A timer would wait for a millisecond.
    this.#isImmediate = true;
    setImmediate(() => this.#commit());
  }

  #commit(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueMs = Infinity;
    this.#isImmediate = false;
    const group = this.#queue;
    if (group.length === 0) return;
    const started = performance.now();
    const done: number[] = [];
    const refused: [number, string][] = [];
    try {
      if (this.#fault !== null) throw new Error(this.#fault);
      this.#db.exec('BEGIN IMMEDIATE');
      for (const queued of group) this.#applyOne(queued, done, refused);
      this.#db.exec('COMMIT');
      this.#busySinceMs = null;
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      this.#dropped = [];
      if (this.#waitsForLock(error, started)) return;
      this.#fault ??= unusable(this.#path, error).message;
      done.length = refused.length = 0;
      for (const { n } of group) refused.push([n, this.#fault]);
    }
    this.#queue = [];
    const nowMs = performance.now();
    this.#openMs = group.length >= MANY_WRITES ? nowMs + COMMIT_GAP_MS : nowMs;
    const returned = group.flatMap(({ n, write }) =>
      write.op === 'finish' && write.isMoved ? [[n, write.bytes!] as const] : [],
    );
    reply(
      { type: 'committed', done, refused, returned, fault: this.#fault, commitMs: nowMs - started },
      returned.map(([, { buffer }]) => buffer as ArrayBuffer),
    );
    if (this.#fault === null) this.#log.committed();
    dropResultFiles(this.#path, this.#dropped.splice(0));
    this.#pruneSlice();
  }

  /** Removes what is due, if that was asked for; who holds the lock of the file has it removed later. */
  #pruneSlice(): void {
    const request = this.#prune;
    this.#prune = null;
    if (!request || this.#fault !== null) return;
    try {
      reply({ type: 'pruned', slice: this.#pruner.slice(request.prune, request.nowMs) });
      this.#log.committed();
      dropResultFiles(this.#path, this.#dropped.splice(0));
    } catch (error) {
      this.#dropped = [];
      if (codeOf(error).startsWith('SQLITE_BUSY')) reply({ type: 'pruned', slice: NOTHING });
      else this.#tellFault(error);
    }
  }

  /** A fault that no write met. */
  #tellFault(error: unknown): void {
    this.#fault ??= unusable(this.#path, error).message;
    reply({ type: 'committed', done: [], refused: [], returned: [], fault: this.#fault, commitMs: 0 });
  }

  /** One write that breaks a rule is refused alone; the rest of the group goes on. */
  #applyOne({ n, write, file }: Queued, done: number[], refused: [number, string][]): void {
    const { length } = this.#dropped;
    try {
      this.#apply(write, file);
      done.push(n);
    } catch (error) {
      if (FATAL.some((code) => codeOf(error).startsWith(`SQLITE_${code}`))) throw error;
      this.#dropped.length = length;
      if (file) this.#dropped.push(file.name);
      refused.push([n, error instanceof Error ? error.message : String(error)]);
    }
  }

  /** Another process holds the write lock (a backup, a shell): the group waits, the main thread does not. */
  #waitsForLock(error: unknown, nowMs: number): boolean {
    if (!codeOf(error).startsWith('SQLITE_BUSY')) return false;
    this.#busySinceMs ??= nowMs;
    if (nowMs - this.#busySinceMs > MAX_BUSY_MS) return false;
    this.#openMs = performance.now() + 50;
    this.#schedule(this.#openMs);
    return true;
  }

  #close(): void {
    this.#commit();
    this.#log.stop();
    this.#db.close();
    parentPort!.close();
  }
}

function reply(message: WriterReply, moved: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, moved);
}

const { path, fileBytes } = workerData as { path: string; fileBytes: number };
try {
  const writer = new Writer(await connect(path, 'write'), path, fileBytes);
  parentPort!.on('message', (request: WriterRequest) => writer.receive(request));
  reply({ type: 'ready' });
} catch (error) {
  reply({ type: 'broken', message: unusable(path, error).message });
}
