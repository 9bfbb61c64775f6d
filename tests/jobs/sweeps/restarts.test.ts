/** Sweeps through crashes at any moment: no job is lost or made twice, the rows are the same; 3 s. */
import { describe, expect, it } from 'vitest';
import type { Hall, JobStore } from '../../../src/contract/ports.js';
import type { SweepRow } from '../../../src/contract/sweep.js';
import { createMemoryStore } from '../../../src/store/memory.js';
import { drawOf } from '../../sim/random.js';
import { openTestHall, type TestHall } from '../../support/hall-parts.js';

const CELLS = 700;
const REPEATS = 4;
const request = {
  kind: 'toy',
  spec: { units: 1, stepsPerUnit: 1_000 },
  seed: 11,
  axes: { factor: Array.from({ length: CELLS }, (_, i) => i / 8) },
  repeats: REPEATS,
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The store as one process has it: dead, it writes nothing more, and nobody hears of what it wrote. */
function openAs(store: JobStore, process: { isDead: boolean }): JobStore {
  return new Proxy(store, {
    get: (target, name) => {
      const member = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        if (process.isDead) return new Promise(() => undefined);
        const answer = member.apply(target, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.then((value: unknown) => (process.isDead ? new Promise(() => undefined) : value));
      };
    },
  });
}

const rowsOf = async (hall: Hall, id: string): Promise<readonly SweepRow[]> =>
  hall.sweeps.rows(id, { from: 0, limit: CELLS });

/** Without what tells one run of a job from another. */
const withoutIds = (rows: readonly SweepRow[]): string =>
  JSON.stringify(rows.map(({ jobs, ...row }) => ({ ...row, jobs: jobs.map(({ id: _, ...job }) => job) })));

interface Outcome {
  readonly rows: readonly SweepRow[];
  readonly crashes: number;
  readonly store: JobStore;
  readonly id: string;
}

/** Chunks end, fail with what ran them or are lost in crashes, as the seed has it. */
async function runWith(seed: number, plan: { crash: number; cancel: number }): Promise<Outcome> {
  let draws = 0;
  const draw = (): number => drawOf(seed, 3, draws++);
  const store = createMemoryStore();
  let process = { isDead: false };
  const open = (): Promise<TestHall> => openTestHall({ store: openAs(store, process) });
  let test = await open();
  const { id } = await test.hall.sweeps.submit(request);
  let crashes = 0;
  for (;;) {
    for (let i = Math.floor(4 * draw()); i > 0; i--) await turn();
    const { pending } = test.transport;
    const u = draw();
    if (u < plan.crash) {
      process.isDead = true;
      process = { isDead: false };
      test = await open();
      crashes++;
    } else if (u < plan.crash + plan.cancel) {
      const { state } = (await test.hall.sweeps.view(id))!;
      if (state === 'running') await test.hall.sweeps.cancel(id);
    } else if (pending.length > 0) {
      test.transport.finish(pending[Math.floor(draw() * pending.length)]!);
    }
    const { state, finishedMs } = (await test.hall.sweeps.view(id))!;
    if (finishedMs === null) continue;
    if (state === 'done') return { rows: await rowsOf(test.hall, id), crashes, store, id };
    await test.hall.sweeps.retryFailed(id);
  }
}

describe('a sweep whose process dies', () => {
  it('goes on where it was, and makes no job twice', async () => {
    const whole = await runWith(0, { crash: 0, cancel: 0 });
    expect(whole.rows).toHaveLength(CELLS);
    const expected = withoutIds(whole.rows);
    let crashes = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const outcome = await runWith(seed, { crash: 0.25, cancel: 0 });
      crashes += outcome.crashes;
      expect(withoutIds(outcome.rows), `seed ${seed}`).toBe(expected);
      const jobs = await outcome.store.list({ limit: 1e9 });
      expect(jobs, `seed ${seed}`).toHaveLength(CELLS * REPEATS);
      expect(await outcome.store.unfinished()).toEqual([]);
    }
    expect(crashes).toBeGreaterThan(4);
  });

  it('keeps what it has when it is cancelled and asked again in between', async () => {
    const expected = withoutIds((await runWith(0, { crash: 0, cancel: 0 })).rows);
    for (let seed = 21; seed <= 25; seed++) {
      const { rows, store } = await runWith(seed, { crash: 0.05, cancel: 0.1 });
      expect(withoutIds(rows), `seed ${seed}`).toBe(expected);
      const done = (await store.list({ limit: 1e9 })).filter(({ state }) => state === 'done');
      expect(done, `seed ${seed}`).toHaveLength(CELLS * REPEATS);
      expect(new Set(done.map(({ record }) => record.key)).size).toBe(CELLS * REPEATS);
    }
  });
});
