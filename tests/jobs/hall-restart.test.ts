/** What outlives a process or a disk: inputs, unfinished jobs, stopping, and a store that cannot write. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../src/contract/job.js';
import type { InputData } from '../../src/contract/kind.js';
import type { JobStore } from '../../src/contract/ports.js';
import { MmsError } from '../../src/contract/problem.js';
import { DEFAULT_LIMITS } from '../../src/jobs/limits.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { code, endOf, openTestHall, toy } from '../support/hall-parts.js';

describe('inputs', () => {
  const data: InputData = {
    digest: 'd'.repeat(64),
    tables: [{ name: 'rows', rows: 1, columns: [Int32Array.of(5)] }],
    notes: ['one row was re-seeded'],
  };

  it('are read once, stored before the job is accepted, told in the result, and dropped at its end', async () => {
    const { hall, transport, store } = await openTestHall({ reader: { read: async () => data } });
    const { job } = await hall.submit(toy({ file: '/a/day.csv' }));
    expect(transport.pending[0]!.inputs).toEqual({ day: data.digest });
    expect(await transport.inputs.get(data.digest)).toEqual(data);
    // The same content under another name is the same question.
    expect((await hall.submit(toy({ file: '/b/other.csv.gz' }))).job.id).toBe(job.id);
    transport.finishAll();
    expect((await endOf(hall, job.id)).summary!.notes).toEqual(data.notes);
    expect(await store.get(data.digest)).toBeNull();
  });

  it('are on disk before any work that needs them is offered', async () => {
    const memory = createMemoryStore();
    const synced: (() => void)[] = [];
    const store = new Proxy(memory, {
      get: (target, name: keyof JobStore) => {
        const member = target[name].bind(target);
        if (name !== 'put') return member;
        return (input: InputData) =>
          new Promise<void>((resolve) => synced.push(() => resolve(target.put(input))));
      },
    });
    const { hall, transport } = await openTestHall({ store, reader: { read: async () => data } });
    const receipt = hall.submit(toy({ file: '/a/day.csv' }));
    await expect.poll(() => synced.length).toBe(1);
    expect(transport.pending).toEqual([]);
    synced[0]!();
    await receipt;
    expect(transport.pending.length).toBeGreaterThan(0);
  });

  it('are taken from the store after a restart, when the file is gone', async () => {
    const store = createMemoryStore();
    const before = await openTestHall({ store, reader: { read: async () => data } });
    const { job } = await before.hall.submit(toy({ file: '/a/day.csv' }));
    const gone = { read: async () => Promise.reject(new MmsError('E_DATA', 'no such file')) };
    const after = await openTestHall({ store, reader: gone });
    after.transport.finishAll();
    expect(await endOf(after.hall, job.id)).toMatchObject({ state: 'done', summary: { notes: data.notes } });
    expect(await code(after.hall.submit(toy({ file: '/a/day.csv' })))).toBe('E_DATA');
  });

  it('that cannot be read are pinned to the field of the request that names them', async () => {
    const reader = {
      read: () =>
        Promise.reject(new MmsError('E_DATA', 'bad row', [{ pointer: '/file', message: 'bad row' }])),
    };
    const { hall } = await openTestHall({ reader });
    await expect(hall.submit(toy({ file: 'x.csv' }))).rejects.toMatchObject({
      problem: { code: 'E_DATA', errors: [{ pointer: '/spec/file', message: 'bad row' }] },
    });
  });
});

describe('a restart', () => {
  it('takes up queued and running jobs, oldest first, and leaves ended ones alone', async () => {
    const store = createMemoryStore();
    const before = await openTestHall({ store });
    const jobs: JobView[] = [];
    for (const seed of [1, 2, 3, 4]) jobs.push((await before.hall.submit(toy({ units: 1 }, { seed }))).job);
    before.transport.start(before.transport.pending[1]!);
    before.transport.finish(before.transport.pending[0]!);
    await endOf(before.hall, jobs[0]!.id);
    await before.hall.cancel(jobs[3]!.id);

    const after = await openTestHall({ store });
    expect(after.transport.pending.map(({ jobId }) => jobId)).toEqual([jobs[1]!.id, jobs[2]!.id]);
    expect(after.hall.stats()).toMatchObject({ queued: 1, running: 1 });
    expect(after.hall.status(jobs[1]!.id)).toMatchObject({ state: 'running' });
    after.transport.finishAll();
    for (const { id } of jobs.slice(1, 3))
      expect(await endOf(after.hall, id)).toMatchObject({ state: 'done' });
    expect(await after.hall.status(jobs[0]!.id)).toMatchObject({ state: 'done' });
    expect(await after.hall.status(jobs[3]!.id)).toMatchObject({ state: 'cancelled' });
  });

  it('with another engine version computes under that version, and fails what is no longer possible', async () => {
    const store = createMemoryStore();
    const before = await openTestHall({ store });
    const { job } = await before.hall.submit(toy({ units: 1 }));
    const large = await before.hall.submit(toy({ units: 40 }));
    const limits = { ...DEFAULT_LIMITS, maxUnits: 10 };
    const after = await openTestHall({ store, engineVersion: '0.2.0', limits });
    after.transport.finishAll();
    const end = await endOf(after.hall, job.id);
    expect(end.state).toBe('done');
    expect(end.key).not.toBe(job.key);
    expect(await store.resultByKey(job.key)).toBeNull();
    expect(await after.hall.status(large.job.id)).toMatchObject({
      state: 'failed',
      problem: { code: 'E_COST' },
    });
  });
});

describe('a hall over SQLite', () => {
  it('gives the same answers after its file was closed and opened', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mms-hall-'));
    const meter = { count: () => {}, gauge: () => {}, observe: () => {} };
    const open = () => openSqliteStore({ path: join(folder, 'mms.db'), meter });
    const first = await open();
    const before = await openTestHall({ store: first });
    const done = await before.hall.submit(toy({ units: 2 }, { idempotencyKey: 'k' }));
    before.transport.finishAll();
    const { digest } = await endOf(before.hall, done.job.id);
    const left = await before.hall.submit(toy({ units: 2 }, { seed: 4 }));
    before.transport.start(before.transport.pending[0]!);
    await before.hall.drain(0);
    await first.close();

    const second = await open();
    const after = await openTestHall({ store: second });
    expect((await after.hall.result(done.job.id)).digest).toBe(digest);
    expect((await after.hall.submit(toy({ units: 2 }, { idempotencyKey: 'k' }))).job.id).toBe(done.job.id);
    expect(await after.hall.submit(toy({ units: 2 }))).toMatchObject({ how: 'cached', job: { digest } });
    expect(await after.hall.status(left.job.id)).toMatchObject({ state: 'running' });
    after.transport.finishAll();
    expect(await endOf(after.hall, left.job.id)).toMatchObject({ state: 'done', seed: 4 });
    expect((await after.hall.list({ limit: 9 })).map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    await second.close();
    rmSync(folder, { recursive: true });
  });
});

describe('stopping', () => {
  it('refuses new jobs, lets running ones end and leaves queued ones on disk', async () => {
    const { hall, transport, store } = await openTestHall();
    const running = await hall.submit(toy({ units: 1 }, { seed: 1 }));
    const queued = await hall.submit(toy({ units: 1 }, { seed: 2 }));
    transport.start(transport.pending[0]!);
    const drained = hall.drain(60_000);
    expect(await code(hall.submit(toy({}, { seed: 9 })))).toBe('E_DRAINING');
    expect(hall.stats().accepting).toBe(false);
    expect(transport.cancelled).toEqual([queued.job.id]);
    transport.finishAll();
    await drained;
    expect((await store.load(running.job.id))!.state).toBe('done');
    expect((await store.unfinished()).map(({ record }) => record.id)).toEqual([queued.job.id]);
  });

  it('does not wait longer than the grace', async () => {
    const { hall, transport, store } = await openTestHall();
    const { job } = await hall.submit(toy());
    transport.start(transport.pending[0]!);
    await hall.drain(1);
    expect(transport.cancelled).toEqual([job.id]);
    expect((await store.unfinished())[0]!.state).toBe('running');
  });
});

describe('a store that cannot write', () => {
  it('stops acceptance; reading goes on, and an end that was not written was not reached', async () => {
    const inner = createMemoryStore();
    let broken: string | null = null;
    const refuse =
      <T extends unknown[]>(work: (...args: T) => Promise<void>) =>
      (...args: T) =>
        broken === null ? work(...args) : Promise.reject(new Error(broken));
    const store: JobStore = new Proxy(inner, {
      get: (target, name) => {
        if (name === 'fault') return () => broken;
        const member = Reflect.get(target, name).bind(target);
        return ['accept', 'finish', 'put'].includes(String(name)) ? refuse(member) : member;
      },
    });
    const { hall, transport } = await openTestHall({ store });
    const { job } = await hall.submit(toy());
    const pending = hall.submit(toy({}, { seed: 8 }));
    broken = 'the disk is full';
    expect(await code(pending)).toBe('E_STORE');
    expect(await code(hall.submit(toy({}, { seed: 9 })))).toBe('E_STORE');
    expect(hall.stats()).toMatchObject({
      accepting: false,
      degraded: { store: 'the disk is full' },
      queued: 1,
    });
    expect(await code(hall.cancel(job.id))).toBe('E_STORE');
    expect(await hall.status(job.id)).toMatchObject({ state: 'queued' });
    expect(transport.pending).toEqual([]);
  });
});
