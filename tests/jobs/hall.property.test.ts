/** Random schedules of all that can happen to a hall: each accepted job ends exactly once, and truly. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobState, JobView } from '../../src/contract/job.js';
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
const { problem: PROBLEM } = new MmsError('E_JOB', 'late');
const ENDS: readonly JobState[] = ['done', 'failed', 'cancelled'];

/** Writes down every end that it was asked to commit; its commits take a while, as on a disk. */
function watchedStore(ends: Map<string, JobState[]>): JobStore {
  const store = createMemoryStore();
  const accept = store.accept.bind(store);
  const finish = store.finish.bind(store);
  store.accept = async (record) => {
    await new Promise(setImmediate);
    await accept(record);
  };
  store.finish = async (id, end, bytes) => {
    ends.set(id, [...(ends.get(id) ?? []), end.state]);
    await new Promise(setImmediate);
    await finish(id, end, bytes);
  };
  return store;
}

class Play {
  readonly ends = new Map<string, JobState[]>();
  readonly told = new Map<string, JobView[]>();
  readonly accepted = new Set<string>();
  /** Jobs of which a chunk failed: only these may fail. */
  readonly broken = new Set<string>();
  readonly seen: Chunk[] = [];
  readonly store = watchedStore(this.ends);
  readonly running: Promise<unknown>[] = [];
  test!: TestHall;
  #keys = 0;

  async open(): Promise<void> {
    this.test = await openTestHall({ store: this.store });
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
          }),
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
        // What was asked of the old process is answered by it before it is gone; then nothing of it is heard.
        await Promise.all(this.running.splice(0));
        await new Promise(setImmediate);
        await new Promise(setImmediate);
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
    const check = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
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
      expect([...play.ends.keys()].sort()).toEqual([...play.accepted].sort());
    });
    await fc.assert(check, { numRuns: 300 });
  });
});
