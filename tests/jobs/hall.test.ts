/** The way of a job through the hall, step by step, with a transport and a clock that the test moves. */
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../src/contract/job.js';
import { MmsError } from '../../src/contract/problem.js';
import { DEFAULT_LIMITS } from '../../src/jobs/limits.js';
import { code, endOf, openTestHall, toy } from '../support/hall-parts.js';
import { runToy } from '../support/toy-kind.js';

describe('a job', () => {
  it('goes queued, running, done, and its result is there', async () => {
    const { hall, transport, clock, counts, observed } = await openTestHall();
    const { job, how } = await hall.submit(toy({ units: 3 }));
    expect(how).toBe('new');
    expect(job).toMatchObject({
      state: 'queued',
      progress: 0,
      units: 3,
      seed: 3,
      cached: false,
      createdMs: 1000,
    });
    expect(job.spec).toEqual({ factor: 1, stepsPerUnit: 10e6, units: 3 });
    const views: JobView[] = [];
    hall.watch(job.id, (view) => views.push(view));
    expect(transport.pending.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);

    clock.ms += 500;
    transport.start(transport.pending[1]!);
    expect(hall.status(job.id)).toMatchObject({ state: 'running', startedMs: 1500 });
    clock.ms += 500;
    // Back in another order than offered: the result keeps the order of units.
    for (const i of [2, 0, 0]) transport.finish(transport.pending[i]!, i + 1);
    const end = await endOf(hall, job.id);
    expect(end).toMatchObject({ state: 'done', progress: 1, attempts: 3, finishedMs: 2000, problem: null });
    const result = await hall.result(job.id);
    expect(result.digest).toBe(end.digest);
    expect([...result.tables[0]!.columns[0]!]).toEqual([0, 1, 2]);
    expect([...result.tables[0]!.columns[1]!]).toEqual([3, 4, 5]);
    expect(result.tables[0]!.decl.columns[1]!.name).toBe('value');
    expect(result.summary.metrics[0]!.value).toBe(3);
    expect(views.map((view) => view.state)).toEqual(['running', 'running', 'done']);
    expect(counts.get('mms_jobs_accepted_total toy')).toBe(1);
    expect(counts.get('mms_jobs_finished_total toy done')).toBe(1);
    expect(observed.get('mms_job_queue_seconds')).toEqual([0.5]);
    expect(observed.get('mms_job_run_seconds')).toEqual([0.5]);
  });

  it('has times in order although the wall clock leaps backwards', async () => {
    const { hall, transport, clock } = await openTestHall();
    const { job } = await hall.submit(toy({ units: 1 }));
    clock.ms = 600;
    transport.start(transport.pending[0]!);
    expect(hall.status(job.id)).toMatchObject({ createdMs: 1000, startedMs: 1000 });
    clock.ms = 200;
    transport.finishAll();
    expect(await endOf(hall, job.id)).toMatchObject({ startedMs: 1000, finishedMs: 1000 });
  });

  it('gives the same digest from few chunks and from many', async () => {
    const digests = new Set<string | null>();
    for (const [stepsPerUnit, chunks] of [
      [10e6, 50],
      [0.1e6, 2],
    ] as const) {
      const { hall, transport } = await openTestHall();
      const { job } = await hall.submit(toy({ units: 100, stepsPerUnit }));
      expect(transport.pending).toHaveLength(chunks);
      transport.finishAll();
      digests.add((await endOf(hall, job.id)).digest);
    }
    expect(digests.size).toBe(1);
  });

  it('fails at once when a chunk fails, and the rest is cancelled', async () => {
    const { hall, transport } = await openTestHall();
    const { job } = await hall.submit(toy());
    const late = transport.pending[3]!;
    transport.fail(transport.pending[1]!, 'division by zero');
    expect(transport.cancelled).toEqual([job.id]);
    transport.events.done(job.id, late.chunk, runToy(late), 1, 0);
    expect(await endOf(hall, job.id)).toMatchObject({
      state: 'failed',
      problem: { code: 'E_JOB', detail: 'division by zero' },
    });
    expect(await code(hall.result(job.id))).toBe('E_JOB');
    expect(await code(hall.cancel(job.id))).toBe('E_CONFLICT');
  });

  it('takes each chunk once, and hears nothing more once it is on its way to its end', async () => {
    const { hall, transport, counts } = await openTestHall();
    const { job } = await hall.submit(toy({ units: 2 }));
    const [first, second] = [...transport.pending];
    transport.finish(first!);
    transport.events.done(job.id, first!.chunk, runToy(first!), 2, 0);
    transport.events.done(job.id, 7, runToy(first!), 2, 0);
    expect(hall.status(job.id)).toMatchObject({ state: 'running', progress: 0.5, attempts: 1 });
    transport.finish(second!);
    const { problem } = new MmsError('E_JOB', 'too late');
    transport.events.failed(job.id, second!.chunk, problem, 5);
    expect(transport.cancelled).toEqual([]);
    expect(await endOf(hall, job.id)).toMatchObject({ state: 'done', attempts: 1 });
    expect([...counts].filter(([name]) => name.startsWith('mms_jobs_finished'))).toHaveLength(1);
  });

  it('fails when its numbers are not finite', async () => {
    const { hall, transport } = await openTestHall();
    const { job } = await hall.submit(toy({ factor: 1.7e308, units: 3 }));
    transport.finishAll();
    expect(await endOf(hall, job.id)).toMatchObject({
      state: 'failed',
      problem: {
        code: 'E_NONFINITE',
        detail: 'Expected a finite number in row 2 of runs.value; the job computed Infinity.',
      },
    });
  });
});

