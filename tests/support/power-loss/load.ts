/** Jobs whose records, ends and results follow from their number, and a process that runs them on a store. */
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

/** Up to two database pages of bytes. */
export function bytesOfJob(n: number): Uint8Array {
  const bytes = new Uint8Array(100 + ((n * 37) % 8_000));
  for (let i = 0; i < bytes.length; i++) bytes[i] = n + i * 7;
  return bytes;
}

/** `clients` at a time, each job accepted, marked, ended; `told` hears A3 or E3 after the store's promise. */
export async function runJobs(
  store: JobStore,
  { jobs, clients }: { readonly jobs: number; readonly clients: number },
  told: (ack: string) => void,
): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    for (let n = next++; n < jobs; n = next++) {
      await store.accept(recordOfJob(n));
      told(`A${n}`);
      store.markRunning(`J${n}`, n);
      if (!endsOf(n)) continue;
      const end = endOfJob(n);
      await store.finish(`J${n}`, end, end.state === 'done' ? bytesOfJob(n) : null);
      told(`E${n}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}
