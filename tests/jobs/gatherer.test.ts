/** Small jobs that come one by one: kept together, and yet each is known, ends and counts as its own; 2 s. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchIdOf, memberOf, type BatchRecord } from '../../src/contract/batch.js';
import type { JobView } from '../../src/contract/job.js';
import type { Hall, JobStore, Receipt } from '../../src/contract/ports.js';
import { MmsError } from '../../src/contract/problem.js';
import { DEFAULT_LIMITS } from '../../src/jobs/limits.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { verifyStore } from '../../src/store/sqlite/verify.js';
import { code, endOf, openTestHall, toy } from '../support/hall-parts.js';

const small = (seed: number, client?: string) =>
  toy({ units: 1, stepsPerUnit: 1_000 }, { seed, ...(client !== undefined && { client }) });
const submitAll = (hall: Hall, seeds: readonly number[]): Promise<Receipt[]> =>
  Promise.all(seeds.map((seed) => hall.submit(small(seed))));
const idsOf = (receipts: readonly Receipt[]) => receipts.map(({ job }) => job.id);

/** A memory store whose rows of jobs reach the disk, or not, when the test says so. */
function heldStore() {
  const inner = createMemoryStore();
  const held: { sync: () => void; fail: () => void }[] = [];
  let last: Promise<void> = Promise.resolve();
  const store: JobStore = new Proxy(inner, {
    get: (target, name: keyof JobStore) => {
      const member = target[name].bind(target);
      // Writes keep their order: an end waits for the row of its job.
      if (name === 'finishBatch')
        return (...ends: Parameters<JobStore['finishBatch']>) => last.then(() => target.finishBatch(...ends));
      if (name !== 'acceptBatch') return member;
      return (batch: BatchRecord) =>
        (last = new Promise<void>((resolve, reject) =>
          held.push({
            sync: () => resolve(target.acceptBatch(batch)),
            fail: () => reject(new MmsError('E_STORE', 'the disk is full')),
          }),
        ));
    },
  });
  return { store, inner, held };
}

