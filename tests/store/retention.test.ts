/** Retention: what the rules remove and what they never do, SQLite beside the plain store; 8 s. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { memberId, type BatchRecord } from '../../src/contract/batch.js';
import { requeueKeyOf, type JobRecord } from '../../src/contract/job.js';
import type { JobStore } from '../../src/contract/ports.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { toBatchRow } from '../../src/store/sqlite/batch-rows.js';
import { backupStore } from '../../src/store/sqlite/backup.js';
import { MIGRATIONS } from '../../src/store/sqlite/migrations.js';
import { verifyStore } from '../../src/store/sqlite/verify.js';
import {
  batch,
  bytesOf,
  DAY,
  ended,
  endOfMembers,
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

const idsOf = async (store: JobStore): Promise<string[]> =>
  (await store.list({ limit: 1_000 })).map(({ record }) => record.id);

describe.each([
  ['memory', async () => createMemoryStore()],
  ['sqlite', () => open(newPath())],
])('the rules, on the %s store', (_, create) => {
  let store: JobStore;
  afterEach(() => store.close());
  const add = async (id: string, atMs: number, over: Partial<JobRecord> = {}, state = 'done' as const) => {
    await store.accept(job(id, atMs, over));
    const { key } = job(id, atMs, over);
    await store.finish(id, ended(state, atMs), resultBytes(Number.parseInt(key) || 0));
  };

  it('remove by age and by count, the oldest first, never what lives, and keep the newest', async () => {
    store = await create();
    await add('A', START);
    await store.accept(job('LIVE', START));
    await add('B', START + HOUR);
    await add('C', START + 2 * HOUR);
    await add('D', START + 2 * HOUR);
    const none = { age: 0, count: 0, bytes: 0 };
    expect(await pruneAll(store, keep({}), START + 9 * DAY)).toEqual({ counts: none, removed: [] });
    const age = await pruneAll(store, keep({ ageMs: 2 * HOUR }), START + 3 * HOUR);
    expect(age).toEqual({
      counts: { ...none, age: 2 },
      removed: ['A', 'B'].map((id) => ({ id, batchJobs: null })),
    });
    expect(await idsOf(store)).toEqual(['D', 'C', 'LIVE']);
    for (const id of ['A', 'B']) {
      expect(await store.load(id)).toBeNull();
      expect(await store.resultByKey(job(id, 0).key)).toBeNull();
      expect(store.mayHoldResult(job(id, 0).key)).toBe(false);
    }
    const count = await pruneAll(store, keep({ jobs: 1 }), START + 3 * HOUR);
    expect(count).toEqual({ counts: { ...none, count: 1 }, removed: [{ id: 'C', batchJobs: null }] });
    expect(await pruneAll(store, keep({ ageMs: 1 }), START + 9 * DAY)).toMatchObject({ removed: [] });
    expect(await idsOf(store)).toEqual(['D', 'LIVE']);
    expect((await store.unfinished()).map(({ record }) => record.id)).toEqual(['LIVE']);
  });

  it('keep an end for a minute, and one with an Idempotency-Key for a day', async () => {
    store = await create();
    await add('A', START);
    await add('K', START, { idempotencyKey: 'k' });
    const b = batch(1, START, [1, 2], { idempotencyKey: 'b' });
    await store.acceptBatch(b);
    await store.finishBatch(b.id, [endOfMembers(0, [1, 2], 'done', START + HOUR)]);
    await add('Z', START);
    const rules = keep({ ageMs: 1, jobs: 1, bytes: 1 });
    const at = async (ms: number) => (await pruneAll(store, rules, START + ms)).removed.map(({ id }) => id);
    expect(await at(MINUTE - 1)).toEqual([]);
    expect(await at(MINUTE)).toEqual(['A']);
    expect(await at(DAY - 1)).toEqual([]);
    expect(await at(DAY)).toEqual(['K']);
    expect(await store.byIdempotencyKey('k')).toBeNull();
    expect(await at(DAY + HOUR - 1)).toEqual([]);
    expect(await store.batchByIdempotencyKey('b')).not.toBeNull();
    expect(await at(DAY + HOUR)).toEqual([b.id]);
    expect(await store.batchByIdempotencyKey('b')).toBeNull();
    expect(await store.loadBatch(b.id)).toBeNull();
    expect(await idsOf(store)).toEqual(['Z']);
    // The keys are free again.
    await store.accept(job('N', START, { idempotencyKey: 'k' }));
    await store.acceptBatch({ ...b, id: batch(2, 0, []).id });
  });

  it('keep a batch of which one job lives, and remove it as a whole', async () => {
    store = await create();
    const [one, two] = [batch(1, START, [1, 2, 3]), batch(2, START, [4, 5], { gathered: true })];
    for (const record of [one, two]) await store.acceptBatch(record);
    await store.finishBatch(one.id, [endOfMembers(0, [1, 2], 'done', START)]);
    await store.finishBatch(two.id, [
      endOfMembers(0, [4], 'done', START),
      endOfMembers(1, [5], 'failed', START),
    ]);
    await add('Z', START);
    const prune = () => pruneAll(store, keep({ ageMs: HOUR }), START + DAY);
    expect(await prune()).toEqual({
      counts: { age: 2, count: 0, bytes: 0 },
      removed: [{ id: two.id, batchJobs: 2 }],
    });
    expect(await store.load(memberId(two.id, 0))).toBeNull();
    expect(await store.resultOf(memberId(two.id, 0))).toBeNull();
    expect(await store.resultByKey(keyOf(4))).toBeNull();
    expect(store.mayHoldResult(keyOf(4))).toBe(false);
    expect(await store.list({ limit: 9, state: 'failed' })).toEqual([]);
    expect((await store.loadBatch(one.id))!.states).toEqual(['done', 'done', null]);
    await store.finishBatch(one.id, [endOfMembers(2, [3], 'done', START + DAY - HOUR)]);
    expect((await prune()).removed).toEqual([{ id: one.id, batchJobs: 3 }]);
    expect(await idsOf(store)).toEqual(['Z']);
  });

  it('keep a result while any job has it', async () => {
    store = await create();
    const shared = keyOf(7);
    await add('A', START, { key: shared });
    await store.acceptBatch(batch(1, START + HOUR, [7]));
    await store.finishBatch(batch(1, 0, []).id, [endOfMembers(0, [7], 'done', START + HOUR)]);
    await add('C', START + 2 * HOUR, { key: shared });
    await add('Z', START + 3 * HOUR);
    for (const [hour, left] of [
      [1, ['Z', 'C', memberId(batch(1, 0, []).id, 0)]],
      [2, ['Z', 'C']],
      [3, ['Z']],
    ] as const) {
      await pruneAll(store, keep({ ageMs: HOUR }), START + hour * HOUR);
      expect(await idsOf(store)).toEqual(left);
      const bytes = await store.resultByKey(shared);
      if (hour < 3) expect(Buffer.from(bytes!).equals(resultBytes(7))).toBe(true);
      else expect(bytes).toBeNull();
    }
  });

  it('never make a dead letter that was requeued look as if it was not', async () => {
    store = await create();
    const letters = batch(1, START, [1, 2]);
    await store.acceptBatch(letters);
    const letter = memberId(letters.id, 0);
    await store.finishBatch(letters.id, [endOfMembers(0, [1], 'failed', START)]);
    await add('R', START, { idempotencyKey: requeueKeyOf(letter) });
    await add('Z', START);
    expect((await pruneAll(store, keep({ ageMs: HOUR }), START + 3 * DAY)).removed).toEqual([]);
    await store.finishBatch(letters.id, [endOfMembers(1, [2], 'done', START)]);
    const { removed } = await pruneAll(store, keep({ ageMs: HOUR }), START + 3 * DAY);
    expect(removed.map(({ id }) => id)).toEqual([letters.id, 'R']);
  });

  it('remove by bytes no more than it takes', async () => {
    store = await create();
    const big = (n: number) => bytesOf(n, 200_000);
    for (let n = 0; n < 10; n++) {
      await store.accept(job(`J${n}`, START));
      await store.finish(`J${n}`, ended('done', START), big(n));
    }
    const { counts } = await pruneAll(store, keep({ bytes: 1_200_000 }), START + HOUR);
    expect(counts.bytes).toBeGreaterThanOrEqual(4);
    expect(counts.bytes).toBeLessThanOrEqual(5);
    expect(await idsOf(store)).toEqual(Array.from({ length: 10 - counts.bytes }, (_, i) => `J${9 - i}`));
    const { fileBytes, freeBytes } = store.size();
    expect(fileBytes - freeBytes).toBeLessThanOrEqual(1_200_000);
  });
});

describe('a slice', () => {
  /** Each job of the batch ends by itself, with so many bytes. */
  async function largeBatch(store: JobStore, jobs: number, bytes: number): Promise<BatchRecord> {
    const keys = Array.from({ length: jobs }, (_, n) => n);
    const record = batch(1, START, keys, { idempotencyKey: 'b' });
    await store.acceptBatch(record);
    const ends = keys.map((n) => ({
      ...endOfMembers(n, [n], 'done', START),
      results: { lengths: Uint32Array.of(bytes), bytes: bytesOf(n, bytes) },
    }));
    await store.finishBatch(record.id, ends);
    await store.accept(job('Z', START));
    return record;
  }

  it('removes a large batch at once for all to see, and its bytes bit by bit, over a backup and a restart', async () => {
    const path = newPath();
    let store = await open(path);
    const record = await largeBatch(store, 120, 400_000);
    const rules = keep({ ageMs: DAY });
    const nowMs = START + 2 * DAY;
    const first = await store.prune(rules, nowMs);
    expect(first).toMatchObject({
      counts: { age: 120 },
      removed: [{ id: record.id, batchJobs: 120 }],
      more: true,
    });
    const isGone = async () => {
      expect(await store.loadBatch(record.id)).toBeNull();
      expect(await store.batchByIdempotencyKey('b')).toBeNull();
      expect(await store.load(memberId(record.id, 119))).toBeNull();
      expect(await store.resultOf(memberId(record.id, 119))).toBeNull();
      expect(await store.resultByKey(record.keys[119]!)).toBeNull();
      expect(await idsOf(store)).toEqual(['Z']);
      expect(await store.list({ limit: 9, state: 'done' })).toEqual([]);
    };
    await isGone();
    expect(store.size().freeBytes).toBeLessThan(47e6);
    const account = await backupStore(path, join(dirname(path), 'copy.db'));
    expect(account).toMatchObject({ jobs: 1, unfinishedJobs: 1, results: 0 });
    await store.close();
    store = await open(path);
    await isGone();
    expect(store.mayHoldResult(record.keys[119]!)).toBe(false);
    expect(await pruneAll(store, rules, nowMs)).toMatchObject({ counts: { age: 0 }, removed: [] });
    expect(store.size().freeBytes).toBeGreaterThan(47e6);
    await store.close();
    expect(await verifyStore(path)).toMatchObject({ jobs: 1 });
  });

  it('leaves the file as large as it was, and new jobs take the room: it does not grow for ever', async () => {
    const path = newPath();
    const store = await open(path);
    const sizes: number[] = [];
    for (let round = 0; round < 24; round++) {
      const nowMs = START + round * HOUR;
      const record = batch(100 + round, nowMs, [1, 2, 3]);
      const singles = Array.from({ length: 40 }, (_, i) => `R${round}-${i}`);
      await Promise.all([
        store.acceptBatch(record),
        store.finishBatch(record.id, [endOfMembers(0, [1, 2, 3], 'done', nowMs)]),
        ...singles.map((id) => store.accept(job(id, nowMs, { key: `${id}_`.padEnd(64, 'x') }))),
        ...singles.map((id, i) => store.finish(id, ended('done', nowMs), bytesOf(i, 9_000 + 100 * i))),
      ]);
      await pruneAll(store, keep({ ageMs: 4 * HOUR }), nowMs);
      sizes.push(store.size().fileBytes);
    }
    expect(Math.max(...sizes)).toBeLessThan(1.1 * sizes[6]!);
    expect((await store.list({ limit: 1_000 })).length).toBe(4 * 43);
    await store.close();
  });

  it('stands beside reads, writes and a backup: nothing half removed is seen, nothing kept is lost', async () => {
    const path = newPath();
    const store = await open(path);
    const work: Promise<void>[] = [];
    for (let n = 0; n < 400; n++) {
      const record = batch(n, START, [1, 2], { gathered: n % 2 === 0 });
      work.push(store.acceptBatch(record));
      work.push(
        store.finishBatch(
          record.id,
          [0, 1].map((i) => endOfMembers(i, [i + 1], 'done', START)),
        ),
      );
    }
    await Promise.all(work);
    const acknowledged: string[] = [];
    let isOver = false;
    const load = (async () => {
      for (let n = 0; !isOver; n++) {
        await store.accept(job(`L${n}`, START + DAY));
        acknowledged.push(`L${n}`);
      }
    })();
    const reads = (async () => {
      for (let n = 0; !isOver; n = (n + 7) % 400) {
        const { id } = batch(n, START, []);
        const seen = [...(await store.list({ limit: 50, state: 'done' })), await store.load(memberId(id, 1))];
        for (const one of seen) if (one) expect([one.state, one.end?.state]).toEqual(['done', 'done']);
        expect((await store.loadBatch(id))?.states ?? []).not.toContain(null);
        for (const { record } of await store.list({ limit: 20, state: 'queued' }))
          expect(record.id).toMatch(/^L/);
        await new Promise((next) => setImmediate(next));
      }
    })();
    while (acknowledged.length === 0) await new Promise((next) => setImmediate(next));
    const before = [...acknowledged];
    const [{ counts }, account] = await Promise.all([
      pruneAll(store, keep({ ageMs: HOUR }), START + 2 * HOUR),
      backupStore(path, join(dirname(path), 'copy.db')),
    ]);
    isOver = true;
    await Promise.all([load, reads]);
    expect(counts.age).toBe(800);
    expect(account.unfinishedJobs).toBeGreaterThanOrEqual(before.length);
    const copy = new Sqlite(join(dirname(path), 'copy.db'), { readonly: true });
    expect(copy.prepare('SELECT id FROM jobs').pluck().all()).toEqual(expect.arrayContaining(before));
    copy.close();
    expect((await store.unfinished()).map(({ record }) => record.id)).toEqual(acknowledged);
    await store.close();
  });
});

