/** What the kernels export; src/core/price/simd wraps them. Paths come in groups of four, the lanes of a vector. */
import { CHUNK_STEPS, draw } from './draws';
import { keyStreams } from './streams';

/** First byte that the kernels do not use themselves: memory of the caller begins here. */
export function heapBase(): usize {
  return __heap_base;
}

/** The vector of paths 0 and 1 at a step of draw<T>'s buffer. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function paths01<T>(at: usize): v128 {
  return sizeof<T>() === 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function paths23<T>(at: usize): v128 {
  return sizeof<T>() === 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at, 8)) : v128.load(at, 16);
}

/** Sets the streams of group `group` of four paths from the first path. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function keyGroup(seedLow: i32, seedHigh: i32, pathLow: i32, pathHigh: i32, name: i32, group: i32): void {
  const low = pathLow + (group << 2);
  keyStreams(seedLow, seedHigh, low, pathHigh + i32(<u32>low < <u32>pathLow), name);
}

/** Writes normals path by path: doubles at out + 8 (path perPath + i). */
function fill<T>(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  perPath: i32,
  out: usize,
): void {
  const bytes: usize = sizeof<T>() === 4 ? 16 : 32;
  const row = <usize>perPath << 3;
  for (let group = 0; group < groups; group++) {
    keyGroup(seedLow, seedHigh, pathLow, pathHigh, name, group);
    let row0 = out + <usize>group * 4 * row;
    for (let done = 0; done < perPath; done += CHUNK_STEPS) {
      const count = min(perPath - done, CHUNK_STEPS);
      let at = draw<T>((count + 1) >> 1);
      for (const end = row0 + (<usize>(count >> 1) << 4); row0 < end; row0 += 16) {
        const even01 = paths01<T>(at);
        const even23 = paths23<T>(at);
        const odd01 = paths01<T>(at + bytes);
        const odd23 = paths23<T>(at + bytes);
        v128.store(row0, i64x2.shuffle(even01, odd01, 0, 2));
        v128.store(row0 + row, i64x2.shuffle(even01, odd01, 1, 3));
        v128.store(row0 + 2 * row, i64x2.shuffle(even23, odd23, 0, 2));
        v128.store(row0 + 3 * row, i64x2.shuffle(even23, odd23, 1, 3));
        at += 2 * bytes;
      }
      if ((count & 1) !== 0) {
        const last01 = paths01<T>(at);
        const last23 = paths23<T>(at);
        v128.store64_lane(row0, last01, 0);
        v128.store64_lane(row0 + row, last01, 1);
        v128.store64_lane(row0 + 2 * row, last23, 0);
        v128.store64_lane(row0 + 3 * row, last23, 1);
      }
    }
  }
}

export function fill64(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  perPath: i32,
  out: usize,
): void {
  fill<f64>(seedLow, seedHigh, pathLow, pathHigh, name, groups, perPath, out);
}

export function fill32(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  perPath: i32,
  out: usize,
): void {
  fill<f32>(seedLow, seedHigh, pathLow, pathHigh, name, groups, perPath, out);
}
