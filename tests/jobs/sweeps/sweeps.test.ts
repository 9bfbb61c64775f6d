/** Sweeps in the hall: a window of jobs ahead, rows in order, refused cells, cancel, retry; 2 s. */
import { describe, expect, it } from 'vitest';
import type { Chunk, Hall } from '../../../src/contract/ports.js';
import { cellStateOf, type SweepRow, type SweepView } from '../../../src/contract/sweep.js';
import { DEFAULT_LIMITS } from '../../../src/jobs/limits.js';
import { createMemoryStore } from '../../../src/store/memory.js';
import { openTestHall, code, toy, type TestHall } from '../../support/hall-parts.js';

const TINY = { units: 1, stepsPerUnit: 1_000 };
const factors = (cells: number) => ({ factor: Array.from({ length: cells }, (_, i) => i) });
const sweep = (cells: number, more: object = {}) => ({
  ...{ kind: 'toy', spec: TINY, seed: 3, axes: factors(cells) },
  ...more,
});

/** Resolves with the view of the sweep's end. */
function sweepEnd(hall: Hall, id: string): Promise<SweepView> {
  return new Promise((resolve, reject) => {
    const see = (view: SweepView | null): void => {
      if (view && view.finishedMs !== null) resolve(view);
    };
    hall.sweeps.watch(id, see);
    hall.sweeps.view(id).then(see, reject);
  });
}

/** Computes whatever is offered until the sweep has ended; the largest number of jobs that waited at once. */
async function runThrough({ hall, transport }: TestHall, id: string): Promise<number> {
  let isOver = false;
  void sweepEnd(hall, id).then(() => (isOver = true));
  let most = 0;
  while (!isOver) {
    most = Math.max(most, jobsOf(transport.pending));
    const [next] = transport.pending;
    if (next) transport.finish(next);
    await new Promise(setImmediate);
  }
  return most;
}

const jobsOf = (chunks: readonly Chunk[]): number =>
  chunks.reduce((sum, { pack }) => sum + (pack ? pack.seeds.length : 1), 0);

async function allRows(hall: Hall, id: string): Promise<SweepRow[]> {
  const rows: SweepRow[] = [];
  for (let more = true; more;) {
    const page = await hall.sweeps.rows(id, { from: rows.length, limit: 700 });
    rows.push(...page);
    more = page.length > 0;
  }
  return rows;
}

