/** Blocks of stepped geometric Brownian motion by the fused kernels, which never write a path down. */
import { CONTROL_CANCEL } from '../../core/control.js';
import { exp } from '../../core/math/exp.js';
import { SeriesStats } from '../../core/price/path-stats.js';
import type { Process } from '../../core/price/processes/process.js';
import { gbmColumns, SimdGbm, type GbmColumns, type GbmSteps } from '../../core/price/simd/gbm.js';
import { BLOCK_PATHS, processOf } from './layout.js';
import type { BlockSampler } from './sampler.js';
import type { PathsSpec } from './spec.js';

/** Steps between two looks at the cancel flag, about a millisecond. */
const BATCH_STEPS = 262_144;

export class GbmSampler implements BlockSampler {
  readonly process: Process;
  readonly stats = [new SeriesStats(BLOCK_PATHS)];
  readonly greeks = null;
  private readonly kernel: SimdGbm;
  private readonly law: GbmSteps;
  /** Paths of a batch for each sign: the same streams with the opposite sign are the antithetic paths. */
  private readonly batch: number;
  private readonly signs: readonly { readonly law: GbmSteps; readonly columns: GbmColumns }[];

  constructor(spec: PathsSpec, seed: number) {
    const { steps, precision, antithetic } = spec;
    this.process = processOf(spec);
    this.kernel = new SimdGbm(seed, precision);
    const { stateMean, stateSd } = this.process.laws[0]!;
    this.law = { driftPerStep: stateMean / steps, sdPerStep: stateSd / Math.sqrt(steps), steps };
    this.batch = Math.min(BLOCK_PATHS, Math.max(4, Math.floor(BATCH_STEPS / steps) & ~3));
    const opposite = { ...this.law, sdPerStep: -this.law.sdPerStep };
    this.signs = (antithetic ? [this.law, opposite] : [this.law]).map((law) => ({
      law,
      columns: gbmColumns(this.batch),
    }));
  }

  draw(first: number, count: number, control: Int32Array): boolean {
    const { batch, kernel, signs } = this;
    const streams = count / signs.length;
    const firstStream = first / signs.length;
    for (let done = 0; done < streams; done += batch) {
      if (Atomics.load(control, CONTROL_CANCEL) !== 0) return false;
      const n = Math.min(batch, streams - done);
      signs.forEach(({ law, columns }, sign) => {
        kernel.reduce(law, 'sums', firstStream + done, n, columns);
        this.keep(columns, n, done * signs.length + sign, signs.length);
      });
    }
    return true;
  }

  /** Makes prices of `count` rows and puts them at places at, at + stride, ... */
  private keep(columns: GbmColumns, count: number, at: number, stride: number): void {
    const [stats] = this.stats;
    const s0 = this.process.start[0]!;
    const { steps } = this.law;
    for (let i = 0, place = at; i < count; i++, place += stride) {
      stats!.terminal[place] = s0 * exp(columns.terminal[i]!);
      stats!.maximum[place] = s0 * exp(columns.maximum[i]!);
      stats!.minimum[place] = s0 * exp(columns.minimum[i]!);
      stats!.average[place] = (s0 * columns.priceSum[i]!) / steps;
      stats!.geometric[place] = s0 * exp(columns.logSum[i]! / steps);
    }
  }
}
