/** Dead letters: which failures are some, and how one is sent on its way again; 1 s. */
import { describe, expect, it } from 'vitest';
import { memberId } from '../../src/contract/batch.js';
import { MmsError, type ProblemCode } from '../../src/contract/problem.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { code, endOf, openTestHall, toy, type TestHall } from '../support/hall-parts.js';

const ids = async (test: TestHall, filter: object = {}) =>
  (await test.hall.deadLetters({ limit: 10, ...filter })).map(({ id }) => id);

/** A job that fails with this code. */
async function failed(test: TestHall, seed: number, with_: ProblemCode): Promise<string> {
  const { job } = await test.hall.submit(toy({ units: 1 }, { seed, priority: 8, timeoutS: 60 }));
  const { problem } = new MmsError(with_, `it was ${with_}`);
  test.transport.events.failed(job.id, 0, problem, 3);
  await endOf(test.hall, job.id);
  return job.id;
}

describe('dead letters', () => {
  it('are what was lost with what ran it, newest first, page by page', async () => {
    const test = await openTestHall();
    const poison = await failed(test, 1, 'E_POISON');
    await failed(test, 2, 'E_JOB');
    const late = await failed(test, 3, 'E_TIMEOUT');
    const lost = await failed(test, 4, 'E_INTERNAL');
    await failed(test, 5, 'E_NONFINITE');
    expect(await ids(test)).toEqual([lost, late, poison]);
    expect(await ids(test, { limit: 1 })).toEqual([lost]);
    expect(await ids(test, { before: late })).toEqual([poison]);
    expect(await ids(test, { kind: 'other' })).toEqual([]);
    expect((await test.hall.deadLetters({ limit: 1 }))[0]).toMatchObject({
      attempts: 3,
      problem: { code: 'E_INTERNAL', detail: 'it was E_INTERNAL' },
    });
  });

  it('are requeued once, as a new job with the same question, and keep their end', async () => {
    const store = createMemoryStore();
    const test = await openTestHall({ store });
    const old = await failed(test, 1, 'E_POISON');
    const other = await failed(test, 2, 'E_POISON');
    const { job, how } = await test.hall.requeue(old);
    expect(how).toBe('new');
    expect(job).toMatchObject({ state: 'queued', seed: 1, requeueOf: old, spec: { units: 1 } });
    expect(job.deadlineMs).toBe(job.createdMs + 60_000);
    expect((await store.load(job.id))!.record.priority).toBe(8);
    expect((await test.hall.requeue(old)).job.id).toBe(job.id);
    expect(await ids(test)).toEqual([other]);
    expect(await test.hall.status(old)).toMatchObject({ state: 'failed', requeueOf: null });
    // The link and the one-time rule outlive the process.
    const later = await openTestHall({ store });
    expect((await later.hall.requeue(old)).job.id).toBe(job.id);
    later.transport.finishAll();
    expect(await endOf(later.hall, job.id)).toMatchObject({ state: 'done', requeueOf: old });
  });

  it('that die again are dead letters again', async () => {
    const test = await openTestHall();
    const first = await failed(test, 1, 'E_POISON');
    const second = (await test.hall.requeue(first)).job.id;
    test.transport.events.failed(second, 0, new MmsError('E_POISON', 'again').problem, 3);
    await endOf(test.hall, second);
    expect(await ids(test)).toEqual([second]);
    expect((await test.hall.requeue(second)).job).toMatchObject({ requeueOf: second });
  });

  it('can be jobs of a batch', async () => {
    const test = await openTestHall();
    const jobs = [1, 2].map((seed) => toy({ units: 1, stepsPerUnit: 1_000 }, { seed }));
    const batch = await test.hall.submitBatch({ jobs });
    const [dead, fine] = [memberId(batch.id, 0), memberId(batch.id, 1)];
    const { problem } = new MmsError('E_POISON', 'it crashed');
    test.transport.events.failed(test.transport.pending[0]!.jobId, 0, problem, 3);
    test.transport.events.failed(test.transport.pending[0]!.jobId, 0, problem, 3);
    test.transport.finishAll();
    await Promise.all([endOf(test.hall, dead), endOf(test.hall, fine)]);
    expect(await ids(test)).toEqual([dead]);
    expect((await test.hall.requeue(dead)).job).toMatchObject({ requeueOf: dead, seed: 1 });
    expect(await ids(test)).toEqual([]);
  });
});

describe('requeueing', () => {
  it('takes whatever ended without a result, and nothing else', async () => {
    const test = await openTestHall();
    const { job } = await test.hall.submit(toy({ units: 1 }));
    expect(await code(test.hall.requeue(job.id))).toBe('E_CONFLICT');
    await test.hall.cancel(job.id);
    const again = (await test.hall.requeue(job.id)).job;
    test.transport.finishAll();
    await endOf(test.hall, again.id);
    expect(await code(test.hall.requeue(again.id))).toBe('E_CONFLICT');
    expect(await code(test.hall.requeue('nobody'))).toBe('E_NOT_FOUND');
  });
});
