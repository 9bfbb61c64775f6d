/**
 * What a check of the proof is: words for people, and experiments that put numbers beside published ones.
 *
 * An experiment is the unit of work, so that a proof splits over threads and nodes. It draws from streams of
 * its own and writes into a Sheet; what it measures with comes in as `models`, so that a test can put a wrong
 * model in the place of the real one and see the row turn red.
 */
import type { Models } from './models.js';
import type { Sheet } from './sheet.js';

export const CHECK_IDS = ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12'] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** One line of the proof; where `cells` name entries of a table, each has a row of its own in the result. */
export interface Line {
  readonly what: string;
  readonly unit: string;
  /** Where the expected value comes from: "printed" in the paper, or "exact". */
  readonly source: string;
  readonly cells?: readonly string[];
}

export interface Bench {
  readonly seed: number;
  readonly models: Models;
  /** Unit of the random stream of run `run` >= 0 of this experiment: no two experiments share one. */
  streamUnit(run: number): number;
  /** True when the work shall end; an experiment may then return with rows missing. */
  stopped(): boolean;
}

export interface Experiment {
  readonly lines: readonly Line[];
  /**
   * Writes a row for each line (for each cell of a line); line numbers count from 0 within the experiment.
   */
  measure(bench: Bench, sheet: Sheet): void;
}

export interface Check {
  readonly id: CheckId;
  readonly title: string;
  /** What is checked, in plain words. */
  readonly asks: string;
  /** How it is measured, so that somebody else could do it again. */
  readonly recipe: string;
  readonly papers: readonly string[];
  /** Why the tolerance is what it is. */
  readonly tolerance: string;
  readonly experiments: readonly Experiment[];
}

/** 1 for V1: what stands for a check in the columns of a result. */
export function checkNumber(check: Check): number {
  return Number(check.id.slice(1));
}

/** Rows that a line has in the result. */
export function rowsOf(line: Line): number {
  return line.cells?.length ?? 1;
}