describe('a sweep', () => {
  it('has its jobs made a window ahead, and gives its rows in the order of its cells', async () => {
    const test = await openTestHall();
    const { hall } = test;
    const begun = await hall.sweeps.submit(sweep(1_700, { repeats: 3 }));
    expect(begun).toMatchObject({ state: 'running', progress: 0, jobs: { total: 5_100, done: 0 } });
    expect(await runThrough(test, begun.id)).toBeLessThanOrEqual(2_000);
    const end = (await hall.sweeps.view(begun.id))!;
    expect(end).toMatchObject({
      state: 'done',
      progress: 1,
      cellsDone: 1_700,
      cellsFailed: 0,
      jobsPerS: null,
    });
    expect(end.jobs).toEqual({ total: 5_100, done: 5_100, cached: 0, failed: 0, cancelled: 0, running: 0 });
    const rows = await allRows(hall, begun.id);
    expect(rows.map(({ cell, values }) => [cell, ...values])).toEqual(rows.map((_, i) => [i, i]));
    expect(rows).toHaveLength(1_700);
    const ids = new Set(rows.flatMap(({ jobs }) => jobs.map(({ id }) => id)));
    expect(ids.size).toBe(5_100);
    // Repeat r has the same seed in every cell, and the job is that of any client.
    const seeds = rows.map(({ jobs }) => jobs.map(({ seed }) => seed).join());
    expect(new Set(seeds).size).toBe(1);
    const { id, seed, metrics } = rows[333]!.jobs[2]!;
    const job = await hall.status(id!);
    expect(job).toMatchObject({ state: 'done', seed, spec: { ...TINY, factor: 333 }, summary: { metrics } });
  });

  it('takes results that are there, and says so', async () => {
    const test = await openTestHall();
    const { hall, transport } = test;
    const first = await hall.sweeps.submit(sweep(30));
    await runThrough(test, first.id);
    const second = await hall.sweeps.submit(sweep(40));
    await runThrough(test, second.id);
    expect(await hall.sweeps.view(second.id)).toMatchObject({
      state: 'done',
      jobs: { done: 40, cached: 30 },
    });
    const third = await hall.sweeps.submit(sweep(40));
    expect((await sweepEnd(hall, third.id)).jobs).toMatchObject({ done: 40, cached: 40 });
    expect(transport.pending).toEqual([]);
  });

  it('fails the cells that are refused, with the reason, and asks for these alone again', async () => {
    const store = createMemoryStore();
    const test = await openTestHall({ store, limits: { ...DEFAULT_LIMITS, maxUnits: 10 } });
    const axes = { units: [4, 40, 5, 50], factor: [1, 2] };
    const { id } = await test.hall.sweeps.submit(sweep(0, { axes, repeats: 2 }));
    await runThrough(test, id);
    const end = await test.hall.sweeps.view(id);
    expect(end).toMatchObject({
      state: 'partial',
      cellsDone: 4,
      cellsFailed: 4,
      jobs: { done: 8, failed: 8 },
    });
    const rows = await allRows(test.hall, id);
    expect(rows.map(cellStateOf)).toEqual([
      'done',
      'done',
      'failed',
      'failed',
      'done',
      'done',
      'failed',
      'failed',
    ]);
    expect(rows[2]!.jobs[0]!.problem).toMatchObject({ code: 'E_COST' });
    const job = await test.hall.status(rows[2]!.jobs[0]!.id!);
    expect(job).toMatchObject({ state: 'failed', attempts: 0, problem: { code: 'E_COST' } });

    // Another operator allows more: the others are not computed again.
    const later = await openTestHall({ store });
    expect(await later.hall.sweeps.retryFailed(id)).toMatchObject({
      state: 'running',
      jobs: { done: 8, failed: 0 },
    });
    let computed = 0;
    later.transport.offer = ((offer) => (chunks) => {
      computed += jobsOf(chunks);
      offer(chunks);
    })(later.transport.offer);
    await runThrough(later, id);
    expect(await later.hall.sweeps.view(id)).toMatchObject({
      state: 'done',
      cellsFailed: 0,
      jobs: { done: 16 },
    });
    expect(computed).toBeLessThanOrEqual(8);
    const mended = await allRows(later.hall, id);
    for (const cell of [0, 1, 4, 5]) expect(mended[cell]).toEqual(rows[cell]);
    expect(await code(later.hall.sweeps.retryFailed(id))).toBe('E_CONFLICT');
  });

  it('is cancelled as a whole, also what was not made, and goes on when it is asked again', async () => {
    const test = await openTestHall();
    const { hall, transport } = test;
    const { id } = await hall.sweeps.submit(sweep(4_500));
    while (transport.pending.length === 0) await new Promise(setImmediate);
    transport.finish(transport.pending[0]!);
    await new Promise(setImmediate);
    const cancelled = await hall.sweeps.cancel(id);
    expect(cancelled).toMatchObject({ state: 'cancelled', progress: 1 });
    const { done, cancelled: left } = cancelled.jobs;
    expect(done).toBeGreaterThan(0);
    expect(done + left).toBe(4_500);
    expect(transport.pending).toEqual([]);
    expect(hall.stats()).toMatchObject({ queued: 0, running: 0 });
    expect(await code(hall.sweeps.cancel(id))).toBe('E_CONFLICT');
    const rows = await allRows(hall, id);
    expect(rows.filter((row) => cellStateOf(row) === 'cancelled')).toHaveLength(left);
    expect(rows.at(-1)!.jobs).toMatchObject([{ id: null, state: 'cancelled' }]);
    await hall.sweeps.retryFailed(id);
    expect(await code(hall.sweeps.retryFailed(id))).toBe('E_CONFLICT');
    await runThrough(test, id);
    expect(await hall.sweeps.view(id)).toMatchObject({ state: 'done', jobs: { done: 4_500, cancelled: 0 } });
  });

  it('is one for an idempotency key, which names nothing else', async () => {
    const test = await openTestHall();
    const { hall } = test;
    const asked = { ...sweep(3), idempotencyKey: 'k' };
    const [one, same] = await Promise.all([hall.sweeps.submit(asked), hall.sweeps.submit(asked)]);
    expect(same.id).toBe(one.id);
    expect(await code(hall.sweeps.submit({ ...sweep(4), idempotencyKey: 'k' }))).toBe('E_IDEMPOTENCY');
    expect(await code(hall.submit(toy({}, { idempotencyKey: 'k' })))).toBe('E_IDEMPOTENCY');
    expect(await code(hall.submitBatch({ jobs: [toy()], idempotencyKey: 'k' }))).toBe('E_IDEMPOTENCY');
    await hall.submit(toy({}, { idempotencyKey: 'job' }));
    expect(await code(hall.sweeps.submit({ ...asked, idempotencyKey: 'job' }))).toBe('E_IDEMPOTENCY');
    await hall.submitBatch({ jobs: [toy()], idempotencyKey: 'batch' });
    expect(await code(hall.sweeps.submit({ ...asked, idempotencyKey: 'batch' }))).toBe('E_IDEMPOTENCY');
    expect((await hall.sweeps.list({ limit: 9 })).map(({ id }) => id)).toEqual([one.id]);
  });

  it('is refused with every fault, while stopping, and unknown under another id', async () => {
    const { hall } = await openTestHall();
    expect(await code(hall.sweeps.submit(sweep(3, { axes: { facto: [1] } })))).toBe('E_SPEC');
    expect(await code(hall.sweeps.rows('01TEST00000000000000000ZZZ', { from: 0, limit: 1 }))).toBe(
      'E_NOT_FOUND',
    );
    expect(await hall.sweeps.view('01TEST00000000000000000ZZZ')).toBeNull();
    await hall.drain(0);
    expect(await code(hall.sweeps.submit(sweep(3)))).toBe('E_DRAINING');
  });
});
