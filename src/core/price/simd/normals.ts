/**
 * Standard normals by the batch kernels: the normal source of price paths, about 2.6 ns a normal in double
 * precision and 1.3 ns in single, with 0.1 ns for the copy out of the kernels' memory.
 *
 * Each path has its stream (seed, path, name), Threefry4x32-20 then xoshiro128++ (src/core/rng), and its
 * normals by Box-Muller, two from two words (kernels/assembly/draws.ts): the same numbers for any split of
 * the paths.
 */
import { PRICE } from '../../rng/names.js';
import type { NormalSource } from '../normal-source.js';
import { type Kernels, simdKernels } from './instance.js';

/**
 * f64: normals in double precision, within 1e-10 of what Box and Muller's formulas make of the words, whose
 * own steps are 7e-10; f32-draws: in single precision, within 5e-6, and what is made of them in double
 * precision. Both read the same words.
 */
export type Precision = 'f64' | 'f32-draws';

/** Numbers of a batch: what stays in the second-level cache. */
const BATCH = 32_768;
const TWO_32 = 4294967296;

/** Lower and upper 32 bits of an integer 0..2^53-1, as the kernels take them. */
export function lowWord(value: number): number {
  return value | 0;
}
export function highWord(value: number): number {
  return (value / TWO_32) | 0;
}

/** Normals of the streams (seed, path, name) by the batch kernels; see NormalSource. */
export class SimdNormals implements NormalSource {
  private readonly kernels: Kernels;
  private readonly seed: number;
  private readonly precision: Precision;
  private readonly name: number;

  /** Throws where the engine has no WebAssembly SIMD. Seed: an integer 0..2^53-1. */
  constructor(seed: number, precision: Precision = 'f64', name: number = PRICE) {
    this.kernels = simdKernels();
    this.seed = seed;
    this.precision = precision;
    this.name = name;
  }

  /** See NormalSource; perPath up to 2,000,000. */
  fill(firstPath: number, count: number, perPath: number, out: Float64Array): void {
    if (perPath === 0) return;
    const { run, base } = this.kernels;
    const fill = this.precision === 'f64' ? run.fill64 : run.fill32;
    const most = Math.max(4, Math.floor(BATCH / perPath) & ~3);
    const view = this.kernels.doubles(perPath * Math.min(most, (count + 3) & ~3));
    for (let path = firstPath, left = count; left > 0; path += most, left -= most) {
      const paths = left < most ? left : most;
      const [low, high] = [lowWord(this.seed), highWord(this.seed)];
      fill(low, high, lowWord(path), highWord(path), this.name, (paths + 3) >> 2, perPath, base);
      out.set(view.subarray(base >> 3, (base >> 3) + paths * perPath), (path - firstPath) * perPath);
    }
  }
}
