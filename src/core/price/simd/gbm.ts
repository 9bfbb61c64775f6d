/**
 * Geometric Brownian motion by steps in the batch kernels: extremes and sums of paths, or the paths.
 *
 * Path p draws from its stream (seed, p, name), the normals of SimdNormals, so nothing depends on how paths
 * are cut into calls. y = ln(S / S0) grows by drift + sd z in each step; with -sd the same streams give the
 * antithetic paths. Cost a step: 1.4 ns with single draws, 2.6 in double precision, prices 1.6 ns more
 * (kernels/assembly/gbm.ts). Twin: oracle.ts.
 */
import { PRICE } from '../../rng/names.js';
import { type Kernels, simdKernels } from './instance.js';
import { highWord, lowWord, type Precision } from './normals.js';

/** One path's law: y grows by driftPerStep + sdPerStep z in each of `steps` steps, at least 1. */
export interface GbmSteps {
  readonly driftPerStep: number;
  readonly sdPerStep: number;
  readonly steps: number;
}

/** What is kept of each path; each level has also what those before it have. */
export const GBM_LEVELS = ['terminal', 'maximum', 'extremes', 'sums'] as const;
export type GbmLevel = (typeof GBM_LEVELS)[number];

/** Columns of reduced paths, one number a path; those that a level does not have are filled with 0. */
export interface GbmColumns {
  /** y at the end. */
  readonly terminal: Float64Array;
  /** Level maximum: the largest y of the start, 0, and all steps. */
  readonly maximum: Float64Array;
  /** Level extremes: the smallest y of the start, 0, and all steps. */
  readonly minimum: Float64Array;
  /** Level extremes: the sum of y over the steps, without the start: steps times ln of the geometric mean. */
  readonly logSum: Float64Array;
  /** Level sums: the sum of e^y over the steps, without the start. Exponents are held to -708..709. */
  readonly priceSum: Float64Array;
}

/** Columns for `count` paths. */
export function gbmColumns(count: number): GbmColumns {
  const column = (): Float64Array => new Float64Array(count);
  return {
    terminal: column(),
    maximum: column(),
    minimum: column(),
    logSum: column(),
    priceSum: column(),
  };
}

/** What SimdGbm and its oracle do. */
export interface GbmSampler {
  /** Writes columns[0..count-1] of `count` paths from `firstPath`, an integer 0..2^53-1. */
  reduce(law: GbmSteps, level: GbmLevel, firstPath: number, count: number, columns: GbmColumns): void;
  /** Writes out[p steps + j], s0 e^y after step j + 1 of path firstPath + p, for `count` paths. */
  paths(law: GbmSteps, s0: number, firstPath: number, count: number, out: Float64Array): void;
}

/**
 * Steps of a call: about a millisecond. An engine can go on in better code only when a kernel is called anew.
 */
const CALL_STEPS = 524_288;
/** Paths of a call of reduce, and numbers of one of paths: what stays in the second-level cache. */
const CALL_PATHS = 2_048;
const CALL_NUMBERS = 32_768;

/** See the file's head. */
export class SimdGbm implements GbmSampler {
  private readonly kernels: Kernels;
  private readonly seed: number;
  private readonly precision: Precision;
  private readonly name: number;

  /** Throws where the engine has no WebAssembly SIMD. Seed 0..2^53-1, name from src/core/rng/names.ts. */
  constructor(seed: number, precision: Precision = 'f64', name: number = PRICE) {
    this.kernels = simdKernels();
    this.seed = seed;
    this.precision = precision;
    this.name = name;
  }

  reduce(law: GbmSteps, level: GbmLevel, firstPath: number, count: number, columns: GbmColumns): void {
    const { run, base } = this.kernels;
    const { driftPerStep, sdPerStep, steps } = law;
    const reduce = this.precision === 'f64' ? run.reduce64 : run.reduce32;
    const most = Math.min(CALL_PATHS, wholeGroups(CALL_STEPS / steps));
    const [low, high, what] = [lowWord(this.seed), highWord(this.seed), GBM_LEVELS.indexOf(level)];
    const view = this.kernels.doubles(5 * most);
    const planes = [columns.terminal, columns.maximum, columns.minimum, columns.logSum, columns.priceSum];
    for (let done = 0; done < count; done += most) {
      const paths = Math.min(most, count - done);
      const [pathLow, pathHigh] = [lowWord(firstPath + done), highWord(firstPath + done)];
      const groups = (paths + 3) >> 2;
      reduce(
        low,
        high,
        pathLow,
        pathHigh,
        this.name,
        groups,
        steps,
        driftPerStep,
        sdPerStep,
        what,
        base,
        8 * most,
      );
      planes.forEach((plane, i) => {
        const at = (base >> 3) + i * most;
        plane.set(view.subarray(at, at + paths), done);
      });
    }
  }

  /** See GbmSampler. */
  paths(law: GbmSteps, s0: number, firstPath: number, count: number, out: Float64Array): void {
    const { run, base } = this.kernels;
    const { driftPerStep, sdPerStep, steps } = law;
    const walk = this.precision === 'f64' ? run.walk64 : run.walk32;
    const most = wholeGroups(CALL_NUMBERS / steps);
    const [low, high] = [lowWord(this.seed), highWord(this.seed)];
    // The last group's exponentials come in eights.
    const view = this.kernels.doubles(steps * most + 8);
    for (let done = 0; done < count; done += most) {
      const paths = Math.min(most, count - done);
      const [pathLow, pathHigh] = [lowWord(firstPath + done), highWord(firstPath + done)];
      const groups = (paths + 3) >> 2;
      walk(low, high, pathLow, pathHigh, this.name, groups, steps, driftPerStep, sdPerStep, s0, base);
      out.set(view.subarray(base >> 3, (base >> 3) + paths * steps), done * steps);
    }
  }
}

/** A number of paths, at most `paths`, that fills the groups of four; 4 at least. */
function wholeGroups(paths: number): number {
  return Math.max(4, Math.floor(paths) & ~3);
}
