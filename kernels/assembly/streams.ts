/**
 * First states of four random streams at a time: Threefry4x32-20 of (seed, path, name), one path a lane. Twin of
 * src/core/rng/threefry.ts and of Stream.key in src/core/rng/stream.ts; about 4 ns a path.
 */

/** The four words of xoshiro128++ of four streams: vector i holds word i. */
export const STATE = memory.data(64, 16);

// @ts-ignore: AssemblyScript knows decorators of functions
@inline
export function rotate(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/** Puts the streams (seed, path), (seed, path + 1), ... (seed, path + 3) of a name at their start. */
export function keyStreams(seedLow: i32, seedHigh: i32, pathLow: i32, pathHigh: i32, name: i32): void {
  const zero = i32x4.splat(0);
  const k0 = i32x4.splat(seedLow);
  const k1 = i32x4.splat(seedHigh);
  const parity = i32x4.splat(seedLow ^ seedHigh ^ 0x1bd11bda);
  const low = i32x4.add(i32x4.splat(pathLow), i32x4(0, 1, 2, 3));
  // A comparison gives -1: a low word that ran over carries into its high one.
  const high = i32x4.sub(i32x4.splat(pathHigh), i32x4.lt_u(low, i32x4.splat(pathLow)));
  let x0 = i32x4.add(low, k0);
  let x1 = i32x4.add(high, k1);
  let x2 = i32x4.splat(name);
  let x3 = zero;
  for (let injection = 1; injection <= 5; injection++) {
    const even = (injection & 1) === 0;
    // Four rounds: words 0 and 1 are mixed, and 2 and 3; then 0 and 3, and 2 and 1; and both again.
    x0 = i32x4.add(x0, x1);
    x2 = i32x4.add(x2, x3);
    x1 = v128.xor(even ? rotate(x1, 6) : rotate(x1, 10), x0);
    x3 = v128.xor(even ? rotate(x3, 20) : rotate(x3, 26), x2);
    x0 = i32x4.add(x0, x3);
    x2 = i32x4.add(x2, x1);
    x3 = v128.xor(even ? rotate(x3, 17) : rotate(x3, 11), x0);
    x1 = v128.xor(even ? rotate(x1, 11) : rotate(x1, 21), x2);
    x0 = i32x4.add(x0, x1);
    x2 = i32x4.add(x2, x3);
    x1 = v128.xor(even ? rotate(x1, 25) : rotate(x1, 13), x0);
    x3 = v128.xor(even ? rotate(x3, 10) : rotate(x3, 27), x2);
    x0 = i32x4.add(x0, x3);
    x2 = i32x4.add(x2, x1);
    x3 = v128.xor(even ? rotate(x3, 18) : rotate(x3, 23), x0);
    x1 = v128.xor(even ? rotate(x1, 20) : rotate(x1, 5), x2);
    // Words injection .. injection + 3, modulo 5, of the schedule (k0, k1, 0, 0, parity).
    if (injection === 1) {
      x0 = i32x4.add(x0, k1);
      x3 = i32x4.add(x3, parity);
    } else if (injection === 2) {
      x2 = i32x4.add(x2, parity);
      x3 = i32x4.add(x3, k0);
    } else if (injection === 3) {
      x1 = i32x4.add(x1, parity);
      x2 = i32x4.add(x2, k0);
      x3 = i32x4.add(x3, k1);
    } else if (injection === 4) {
      x0 = i32x4.add(x0, parity);
      x1 = i32x4.add(x1, k0);
      x2 = i32x4.add(x2, k1);
    } else {
      x0 = i32x4.add(x0, k0);
      x1 = i32x4.add(x1, k1);
    }
    x3 = i32x4.add(x3, i32x4.splat(injection));
  }
  // All zero is the one state that xoshiro never leaves; Stream makes it 0, 0, 0, 1.
  const words = v128.or(v128.or(x0, x1), v128.or(x2, x3));
  x3 = i32x4.sub(x3, i32x4.eq(words, zero));
  v128.store(STATE, x0);
  v128.store(STATE, x1, 16);
  v128.store(STATE, x2, 32);
  v128.store(STATE, x3, 48);
}
