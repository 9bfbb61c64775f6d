/** Draws blocks of paths and keeps of each path what the outputs need. */
import { CONTROL_CANCEL } from '../../core/control.js';
import { AntitheticSource, type NormalSource } from '../../core/price/normal-source.js';
import {
  greekStatsOf,
  GreekStats,
  pricesOfLogs,
  SeriesStats,
  statsOfLogs,
  statsOfPrices,
} from '../../core/price/path-stats.js';
import type { Process } from '../../core/price/processes/process.js';
import { SobolNormals } from '../../core/price/qmc/sobol-normals.js';
import { SimdNormals } from '../../core/price/simd/normals.js';
import { PRICE } from '../../core/rng/names.js';
import { GbmSampler } from './gbm-sampler.js';
import { BLOCK_PATHS, isFused, layoutOf, needsGreekStats, processOf } from './layout.js';
import type { PathsSpec } from './spec.js';

/** Normals drawn at once, and the steps between two looks at the cancel flag: half a megabyte with states. */
const BATCH_NORMALS = 16_384;

/** Gets the states of paths first..first+count-1 as Process.walk writes them. */
export type Keep = (states: Float64Array, first: number, count: number) => void;

/** The normals of a job by path number. */
export function sourceOf(spec: PathsSpec, seed: number): NormalSource {
  if (spec.points === 'sobol') {
    const isStepped = spec.sampling === 'stepped';
    const factors = isStepped ? processOf(spec).factors : 1;
    // The normals of exact sampling are no increments: the coordinates stay as they are.
    return new SobolNormals({ seed, points: layoutOf(spec).points, factors, bridge: isStepped });
  }
  const independent = new SimdNormals(seed, spec.precision, PRICE);
  return spec.antithetic ? new AntitheticSource(independent) : independent;
}

/** What draws blocks of paths for run.ts. */
export interface BlockSampler {
  readonly process: Process;
  /** Of the block that was drawn last, one for each series. */
  readonly stats: readonly SeriesStats[];
  readonly greeks: GreekStats | null;
  /** Draws paths first..first+count-1, at most a block; false when told to stop. */
  draw(first: number, count: number, control: Int32Array, keep: Keep | null): boolean;
}

export function openSampler(spec: PathsSpec, seed: number): BlockSampler {
  return isFused(spec) ? new GbmSampler(spec, seed) : new Sampler(spec, seed);
}

class Sampler implements BlockSampler {
  readonly process: Process;
  readonly stats: readonly SeriesStats[];
  readonly greeks: GreekStats | null;
  private readonly source: NormalSource;
  private readonly perPath: number;
  private readonly batch: number;
  private readonly normals: Float64Array;
  private readonly states: Float64Array;
  private readonly isExact: boolean;

  constructor(spec: PathsSpec, seed: number) {
    this.process = processOf(spec);
    this.isExact = spec.sampling === 'exact';
    this.source = sourceOf(spec, seed);
    const { factors, steps, exact, start } = this.process;
    this.perPath = this.isExact ? exact!.normals : factors * steps;
    this.batch = Math.min(BLOCK_PATHS, Math.max(1, Math.floor(BATCH_NORMALS / this.perPath)));
    this.normals = new Float64Array(this.batch * this.perPath);
    this.states = new Float64Array(this.isExact ? 0 : this.batch * start.length * (steps + 1));
    this.stats = Array.from(start, () => new SeriesStats(BLOCK_PATHS));
    this.greeks = needsGreekStats(spec) ? new GreekStats(BLOCK_PATHS) : null;
  }

  draw(first: number, count: number, control: Int32Array, keep: Keep | null): boolean {
    for (let at = 0; at < count; at += this.batch) {
      if (Atomics.load(control, CONTROL_CANCEL) !== 0) return false;
      const n = Math.min(this.batch, count - at);
      this.source.fill(first + at, n, this.perPath, this.normals);
      if (this.isExact) this.sampleExactly(n, at);
      else {
        this.walk(n, at);
        keep?.(this.states, first + at, n);
      }
    }
    return true;
  }

  private sampleExactly(count: number, at: number): void {
    const { process, stats, normals } = this;
    process.exact!.sample(normals, count, at, stats);
    if (process.scale === 'linear') return;
    for (const { terminal, maximum, minimum } of stats) {
      pricesOfLogs(terminal, at, at + count, process.start[0]!);
      if (!process.exact!.hasExtremes) continue;
      pricesOfLogs(maximum, at, at + count, process.start[0]!);
      pricesOfLogs(minimum, at, at + count, process.start[0]!);
    }
  }

  private walk(count: number, at: number): void {
    const { process, stats, states, greeks } = this;
    const { steps, start } = process;
    process.walk(this.normals, count, states);
    if (process.scale === 'linear') {
      stats.forEach((one, s) => statsOfPrices(states, count, steps, s, stats.length, at, one));
      return;
    }
    statsOfLogs(states, count, steps, start[0]!, at, stats[0]!);
    if (greeks !== null) greekStatsOf(states, count, steps, start[0]!, at, greeks);
  }
}