describe('small jobs that come at the same time', () => {
  it('are one row and one pack, and nobody knows them as a batch', async () => {
    const { hall, transport, store, counts, observed } = await openTestHall();
    const receipts = await submitAll(hall, [1, 2, 3]);
    expect(receipts.map(({ how, job }) => [how, job.state, job.seed])).toEqual([
      ['new', 'queued', 1],
      ['new', 'queued', 2],
      ['new', 'queued', 3],
    ]);
    const ids = idsOf(receipts);
    const [group] = ids.map(batchIdOf);
    expect(ids.map((id) => memberOf(id))).toEqual([0, 1, 2].map((number) => ({ batchId: group, number })));
    expect(transport.pending.map(({ to }) => to)).toEqual([3]);
    const unknown = async () => {
      expect(await hall.batch(group!)).toBeNull();
      expect(await code(hall.cancelBatch(group!))).toBe('E_NOT_FOUND');
      expect(await hall.status(group!)).toBeNull();
    };
    await unknown();
    transport.start(transport.pending[0]!);
    expect(hall.status(ids[1]!)).toMatchObject({ state: 'running' });
    expect(hall.stats()).toMatchObject({ queued: 0, running: 3 });
    transport.finishAll();
    for (const id of ids) {
      const end = await endOf(hall, id);
      expect(end).toMatchObject({ state: 'done', attempts: 1, cached: false, progress: 1 });
      expect((await hall.result(id)).digest).toBe(end.digest);
    }
    await unknown();
    expect(await store.unfinished()).toEqual([]);
    expect(counts.get('mms_jobs_accepted_total toy')).toBe(3);
    expect(counts.get('mms_jobs_finished_total toy done')).toBe(3);
    expect(observed.get('mms_job_queue_seconds')).toHaveLength(3);
    expect(observed.get('mms_job_run_seconds')).toHaveLength(3);
    expect(hall.stats()).toMatchObject({ queued: 0, running: 0 });
  });

  it('tell their end to those who watch, with what the store has', async () => {
    const { hall, transport } = await openTestHall();
    const [, { job }] = (await submitAll(hall, [1, 2])) as [Receipt, Receipt];
    const views: JobView[] = [];
    hall.watch(job.id, (view) => views.push(view));
    transport.finishAll();
    await endOf(hall, job.id);
    expect(views.map(({ state }) => state)).toEqual(['running', 'done']);
    expect(views[1]).toEqual(await hall.status(job.id));
  });

  it('are answered after the commit, while the next ones wait for theirs in one row', async () => {
    const { store, held } = heldStore();
    const { hall, transport } = await openTestHall({ store });
    const answered: number[] = [];
    const ask = (seed: number) => void hall.submit(small(seed)).then(() => answered.push(seed));
    const turn = () => new Promise((next) => setImmediate(next));
    ask(1);
    await expect.poll(() => held.length).toBe(1);
    for (const seed of [2, 3]) {
      ask(seed);
      await turn();
    }
    // The first is at work already; nobody has heard of it.
    expect([held.length, transport.pending.length, answered.length]).toEqual([1, 1, 0]);
    expect(hall.stats().queued).toBe(3);
    held[0]!.sync();
    await turn();
    expect(answered).toEqual([1]);
    expect([held.length, transport.pending.map(({ to }) => to)]).toEqual([2, [1, 2]]);
    held[1]!.sync();
    await turn();
    expect(answered).toEqual([1, 2, 3]);
  });

  it('and batches are answered as they were accepted, though their work was quicker than the disk', async () => {
    const { store, held } = heldStore();
    const { hall, transport } = await openTestHall({ store });
    const batch = hall.submitBatch({ jobs: [small(1), small(2)] });
    await expect.poll(() => held.length).toBe(1);
    transport.finishAll();
    held[0]!.sync();
    expect(await batch).toMatchObject({ states: ['queued', 'queued'], finishedMs: null });
    await expect.poll(async () => (await hall.batch((await batch).id))!.counts.done).toBe(2);
  });

  it('were never there when their commit failed', async () => {
    const { store, held, inner } = heldStore();
    const { hall, transport } = await openTestHall({ store });
    const both = [hall.submit(small(1)), hall.submit(small(1)), hall.submit(small(2))];
    const codes = Promise.all(both.map((work) => code(work)));
    await expect.poll(() => held.length).toBe(1);
    transport.start(transport.pending[0]!);
    held[0]!.fail();
    expect(await codes).toEqual(['E_STORE', 'E_STORE', 'E_STORE']);
    expect(transport.pending).toEqual([]);
    expect(hall.stats()).toMatchObject({ queued: 0, running: 0 });
    expect(await inner.list({ limit: 9 })).toEqual([]);
    const again = hall.submit(small(1));
    await expect.poll(() => held.length).toBe(2);
    held[1]!.sync();
    expect((await again).how).toBe('new');
  });
});

describe('an equal small question', () => {
  it('joins the one in flight, and is answered from the result afterwards', async () => {
    const { hall, transport } = await openTestHall();
    const [first, joined] = (await submitAll(hall, [1, 1])) as [Receipt, Receipt];
    expect([first.how, joined.how]).toEqual(['new', 'joined']);
    expect(joined.job.id).toBe(first.job.id);
    expect((await hall.submit(small(1))).job.id).toBe(first.job.id);
    expect(transport.pending.map(({ to }) => to)).toEqual([1]);
    transport.finishAll();
    const { digest } = await endOf(hall, first.job.id);
    const [cached, other] = (await submitAll(hall, [1, 2])) as [Receipt, Receipt];
    expect(cached).toMatchObject({
      how: 'cached',
      job: { state: 'done', cached: true, attempts: 0, digest },
    });
    expect(cached.job.id).not.toBe(first.job.id);
    expect(other.how).toBe('new');
    expect((await hall.result(cached.job.id)).digest).toBe(digest);
    expect(transport.pending.map(({ to }) => to)).toEqual([1]);
  });

  it('is computed anew after a cancel', async () => {
    const { hall, transport } = await openTestHall();
    const [first] = (await submitAll(hall, [1])) as [Receipt];
    await hall.cancel(first.job.id);
    const again = await hall.submit(small(1));
    expect(again.how).toBe('new');
    transport.finishAll();
    expect(await endOf(hall, again.job.id)).toMatchObject({ state: 'done' });
    expect(await hall.status(first.job.id)).toMatchObject({ state: 'cancelled' });
  });
});

