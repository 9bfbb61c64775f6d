/**
 * Exponential function from + - * / and integer operations only, so that every engine gives the same bits.
 *
 * Why not Math.exp: ECMAScript leaves its last bit to the engine. Method: x = k ln 2 + r with |r| <= ln(2)/2,
 * then the series of Bernoulli numbers r coth(r/2) = 2 + r^2/6 - r^4/360 + ... (Abramowitz & Stegun 4.5.67),
 * which gives e^r = 1 + 2r / (R - r), R = r coth(r/2). Eight terms leave less than 1e-20. Cost: one division,
 * about 20 operations. Accuracy: within 1 ulp for normal results, 2 ulp where the result is subnormal
 * (tests/core/math/math.test.ts).
 */

import { LN2_HIGH, LN2_LOW, POW2_ZERO, powersOfTwo } from './binary.js';

const INV_LN2 = 1.4426950408889634;
// Constants of this file, not imports: V8 reads an imported binding anew at every use, a local one is folded
// away.
const LN2_HI = LN2_HIGH;
const LN2_LO = LN2_LOW;
const ZERO = POW2_ZERO;
const POW2 = powersOfTwo();

const B1 = 1 / 6;
const B2 = -1 / 360;
const B3 = 1 / 15120;
const B4 = -1 / 604800;
const B5 = 1 / 23950080;
const B6 = -691 / 653837184000;
const B7 = 1 / 37362124800;

/** Largest x with a finite result, and the x below which the result rounds to 0. */
const OVERFLOW = 709.782712893384;
const UNDERFLOW = -745.1332191019412;

/** e^x for any double: Infinity above 709.78, 0 below -745.13, NaN for NaN. */
export function exp(x: number): number {
  if (!(x <= OVERFLOW)) return x > OVERFLOW ? Infinity : NaN;
  if (x < UNDERFLOW) return 0;
  const k = (x * INV_LN2 + (x < 0 ? -0.5 : 0.5)) | 0;
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO;
  const r = hi - lo;
  const r2 = r * r;
  const c = r - r2 * (B1 + r2 * (B2 + r2 * (B3 + r2 * (B4 + r2 * (B5 + r2 * (B6 + r2 * B7))))));
  const y = 1 - (lo - (r * c) / (2 - c) - hi);
  if (k === 0) return y;
  // The factor is split where 2^k is beyond the range of doubles, or so small that it would be rounded twice.
  if (k > 1023) return y * 2 * POW2[k - 1 + ZERO];
  if (k < -1021) return y * POW2[k + 100 + ZERO] * POW2[ZERO - 100];
  return y * POW2[k + ZERO];
}
