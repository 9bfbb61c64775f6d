/** All checks in their order, and how one experiment of them is run. */
import { CONTROL_CANCEL } from '../control.js';
import { checkNumber, type Check, type Experiment } from './check.js';
import { MODELS, type Models } from './models.js';
import type { Sheet } from './sheet.js';
import { V1 } from './v1.js';
import { V2 } from './v2.js';
import { V3 } from './v3.js';
import { V4 } from './v4.js';
import { V5 } from './v5.js';
import { V6 } from './v6.js';
import { V7 } from './v7.js';
import { V8 } from './v8.js';
import { V9 } from './v9.js';
import { V10 } from './v10.js';
import { V11 } from './v11.js';
import { V12 } from './v12.js';

export const CHECKS: readonly Check[] = [V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11, V12];

/** Runs of one experiment: their stream numbers lie apart by so much. */
const STREAMS = 1_000_000;

/**
 * An experiment with its place among all, which names its random streams: it never depends on a selection.
 */
export interface Task {
  readonly check: Check;
  readonly firstLine: number;
  /** 100 times the number of the check, plus the place of the experiment in it. */
  readonly number: number;
  readonly experiment: Experiment;
}

/** The experiments of the checks named, all of them for an empty list. */
export function tasksOf(only: readonly string[]): Task[] {
  return CHECKS.flatMap((check) => {
    if (only.length > 0 && !only.includes(check.id)) return [];
    let firstLine = 0;
    return check.experiments.map((experiment, place) => {
      const task = { check, firstLine, number: 100 * checkNumber(check) + place, experiment };
      firstLine += experiment.lines.length;
      return task;
    });
  });
}

/** Writes the rows of one experiment; false when `control` asked to stop, with rows missing. */
export function runTask(
  task: Task,
  seed: number,
  control: Int32Array,
  sheet: Sheet,
  models: Models = MODELS,
): boolean {
  const stopped = (): boolean => Atomics.load(control, CONTROL_CANCEL) !== 0;
  if (stopped()) return false;
  sheet.begin(checkNumber(task.check), task.firstLine);
  const streamUnit = (run: number): number => task.number * STREAMS + run;
  task.experiment.measure({ seed, models, streamUnit, stopped }, sheet);
  return !stopped();
}
