/** Retention as the hall drives it: what is removed is gone for all, and computed when asked again; 2 s. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memberId } from '../../src/contract/batch.js';
import type { JobStore } from '../../src/contract/ports.js';
import { createCache } from '../../src/store/cache.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { code, endOf, openTestHall, toy } from '../support/hall-parts.js';

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mms-retain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const meter = { count: () => {}, gauge: () => {}, observe: () => {} };
let files = 0;
const openSqlite = () => openSqliteStore({ path: join(folder, `${files++}`, 'mms.db'), meter });
const noCache = () => createCache({ maxBytes: 0, redisUrl: null, meter });
const HOUR = 3_600_000;
const retain = { ageMs: HOUR, jobs: null, bytes: null };
const tiny = { units: 1, stepsPerUnit: 1_000 };

/** A store that tells when a sweep has ended. */
function sweeping(store: JobStore) {
  let sweeps = 0;
  const heard: (() => void)[] = [];
  const watched: JobStore = new Proxy(store, {
    get(target, name: keyof JobStore) {
      const value = target[name] as unknown;
      if (name !== 'prune') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async (...terms: Parameters<JobStore['prune']>) => {
        const slice = await target.prune(...terms);
        if (!slice.more) {
          sweeps++;
          // The hall takes in what was removed before anybody goes on.
          setImmediate(() => heard.splice(0).forEach((next) => next()));
        }
        return slice;
      };
    },
  });
  const swept = () => new Promise<void>((next) => heard.push(next));
  return { store: watched, swept, sweeps: () => sweeps };
}

describe.each([
  ['memory', async () => createMemoryStore()],
  ['sqlite', openSqlite],
])('retention over the %s store', (_, create) => {
  it('forgets single jobs, batches and gathered ones, counts them, and computes anew what is asked again', async () => {
    const { store, swept } = sweeping(await create());
    const first = swept();
    const test = await openTestHall({ store, cache: noCache(), retain });
    const { hall, transport, clock, counts } = test;
    await first;
    const done = async (ids: readonly string[]) => {
      transport.finishAll();
      for (const id of ids) expect(await endOf(hall, id)).toMatchObject({ state: 'done' });
    };
    const large = (await hall.submit(toy({ units: 2 }))).job;
    await done([large.id]);
    const small = (await hall.submit(toy(tiny, { seed: 4 }))).job;
    await new Promise((next) => setImmediate(next));
    await done([small.id]);
    const batch = await hall.submitBatch({ jobs: [toy(tiny, { seed: 5 }), toy({ units: 3 }, { seed: 6 })] });
    await new Promise((next) => setImmediate(next));
    const members = [0, 1].map((number) => memberId(batch.id, number));
    await done(members);
    const keyed = (await hall.submit(toy(tiny, { seed: 8, idempotencyKey: 'k' }))).job;
    const last = (await hall.submit(toy({ units: 4 }, { seed: 7 }))).job;
    await new Promise((next) => setImmediate(next));
    await done([keyed.id, last.id]);

    expect(await hall.submit(toy({ units: 2 }))).toMatchObject({ how: 'cached' });
    clock.ms += 30 * 60_000;
    const extra = (await hall.submit(toy({ units: 2 }, { seed: 99 }))).job;
    await done([extra.id]);
    clock.ms += 31 * 60_000;
    const next = swept();
    clock.advance(10_000);
    await next;

    const gone = [large.id, small.id, ...members];
    for (const id of gone) {
      expect(await hall.status(id)).toBeNull();
      await expect(hall.result(id)).rejects.toThrow(/retention \(store\.retain\) has removed it/);
      expect(await code(hall.cancel(id))).toBe('E_NOT_FOUND');
      expect(await code(hall.requeue(id))).toBe('E_NOT_FOUND');
    }
    expect(await hall.batch(batch.id)).toBeNull();
    await expect(hall.cancelBatch(batch.id)).rejects.toThrow(/No batch has .* retention/);
    const listed = (await hall.list({ limit: 99 })).map(({ id }) => id);
    expect(listed).toEqual([extra.id, keyed.id]);
    expect(counts.get('mms_jobs_removed_total age')).toBe(6);

    // An answer under a key stays what it was, everything else is a new question.
    expect(await hall.submit(toy(tiny, { seed: 8, idempotencyKey: 'k' }))).toMatchObject({
      job: { id: keyed.id },
      how: 'cached',
    });
    for (const request of [toy({ units: 2 }), toy(tiny, { seed: 4 }), toy(tiny, { seed: 5 })]) {
      const again = await hall.submit(request);
      await new Promise((turn) => setImmediate(turn));
      expect(again.how).toBe('new');
      expect(transport.pending.length).toBeGreaterThan(0);
      await done([again.job.id]);
      expect((await hall.result(again.job.id)).digest).toHaveLength(64);
    }
    await hall.drain(0);
    await store.close();
  });

  it('removes at the start what became due before, and stops with the hall', async () => {
    const { store, swept, sweeps } = sweeping(await create());
    const before = await openTestHall({ store });
    const ids: string[] = [];
    for (const seed of [1, 2, 3]) {
      ids.push((await before.hall.submit(toy({ units: 2 }, { seed }))).job.id);
      before.transport.finishAll();
      await endOf(before.hall, ids.at(-1)!);
    }
    expect(sweeps()).toBe(0);
    await before.hall.drain(0);
    const first = swept();
    const rules = { ageMs: null, jobs: 1, bytes: null };
    const { hall, clock, counts } = await openTestHall({ store, retain: rules }, 1_000 + HOUR);
    await first;
    expect((await hall.list({ limit: 9 })).map(({ id }) => id)).toEqual([ids[2]]);
    expect(counts.get('mms_jobs_removed_total count')).toBe(2);
    for (let n = 2; n < 5; n++) {
      const next = swept();
      clock.advance(10_000);
      await next;
      expect(sweeps()).toBe(n);
    }
    await hall.drain(0);
    clock.advance(1e6);
    expect(clock.timers()).toBe(0);
    expect(sweeps()).toBe(4);
    await store.close();
  });
});