describe('equal questions', () => {
  it('join the job in flight, whatever the order of keys and the defaults', async () => {
    const { hall, transport } = await openTestHall();
    const [first, second] = await Promise.all([
      hall.submit(toy({ units: 2, factor: 1 })),
      hall.submit(toy({ factor: 1, units: 2 })),
    ]);
    expect([first.how, second.how].sort()).toEqual(['joined', 'new']);
    expect(second.job.id).toBe(first.job.id);
    expect((await hall.submit(toy({ units: 2 }))).job.id).toBe(first.job.id);
    expect((await hall.submit(toy({ units: 2 }, { seed: 4 }))).how).toBe('new');
    expect(transport.pending).toHaveLength(4);
  });

  it('are answered from the cache, then from the store, with the same digest and a job of their own', async () => {
    const { hall, transport, cache, counts, parts } = await openTestHall();
    const { job } = await hall.submit(toy());
    transport.finishAll();
    const { digest } = await endOf(hall, job.id);
    const again = await hall.submit(toy());
    expect(again).toMatchObject({ how: 'cached', job: { state: 'done', cached: true, digest, attempts: 0 } });
    expect(again.job.id).not.toBe(job.id);
    expect(counts.get('mms_cache_requests_total memory')).toBe(1);
    await cache.close();
    expect((await hall.submit(toy())).how).toBe('cached');
    expect(counts.get('mms_cache_requests_total store')).toBe(1);
    expect((await hall.result(again.job.id)).digest).toBe(digest);
    expect(transport.pending).toHaveLength(0);
    // Another hall over the same store sees the cached job as what it was.
    const { hall: later } = await openTestHall({ store: parts.store });
    expect(await later.status(again.job.id)).toMatchObject({ state: 'done', cached: true, digest });
  });

  it('are not answered with bytes that lost their digest: those are counted and computed anew', async () => {
    const { hall, transport, cache, counts, store } = await openTestHall();
    const { job } = await hall.submit(toy());
    transport.finishAll();
    await endOf(hall, job.id);
    const bytes = (await store.resultByKey(job.key))!;
    bytes[bytes.length - 1]! ^= 1;
    cache.set(job.key, bytes);
    expect(await code(hall.result(job.id))).toBe('E_CORRUPT_RESULT');
    const again = await hall.submit(toy());
    expect(again.how).toBe('new');
    expect(counts.get('mms_result_hash_mismatch_total')).toBe(4);
    transport.finishAll();
    await endOf(hall, again.job.id);
    expect((await hall.result(job.id)).digest).toBe((await hall.result(again.job.id)).digest);
  });
});

