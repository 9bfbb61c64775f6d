/** Groups of four paths: their streams, and what draw makes of them as doubles. */
import { keyStreams } from './streams';

/** Sets the streams of group `group` of four paths from the first path. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
export function keyGroup(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  group: i32,
): void {
  const low = pathLow + (group << 2);
  keyStreams(seedLow, seedHigh, low, pathHigh + i32(<u32>low < <u32>pathLow), name);
}

/** Bytes of a step in draw<T>'s buffer. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
export function stepBytes<T>(): usize {
  return sizeof<T>() === 4 ? 16 : 32;
}

/** The normals of paths 0 and 1 of a step in draw<T>'s buffer. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
export function paths01<T>(at: usize): v128 {
  return sizeof<T>() === 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

/** Those of paths 2 and 3. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
export function paths23<T>(at: usize): v128 {
  return sizeof<T>() === 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at, 8)) : v128.load(at, 16);
}

/** Stores a vector of each of two steps of four paths: two doubles to every path's row. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
export function storeSteps(at: usize, row: usize, a01: v128, a23: v128, b01: v128, b23: v128): void {
  v128.store(at, i64x2.shuffle(a01, b01, 0, 2));
  v128.store(at + row, i64x2.shuffle(a01, b01, 1, 3));
  v128.store(at + 2 * row, i64x2.shuffle(a23, b23, 0, 2));
  v128.store(at + 3 * row, i64x2.shuffle(a23, b23, 1, 3));
}

/** Stores one step of four paths: a double to every path's row. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
export function storeStep(at: usize, row: usize, a01: v128, a23: v128): void {
  v128.store64_lane(at, a01, 0);
  v128.store64_lane(at + row, a01, 1);
  v128.store64_lane(at + 2 * row, a23, 0);
  v128.store64_lane(at + 3 * row, a23, 1);
}
