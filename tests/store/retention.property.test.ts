/** Retention: any life of the SQLite store beside that of the plain one; 6 s. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { requeueKeyOf, type JobEnd } from '../../src/contract/job.js';
import type { JobStore } from '../../src/contract/ports.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { verifyStore } from '../../src/store/sqlite/verify.js';
import '../support/fixed-seed.js';
import {
  batch,
  DAY,
  ended,
  HOUR,
  job,
  keep,
  keyOf,
  MINUTE,
  newPath,
  open,
  pruneAll,
  START,
} from '../support/retention.js';
import { resultBytes } from './job-store.conformance.js';

type Step =
  | { do: 'job'; key: number; keyed: boolean }
  | { do: 'batch'; keys: number[]; keyed: boolean; gathered: boolean }
  | { do: 'requeue' | 'end'; pick: number; state: JobEnd['state'] }
  | { do: 'wait'; ms: number }
  | { do: 'prune'; ageMs: number | null; jobs: number | null }
  | { do: 'restart' };

const state = fc.constantFrom<JobEnd['state']>('done', 'done', 'failed', 'cancelled', 'expired');
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('job' as const), key: fc.nat(5), keyed: fc.boolean() }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('batch' as const),
        keys: fc.array(fc.nat(8), { minLength: 1, maxLength: 4 }),
        keyed: fc.boolean(),
        gathered: fc.boolean(),
      }),
    },
    { weight: 9, arbitrary: fc.record({ do: fc.constant('end' as const), pick: fc.nat(99), state }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('requeue' as const), pick: fc.nat(99), state }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, MINUTE, HOUR, DAY) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('prune' as const),
        ageMs: fc.constantFrom(null, HOUR, 2 * DAY),
        jobs: fc.constantFrom(null, 1, 4, 9),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  ),
  { minLength: 25, maxLength: 60 },
);

/** All that can be asked of a store. */
async function stateOf(store: JobStore, batches: readonly string[], keys: readonly string[]) {
  const jobs = await store.list({ limit: 1_000 });
  const results = await Promise.all(
    Array.from({ length: 9 }, async (_, n) => [...((await store.resultByKey(keyOf(n))) ?? [])]),
  );
  for (const { record, state } of jobs) if (state === 'done') expect(results[record.seed]).not.toEqual([]);
  return {
    jobs,
    results,
    batches: await Promise.all(batches.map((id) => store.loadBatch(id))),
    owners: await Promise.all(
      keys.map(async (key) => [
        (await store.byIdempotencyKey(key))?.record.id,
        (await store.batchByIdempotencyKey(key))?.record.id,
      ]),
    ),
    unfinished: await store.unfinished(),
    dead: await store.list({ limit: 1_000, state: 'dead' }),
  };
}

/** One random life of the SQLite store beside the plain one; the time is the test's. */
async function live(path: string, life: readonly Step[]): Promise<void> {
  const plain = createMemoryStore();
  let store = await open(path);
  let nowMs = START;
  let number = 0;
  const [batches, keys]: string[][] = [[], []];
  const both = async (act: (to: JobStore) => Promise<unknown>) => {
    await act(plain);
    await act(store);
  };
  const keyFor = (keyed: boolean) => {
    if (keyed) keys!.push(`k${number}`);
    return keyed ? `k${number}` : null;
  };
  for (const step of life) {
    number++;
    if (step.do === 'job') {
      const own = { key: keyOf(step.key), seed: step.key, idempotencyKey: keyFor(step.keyed) };
      await both((to) => to.accept(job(`J${number}`, nowMs, own)));
    } else if (step.do === 'batch') {
      const { keys: own, gathered } = step;
      const record = batch(number, nowMs, own, { gathered, idempotencyKey: keyFor(step.keyed) });
      batches!.push(record.id);
      await both((to) => to.acceptBatch(record));
    } else if (step.do === 'end') {
      const open = await plain.unfinished();
      const one = open[step.pick % open.length];
      if (!one) continue;
      const { id, seed } = one.record;
      const bytes = step.state === 'done' ? resultBytes(seed) : null;
      const end = {
        ...ended(step.state, nowMs),
        ...(bytes && { digest: 'd'.repeat(64), summary: { metrics: [], notes: [] } }),
      };
      await both((to) => to.finish(id, end, bytes));
    } else if (step.do === 'requeue') {
      const all = await plain.list({ limit: 1_000 });
      const one = all.filter(({ end }) => end?.state === 'failed')[step.pick % 7];
      if (!one || (await plain.byIdempotencyKey(requeueKeyOf(one.record.id)))) continue;
      const idempotencyKey = requeueKeyOf(one.record.id);
      keys!.push(idempotencyKey);
      const { key, seed } = one.record;
      await both((to) => to.accept(job(`J${number}`, nowMs, { key, seed, idempotencyKey })));
    } else if (step.do === 'wait') nowMs += step.ms;
    else if (step.do === 'prune') {
      const rules = keep({ ageMs: step.ageMs, jobs: step.jobs });
      expect(await pruneAll(store, rules, nowMs)).toEqual(await pruneAll(plain, rules, nowMs));
    } else {
      await store.close();
      store = await open(path);
    }
    if (step.do === 'prune' || step.do === 'restart')
      expect(await stateOf(store, batches!, keys!)).toEqual(await stateOf(plain, batches!, keys!));
  }
  await store.close();
  await verifyStore(path);
}

it('shows the same jobs, results, batches and keys after any life', async () => {
  const property = fc.asyncProperty(steps, (life) => live(newPath(), life));
  await fc.assert(property, { numRuns: 16 });
});
