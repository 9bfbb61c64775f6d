/** A hall with real parts round a hand-moved transport and a hand-moved clock. */
import type { JobView } from '../../src/contract/job.js';
import type { Hall, JobStore, ResultCache, SubmitRequest } from '../../src/contract/ports.js';
import { MmsError, type ProblemCode } from '../../src/contract/problem.js';
import { createHall, type HallParts } from '../../src/jobs/hall.js';
import type { Later } from '../../src/jobs/deadlines.js';
import { DEFAULT_LIMITS } from '../../src/jobs/limits.js';
import { createCache } from '../../src/store/cache.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { createHandTransport, type HandTransport } from './hand-transport.js';
import { toyKinds } from './toy-kind.js';

export interface HandClock {
  ms: number;
  nowMs(): number;
  monotonicMs(): number;
  readonly later: Later;
  /** Moves on, and lets every timer that is due by then act at its own time. */
  advance(ms: number): void;
  /** Timers that wait. */
  timers(): number;
}

function createHandClock(startMs: number): HandClock {
  const timers = new Set<{ readonly atMs: number; readonly act: () => void }>();
  const clock: HandClock = {
    ms: startMs,
    nowMs: () => clock.ms,
    monotonicMs: () => clock.ms,
    later(delayMs, act) {
      const timer = { atMs: clock.ms + delayMs, act };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const untilMs = clock.ms + ms;
      for (;;) {
        const [next] = [...timers].sort((a, b) => a.atMs - b.atMs);
        if (!next || next.atMs > untilMs) break;
        timers.delete(next);
        clock.ms = Math.max(clock.ms, next.atMs);
        next.act();
      }
      clock.ms = untilMs;
    },
    timers: () => timers.size,
  };
  return clock;
}

export interface Counts {
  readonly counts: Map<string, number>;
  readonly observed: Map<string, number[]>;
}

export interface TestHall extends Counts {
  readonly hall: Hall;
  readonly transport: HandTransport;
  readonly store: JobStore;
  readonly cache: ResultCache;
  readonly clock: HandClock;
  readonly parts: HallParts;
}

let ids = 0;

/** Ids like ULIDs: 26 characters that grow, not in the last three, which a batch gives to its jobs. */
export const nextId = (): string => `01TEST${String(ids++).padStart(17, '0')}ZZZ`;

export async function openTestHall(over: Partial<HallParts> = {}, startMs = 1_000): Promise<TestHall> {
  const clock = createHandClock(startMs);
  const counts = new Map<string, number>();
  const observed = new Map<string, number[]>();
  const meter = {
    count: (name: string, labels: Readonly<Record<string, string>> = {}, by = 1) => {
      const key = [name, ...Object.values(labels)].join(' ');
      counts.set(key, (counts.get(key) ?? 0) + by);
    },
    gauge: () => {},
    observe: (name: string, value: number, _labels: Readonly<Record<string, string>> = {}, times = 1) =>
      void observed.set(name, [...(observed.get(name) ?? []), ...Array<number>(times).fill(value)]),
  };
  const transport = createHandTransport();
  const parts: HallParts = {
    kinds: toyKinds,
    store: createMemoryStore(),
    cache: createCache({ maxBytes: 1e6, redisUrl: null, meter }),
    transport,
    reader: { read: async (ref) => Promise.reject(new Error(`Nothing reads ${ref.importer} here`)) },
    clock,
    later: clock.later,
    meter,
    newId: nextId,
    engineVersion: '0.1.0',
    limits: DEFAULT_LIMITS,
    ...over,
  };
  const hall = await createHall(parts);
  return { hall, transport, store: parts.store, cache: parts.cache, clock, parts, counts, observed };
}

/** Resolves with the view of the job's end, from an event and not by waiting. */
export async function endOf(hall: Hall, id: string): Promise<JobView> {
  const isEnd = (view: JobView) => view.state !== 'queued' && view.state !== 'running';
  return new Promise((resolve, reject) => {
    const leave = hall.watch(id, (view) => {
      if (!isEnd(view)) return;
      leave();
      resolve(view);
    });
    Promise.resolve(hall.status(id)).then((view) => {
      if (view && isEnd(view)) resolve(view);
    }, reject);
  });
}

/** The code with which work is refused; any other error is the test's fault. */
export async function code(work: Promise<unknown>): Promise<ProblemCode | 'no error'> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    if (error instanceof MmsError) return error.problem.code;
    throw error;
  }
}

/** A request for the toy kind. */
export const toy = (spec: object = {}, more: Partial<SubmitRequest> = {}): SubmitRequest => ({
  kind: 'toy',
  spec,
  seed: 3,
  ...more,
});