describe('an idempotency key', () => {
  const keyed = (spec: object, requestHash: string) => toy(spec, { idempotencyKey: 'k', requestHash });

  it('gives one job to equal requests, also at the same moment, and refuses another body', async () => {
    const { hall, transport } = await openTestHall();
    const both = await Promise.all([hall.submit(keyed({}, 'h1')), hall.submit(keyed({}, 'h1'))]);
    expect(both[0].job.id).toBe(both[1].job.id);
    expect(both.map(({ how }) => how)).toEqual(['new', 'joined']);
    expect(await code(hall.submit(keyed({ units: 9 }, 'h2')))).toBe('E_IDEMPOTENCY');
    transport.finishAll();
    await endOf(hall, both[0].job.id);
    expect(await hall.submit(keyed({}, 'h1'))).toMatchObject({ how: 'cached', job: { id: both[0].job.id } });
  });

  it('hashes the question itself when no hash of the body came', async () => {
    const { hall } = await openTestHall();
    const first = await hall.submit(toy({}, { idempotencyKey: 'k' }));
    expect((await hall.submit(toy({ factor: 1 }, { idempotencyKey: 'k' }))).job.id).toBe(first.job.id);
    expect(await code(hall.submit(toy({ factor: 2 }, { idempotencyKey: 'k' })))).toBe('E_IDEMPOTENCY');
  });

  it('keeps its own job beside an equal question in flight, and that job follows without computing twice', async () => {
    const { hall, transport } = await openTestHall();
    const leader = await hall.submit(toy({ units: 2 }));
    const follower = await hall.submit(toy({ units: 2 }, { idempotencyKey: 'k' }));
    expect(follower.how).toBe('joined');
    expect(follower.job.id).not.toBe(leader.job.id);
    expect(transport.pending).toHaveLength(2);
    transport.finishAll();
    const [a, b] = await Promise.all([endOf(hall, leader.job.id), endOf(hall, follower.job.id)]);
    expect(b).toMatchObject({ state: 'done', cached: true, digest: a.digest });
    expect(hall.stats()).toMatchObject({ queued: 0, running: 0 });
  });

  it('lets a follower compute when its leader was cancelled', async () => {
    const { hall, transport } = await openTestHall();
    const leader = await hall.submit(toy({ units: 2 }));
    const follower = await hall.submit(toy({ units: 2 }, { idempotencyKey: 'k' }));
    await hall.cancel(leader.job.id);
    await new Promise(setImmediate);
    expect(transport.pending.map(({ jobId }) => jobId)).toEqual([follower.job.id, follower.job.id]);
    transport.finishAll();
    expect(await endOf(hall, follower.job.id)).toMatchObject({ state: 'done', cached: false });
  });
});

describe('cancel', () => {
  it('ends a queued and a running job at once, tells the transport, and ignores what comes late', async () => {
    const { hall, transport, store } = await openTestHall();
    for (const start of [false, true]) {
      const { job } = await hall.submit(toy({ units: 2, factor: start ? 1 : 2 }));
      const late = [...transport.pending];
      if (start) transport.start(late[0]!);
      expect(await hall.cancel(job.id)).toMatchObject({
        state: 'cancelled',
        problem: { code: 'E_CANCELLED' },
      });
      expect(transport.cancelled).toContain(job.id);
      for (const chunk of late) transport.events.done(job.id, chunk.chunk, runToy(chunk), 1, 0);
      expect(hall.status(job.id)).toMatchObject({ state: 'cancelled', digest: null });
      expect((await store.load(job.id))!.state).toBe('cancelled');
      expect(await hall.cancel(job.id)).toMatchObject({ state: 'cancelled' });
      expect(await code(hall.result(job.id))).toBe('E_CANCELLED');
    }
    expect(hall.stats()).toMatchObject({ queued: 0, running: 0 });
  });

  it('comes too late for a job whose end is being written', async () => {
    const { hall, transport } = await openTestHall();
    const { job } = await hall.submit(toy());
    transport.finishAll();
    expect(await code(hall.cancel(job.id))).toBe('E_CONFLICT');
    expect(await hall.status(job.id)).toMatchObject({ state: 'done' });
  });

  it('does not know every id', async () => {
    const { hall } = await openTestHall();
    expect(await code(hall.cancel('nobody'))).toBe('E_NOT_FOUND');
    expect(await code(hall.result('nobody'))).toBe('E_NOT_FOUND');
    expect(await hall.status('nobody')).toBeNull();
  });
});

