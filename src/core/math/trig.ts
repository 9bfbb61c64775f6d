/**
 * Sine and cosine from + - * and integer operations only, so that every engine gives the same bits.
 *
 * Method: the nearest multiple n of pi/2 is taken off in three parts (Cody & Waite 1980, chapter 8), the rest
 * r + tail, |r| <= pi/4, goes into the Taylor series to r^17 and r^18. Cost: about 30 operations.
 * Domain: |x| <= 2^20 rad; NaN beyond it, because the three parts would no longer hold the result to 1 ulp.
 * Accuracy: within 1 ulp (tests/core/math/trig.test.ts).
 */
import { HALF_PI_PARTS } from './binary.js';

const TWO_OVER_PI = 0.6366197723675814;
const [PIO2_1, PIO2_2, PIO2_3] = HALF_PI_PARTS;
const MAX_ABS = 1048576;

/** Factorials are exact in a double up to 18!. */
const S3 = -1 / 6;
const S5 = 1 / 120;
const S7 = -1 / 5040;
const S9 = 1 / 362880;
const S11 = -1 / 39916800;
const S13 = 1 / 6227020800;
const S15 = -1 / 1307674368000;
const S17 = 1 / 355687428096000;
const C4 = 1 / 24;
const C6 = -1 / 720;
const C8 = 1 / 40320;
const C10 = -1 / 3628800;
const C12 = 1 / 479001600;
const C14 = -1 / 87178291200;
const C16 = 1 / 20922789888000;
const C18 = -1 / 6402373705728000;

/** sin(r + tail) for |r| <= pi/4; the tail enters to first order. */
function sinKernel(r: number, tail: number): number {
  const z = r * r;
  const higher = S5 + z * (S7 + z * (S9 + z * (S11 + z * (S13 + z * (S15 + z * S17)))));
  return r + (r * z * (S3 + z * higher) + tail * (1 - 0.5 * z));
}

/** cos(r + tail) for |r| <= pi/4; 1 - r^2/2 is split so that its rounding error is kept. */
function cosKernel(r: number, tail: number): number {
  const z = r * r;
  const half = 0.5 * z;
  const head = 1 - half;
  const higher = C4 + z * (C6 + z * (C8 + z * (C10 + z * (C12 + z * (C14 + z * (C16 + z * C18))))));
  return head + (1 - head - half + (z * z * higher - r * tail));
}

/** sin(x + turns quarter turns), x in radians. */
function circular(x: number, turns: number): number {
  if (!(x >= -MAX_ABS && x <= MAX_ABS)) return NaN;
  const n = (x * TWO_OVER_PI + (x < 0 ? -0.5 : 0.5)) | 0;
  const a = x - n * PIO2_1;
  const b = n * PIO2_2;
  const head = a - b;
  // What a - b lost in rounding, then the third part of pi/2.
  const virtual = head - a;
  const lost = a - (head - virtual) - (b + virtual);
  const rest = lost - n * PIO2_3;
  const r = head + rest;
  const tail = head - r + rest;
  const quadrant = (n + turns) & 3;
  const y = (quadrant & 1) === 0 ? sinKernel(r, tail) : cosKernel(r, tail);
  return (quadrant & 2) === 0 ? y : -y;
}

/** Sine of x radians, |x| <= 2^20. */
export function sin(x: number): number {
  return circular(x, 0);
}

/** Cosine of x radians, |x| <= 2^20. */
export function cos(x: number): number {
  return circular(x, 1);
}
