/**
 * Every bench case of the project: `make bench` checks them in full, the test suite tiny, and
 * `make bench-micro` times the small ones.
 */
import { barCases } from './bar-cases.js';
import { asianCases } from './asian-cases.js';
import { bookCases } from './book-cases.js';
import { flowCases } from './flow-cases.js';
import { microCases } from './micro-cases.js';
import { pathsCases } from './paths-cases.js';
import { simCases } from './sim-cases.js';

/** A seeded piece of work whose result is known. */
export interface BenchCase {
  readonly name: string;
  /** What is counted, in the plural: messages, paths, events. */
  readonly unit: string;
  /** Sizes for the test suite and for a measurement, in whatever setup() counts. */
  readonly sizes: { readonly smoke: number; readonly full: number };
  /** Builds what the runs need; not timed. */
  setup(size: number): PreparedCase;
}

export interface PreparedCase {
  /** Units that one run() handles. */
  readonly count: number;
  /** Brings the case back to its start before each run; not timed. */
  before?(): void;
  /** Timed, called many times; returns a digest of the result, the same each time. */
  run(): string;
}

export const cases: readonly BenchCase[] = [
  ...bookCases,
  ...simCases,
  ...flowCases,
  ...microCases,
  ...pathsCases,
  ...barCases,
  ...asianCases,
];
