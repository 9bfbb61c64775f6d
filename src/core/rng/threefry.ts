/**
 * Threefry4x32-20: a keyed bijection of 128 bits, used to place random streams.
 *
 * Why: distinct counters give distinct states by construction, so streams of different units can never start
 * equal. Additions, rotations and exclusive ors only; about 50 ns a call, paid once per stream. Paper:
 * Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11, section 4.2, table 5.
 */

/** Parity constant of the key schedule (Skein 1.3, C240 cut to 32 bits). */
const PARITY = 0x1bd11bda;
/** Rotations of the two mixes of round d mod 8, as pairs. */
const ROTATION = Int32Array.of(10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20);
const ROUNDS = 20;

const schedule = new Int32Array(5);

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

/**
 * Writes Threefry4x32-20(key, counter) over `block`, which holds the four words of the counter; `key` has
 * four words.
 */
export function threefry4x32(key: Int32Array, block: Int32Array): void {
  schedule[4] = PARITY;
  for (let i = 0; i < 4; i++) {
    schedule[i] = key[i];
    schedule[4] ^= key[i];
  }
  let x0 = (block[0] + schedule[0]) | 0;
  let x1 = (block[1] + schedule[1]) | 0;
  let x2 = (block[2] + schedule[2]) | 0;
  let x3 = (block[3] + schedule[3]) | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const at = (round & 7) << 1;
    // Even rounds mix (0,1) and (2,3), odd rounds (0,3) and (2,1).
    const even = (round & 1) === 0;
    const p = even ? x1 : x3;
    const q = even ? x3 : x1;
    x0 = (x0 + p) | 0;
    x2 = (x2 + q) | 0;
    const pMixed = rotate(p, ROTATION[at]) ^ x0;
    const qMixed = rotate(q, ROTATION[at + 1]) ^ x2;
    x1 = even ? pMixed : qMixed;
    x3 = even ? qMixed : pMixed;
    if ((round & 3) === 3) {
      const s = (round + 1) >> 2;
      x0 = (x0 + schedule[s % 5]) | 0;
      x1 = (x1 + schedule[(s + 1) % 5]) | 0;
      x2 = (x2 + schedule[(s + 2) % 5]) | 0;
      x3 = (((x3 + schedule[(s + 3) % 5]) | 0) + s) | 0;
    }
  }
  block[0] = x0;
  block[1] = x1;
  block[2] = x2;
  block[3] = x3;
}
