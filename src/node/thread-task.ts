/**
 * What the pool and its threads say to each other, and the memory by which a thread is watched while it
 * computes.
 */
import type { Table } from '../contract/columns.js';
import type { Pack } from '../contract/ports.js';
import type { Problem } from '../contract/problem.js';
import type { SharedSpec } from '../wire/shared-spec.js';

/** The slots of core/control.ts, which is what the kernel gets to see. A test keeps the two files equal. */
export const SLOT_CANCEL = 0;
export const SLOT_PROGRESS = 1;
export const CONTROL_SLOTS = 2;
/** 1 once the kernel was entered. This slot and those after it are between pool and thread. */
export const SLOT_STARTED = 2;
/** 1 = do not start; a task that runs already goes on. */
export const SLOT_WITHDRAWN = 3;
/** Id of the thread that runs the task. */
export const SLOT_THREAD = 4;
export const TASK_SLOTS = 5;

export interface ThreadTask {
  /** URL of the kind's run.js. */
  readonly module: string;
  readonly kind: string;
  readonly spec: unknown;
  /** A large spec as it travels, in shared memory; `spec` is null then. */
  readonly sharedSpec?: SharedSpec;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly inputs: Readonly<Record<string, readonly Table[]>>;
  /** Whole jobs, numbered from..to-1, instead of units of one. */
  readonly pack?: Pack;
  /** TASK_SLOTS of Int32 in shared memory. */
  readonly slots: Int32Array;
}

export type ThreadAnswer =
  | {
      readonly how: 'done';
      readonly tables: readonly Table[];
      /** hashTables of `tables`. */
      readonly hash: string;
      readonly computeNs: number;
    }
  | { readonly how: 'stopped' }
  | { readonly how: 'error'; readonly problem: Problem };