describe('limits', () => {
  it('refuse what is too large before anything is stored', async () => {
    const limits = { ...DEFAULT_LIMITS, maxQueuedJobs: 2, maxJobCoreS: 1, maxUnits: 50 };
    const { hall, store, transport } = await openTestHall({ limits });
    expect(await code(hall.submit(toy({ units: 51, stepsPerUnit: 1 })))).toBe('E_COST');
    expect(await code(hall.submit(toy({ units: 2, stepsPerUnit: 1e9 })))).toBe('E_COST');
    expect(await store.list({ limit: 10 })).toEqual([]);
    const [a] = await Promise.all([hall.submit(toy({}, { seed: 1 })), hall.submit(toy({}, { seed: 2 }))]);
    expect(await code(hall.submit(toy({}, { seed: 3 })))).toBe('E_QUEUE_FULL');
    expect((await hall.submit(toy({}, { seed: 1 }))).how).toBe('joined');
    await hall.cancel(a.job.id);
    expect((await hall.submit(toy({}, { seed: 3 }))).how).toBe('new');
    transport.finishAll();
  });

  it('give one client no more than its share of the queue, and 503 to all when it is full', async () => {
    const limits = { ...DEFAULT_LIMITS, maxQueuedJobs: 4, maxClientShare: 0.5 };
    const { hall } = await openTestHall({ limits });
    const ask = (client: string | undefined, seed: number) =>
      hall.submit({ ...toy({}, { seed }), ...(client !== undefined && { client }) });
    const [first] = [await ask('a', 1), await ask('a', 2)];
    expect(await code(ask('a', 3))).toBe('E_RATE');
    expect((await ask('a', 1)).how).toBe('joined');
    expect((await ask('b', 4)).how).toBe('new');
    await hall.cancel(first.job.id);
    expect((await ask('a', 5)).how).toBe('new');
    expect((await ask('b', 6)).how).toBe('new');
    for (const client of ['a', 'c', undefined]) expect(await code(ask(client, 7))).toBe('E_QUEUE_FULL');
  });

  it('name bad questions', async () => {
    const { hall } = await openTestHall();
    expect(await code(hall.submit({ kind: 'tou', spec: {} }))).toBe('E_KIND');
    expect(await code(hall.submit(toy({ unit: 1 })))).toBe('E_SPEC');
    expect(await code(hall.submit(toy({}, { seed: -1 })))).toBe('E_SPEC');
    expect(await code(hall.submit(toy({}, { priority: 10 })))).toBe('E_SPEC');
  });

  it('bound how often watchers hear of progress', async () => {
    const { hall, transport, clock } = await openTestHall();
    const { job } = await hall.submit(toy({ units: 2 }));
    const seen: number[] = [];
    hall.watch(job.id, (view) => seen.push(view.progress));
    hall.watch(job.id, () => {
      throw new Error('a broken watcher');
    });
    const [chunk] = transport.pending;
    transport.start(chunk!);
    for (let i = 1; i <= 1000; i++) {
      clock.ms += 1;
      transport.events.progress(job.id, 0, i / 1000);
    }
    expect(seen).toHaveLength(1 + 10);
    expect(seen.at(-1)).toBeCloseTo(0.5, 1);
    transport.events.progress(job.id, 0, 0.1);
    transport.events.progress(job.id, 0, NaN);
    expect(hall.status(job.id)).toMatchObject({ progress: 0.5 });
  });
});
