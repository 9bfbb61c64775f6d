/**
 * Natural logarithm from + - * / and integer operations only, so that every engine gives the same bits.
 *
 * Method: x = 2^k m with m in [sqrt(1/2), sqrt(2)), f = m - 1, s = f / (2 + f), and ln m = 2 artanh(s) = 2s +
 * s (2/3 s^2 + 2/5 s^4 + ...) (Abramowitz & Stegun 4.1.27); the leading 2s is rewritten as f - f^2/2 + s
 * f^2/2, so that its rounding error is second order. Ten terms leave less than 1e-18 (|s| <= 0.1716). Cost:
 * one division, about 30 operations. Accuracy: within 1 ulp (tests/core/math/math.test.ts).
 */
import { LN2_HIGH, LN2_LOW, POW2_ZERO, powersOfTwo } from './binary.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use, a local one is folded
// away.
const LN2_HI = LN2_HIGH;
const LN2_LO = LN2_LOW;
const ZERO = POW2_ZERO;
const POW2 = powersOfTwo();

const C1 = 2 / 3;
const C2 = 2 / 5;
const C3 = 2 / 7;
const C4 = 2 / 9;
const C5 = 2 / 11;
const C6 = 2 / 13;
const C7 = 2 / 15;
const C8 = 2 / 17;
const C9 = 2 / 19;
const C10 = 2 / 21;

const MIN_NORMAL = 2.2250738585072014e-308;
const TWO_POW_54 = 18014398509481984;
/** High word of sqrt(1/2): mantissas below it belong to the next lower power of two. */
const SQRT_HALF_HIGH = 0x3fe6a09e;

const bits = new Int32Array(2);
const value = new Float64Array(bits.buffer);

/** ln x for any double: -Infinity at 0, NaN below 0 and for NaN, Infinity at Infinity. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  if (x < MIN_NORMAL) {
    x *= TWO_POW_54;
    k = -54;
  }
  value[0] = x;
  const offset = (bits[1] - SQRT_HALF_HIGH) | 0;
  const exponent = offset >> 20;
  k = (k + exponent) | 0;
  const f = x * POW2[ZERO - exponent] - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  // Even and odd terms apart: two short chains of multiplications instead of one long one.
  const odd = w * (C2 + w * (C4 + w * (C6 + w * (C8 + w * C10))));
  const even = z * (C1 + w * (C3 + w * (C5 + w * (C7 + w * C9))));
  const halfSquare = 0.5 * f * f;
  return k * LN2_HI - (halfSquare - (s * (halfSquare + odd + even) + k * LN2_LO) - f);
}

/** ln(1 + x) without the cancellation of log(1 + x) near 0; NaN below -1. Within 2 ulp. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  if (!(u > 0 && u < Infinity)) return log(u);
  // What was lost when 1 + x was rounded comes back as the first-order term of ln(u + lost).
  return log(u) + (x - (u - 1)) / u;
}
