/** Deadlines: a job that has not ended by its time ends as expired, wherever it is then; 1 s. */
import { describe, expect, it } from 'vitest';
import { memberId } from '../../src/contract/batch.js';
import type { JobView } from '../../src/contract/job.js';
import { expired, leftMs } from '../../src/jobs/deadlines.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { recordOf } from '../store/job-store.conformance.js';
import { code, endOf, openTestHall, toy } from '../support/hall-parts.js';

const turn = () => new Promise((next) => setImmediate(next));
const tiny = { units: 1, stepsPerUnit: 1_000 };
const EXPIRED = { state: 'expired', digest: null, problem: { code: 'E_EXPIRED' } };

describe('a job with a deadline', () => {
  it('ends as expired when it is still queued then, and tells so', async () => {
    const { hall, transport, clock, counts } = await openTestHall();
    const { job } = await hall.submit(toy({}, { timeoutS: 2.5 }));
    expect(job).toMatchObject({ createdMs: 1_000, deadlineMs: 3_500 });
    const told: JobView[] = [];
    hall.watch(job.id, (view) => told.push(view));
    clock.advance(2_499);
    expect(hall.status(job.id)).toMatchObject({ state: 'queued' });
    clock.advance(1);
    expect(await endOf(hall, job.id)).toMatchObject({ ...EXPIRED, finishedMs: 3_500, deadlineMs: 3_500 });
    expect(told.map(({ state }) => state)).toEqual(['expired']);
    expect(transport.cancelled).toEqual([job.id]);
    expect(transport.pending).toEqual([]);
    expect(counts.get('mms_jobs_finished_total toy expired')).toBe(1);
    expect(await code(hall.result(job.id))).toBe('E_EXPIRED');
    expect(await code(hall.cancel(job.id))).toBe('E_CONFLICT');
    expect(hall.stats()).toMatchObject({ queued: 0, running: 0 });
  });

  it('is stopped when it runs, and what comes too late changes nothing', async () => {
    const { hall, transport, clock } = await openTestHall();
    const { job } = await hall.submit(toy({ units: 2 }, { timeoutS: 1 }));
    const late = transport.pending[1]!;
    transport.finish(transport.pending[0]!);
    clock.advance(1_000);
    transport.events.failed(job.id, late.chunk, expired(1).problem, 1);
    expect(await endOf(hall, job.id)).toMatchObject({ ...EXPIRED, startedMs: 1_000 });
    clock.advance(1e9);
    expect(await hall.status(job.id)).toMatchObject(EXPIRED);
  });

  it('that ends in time keeps its end, and no timer stays', async () => {
    const { hall, transport, clock } = await openTestHall();
    const { job } = await hall.submit(toy({ units: 1 }, { timeoutS: 1 }));
    expect(clock.timers()).toBe(1);
    transport.finishAll();
    expect(await endOf(hall, job.id)).toMatchObject({ state: 'done', deadlineMs: 2_000 });
    await turn();
    expect(clock.timers()).toBe(0);
    clock.advance(5_000);
    expect(await hall.status(job.id)).toMatchObject({ state: 'done' });
    // A result that is there already needs no time at all.
    expect(await hall.submit(toy({ units: 1 }, { timeoutS: 0.001 }))).toMatchObject({ how: 'cached' });
    expect(clock.timers()).toBe(0);
  });

  it('of one that is small lets the others of its pack go on', async () => {
    const { hall, transport, clock } = await openTestHall();
    const [first, second] = await Promise.all([
      hall.submit(toy(tiny, { seed: 1, timeoutS: 1 })),
      hall.submit(toy(tiny, { seed: 2 })),
    ]);
    await turn();
    clock.advance(1_000);
    expect(await endOf(hall, first.job.id)).toMatchObject(EXPIRED);
    await turn();
    transport.finishAll();
    expect(await endOf(hall, second.job.id)).toMatchObject({ state: 'done' });
  });

  it('never takes an equal job without one along', async () => {
    const { hall, transport, clock } = await openTestHall();
    const hasty = (await hall.submit(toy({ units: 1 }, { timeoutS: 1 }))).job;
    const patient = (await hall.submit(toy({ units: 1 }))).job;
    expect(patient.id).not.toBe(hasty.id);
    expect(transport.pending).toHaveLength(1);
    clock.advance(1_000);
    expect(await endOf(hall, hasty.id)).toMatchObject(EXPIRED);
    await turn();
    transport.finishAll();
    expect(await endOf(hall, patient.id)).toMatchObject({ state: 'done', deadlineMs: null });
  });

  it('is refused when its time is none', async () => {
    const { hall } = await openTestHall();
    for (const timeoutS of [0, -1, NaN, Infinity, 1_000_001])
      expect(await code(hall.submit(toy({}, { timeoutS })))).toBe('E_SPEC');
  });
});