describe('a large result', () => {
  it('is a file that goes with its last job, and counts as bytes', async () => {
    const path = newPath();
    const store = await open(path);
    const files = () => readdirSync(`${path}-results`);
    for (const id of ['A', 'B', 'C', 'D']) {
      await store.accept(job(id, START, { key: keyOf(id < 'C' ? 1 : id.charCodeAt(0)) }));
      await store.finish(id, ended('done', START), bytesOf(1, 5e6), null, () => {});
    }
    expect(files()).toHaveLength(3);
    expect(store.size().fileBytes).toBeGreaterThan(15e6);
    expect((await pruneAll(store, keep({ jobs: 3 }), START + HOUR)).removed).toMatchObject([{ id: 'A' }]);
    expect(files()).toHaveLength(3);
    const { removed } = await pruneAll(store, keep({ bytes: 12e6 }), START + HOUR);
    expect(removed).toMatchObject([{ id: 'B' }]);
    await store.accept(job('Z', START + HOUR));
    expect(files()).toHaveLength(2);
    expect(await store.resultByKey(keyOf(1))).toBeNull();
    expect(await store.resultByKey(keyOf('C'.charCodeAt(0)))).toHaveLength(5e6);
    await store.close();
    expect(await verifyStore(path)).toMatchObject({ jobs: 3, results: 2 });
  });
});

