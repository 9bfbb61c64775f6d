/** Batches in the hall: all or none, each job as if it had come alone, failed packs taken apart; 1 s. */
import { describe, expect, it } from 'vitest';
import type { BatchView } from '../../src/contract/batch.js';
import { memberId, memberOf } from '../../src/contract/batch.js';
import type { Hall, SubmitBatchRequest } from '../../src/contract/ports.js';
import type { Kind } from '../../src/contract/kind.js';
import { MmsError } from '../../src/contract/problem.js';
import { createHall } from '../../src/jobs/hall.js';
import { DEFAULT_LIMITS } from '../../src/jobs/limits.js';
import { verify } from '../../src/jobs/results.js';
import { code, endOf, openTestHall, toy } from '../support/hall-parts.js';
import { createHandTransport } from '../support/hand-transport.js';
import { toyKind } from '../support/toy-kind.js';

const tiny = { units: 1, stepsPerUnit: 1_000 };
const small = (seed: number, more: object = {}) => toy({ ...tiny, ...more }, { seed });
const large = (seed: number) => toy({ units: 4 }, { seed });
const smallBatch = (jobs: number, more: Partial<SubmitBatchRequest> = {}): SubmitBatchRequest => ({
  jobs: Array.from({ length: jobs }, (_, i) => small(i)),
  ...more,
});
const idsOf = ({ id, jobs }: BatchView) => Array.from({ length: jobs }, (_, i) => memberId(id, i));
/** Resolves when all jobs of the batch have ended. */
const overOf = (hall: Hall, id: string): Promise<BatchView> =>
  new Promise((resolve, reject) => {
    const see = (view: BatchView | null): void => void (view && view.finishedMs !== null && resolve(view));
    hall.watchBatch(id, see);
    hall.batch(id).then(see, reject);
  });

describe('a batch of small jobs', () => {
  it('travels in packs and gives each job what it gives alone', async () => {
    const { hall, transport, counts } = await openTestHall();
    const batch = await hall.submitBatch(smallBatch(100));
    expect(batch).toMatchObject({ jobs: 100, counts: { queued: 100 }, progress: 0, finishedMs: null });
    expect(transport.pending.length).toBe(1);
    transport.start(transport.pending[0]!);
    expect((await hall.status(idsOf(batch)[7]!))!.state).toBe('running');
    expect(hall.stats()).toMatchObject({ queued: 0, running: 100 });
    transport.finishAll();
    const over = await overOf(hall, batch.id);
    expect(over).toMatchObject({ counts: { done: 100, queued: 0 }, progress: 1 });
    expect(counts.get('mms_jobs_finished_total toy done')).toBe(100);

    const alone = await openTestHall();
    const { job } = await alone.hall.submit(small(7));
    await new Promise((next) => setImmediate(next));
    alone.transport.finishAll();
    const expected = await endOf(alone.hall, job.id);
    const view = (await hall.status(idsOf(batch)[7]!))!;
    const { id: _, createdMs: __, ...same } = expected;
    expect(view).toMatchObject(same);
    expect((await hall.result(view.id)).digest).toBe(expected.digest);
    expect(hall.stats()).toMatchObject({ queued: 0, running: 0 });
  });

  it('tells those who watch one of its jobs', async () => {
    const { hall, transport } = await openTestHall();
    const batch = await hall.submitBatch(smallBatch(3));
    const states: string[] = [];
    hall.watch(memberId(batch.id, 1), ({ state }) => void states.push(state));
    transport.finishAll();
    await endOf(hall, memberId(batch.id, 1));
    expect(states).toEqual(['running', 'done']);
  });

  it('finds the results of its jobs again, by job and by batch', async () => {
    const { hall, transport } = await openTestHall();
    const first = await hall.submitBatch(smallBatch(3));
    transport.finishAll();
    await overOf(hall, first.id);
    const again = await hall.submitBatch({ jobs: [small(1), small(9)] });
    expect(again.states).toEqual(['done', 'queued']);
    expect(await hall.status(memberId(again.id, 0))).toMatchObject({ cached: true, attempts: 0 });
    const { how } = await hall.submit(small(2));
    expect(how).toBe('cached');
    expect(transport.pending.length).toBe(1);
  });
});

