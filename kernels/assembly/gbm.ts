/**
 * Geometric Brownian motion by steps: y = ln(S / S0) grows by drift + sd z in each. Draws are made for a chunk of steps
 * of four paths and then consumed: as quick as in one loop, and the draws stand in one place.
 */
import { CHUNK_STEPS, draw } from './draws';
import { exps } from './exp';
import { keyGroup, paths01, paths23, stepBytes, storeStep, storeSteps } from './groups';

/** What reduce keeps beside the terminal y: each level has what those below it have. */
const MAXIMUM = 1;
const EXTREMES = 2;
/** The y of a chunk of steps. */
const LOGS = memory.data(8192, 16);

/**
 * Writes of each of 4 `groups` paths, as doubles: y at the end at out; its maximum at out + plane; its minimum at
 * out + 2 plane and the sum of y over the steps at out + 3 plane; the sum of e^y over the steps at out + 4 plane.
 * Maximum and minimum count the start, 0.
 */
export function reduce<T>(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  steps: i32,
  drift: f64,
  sd: f64,
  level: i32,
  out: usize,
  plane: usize,
): void {
  const bytes = stepBytes<T>();
  const d = f64x2.splat(drift);
  const v = f64x2.splat(sd);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  for (let group = 0; group < groups; group++) {
    keyGroup(seedLow, seedHigh, pathLow, pathHigh, name, group);
    let ya = zero;
    let yb = zero;
    let maxA = zero;
    let maxB = zero;
    let minA = zero;
    let minB = zero;
    let logsA = zero;
    let logsB = zero;
    let pricesA = zero;
    let pricesB = zero;
    for (let done = 0; done < steps; done += CHUNK_STEPS) {
      const count = min(steps - done, CHUNK_STEPS);
      let at = draw<T>((count + 1) >> 1);
      const end = at + <usize>count * bytes;
      if (level < MAXIMUM) {
        for (; at < end; at += bytes) {
          ya = f64x2.add(ya, f64x2.add(d, f64x2.mul(v, paths01<T>(at))));
          yb = f64x2.add(yb, f64x2.add(d, f64x2.mul(v, paths23<T>(at))));
        }
      } else if (level === MAXIMUM) {
        for (; at < end; at += bytes) {
          ya = f64x2.add(ya, f64x2.add(d, f64x2.mul(v, paths01<T>(at))));
          yb = f64x2.add(yb, f64x2.add(d, f64x2.mul(v, paths23<T>(at))));
          maxA = f64x2.pmax(maxA, ya);
          maxB = f64x2.pmax(maxB, yb);
        }
      } else {
        let log = LOGS;
        for (; at < end; at += bytes) {
          ya = f64x2.add(ya, f64x2.add(d, f64x2.mul(v, paths01<T>(at))));
          yb = f64x2.add(yb, f64x2.add(d, f64x2.mul(v, paths23<T>(at))));
          maxA = f64x2.pmax(maxA, ya);
          maxB = f64x2.pmax(maxB, yb);
          minA = f64x2.pmin(minA, ya);
          minB = f64x2.pmin(minB, yb);
          logsA = f64x2.add(logsA, ya);
          logsB = f64x2.add(logsB, yb);
          if (level > EXTREMES) {
            v128.store(log, ya);
            v128.store(log, yb, 16);
            log += 32;
          }
        }
        for (let i = LOGS; i < log; i += 64) exps(i, one);
        for (let i = LOGS; i < log; i += 32) {
          pricesA = f64x2.add(pricesA, v128.load(i));
          pricesB = f64x2.add(pricesB, v128.load(i, 16));
        }
      }
    }
    const to = out + (<usize>group << 5);
    v128.store(to, ya);
    v128.store(to + 16, yb);
    v128.store(to + plane, maxA);
    v128.store(to + plane + 16, maxB);
    v128.store(to + 2 * plane, minA);
    v128.store(to + 2 * plane + 16, minB);
    v128.store(to + 3 * plane, logsA);
    v128.store(to + 3 * plane + 16, logsB);
    v128.store(to + 4 * plane, pricesA);
    v128.store(to + 4 * plane + 16, pricesB);
  }
}

/**
 * Writes scale e^y of each step of each of 4 `groups` paths: doubles at out + 8 (path steps + step). Up to four doubles
 * behind the last are overwritten.
 */
export function walk<T>(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  steps: i32,
  drift: f64,
  sd: f64,
  scale: f64,
  out: usize,
): void {
  const bytes = stepBytes<T>();
  const row = <usize>steps << 3;
  const d = f64x2.splat(drift);
  const v = f64x2.splat(sd);
  const s = f64x2.splat(scale);
  for (let group = 0; group < groups; group++) {
    keyGroup(seedLow, seedHigh, pathLow, pathHigh, name, group);
    let first = out + <usize>group * 4 * row;
    let to = first;
    let ya = f64x2.splat(0);
    let yb = ya;
    for (let done = 0; done < steps; done += CHUNK_STEPS) {
      const count = min(steps - done, CHUNK_STEPS);
      let at = draw<T>((count + 1) >> 1);
      for (const end = to + (<usize>(count >> 1) << 4); to < end; to += 16) {
        ya = f64x2.add(ya, f64x2.add(d, f64x2.mul(v, paths01<T>(at))));
        yb = f64x2.add(yb, f64x2.add(d, f64x2.mul(v, paths23<T>(at))));
        const evenA = ya;
        const evenB = yb;
        ya = f64x2.add(ya, f64x2.add(d, f64x2.mul(v, paths01<T>(at + bytes))));
        yb = f64x2.add(yb, f64x2.add(d, f64x2.mul(v, paths23<T>(at + bytes))));
        storeSteps(to, row, evenA, evenB, ya, yb);
        at += 2 * bytes;
      }
      if ((count & 1) !== 0) {
        ya = f64x2.add(ya, f64x2.add(d, f64x2.mul(v, paths01<T>(at))));
        yb = f64x2.add(yb, f64x2.add(d, f64x2.mul(v, paths23<T>(at))));
        storeStep(to, row, ya, yb);
      }
    }
    // The four rows stand one behind the other.
    for (const end = first + 4 * row; first < end; first += 64) exps(first, s);
  }
}