describe('a file of version 5', () => {
  it('is brought to the form that can forget, and forgets', async () => {
    const path = newPath();
    mkdirSync(dirname(path), { recursive: true });
    const old = new Sqlite(path);
    old.pragma('journal_mode = WAL');
    for (const step of MIGRATIONS.slice(0, 5)) old.exec(step);
    old.pragma('user_version = 5');
    const bytes = resultBytes(3);
    const sum = createHash('sha256').update(bytes).digest('hex');
    const insert = old.prepare(`
      INSERT INTO jobs (seq, id, kind, kind_version, spec, seed, key, inputs, units, priority, created_ms, state, finished_ms, digest)
      VALUES (?, ?, 'toy', 1, '{}', 7, ?, '{}', 1, 5, ?, 'done', ?, 'd')`);
    insert.run(1, 'A', keyOf(1), START, START);
    insert.run(2, 'B', keyOf(1), START, START + DAY);
    old.prepare('INSERT INTO results (key, sha256, bytes) VALUES (?, ?, ?)').run(keyOf(1), sum, bytes);
    const { id, jobs, groups, members } = toBatchRow(batch(1, START, [4]));
    old
      .prepare(
        `INSERT INTO batches (seq, id, jobs, open, created_ms, gathered, kinds, inputs, groups, members)
          VALUES (3, ?, ?, ?, ?, 0, ',toy,', '[]', ?, ?)`,
      )
      .run(id, jobs, jobs, START, groups, members);
    old
      .prepare(
        `INSERT INTO ends (batch, first, jobs, state, finished_ms, attempts) VALUES (3, 0, 1, 'cancelled', ?, 1)`,
      )
      .run(START);
    old.close();
    expect(await verifyStore(path)).toMatchObject({ jobs: 3, results: 1 });
    const store = await open(path);
    await store.accept(job('Z', START + DAY));
    expect((await pruneAll(store, keep({ ageMs: HOUR }), START + DAY)).removed).toEqual([
      { id: 'A', batchJobs: null },
      { id, batchJobs: 1 },
    ]);
    expect(Buffer.from((await store.resultByKey(keyOf(1)))!).equals(bytes)).toBe(true);
    expect((await pruneAll(store, keep({ ageMs: HOUR }), START + 2 * DAY)).removed).toMatchObject([
      { id: 'B' },
    ]);
    expect(await store.resultByKey(keyOf(1))).toBeNull();
    await store.close();
    expect(await verifyStore(path)).toMatchObject({ jobs: 1, results: 0 });
  });
});