describe('a batch that is refused', () => {
  it('names the jobs and leaves nothing behind', async () => {
    const { hall, transport, store } = await openTestHall();
    const jobs = [small(1), small(2, { factor: 'x' }), { kind: 'toy', spec: tiny, seed: -1 }];
    const refused = await hall.submitBatch({ jobs }).catch((error: MmsError) => error);
    if (!(refused instanceof MmsError)) throw new Error('accepted');
    expect(refused.problem.code).toBe('E_SPEC');
    expect(refused.problem.errors!.map(({ pointer }) => pointer)).toEqual([
      '/jobs/1/spec/factor',
      '/jobs/2/seed',
    ]);
    expect(await code(hall.submitBatch({ jobs: [small(1), { kind: 'toi', spec: {} }] }))).toBe('E_KIND');
    expect(await code(hall.submitBatch({ jobs: [small(1), toy({ units: 1e11 })] }))).toBe('E_COST');
    expect(await store.list({ limit: 9 })).toEqual([]);
    expect(transport.pending).toEqual([]);
  });

  it('has no room in the queue for all of its jobs, or in its share of it', async () => {
    const limits = { ...DEFAULT_LIMITS, maxQueuedJobs: 10, maxClientShare: 0.5 };
    const { hall, transport } = await openTestHall({ limits });
    expect(await code(hall.submitBatch(smallBatch(11)))).toBe('E_QUEUE_FULL');
    expect(await code(hall.submitBatch(smallBatch(6, { client: 'a' })))).not.toBe('no error');
    const taken = await hall.submitBatch(smallBatch(5, { client: 'a' }));
    expect(await code(hall.submitBatch(smallBatch(1, { client: 'a' })))).not.toBe('no error');
    expect(await code(hall.submitBatch(smallBatch(6)))).toBe('E_QUEUE_FULL');
    transport.finishAll();
    await overOf(hall, taken.id);
    expect(await code(hall.submitBatch(smallBatch(10)))).toBe('no error');
  });
});

describe('one idempotency key', () => {
  it('is one batch for one body, and never a batch and a job', async () => {
    const { hall } = await openTestHall();
    const request = smallBatch(2, { idempotencyKey: 'k' });
    const [a, b] = await Promise.all([hall.submitBatch(request), hall.submitBatch(request)]);
    expect(b.id).toBe(a.id);
    expect(await code(hall.submitBatch(smallBatch(3, { idempotencyKey: 'k' })))).toBe('E_IDEMPOTENCY');
    expect(await code(hall.submit({ ...small(1), idempotencyKey: 'k' }))).toBe('E_IDEMPOTENCY');
    await hall.submit({ ...small(1), idempotencyKey: 'j' });
    expect(await code(hall.submitBatch(smallBatch(2, { idempotencyKey: 'j' })))).toBe('E_IDEMPOTENCY');
  });
});

describe('a pack that failed', () => {
  it('is taken apart, so that only the job that broke it fails', async () => {
    const { hall, transport } = await openTestHall();
    const batch = await hall.submitBatch(smallBatch(3));
    transport.fail(transport.pending[0]!, 'a thread died');
    expect(transport.pending.map(({ to }) => to)).toEqual([1, 1, 1]);
    transport.fail(transport.pending[1]!, 'a thread died');
    transport.finishAll();
    const over = await overOf(hall, batch.id);
    expect(over.states).toEqual(['done', 'failed', 'done']);
    expect(await hall.status(memberId(batch.id, 1))).toMatchObject({ problem: { code: 'E_JOB' } });
    expect(await code(hall.result(memberId(batch.id, 1)))).toBe('E_JOB');
  });
});

