/** What every job store promises, as one suite that runs over each of them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memberId, memberRecord, type BatchEnd, type BatchRecord } from '../../src/contract/batch.js';
import type { JobEnd, JobRecord, JobState } from '../../src/contract/job.js';
import type { InputData } from '../../src/contract/kind.js';
import type { JobStore } from '../../src/contract/ports.js';
import { MmsError, type ProblemCode } from '../../src/contract/problem.js';
import { encodeResult } from '../../src/wire/result.js';

export function recordOf(id: string, over: Partial<JobRecord> = {}): JobRecord {
  return {
    id,
    kind: 'toy',
    kindVersion: 1,
    spec: { a: [1, { b: 'ü"' }], c: 0.1 },
    seed: 2 ** 53 - 1,
    key: id.padEnd(64, 'k'),
    inputs: {},
    units: 3,
    priority: 5,
    createdMs: 1_700_000_000_123,
    idempotencyKey: null,
    requestHash: null,
    ...over,
  };
}

export function endOfState(state: JobEnd['state']): JobEnd {
  const done = state === 'done';
  const { problem } = new MmsError('E_JOB', 'why', [{ pointer: '/spec', message: 'x' }]);
  return {
    state,
    finishedMs: 1_700_000_009_999,
    problem: done ? null : problem,
    digest: done ? 'd'.repeat(64) : null,
    summary: done
      ? {
          metrics: [{ name: 'pnl', value: -1.5, standardError: null, unit: 'ticks', meaning: 'm' }],
          notes: ['n'],
        }
      : null,
    attempts: 2,
  };
}

export const resultBytes = (value: number): Uint8Array =>
  encodeResult({
    digest: 'd'.repeat(64),
    tables: [{ name: 't', rows: 1, columns: [Float64Array.of(value)] }],
    summary: { metrics: [], notes: [] },
  });

const inputOf = (digest: string): InputData => ({
  digest,
  tables: [
    { name: 'rows', rows: 3, columns: [Int32Array.of(1, -2, 3), Float64Array.of(0.1, -0, 1e300)] },
    { name: 'empty', rows: 0, columns: [new Uint8Array(0), new Uint32Array(0)] },
  ],
  notes: ['re-seeded 3 rows'],
});

const ids = async (work: Promise<readonly { record: JobRecord }[]>) =>
  (await work).map(({ record }) => record.id);

const BATCH = '01TEST1111111111111111X000';
const GROUP = { kind: 'toy', kindVersion: 1, spec: { a: [1] }, inputs: {}, units: 3, priority: 5 };

export function describeJobStore(name: string, open: () => Promise<JobStore>): void {
  describe(`${name} as a job store`, () => {
    let store: JobStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    it('gives back what it accepted', async () => {
      const record = recordOf('A', {
        timeoutMs: 1_500,
        idempotencyKey: 'i',
        requestHash: 'h',
        inputs: { day: 'x' },
      });
      await store.accept(record);
      expect(await store.load('A')).toEqual({ record, state: 'queued', startedMs: null, end: null });
      expect(await store.byIdempotencyKey('i')).toEqual(await store.load('A'));
      expect(await store.byIdempotencyKey('j')).toBeNull();
      expect(await store.load('B')).toBeNull();
      expect(store.fault()).toBeNull();
    });

    it.each(['done', 'failed', 'cancelled', 'expired'] as const)(
      'keeps %s for ever, from queued and from running',
      async (state) => {
        for (const id of ['A', 'B']) {
          await store.accept(recordOf(id));
          if (id === 'B') store.markRunning(id, 17);
          const end = endOfState(state);
          await store.finish(id, end, null);
          const stored = { record: recordOf(id), state, startedMs: id === 'B' ? 17 : null, end };
          expect(await store.load(id)).toEqual(stored);

          store.markRunning(id, 18);
          await expect(store.finish(id, endOfState('done'), null)).rejects.toThrow(/never changes/);
          await expect(store.finish(id, endOfState('failed'), null)).rejects.toThrow(MmsError);
          await expect(store.accept(recordOf(id, { units: 9 }))).rejects.toThrow(/never changes/);
          expect(await store.load(id)).toEqual(stored);
        }
      },
    );

    it('refuses an end of a job that it does not know', async () => {
      await expect(store.finish('nobody', endOfState('done'), null)).rejects.toThrow(/unknown/);
    });

    it('gives a live job another key, and nothing else, when it is accepted again', async () => {
      await store.accept(recordOf('A'));
      store.markRunning('A', 17);
      const moved = recordOf('A', { key: 'z'.repeat(64), kindVersion: 2 });
      await store.accept(moved);
      expect(await store.load('A')).toEqual({ record: moved, state: 'running', startedMs: 17, end: null });
    });

    it('holds one job for one idempotency key', async () => {
      await store.accept(recordOf('A', { idempotencyKey: 'i' }));
      await expect(store.accept(recordOf('B', { idempotencyKey: 'i' }))).rejects.toThrow(MmsError);
      expect(await store.load('B')).toBeNull();
      expect((await store.byIdempotencyKey('i'))!.record.id).toBe('A');
      expect(store.fault()).toBeNull();
    });

    it('lists newest first, by state and kind, page by page, and what is unfinished oldest first', async () => {
      const states: JobState[] = ['queued', 'done', 'running', 'failed', 'queued'];
      for (const [i, state] of states.entries()) {
        const id = `J${4 - i}`; // The order is that of acceptance, not of the id.
        await store.accept(recordOf(id, { kind: i === 4 ? 'other' : 'toy' }));
        if (state === 'running') store.markRunning(id, 1);
        else if (state !== 'queued') await store.finish(id, endOfState(state as JobEnd['state']), null);
      }
      expect(await ids(store.list({ limit: 10 }))).toEqual(['J0', 'J1', 'J2', 'J3', 'J4']);
      expect(await ids(store.list({ limit: 2 }))).toEqual(['J0', 'J1']);
      expect(await ids(store.list({ limit: 2, before: 'J1' }))).toEqual(['J2', 'J3']);
      expect(await ids(store.list({ limit: 2, before: 'nobody' }))).toEqual([]);
      expect(await ids(store.list({ limit: 9, state: 'queued' }))).toEqual(['J0', 'J4']);
      expect(await ids(store.list({ limit: 9, state: 'queued', kind: 'toy' }))).toEqual(['J4']);
      expect(await ids(store.unfinished())).toEqual(['J4', 'J2', 'J0']);
    });

    it('keeps results by key, and the newest bytes of a key', async () => {
      const key = 'k'.repeat(64);
      for (const id of ['A', 'B', 'C']) await store.accept(recordOf(id, { key }));
      expect(await store.resultByKey(key)).toBeNull();
      await store.finish('A', endOfState('done'), resultBytes(1));
      await store.finish('B', endOfState('done'), null);
      expect(Buffer.from((await store.resultByKey(key))!).equals(resultBytes(1))).toBe(true);
      await store.finish('C', endOfState('done'), resultBytes(2));
      expect(Buffer.from((await store.resultByKey(key))!).equals(resultBytes(2))).toBe(true);
    });

    it('gives the same bytes back of a result that it may move, unless it refuses it', async () => {
      const keys = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
      for (const [i, key] of keys.entries()) await store.accept(recordOf(`J${i}`, { key }));
      const large = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i * i) >> 3);
      const kept: Uint8Array[] = [];
      const keep = (bytes: Uint8Array): void => void kept.push(bytes);
      for (const [i, size] of [100, 70_000].entries()) {
        await store.finish(`J${i}`, endOfState('done'), large(size), 5, keep);
        expect(kept).toHaveLength(i + 1);
        expect(Buffer.compare(kept[i]!, large(size))).toBe(0);
        expect(Buffer.compare((await store.resultByKey(keys[i]!))!, large(size))).toBe(0);
      }
      const view = large(1_500_000).subarray(16);
      await store.finish('J2', endOfState('done'), view, 5, keep);
      await store.accept(recordOf('later'));
      expect(Buffer.compare(kept[2]!, large(1_500_000).subarray(16))).toBe(0);
      expect(Buffer.compare((await store.resultByKey(keys[2]!))!, kept[2]!)).toBe(0);
      await expect(store.finish('J1', endOfState('done'), large(70_000), 5, keep)).rejects.toThrow(MmsError);
      expect(kept).toHaveLength(3);
    });

    it('keeps inputs bit for bit while a live job needs them', async () => {
      const needs = { inputs: { day: 'x'.repeat(64) } };
      const data = inputOf('x'.repeat(64));
      await Promise.all([store.put(data), store.accept(recordOf('A', needs))]);
      await Promise.all([store.put(data), store.accept(recordOf('B', needs))]);
      expect(await store.get(data.digest)).toEqual(data);
      expect(Object.is((await store.get(data.digest))!.tables[0]!.columns[1]![1], -0)).toBe(true);
      await store.finish('A', endOfState('done'), null);
      expect(await store.get(data.digest)).toEqual(data);
      await store.finish('B', endOfState('failed'), null);
      expect(await store.get(data.digest)).toBeNull();
    });

    const result = (value: number) => resultBytes(value);
    const batch = (over: Partial<BatchRecord> = {}): BatchRecord => ({
      id: BATCH,
      createdMs: 1_700_000_000_123,
      idempotencyKey: 'b',
      requestHash: 'h',
      gathered: false,
      groups: [
        GROUP,
        { ...GROUP, timeoutMs: 1_500, kind: 'other', spec: null, inputs: { day: 'd1' }, priority: 9 },
      ],
      groupOf: [0, 1, 0, 0],
      seeds: [2 ** 53 - 1, 0, 7, 8],
      keys: ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64)),
      ...over,
    });
    const job = (number: number) => memberId(BATCH, number);
    const endOfJobs = (first: number, jobs: number, state: BatchEnd['state']): BatchEnd => {
      const parts = Array.from({ length: jobs }, (_, i) => result(first + i));
      const { finishedMs, attempts, problem } = endOfState(state);
      const results = {
        lengths: Uint32Array.from(parts, ({ byteLength }) => byteLength),
        bytes: Uint8Array.from(parts.flatMap((part) => [...part])),
      };
      const shared = { first, jobs, state, startedMs: 17, finishedMs, attempts, problem };
      return { ...shared, results: state === 'done' ? results : null };
    };

    it('gives back each job of a batch', async () => {
      await store.accept(recordOf('A'));
      await store.acceptBatch(batch());
      await store.accept(recordOf('Z'));
      for (const number of [0, 1, 2, 3]) {
        const record = memberRecord(batch(), number);
        const stored = { record, state: 'queued', startedMs: null, end: null, batchId: BATCH };
        expect(await store.load(job(number))).toEqual(stored);
      }
      expect(await store.load(job(4))).toBeNull();
      expect(await store.load(BATCH)).toBeNull();
      const whole = { record: batch(), states: [null, null, null, null], finishedMs: null };
      expect(await store.loadBatch(BATCH)).toEqual(whole);
      expect(await store.batchByIdempotencyKey('b')).toEqual(whole);
      expect(await store.batchByIdempotencyKey('c')).toBeNull();
      expect(await store.loadBatch('01TEST1111111111111111Y000')).toBeNull();
      const all = [job(3), job(2), job(1), job(0)];
      expect(await ids(store.list({ limit: 9 }))).toEqual(['Z', ...all, 'A']);
      expect(await ids(store.list({ limit: 3 }))).toEqual(['Z', job(3), job(2)]);
      expect(await ids(store.list({ limit: 3, before: job(2) }))).toEqual([job(1), job(0), 'A']);
      expect(await ids(store.list({ limit: 9, kind: 'other' }))).toEqual([job(1)]);
      expect(await ids(store.list({ limit: 9, state: 'open' }))).toEqual(['Z', ...all, 'A']);
      expect(await ids(store.unfinished())).toEqual(['A', job(0), job(1), job(2), job(3), 'Z']);
    });

    it('tells jobs that were only gathered from a batch', async () => {
      await store.acceptBatch(batch({ gathered: true, idempotencyKey: null, requestHash: null }));
      expect((await store.loadBatch(BATCH))!.record.gathered).toBe(true);
      expect(await store.load(job(2))).toMatchObject({ record: { seed: 7 }, batchId: BATCH });
    });

    it('keeps the ends of a batch for ever, those of neighbours and of one', async () => {
      await store.acceptBatch(batch());
      await store.finishBatch(BATCH, [endOfJobs(0, 1, 'failed'), endOfJobs(2, 2, 'done')]);
      expect((await store.loadBatch(BATCH))!.states).toEqual(['failed', null, 'done', 'done']);
      expect(await ids(store.unfinished())).toEqual([job(1)]);
      expect(await ids(store.list({ limit: 9, state: 'done' }))).toEqual([job(3), job(2)]);
      expect(await ids(store.list({ limit: 9, state: 'queued' }))).toEqual([job(1)]);
      const { digest } = endOfState('done');
      expect(await store.load(job(3))).toMatchObject({ state: 'done', startedMs: 17, end: { digest } });
      expect((await store.load(job(0)))!.end).toEqual(endOfState('failed'));
      for (const number of [2, 3]) {
        expect(Buffer.from((await store.resultOf(job(number)))!).equals(result(number))).toBe(true);
        const { key } = memberRecord(batch(), number);
        expect(store.mayHoldResult(key)).toBe(true);
        expect(Buffer.from((await store.resultByKey(key))!).equals(result(number))).toBe(true);
      }
      expect(await store.resultOf(job(0))).toBeNull();
      expect(await store.resultOf('A')).toBeNull();
      for (const again of [endOfJobs(2, 1, 'failed'), endOfJobs(1, 2, 'done'), endOfJobs(0, 1, 'done')])
        await expect(store.finishBatch(BATCH, [again])).rejects.toThrow(/never changes/);
      await expect(store.finish(job(3), endOfState('failed'), null)).rejects.toThrow(/never changes/);
      await expect(store.accept(memberRecord(batch(), 3))).rejects.toThrow(/never changes/);
      await store.finish(job(1), endOfState('done'), result(1), 18);
      const whole = await store.loadBatch(BATCH);
      expect(whole).toMatchObject({ states: ['failed', 'done', 'done', 'done'] });
      expect(whole!.finishedMs).toBe(endOfState('done').finishedMs);
      expect(Buffer.from((await store.resultOf(job(1)))!).equals(result(1))).toBe(true);
      expect(await store.unfinished()).toEqual([]);
      expect(store.fault()).toBeNull();
    });

    it('refuses ends of jobs that a batch does not have, and a second batch of one key', async () => {
      await store.acceptBatch(batch());
      await expect(store.finishBatch('01TEST1111111111111111Y000', [])).rejects.toThrow(/unknown/);
      await expect(store.finishBatch(BATCH, [endOfJobs(3, 2, 'done')])).rejects.toThrow(MmsError);
      const other = { id: '01TEST1111111111111111Y000' };
      await expect(store.acceptBatch(batch(other))).rejects.toThrow(MmsError);
      expect(await store.loadBatch(other.id)).toBeNull();
      expect(store.fault()).toBeNull();
    });

    it('keeps the inputs of a batch while one of its jobs needs them', async () => {
      const data = inputOf('d1');
      await Promise.all([store.put(data), store.acceptBatch(batch())]);
      await store.finishBatch(BATCH, [endOfJobs(0, 1, 'cancelled'), endOfJobs(2, 2, 'done')]);
      expect(await store.get('d1')).toEqual(data);
      await store.finishBatch(BATCH, [endOfJobs(1, 1, 'done')]);
      expect(await store.get('d1')).toBeNull();
    });

    it('lists dead letters among single jobs and those of batches', async () => {
      const dead = (code: ProblemCode): JobEnd => ({
        ...endOfState('failed'),
        problem: new MmsError(code, 'why').problem,
      });
      for (const [id, code] of [
        ['A', 'E_POISON'],
        ['B', 'E_JOB'],
        ['C', 'E_TIMEOUT'],
      ] as const) {
        await store.accept(recordOf(id));
        await store.finish(id, dead(code), null);
      }
      await store.acceptBatch(batch());
      const { problem } = new MmsError('E_INTERNAL', 'lost');
      await store.finishBatch(BATCH, [
        { ...endOfJobs(0, 1, 'failed'), problem },
        endOfJobs(1, 1, 'failed'),
        endOfJobs(2, 2, 'done'),
      ]);
      await store.accept(recordOf('Z'));
      expect(await ids(store.list({ limit: 9, state: 'dead' }))).toEqual([job(0), 'C', 'A']);
      expect(await ids(store.list({ limit: 1, state: 'dead', before: 'Z' }))).toEqual([job(0)]);
      expect(await ids(store.list({ limit: 9, state: 'dead', before: 'C' }))).toEqual(['A']);
      expect(await ids(store.list({ limit: 9, state: 'dead', kind: 'other' }))).toEqual([]);
    });

    it('takes a thousand writes at once', async () => {
      const many = Array.from({ length: 1_200 }, (_, i) => recordOf(`N${String(i).padStart(5, '0')}`));
      await Promise.all(
        many.flatMap((record) => [store.accept(record), store.finish(record.id, endOfState('done'), null)]),
      );
      expect(await store.unfinished()).toEqual([]);
      expect(await store.list({ limit: 1 })).toMatchObject([{ record: many.at(-1), state: 'done' }]);
    });
  });
}
