/**
 * Seeds of a sweep's jobs: counted from the sweep's seed, never from when or where a cell is computed.
 *
 * Common random numbers (Law 2015, Simulation Modeling and Analysis, 5th ed., section 11.2): repeat r has
 * one seed in all cells, so that cells differ by their values alone. Repeat 0 has the sweep's own seed: a
 * sweep of one repeat asks exactly what `mms run --seed` asks. Other seeds are 53 bits of Threefry4x32-20
 * with the sweep's seed as key and (cell, SWEEP_SEEDS, repeat) as counter; two of n seeds are equal with
 * chance n^2/2^54.
 */
import { SWEEP_SEEDS } from '../rng/names.js';
import { threefry4x32 } from '../rng/threefry.js';

const TWO_32 = 4294967296;
const TWO_26 = 67108864;

const key = new Int32Array(4);
const block = new Int32Array(4);

/**
 * `base` is the sweep's seed, or the cell's value of an axis `seed`; all integers 0..2^53-1. With `common`
 * the cell does not count.
 */
export function repeatSeed(base: number, cell: number, repeat: number, common: boolean): number {
  if (common && repeat === 0) return base;
  const counter = common ? 0 : cell + 1;
  key[0] = base | 0;
  key[1] = (base / TWO_32) | 0;
  key[2] = 0;
  key[3] = 0;
  block[0] = counter | 0;
  block[1] = (counter / TWO_32) | 0;
  block[2] = SWEEP_SEEDS;
  block[3] = repeat;
  threefry4x32(key, block);
  return (block[0] >>> 5) * TWO_26 + (block[1] >>> 6);
}
