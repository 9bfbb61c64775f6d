/** What a store keeps of sweeps, SQLite beside the plain one: rows, parts by their keys, retention; 2 s. */
import { afterEach, describe, expect, it } from 'vitest';
import { memberId } from '../../src/contract/batch.js';
import type { JobStore } from '../../src/contract/ports.js';
import { partKeyOf, type SweepMark, type SweepRecord } from '../../src/contract/stored-sweep.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { verifyStore } from '../../src/store/sqlite/verify.js';
import {
  batch,
  DAY,
  endOfMembers,
  HOUR,
  job,
  keep,
  MINUTE,
  newPath,
  open,
  pruneAll,
  START,
} from '../support/retention.js';

const idOf = (n: number): string => `01SWEEP${String(n).padStart(16, '0')}ZZZ`;
const sweep = (n: number, over: Partial<SweepRecord> = {}): SweepRecord => ({
  id: idOf(n),
  createdMs: START,
  idempotencyKey: null,
  requestHash: null,
  plan: {
    kind: 'toy',
    spec: { a: [1, { b: 'ü"' }] },
    seed: 2 ** 53 - 1,
    design: 'grid',
    axes: [{ path: 'a.0', values: [0.1, null, { type: 'x' }], range: null }],
    cells: 3,
    repeats: 2,
    commonRandomNumbers: true,
    metric: { name: null, sense: 'min' },
    name: null,
    priority: 5,
  },
  partJobs: 4,
  ...over,
});
const RUNNING: SweepMark = { state: 'running', round: 0, finishedMs: null, counts: null };
const COUNTS = { done: 6, cached: 1, failed: 0, cancelled: 0, cellsDone: 3, cellsFailed: 0 };
const done = (finishedMs: number): SweepMark => ({ state: 'done', round: 1, finishedMs, counts: COUNTS });