describe('a batch with deadlines', () => {
  it('loses the jobs whose time is over, together, small and large ones', async () => {
    const { hall, transport, clock } = await openTestHall();
    const jobs = [
      ...Array.from({ length: 20 }, (_, seed) => toy(tiny, { seed, timeoutS: 1 + (seed % 2) })),
      toy(tiny, { seed: 20 }),
      toy({ units: 4 }, { seed: 21, timeoutS: 1 }),
    ];
    const batch = await hall.submitBatch({ jobs });
    expect(await hall.status(memberId(batch.id, 3))).toMatchObject({ deadlineMs: 3_000 });
    clock.advance(1_000);
    await endOf(hall, memberId(batch.id, 0));
    await endOf(hall, memberId(batch.id, 21));
    expect((await hall.batch(batch.id))!.counts).toMatchObject({ expired: 11, queued: 11 });
    // One of those that go on is done before its time; the others are not.
    clock.advance(1_000);
    await endOf(hall, memberId(batch.id, 1));
    transport.finishAll();
    expect(await endOf(hall, memberId(batch.id, 20))).toMatchObject({ state: 'done', deadlineMs: null });
    expect(await hall.status(memberId(batch.id, 19))).toMatchObject(EXPIRED);
    expect((await hall.batch(batch.id))!.counts).toMatchObject({ expired: 21, done: 1 });
    expect(clock.timers()).toBe(0);
  });
});

describe('after a restart', () => {
  it('the time goes on, and what was over meanwhile is not computed', async () => {
    const store = createMemoryStore();
    const before = await openTestHall({ store });
    const over = (await before.hall.submit(toy({}, { seed: 1, timeoutS: 1 }))).job;
    const left = (await before.hall.submit(toy({}, { seed: 2, timeoutS: 100 }))).job;
    const batch = await before.hall.submitBatch({ jobs: [toy(tiny, { seed: 3, timeoutS: 1 })] });
    await before.hall.drain(0);
    expect(before.clock.timers()).toBe(0);

    const after = await openTestHall({ store }, 51_000);
    expect(new Set(after.transport.pending.map(({ jobId }) => jobId))).toEqual(new Set([left.id]));
    for (const id of [over.id, memberId(batch.id, 0)])
      expect(await endOf(after.hall, id)).toMatchObject({ ...EXPIRED, finishedMs: 51_000 });
    after.clock.advance(49_999);
    expect(after.hall.status(left.id)).toMatchObject({ state: 'queued', deadlineMs: 101_000 });
    after.clock.advance(1);
    expect(await endOf(after.hall, left.id)).toMatchObject(EXPIRED);
  });

  it('a clock that was set back gives no more time than there was', () => {
    const record = recordOf('A', { createdMs: 5_000, timeoutMs: 300 });
    expect(leftMs(record, 0)).toBe(300);
    expect(leftMs(record, 5_100)).toBe(200);
    expect(leftMs(record, 9_000)).toBe(0);
    expect(leftMs(recordOf('B'), 9_000)).toBeNull();
  });
});
