/** What the rows of `make bench` are made of: programs, tolerances and the shape of a measurement. */
import type { Answer, Program } from './runner.js';
import type { Goal, Row } from './table.js';

export const BUILD = 'native-bench/build';
/**
 * A ratio compares the quickest passes of both sides: other work on the machine only ever adds time, and on a
 * shared one it may add it to most passes. Several pairs of processes take part, because each is compiled and
 * laid out in memory a little differently; the range is that of their own ratios.
 */
export const PROCESSES = 5;
export const WARMUPS = 2;
export const ROUNDS = 4;

/**
 * How far a ratio may fall below the baseline: little where the data stay in the processor's own caches, more
 * where a neighbour's traffic in the shared one shows.
 */
export const NEAR = 0.08;
export const FAR = 0.25;

/** Something to measure; it may give several rows. */
export interface Plan {
  readonly goals: readonly Goal[];
  /** How often sample() is called for a whole measurement; more makes it surer. */
  readonly samples: number;
  /** Starts new processes and measures. */
  sample(): Promise<void>;
  /** A row for each goal, of all that was measured. */
  rows(): Row[];
  /** How much longer than its quickest pass the C++ twin's middle one took: 1 on a quiet machine. */
  noise?(): number;
}

/** One of the bench programs. */
export function script(file: string, ...args: readonly string[]): Program {
  return { command: process.execPath, args: [`${BUILD}/js/tests/bench/${file}.js`, ...args] };
}

/** The numbers in one place of answers. */
export const numbersOf = (answers: readonly Answer[], at: number): number[] =>
  answers.map((one) => one.numbers[at]!);

/** Goals to be filled in: a ratio that should be large, a figure that should be small. */
export const RATIO = {
  unit: '',
  atMost: false,
  tolerance: NEAR,
  by: 'median',
  must: null,
  aim: null,
} as const;
export const LIMIT = {
  unit: '',
  atMost: true,
  tolerance: null,
  by: 'median',
  must: null,
  aim: null,
} as const;