describe('cancelling', () => {
  it('ends one job and lets the others of its pack go on', async () => {
    const { hall, transport } = await openTestHall();
    const batch = await hall.submitBatch(smallBatch(3));
    const id = memberId(batch.id, 1);
    expect((await hall.cancel(id)).state).toBe('cancelled');
    expect((await hall.cancel(id)).state).toBe('cancelled');
    transport.finishAll();
    expect((await overOf(hall, batch.id)).states).toEqual(['done', 'cancelled', 'done']);
    expect(await code(hall.cancel(memberId(batch.id, 0)))).toBe('E_CONFLICT');
    expect(await code(hall.cancel(memberId(batch.id, 3)))).toBe('E_NOT_FOUND');
  });

  it('ends all that has not ended', async () => {
    const { hall, transport } = await openTestHall();
    const batch = await hall.submitBatch({ jobs: [small(1), large(2), small(3)] });
    const over = await hall.cancelBatch(batch.id);
    expect(over).toMatchObject({ counts: { cancelled: 3 }, progress: 1 });
    expect(transport.pending).toEqual([]);
    const done = await hall.submitBatch(smallBatch(2));
    transport.finishAll();
    await overOf(hall, done.id);
    expect(await code(hall.cancelBatch(done.id))).toBe('E_CONFLICT');
    expect(await code(hall.cancelBatch('01TEST00000000000000000000'))).toBe('E_NOT_FOUND');
  });
});

describe('a batch with large jobs', () => {
  it('runs each of them as a job of its own', async () => {
    const { hall, transport, store } = await openTestHall();
    const batch = await hall.submitBatch({ jobs: [large(1), small(2), large(3)] });
    await new Promise((next) => setImmediate(next));
    expect(transport.pending.filter(({ pack }) => !pack).length).toBe(8);
    transport.finishAll();
    const over = await overOf(hall, batch.id);
    expect(over.states).toEqual(['done', 'done', 'done']);
    for (const id of idsOf(batch)) {
      const view = (await hall.status(id))!;
      expect(verify(toyKind as Kind, (await store.resultOf(id))!)!.digest).toBe(view.digest);
      expect((await hall.result(id)).digest).toBe(view.digest);
    }
    expect(await store.unfinished()).toEqual([]);
  });
});

describe('after a restart', () => {
  it('takes up what had not ended and keeps what had', async () => {
    const former = await openTestHall();
    const batch = await former.hall.submitBatch({ jobs: [small(1), large(2), small(3)] });
    former.transport.finish(former.transport.pending.find(({ pack }) => pack)!);
    await endOf(former.hall, memberId(batch.id, 0));
    const transport = createHandTransport();
    const hall = await createHall({ ...former.parts, transport });
    expect((await hall.batch(batch.id))!.states).toEqual(['done', 'queued', 'done']);
    transport.finishAll();
    expect((await overOf(hall, batch.id)).states).toEqual(['done', 'done', 'done']);
  });

  it('lists jobs by a state that only the hall knows', async () => {
    const { hall, transport } = await openTestHall();
    const batch = await hall.submitBatch(smallBatch(2));
    const single = await hall.submit(large(5));
    transport.start(transport.pending.find(({ pack }) => pack)!);
    const ids = async (state: 'queued' | 'running') =>
      (await hall.list({ state, limit: 9 })).map(({ id }) => id);
    expect(await ids('running')).toEqual(idsOf(batch).reverse());
    expect(await ids('queued')).toEqual([single.job.id]);
  });
});

describe('small jobs that came alone', () => {
  it('travel together when they come together', async () => {
    const { hall, transport } = await openTestHall();
    const receipts = await Promise.all([1, 2, 3].map((seed) => hall.submit(small(seed))));
    await new Promise((next) => setImmediate(next));
    expect(transport.pending.map(({ to }) => to)).toEqual([3]);
    expect((await hall.cancel(receipts[0]!.job.id)).state).toBe('cancelled');
    expect(transport.pending.map(({ to }) => to)).toEqual([2]);
    transport.finishAll();
    for (const { job } of receipts.slice(1)) {
      const view = await endOf(hall, job.id);
      expect(view).toMatchObject({ state: 'done', attempts: 1 });
      expect(view.startedMs).not.toBeNull();
      expect((await hall.result(job.id)).digest).toBe(view.digest);
    }
  });
});

describe('ids', () => {
  it('tell batch and number', () => {
    const id = '01TEST00000000000000000000';
    for (const number of [0, 30, 31, 999]) {
      expect(memberOf(memberId(id, number))).toEqual({ batchId: id, number });
    }
    expect(memberOf(id)).toBeNull();
    expect(memberOf('01TEST00000000000000000ZZZ')).toBeNull();
    expect(memberOf('short')).toBeNull();
  });
});
