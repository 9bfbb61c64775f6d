/** Jobs whose records, ends and results follow from their number, and a process that runs them on a store. */
import type { BatchEnd, BatchRecord } from '../../../src/contract/batch.js';
import type { JobEnd, JobRecord } from '../../../src/contract/job.js';
import type { JobStore } from '../../../src/contract/ports.js';

/** Every eleventh job is not ended, so that images hold live ones of every age. */
export const endsOf = (n: number): boolean => n % 11 !== 0;

export function recordOfJob(n: number): JobRecord {
  return {
    id: `J${n}`,
    kind: 'toy',
    kindVersion: 1,
    spec: { n, text: 'x'.repeat(n % 500) },
    seed: n,
    key: String(n).padStart(64, '0'),
    inputs: {},
    units: 1,
    priority: 5,
    createdMs: n,
    idempotencyKey: `i${n}`,
    requestHash: null,
  };
}

export function endOfJob(n: number): JobEnd {
  const state = (['done', 'done', 'failed', 'cancelled'] as const)[n % 4]!;
  const done = state === 'done';
  return {
    state,
    finishedMs: n + 1,
    problem: null,
    digest: done ? `d${n}` : null,
    summary: done ? { metrics: [], notes: [`job ${n}`] } : null,
    attempts: 1 + (n % 3),
  };
}

/** Every so many jobs comes a batch of neighbours that end in pieces; the last of every second never ends. */
const BATCH_EVERY = 40;
export const BATCH_JOBS = 20;
const endsWhole = (b: number): boolean => b % (2 * BATCH_EVERY) === 0;

/** Every so many jobs a slice of retention comes, days after all ends so far. */
const PRUNE_EVERY = 15;
const PRUNE_MS = 2 * 86_400_000;
const KEPT = { ageMs: null, jobs: 400, bytes: null };
/** Jobs that other clients may have accepted meanwhile, in another order. */
const SLACK = 4 * BATCH_JOBS;

/** True when retention may have removed job n, or batch n, by the time that job `newest` was accepted. */
export function mayBeGone(n: number, newest: number, isBatch: boolean): boolean {
  const jobs = newest - n + (BATCH_JOBS / BATCH_EVERY) * (newest - n);
  return (isBatch ? endsWhole(n) : endsOf(n)) && jobs >= KEPT.jobs - SLACK;
}

export function batchOf(b: number): BatchRecord {
  const seeds = Array.from({ length: BATCH_JOBS }, (_, i) => 1_000_000 + b * BATCH_JOBS + i);
  return {
    id: `01TEST${String(b).padStart(17, '0')}000`,
    createdMs: b,
    idempotencyKey: `b${b}`,
    requestHash: null,
    gathered: false,
    groups: [{ kind: 'toy', kindVersion: 1, spec: { b }, inputs: {}, units: 1, priority: 5 }],
    groupOf: seeds.map(() => 0),
    seeds,
    keys: seeds.map((seed) => String(seed).padStart(64, '0')),
  };
}

/** The bytes of job i of batch b are those of job 10 b + i. */
export function endsOfBatch(b: number): BatchEnd[] {
  const half = BATCH_JOBS / 2;
  const done = Array.from({ length: half }, (_, i) => bytesOfJob(10 * b + i));
  const end = { startedMs: null, finishedMs: b, attempts: 1, problem: null };
  const results = {
    lengths: Uint32Array.from(done, ({ byteLength }) => byteLength),
    bytes: Uint8Array.from(done.flatMap((bytes) => [...bytes])),
  };
  return [
    { ...end, first: 0, jobs: half, state: 'done', results },
    { ...end, first: half, jobs: half - 1, state: 'cancelled', results: null },
    ...(endsWhole(b)
      ? [{ ...end, first: 2 * half - 1, jobs: 1, state: 'expired', results: null } as const]
      : []),
  ];
}

async function runBatch(store: JobStore, b: number, told: (ack: string) => void): Promise<void> {
  const { id } = batchOf(b);
  await store.acceptBatch(batchOf(b));
  told(`B${b}`);
  for (const [part, end] of endsOfBatch(b).entries()) {
    await store.finishBatch(id, [end]);
    told(`F${b}.${part}`);
  }
}

/** Every so many jobs a result is large: a file of its own. */
const LARGE_EVERY = 24;
export const isLarge = (n: number): boolean => n % LARGE_EVERY === 1;
/** The store of the load takes results from this size on for large. */
export const LARGE_BYTES = 1 << 16;

/** Up to two database pages of bytes, or a large result. */
export function bytesOfJob(n: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((isLarge(n) ? LARGE_BYTES : 100) + ((n * 37) % 8_000));
  for (let i = 0; i < bytes.length; i++) bytes[i] = n + i * 7;
  return bytes;
}

/** `clients` at a time; each job is accepted, marked, ended; `told` hears A3, E3 or RJ3 after the promise. */
export async function runJobs(
  store: JobStore,
  { jobs, clients }: { readonly jobs: number; readonly clients: number },
  told: (ack: string) => void,
): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    for (let n = next++; n < jobs; n = next++) {
      if (n % BATCH_EVERY === 0) await runBatch(store, n, told);
      if (n % PRUNE_EVERY === 0)
        for (const { id } of (await store.prune(KEPT, PRUNE_MS)).removed) told(`R${id}`);
      await store.accept(recordOfJob(n));
      told(`A${n}`);
      store.markRunning(`J${n}`, n);
      if (!endsOf(n)) continue;
      const end = endOfJob(n);
      await store.finish(`J${n}`, end, end.state === 'done' ? bytesOfJob(n) : null, null, () => undefined);
      told(`E${n}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}
