/**
 * The threads of one process: a Piscina pool in which every task has a control block in shared memory. A
 * cancel sets a flag that kernels poll, which keeps the warm thread; a thread that ignores the flag is
 * replaced, and so is one whose task computes longer than it may. A task that was only waiting beside one
 * that crashed its thread is run again and nobody hears of it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { Piscina } from 'piscina';
import { built } from './built.js';
import { widenInlining } from './inlining.js';
import {
  SLOT_CANCEL,
  SLOT_PROGRESS,
  SLOT_STARTED,
  SLOT_THREAD,
  SLOT_WITHDRAWN,
  TASK_SLOTS,
} from './thread-task.js';
import type { ThreadAnswer, ThreadTask } from './thread-task.js';
import { createTimeWatch, overdueAnswer, type Live } from './time-limit.js';

/** One running chunk and one that waits in the thread's own queue: no idle gap between chunks. */
const TASKS_PER_THREAD = 2;
/** How long a cancelled kernel may go on before its thread is replaced. */
export const CANCEL_GRACE_MS = 2_000;
/** How long a kernel may go on after its time is over. */
const TIMEOUT_GRACE_MS = 200;
/** A task that never starts although its threads die is given up after this many deaths. */
const MAX_UNSTARTED_DEATHS = 8;

export interface PoolTask extends Omit<ThreadTask, 'module' | 'slots'> {
  /** Unique among unfinished tasks. */
  readonly id: string;
  /** Milliseconds of compute after which the task is stopped and answers E_TIMEOUT; Infinity for none. */
  readonly limitMs: number;
}

/** 'crash' = the thread died while this task ran. */
export type PoolAnswer = ThreadAnswer | { readonly how: 'crash'; readonly detail: string };

export interface Pool {
  readonly threads: number;
  /** Kind names that this pool can run, alphabetical. */
  readonly kinds: readonly string[];
  /** Never rejects. */
  run(task: PoolTask): Promise<PoolAnswer>;
  /** Stops a task, running or not. Nothing happens when it is finished or unknown. */
  cancel(id: string): void;
  /** Takes a task back only if it does not run yet. */
  withdraw(id: string): void;
  /** Fraction 0..1 of every task that runs. */
  progress(): { id: string; done: number }[];
  /** Ends all threads at once; unfinished tasks answer 'stopped'. */
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly threads: number;
  /**
   * Folder with one folder per kind, each with a run.js that exports run(); default: the built src/kinds.
   */
  readonly kindsDir?: URL;
  readonly cancelGraceMs?: number;
}

/** Threads start with the first task. Idle threads do not keep the process alive. */
export function createPool(options: PoolOptions): Pool {
  const { threads, cancelGraceMs = CANCEL_GRACE_MS } = options;
  const kindsDir = options.kindsDir ?? built('../kinds/', import.meta.url);
  const live = new Map<string, Live>();
  let piscina: Piscina<ThreadTask, ThreadAnswer> | null = null;
  let closed = false;

  async function attempt(task: PoolTask, { slots }: Live): Promise<PoolAnswer> {
    const { id: _, limitMs: __, ...rest } = task;
    const module = new URL(`${task.kind}/run.js`, kindsDir).href;
    for (let deaths = 0; ; deaths++) {
      if (closed || slots[SLOT_CANCEL] || slots[SLOT_WITHDRAWN]) return { how: 'stopped' };
      try {
        return await (piscina ??= startThreads(threads)).run({ ...rest, module, slots });
      } catch (cause) {
        if (closed || Atomics.load(slots, SLOT_CANCEL)) return { how: 'stopped' };
        const died = Atomics.load(slots, SLOT_STARTED) === 1 || deaths >= MAX_UNSTARTED_DEATHS;
        if (died) return { how: 'crash', detail: (cause as Error).message };
      }
    }
  }

  function replaceThread(id: string, task: Live): void {
    const { slots } = task;
    if (live.get(id) !== task || Atomics.load(slots, SLOT_STARTED) === 0) return;
    const thread = piscina?.threads.find(({ threadId }) => threadId === slots[SLOT_THREAD]);
    void thread?.terminate();
  }

  const watch = createTimeWatch(live, (id, task) => {
    setTimeout(() => replaceThread(id, task), TIMEOUT_GRACE_MS).unref();
  });
  return {
    threads,
    kinds: kindsIn(kindsDir),
    async run(task) {
      if (live.has(task.id)) throw new Error(`task ${task.id} is already in the pool`);
      const slots = new Int32Array(new SharedArrayBuffer(4 * TASK_SLOTS));
      const entry: Live = { slots, limitMs: task.limitMs, ranMs: 0, isOverdue: false };
      live.set(task.id, entry);
      watch.wake();
      try {
        const answer = await attempt(task, entry);
        return entry.isOverdue && answer.how === 'stopped' && !closed
          ? overdueAnswer(task, task.limitMs)
          : answer;
      } finally {
        live.delete(task.id);
      }
    },
    cancel(id) {
      const task = live.get(id);
      if (!task || Atomics.exchange(task.slots, SLOT_CANCEL, 1) === 1) return;
      setTimeout(() => replaceThread(id, task), cancelGraceMs).unref();
    },
    withdraw(id) {
      const task = live.get(id);
      if (task) Atomics.store(task.slots, SLOT_WITHDRAWN, 1);
    },
    progress: () =>
      [...live]
        .filter(([, { slots }]) => slots[SLOT_STARTED] === 1)
        .map(([id, { slots }]) => ({ id, done: Math.min(1, Math.max(0, slots[SLOT_PROGRESS]! / 10_000)) })),
    async close() {
      closed = true;
      await piscina?.destroy();
    },
  };
}

function startThreads(threads: number): Piscina<ThreadTask, ThreadAnswer> {
  widenInlining();
  const pool = new Piscina<ThreadTask, ThreadAnswer>({
    filename: built('./thread.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: TASKS_PER_THREAD,
    idleTimeout: Infinity,
    // Nobody reads the histograms of Piscina; the service has its own.
    recordTiming: false,
  });
  // A thread that dies without a task is replaced by Piscina; without a listener its error would end the
  // process.
  pool.on('error', () => undefined);
  return pool;
}

function kindsIn(dir: URL): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/run.js`, dir)))
    .map((entry) => entry.name)
    .sort();
}
