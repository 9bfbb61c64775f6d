/** Normals, path by path. */
import { CHUNK_STEPS, draw } from './draws';
import { keyGroup, paths01, paths23, stepBytes, storeStep, storeSteps } from './groups';

/** Writes `perPath` normals of each of 4 `groups` paths: doubles at out + 8 (path perPath + i). */
export function fill<T>(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  perPath: i32,
  out: usize,
): void {
  const bytes = stepBytes<T>();
  const row = <usize>perPath << 3;
  for (let group = 0; group < groups; group++) {
    keyGroup(seedLow, seedHigh, pathLow, pathHigh, name, group);
    let row0 = out + <usize>group * 4 * row;
    for (let done = 0; done < perPath; done += CHUNK_STEPS) {
      const count = min(perPath - done, CHUNK_STEPS);
      let at = draw<T>((count + 1) >> 1);
      for (const end = row0 + (<usize>(count >> 1) << 4); row0 < end; row0 += 16) {
        storeSteps(row0, row, paths01<T>(at), paths23<T>(at), paths01<T>(at + bytes), paths23<T>(at + bytes));
        at += 2 * bytes;
      }
      if ((count & 1) !== 0) storeStep(row0, row, paths01<T>(at), paths23<T>(at));
    }
  }
}