describe('one of several', () => {
  it('is cancelled alone, and too late when its end is being written', async () => {
    const { hall, transport } = await openTestHall();
    const ids = idsOf(await submitAll(hall, [1, 2, 3]));
    expect(await hall.cancel(ids[1]!)).toMatchObject({
      state: 'cancelled',
      problem: { code: 'E_CANCELLED' },
    });
    expect(transport.pending.map(({ to }) => to)).toEqual([2]);
    transport.finishAll();
    expect(await code(hall.cancel(ids[0]!))).toBe('E_CONFLICT');
    const states = await Promise.all(ids.map(async (id) => (await endOf(hall, id)).state));
    expect(states).toEqual(['done', 'cancelled', 'done']);
  });

  it('fails alone when it broke the pack', async () => {
    const { hall, transport } = await openTestHall();
    const ids = idsOf(await submitAll(hall, [1, 2, 3]));
    transport.fail(transport.pending[0]!, 'a thread died');
    transport.fail(transport.pending[2]!, 'a thread died');
    transport.finishAll();
    const states = await Promise.all(ids.map(async (id) => (await endOf(hall, id)).state));
    expect(states).toEqual(['done', 'done', 'failed']);
  });

  it('counts for its own client', async () => {
    const limits = { ...DEFAULT_LIMITS, maxQueuedJobs: 4, maxClientShare: 0.5 };
    const { hall, transport } = await openTestHall({ limits });
    const codes = await Promise.all(
      [small(1, 'a'), small(2, 'b'), small(3, 'a'), small(4, 'a'), small(5, 'b'), small(6, 'c')].map(
        (request) => code(hall.submit(request)),
      ),
    );
    expect(codes).toEqual(['no error', 'no error', 'no error', 'E_RATE', 'no error', 'E_QUEUE_FULL']);
    transport.finishAll();
    await expect.poll(() => hall.stats().queued + hall.stats().running).toBe(0);
    for (const client of ['a', 'b']) expect(await code(hall.submit(small(7, client)))).toBe('no error');
  });
});

describe('a half-ended group', () => {
  it.each(['memory', 'sqlite'])('is taken up after a restart over %s', async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'mms-gathered-'));
    const meter = { count: () => {}, gauge: () => {}, observe: () => {} };
    const memory = createMemoryStore();
    const open = () =>
      name === 'memory' ? memory : openSqliteStore({ path: join(folder, 'mms.db'), meter });
    const store = await open();
    const former = await openTestHall({ store });
    const ids = idsOf(await submitAll(former.hall, [1, 2, 3]));
    await former.hall.cancel(ids[0]!);
    const digests = new Map<number, string | null>();
    if (store !== memory) await store.close();

    const second = await open();
    const { hall, transport } = await openTestHall({ store: second });
    expect((await hall.list({ limit: 9 })).map(({ state }) => state)).toEqual([
      'queued',
      'queued',
      'cancelled',
    ]);
    await new Promise((next) => setImmediate(next));
    transport.finishAll();
    for (const id of ids.slice(1)) {
      const { seed, state, digest } = await endOf(hall, id);
      expect(state).toBe('done');
      digests.set(seed, digest);
      expect((await hall.result(id)).digest).toBe(digest);
    }
    expect(await hall.batch(batchIdOf(ids[0]!))).toBeNull();
    expect(await second.unfinished()).toEqual([]);
    const again = await hall.submit(small(2));
    expect(again).toMatchObject({ how: 'cached', job: { digest: digests.get(2) } });
    if (second !== memory) await second.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a job under a key', () => {
  it('that has the result of one without has it on its own: a backup of the store is whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mms-gathered-'));
    const path = join(folder, 'mms.db');
    const meter = { count: () => {}, gauge: () => {}, observe: () => {} };
    const store = await openSqliteStore({ path, meter });
    const { hall, transport } = await openTestHall({ store });
    const [first] = (await submitAll(hall, [1])) as [Receipt];
    transport.finishAll();
    await endOf(hall, first.job.id);
    const keyed = await hall.submit({ ...small(1), idempotencyKey: 'k' });
    expect(keyed).toMatchObject({ how: 'cached', job: { state: 'done', cached: true } });
    await store.close();
    expect(await verifyStore(path)).toMatchObject({ jobs: 2, unfinishedJobs: 0, results: 2 });
    rmSync(folder, { recursive: true });
  });
});
