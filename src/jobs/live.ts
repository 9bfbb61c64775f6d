/** A job between acceptance and its end, as the hall keeps it in memory: chunk tables, progress, attempts. */
import type { Table } from '../contract/columns.js';
import type { JobRecord, JobState } from '../contract/job.js';
import type { Kind } from '../contract/kind.js';
import type { Chunk } from '../contract/ports.js';
import { chunkLimitMs, type Limits } from './limits.js';
import type { PackOwner } from './packs.js';
import { countChunks, splitUnits } from './split.js';

export interface LiveJob {
  readonly record: JobRecord;
  readonly kind: Kind;
  /** Present for a job of a batch. */
  readonly batchId: string | null;
  /** Whose share of the queue it takes; null for jobs of a former process. */
  readonly client: string | null;
  readonly nsPerUnit: number;
  readonly chunks: number;
  /** Tables of each chunk, null until it is done; no room before the first is offered: thousands may wait. */
  tables: (readonly Table[] | null)[];
  /** 0..1 of each chunk, likewise. */
  chunkProgress: Float64Array;
  /** Monotonic, for the waiting time. */
  readonly acceptedAtMs: number;
  state: JobState;
  /** Wall clock, for the record. */
  startedMs: number | null;
  /** Monotonic, for the running time. */
  startedAtMs: number;
  /** Chunks without tables. */
  openChunks: number;
  /** Sum of chunkProgress, kept so that progress costs nothing. */
  progressSum: number;
  attempts: number;
  /** As the kind estimates them, for the count of steps; null before the first chunk came back. */
  stepsPerChunk: number | null;
  /** The pack's owner and its number there, while it travels in a pack. */
  pack: { readonly owner: PackOwner; readonly number: number } | null;
  /** True while the transport holds its chunks. */
  offered: boolean;
  /** Settles when the record is on disk. */
  accepted: Promise<unknown>;
  /** Set once the job is on its way to its end; nothing else may end it from then on. */
  ending: Promise<void> | null;
}

export function createLiveJob(
  record: JobRecord,
  kind: Kind,
  nsPerUnit: number,
  nowMs: number,
  client: string | null = null,
  batchId: string | null = null,
): LiveJob {
  const chunks = countChunks(record.units, nsPerUnit);
  return {
    record,
    kind,
    batchId,
    client,
    nsPerUnit,
    chunks,
    tables: [],
    chunkProgress: new Float64Array(0),
    acceptedAtMs: nowMs,
    state: 'queued',
    startedMs: null,
    startedAtMs: nowMs,
    openChunks: chunks,
    progressSum: 0,
    attempts: 0,
    stepsPerChunk: null,
    pack: null,
    offered: false,
    accepted: Promise.resolve(),
    ending: null,
  };
}

/** Makes room for what comes back, when the first chunk sets out or is back. */
function makeRoom(live: LiveJob): void {
  if (live.tables.length > 0) return;
  live.tables = new Array<null>(live.chunks).fill(null);
  live.chunkProgress = new Float64Array(live.chunks);
}

/** What the transport gets; the spec is shared by all chunks, not copied. */
export function chunksOf(live: LiveJob, limits: Limits): Chunk[] {
  const { id, kind, kindVersion, spec, seed, inputs, priority } = live.record;
  makeRoom(live);
  return splitUnits(live.record.units, live.nsPerUnit).map((range, chunk) => ({
    jobId: id,
    chunk,
    kind,
    kindVersion,
    spec,
    seed,
    inputs,
    priority,
    ...(live.client !== null && { client: live.client }),
    limitMs: chunkLimitMs(range.costNs, limits),
    ...range,
  }));
}

/** 0..1 over all chunks. */
export function progressOf(live: LiveJob): number {
  return Math.min(1, live.progressSum / live.chunks);
}

/** Notes that `done` (0..1) of a chunk is computed; progress never runs backwards, not even in a retry. */
export function noteProgress(live: LiveJob, chunk: number, done: number): void {
  makeRoom(live);
  const before = live.chunkProgress[chunk];
  if (before === undefined || !(done > before)) return;
  const after = Math.min(1, done);
  live.chunkProgress[chunk] = after;
  live.progressSum += after - before;
}

/** Keeps a chunk's tables; false when they came before, or the chunk does not exist. */
export function noteDone(live: LiveJob, chunk: number, tables: readonly Table[], attempts: number): boolean {
  makeRoom(live);
  if (live.tables[chunk] !== null) return false;
  live.tables[chunk] = tables;
  live.openChunks--;
  live.attempts = Math.max(live.attempts, attempts, 1);
  noteProgress(live, chunk, 1);
  return true;
}
