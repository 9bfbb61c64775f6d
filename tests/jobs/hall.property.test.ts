/** Random schedules of all that can happen to a hall: each accepted job ends exactly once, and truly. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobEnd, JobRecord, JobState, JobView } from '../../src/contract/job.js';
import type { Chunk, JobStore } from '../../src/contract/ports.js';
import { MmsError } from '../../src/contract/problem.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { endOf, openTestHall, toy, type TestHall } from '../support/hall-parts.js';
import { runToy } from '../support/toy-kind.js';

type Step =
  | { do: 'submit'; seed: number; keyed: boolean }
  | { do: 'start' | 'finish' | 'fail' | 'cancel' | 'late' | 'lateFail'; pick: number }
  | { do: 'turn' | 'restart' };

const pick = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('submit' as const), seed: fc.nat(3), keyed: fc.boolean() }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('start' as const, 'finish' as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('fail' as const, 'cancel' as const, 'late' as const, 'lateFail' as const),
      pick,
    }),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'turn' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'restart' }) },
);
const onlyKilled = (error: unknown) => expect(error).toMatchObject({ problem: { code: 'E_STORE' } });
const { problem: PROBLEM } = new MmsError('E_JOB', 'late');
const ENDS: readonly JobState[] = ['done', 'failed', 'cancelled'];

/** What one process has of the disk: commits take a while, and none comes after the process was killed. */
function processStore(disk: JobStore, ends: Map<string, JobState[]>, isDead: () => boolean): JobStore {
  const commit = async (write: () => Promise<void>): Promise<void> => {
    await new Promise(setImmediate);
    if (isDead()) throw new Error('killed before the commit');
    await write();
  };
  return new Proxy(disk, {
    get: (target, name) => {
      if (name === 'accept') return (record: JobRecord) => commit(() => target.accept(record));
      if (name !== 'finish') return Reflect.get(target, name).bind(target);
      return (id: string, end: JobEnd, bytes: Uint8Array | null) =>
        commit(() => {
          // Written down before the disk may refuse it: a second end must not even be tried.
          ends.set(id, [...(ends.get(id) ?? []), end.state]);
          return target.finish(id, end, bytes);
        });
    },
  });
}

class Play {
  readonly ends = new Map<string, JobState[]>();
  readonly told = new Map<string, JobView[]>();
  readonly accepted = new Set<string>();
  /** Jobs of which a chunk failed: only these may fail. */
  readonly broken = new Set<string>();
  readonly seen: Chunk[] = [];
  readonly store = createMemoryStore();
  #kill = () => {};
  readonly running: Promise<unknown>[] = [];
  test!: TestHall;
  #keys = 0;

  async open(): Promise<void> {
    let dead = false;
    this.#kill = () => void (dead = true);
    this.test = await openTestHall({ store: processStore(this.store, this.ends, () => dead) });
    for (const id of this.accepted) this.watch(id);
  }

  watch(id: string): void {
    this.test.hall.watch(id, (view) => void this.told.set(id, [...(this.told.get(id) ?? []), view]));
  }

  async take(step: Step): Promise<void> {
    const { hall, transport } = this.test;
    const { pending } = transport;
    this.seen.push(...pending.filter((chunk) => !this.seen.includes(chunk)));
    const of = <T>(from: readonly T[], at: number): T | undefined => from[at % Math.max(1, from.length)];
    switch (step.do) {
      case 'submit': {
        const more = step.keyed ? { idempotencyKey: `key ${this.#keys++}` } : {};
        const request = toy({ units: 3 }, { seed: step.seed, ...more });
        this.running.push(
          hall.submit(request).then(async ({ job }) => {
            expect(await this.store.load(job.id)).not.toBeNull();
            if (this.accepted.has(job.id)) return;
            this.accepted.add(job.id);
            this.watch(job.id);
          }, onlyKilled),
        );
        return;
      }
      case 'cancel': {
        const id = of([...this.accepted], step.pick);
        // A cancel that comes too late is refused; anything else would be wrong.
        if (id !== undefined)
          this.running.push(hall.cancel(id).catch((error) => expect(error).toBeInstanceOf(MmsError)));
        return;
      }
      case 'late':
      case 'lateFail': {
        // Twice, too late, or for a job that was cancelled: whatever a confused network may bring.
        const chunk = of(this.seen.slice(-6), step.pick);
        if (!chunk) return;
        if (pending.includes(chunk)) pending.splice(pending.indexOf(chunk), 1);
        if (step.do === 'late') transport.events.done(chunk.jobId, chunk.chunk, runToy(chunk), 2, 0);
        else this.fail(chunk, () => transport.events.failed(chunk.jobId, chunk.chunk, PROBLEM, 2));
        return;
      }
      case 'turn':
        return new Promise((resolve) => void setImmediate(resolve));
      case 'restart':
        // kill -9: what was asked of the old process and not committed is not answered.
        this.#kill();
        await Promise.all(this.running.splice(0));
        return this.open();
      case 'fail': {
        const chunk = of(pending, step.pick);
        if (chunk) this.fail(chunk, () => transport.fail(chunk));
        return;
      }
      case 'start':
      case 'finish': {
        const chunk = of(pending, step.pick);
        if (chunk) transport[step.do](chunk);
      }
    }
  }

  fail(chunk: Chunk, work: () => void): void {
    this.broken.add(chunk.jobId);
    work();
  }
}

describe('the hall under random schedules', () => {
  it('ends every accepted job exactly once, tells what it wrote, and done means the right digest', async () => {
    const digests = new Map<number, string>();
    const check = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 100 }), async (steps) => {
      const play = new Play();
      await play.open();
      for (const step of steps) await play.take(step);
      await Promise.all(play.running.splice(0));
      const { hall, transport } = play.test;
      while (hall.stats().queued + hall.stats().running > 0) {
        transport.finishAll();
        await new Promise(setImmediate);
      }
      expect(await play.store.unfinished()).toEqual([]);
      for (const id of play.accepted) {
        const view = await endOf(hall, id);
        expect(ENDS).toContain(view.state);
        expect(play.ends.get(id)).toEqual([view.state]);
        const told = (play.told.get(id) ?? []).map(({ state }) => state);
        expect(told.filter((state) => ENDS.includes(state)).length).toBeLessThanOrEqual(1);
        if (view.state === 'failed') expect(play.broken).toContain(id);
        if (view.state !== 'done') continue;
        if (!digests.has(view.seed)) digests.set(view.seed, view.digest!);
        expect(view.digest).toBe(digests.get(view.seed));
        expect((await hall.result(id)).digest).toBe(view.digest);
      }
    });
    await fc.assert(check, { numRuns: 300 });
  });
});