describe.each([
  ['memory', () => Promise.resolve(createMemoryStore()), null],
  ['sqlite', (path: string) => open(path), newPath],
] as const)('sweeps on the %s store', (_, create, place) => {
  let store: JobStore;
  const path = place?.() ?? '';
  afterEach(() => store.close());
  const ids = async (work: ReturnType<JobStore['openSweeps']>): Promise<string[]> =>
    (await work).map(({ record }) => record.id);

  /** A sweep of two parts, all of them done at this time. */
  async function addSweep(n: number, finishedMs: number, over: Partial<SweepRecord> = {}): Promise<string[]> {
    await store.acceptSweep(sweep(n, over));
    const parts: string[] = [];
    for (const [part, keys] of [
      [0, [10 * n, 10 * n + 1, 10 * n + 2, 10 * n + 3]],
      [1, [10 * n + 4, 10 * n + 5]],
    ] as const) {
      const record = batch(10 * n + part, START, keys, { idempotencyKey: partKeyOf(idOf(n), part, 0) });
      await store.acceptBatch(record);
      await store.finishBatch(record.id, [endOfMembers(0, keys, 'done', finishedMs)]);
      parts.push(record.id);
    }
    await store.markSweep(idOf(n), done(finishedMs));
    return parts;
  }

  it('come back as they were accepted and marked', async () => {
    store = await create(path);
    const [a, b, c] = [sweep(1), sweep(2, { idempotencyKey: 'k', requestHash: 'h' }), sweep(3)];
    for (const record of [a, b, c]) await store.acceptSweep(record);
    expect(await store.loadSweep(a.id)).toEqual({ record: a, mark: RUNNING });
    expect(await store.sweepByIdempotencyKey('k')).toEqual({ record: b, mark: RUNNING });
    expect(await store.sweepByIdempotencyKey('l')).toBeNull();
    expect(await store.loadSweep(idOf(9))).toBeNull();
    await expect(store.acceptSweep(sweep(4, { idempotencyKey: 'k' }))).rejects.toThrow();
    await expect(store.markSweep(idOf(9), RUNNING)).rejects.toThrow(/unknown/);
    await store.markSweep(b.id, done(START + 5));
    await store.markSweep(c.id, { ...RUNNING, state: 'cancelled' });
    expect((await store.loadSweep(b.id))!.mark).toEqual(done(START + 5));
    expect(await ids(store.openSweeps())).toEqual([a.id, c.id]);
    expect(await ids(store.listSweeps({ limit: 9 }))).toEqual([c.id, b.id, a.id]);
    expect(await ids(store.listSweeps({ limit: 1, before: c.id }))).toEqual([b.id]);
    expect(await ids(store.listSweeps({ limit: 9, state: 'running' }))).toEqual([a.id]);
    expect(await ids(store.listSweeps({ limit: 9, before: idOf(9) }))).toEqual([]);
    await store.markSweep(b.id, { ...RUNNING, round: 2 });
    expect(await ids(store.openSweeps())).toEqual([a.id, b.id, c.id]);
    expect(store.fault()).toBeNull();
  });

  it('have their parts found by their keys, with ends and jobs', async () => {
    store = await create(newPath());
    const key = partKeyOf(idOf(1), 0, 0);
    const record = batch(1, START, [1, 2, 3, 4, 5], { idempotencyKey: key });
    await store.acceptBatch(record);
    expect(await store.batchEnds(key)).toEqual({ id: record.id, jobs: 5, ends: [] });
    expect(await store.batchEnds(partKeyOf(idOf(1), 0, 1))).toBeNull();
    await store.finishBatch(record.id, [endOfMembers(1, [2, 3], 'done', START)]);
    await store.finishBatch(record.id, [endOfMembers(4, [5], 'failed', START)]);
    const { ends } = (await store.batchEnds(key))!;
    const each = ends.flatMap(({ first, jobs, state, attempts }) =>
      Array.from({ length: jobs }, (_, i) => [first + i, state, attempts]),
    );
    expect(each).toEqual([
      [1, 'done', 2],
      [2, 'done', 2],
      [4, 'failed', 2],
    ]);
    const jobs = await store.batchJobs(record.id);
    expect(jobs).toEqual(await Promise.all(jobs.map((_, i) => store.load(memberId(record.id, i)))));
    expect(jobs.map(({ state }) => state)).toEqual(['queued', 'done', 'done', 'queued', 'failed']);
    expect(await store.batchJobs(batch(2, START, []).id)).toEqual([]);
  });

  it('go as a whole, and keep every job until they do', async () => {
    const file = place?.() ?? '';
    store = await create(file);
    const old = await addSweep(1, START + MINUTE);
    const keyed = await addSweep(2, START + MINUTE, { idempotencyKey: 'k' });
    await store.acceptSweep(sweep(3));
    const running = batch(30, START, [30], { idempotencyKey: partKeyOf(idOf(3), 0, 0) });
    await store.acceptBatch(running);
    await store.finishBatch(running.id, [endOfMembers(0, [30], 'done', START)]);
    await store.accept(job('Z', START + DAY));
    const prune = (hours: number) => pruneAll(store, keep({ ageMs: HOUR }), START + hours * HOUR);
    expect((await prune(0.5)).removed).toEqual([]);
    expect(await prune(2)).toEqual({
      counts: { age: 6, count: 0, bytes: 0 },
      removed: [
        { id: idOf(1), batchJobs: null },
        { id: old[0], batchJobs: 4 },
        { id: old[1], batchJobs: 2 },
      ],
    });
    expect(await store.loadSweep(idOf(1))).toBeNull();
    expect(await store.load(memberId(old[0]!, 0))).toBeNull();
    expect(await ids(store.listSweeps({ limit: 9 }))).toEqual([idOf(3), idOf(2)]);
    // The key may be asked for again for a day, and a sweep that runs keeps what it has.
    expect((await prune(12)).removed).toEqual([]);
    expect((await prune(26)).removed.map(({ id }) => id)).toEqual([idOf(2), ...keyed]);
    expect(await store.sweepByIdempotencyKey('k')).toBeNull();
    expect((await store.batchJobs(running.id)).map(({ state }) => state)).toEqual(['done']);
    await store.acceptSweep(sweep(4, { idempotencyKey: 'k' }));
    if (file !== '') expect(await verifyStore(file)).toMatchObject({ jobs: 2, results: 1 });
  });

  it('go by count only when all of their jobs are so far back', async () => {
    store = await create(newPath());
    const parts = await addSweep(1, START);
    const rules = keep({ jobs: 3 });
    for (const [at, id] of ['A', 'B', 'C'].entries()) {
      expect((await pruneAll(store, rules, START + DAY)).removed, `after ${at}`).toEqual([]);
      await store.accept(job(id, START));
    }
    const { removed, counts } = await pruneAll(store, rules, START + DAY);
    expect(removed.map(({ id }) => id)).toEqual([idOf(1), ...parts]);
    expect(counts.count).toBe(6);
  });
});
