/** The time that running tasks take, against the time they may take; without the time a process sleeps. */
import { MmsError } from '../contract/problem.js';
import { SLOT_CANCEL, SLOT_STARTED } from './thread-task.js';
import type { ThreadAnswer, ThreadTask } from './thread-task.js';

/** Running tasks are looked at this often. */
const LOOK_MS = 100;

/** A task in the pool, as its watch sees it. */
export interface Live {
  /** TASK_SLOTS of Int32 in shared memory. */
  readonly slots: Int32Array;
  readonly limitMs: number;
  /** Milliseconds since its kernel was entered. */
  ranMs: number;
  isOverdue: boolean;
}

export interface TimeWatch {
  /** To be called when a task came; looks until none is left. */
  wake(): void;
}

/** Sets the cancel flag of a task of `live` whose time is over, then calls `onOverdue` once with it. */
export function createTimeWatch(
  live: ReadonlyMap<string, Live>,
  onOverdue: (id: string, task: Live) => void,
): TimeWatch {
  let timer: NodeJS.Timeout | null = null;
  let lookedMs = 0;

  function look(): void {
    const nowMs = performance.now();
    // A late look means that this process slept, or was stopped, and its tasks with it.
    const passedMs = Math.min(nowMs - lookedMs, 2 * LOOK_MS);
    lookedMs = nowMs;
    for (const [id, task] of live) {
      if (task.isOverdue || Atomics.load(task.slots, SLOT_STARTED) === 0) continue;
      task.ranMs += passedMs;
      if (task.ranMs <= task.limitMs) continue;
      task.isOverdue = true;
      Atomics.store(task.slots, SLOT_CANCEL, 1);
      onOverdue(id, task);
    }
    if (live.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
  }

  return {
    wake() {
      if (timer) return;
      lookedMs = performance.now();
      timer = setInterval(look, LOOK_MS).unref();
    },
  };
}

/** What is told of a task that was stopped because its time was over. */
export function overdueAnswer(
  { kind, from, to }: Pick<ThreadTask, 'kind' | 'from' | 'to'>,
  limitMs: number,
): ThreadAnswer {
  const units = `Units ${from}..${to - 1} of kind ${kind}`;
  const limitS = Number((limitMs / 1e3).toPrecision(3));
  const advice = 'Ask for less in one unit, or let the operator raise limits.overrunS.';
  const detail = `${units} had not ended after ${limitS} s, more than ten times their estimate. ${advice}`;
  return { how: 'error', problem: new MmsError('E_TIMEOUT', detail).problem };
}
