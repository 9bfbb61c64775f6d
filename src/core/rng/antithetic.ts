/**
 * Antithetic twins of random streams: the twin of a unit meets the same draws turned over.
 *
 * A twin has a number below nought (twinOf), so that whatever takes a unit takes a twin. Its values are made
 * of those of the unit itself: the uniform u becomes 1 - u (all bits of its words turned over), a normal
 * changes its sign, an exponential x becomes -ln(1 - e^-x), the value at 1 - u of the inverse distribution
 * function. Both take the same words, rejections of the ziggurat among them, so that they stay in step for
 * good; turning the words before the ziggurat would lose that at the first rejection, and leave exponentials
 * hardly correlated. Correlations within a pair: -1, -1, and 1 - pi^2/6 = -0.645 for exponentials, the least
 * that is possible (Hammersley & Morton 1956, Proc. Cambridge Phil. Soc. 52, 449-475). A stream that is no
 * twin pays nothing. Cost: a subtraction a value; an exp and a log for an exponential.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';

/** 1 - 2^-53: the largest uniform. */
const LARGEST = 0.9999999999999999;
/** Beyond these the plain formula loses digits; two terms of the series are then within 2e-11. */
const SMALL = 1e-5;
const LARGE = 12;

/** Number of the antithetic twin of a unit 0, 1, ... */
export const twinOf = (unit: number): number => -1 - unit;

export const isTwin = (unit: number): boolean => unit < 0;

/** The unit whose stream a unit or a twin draws from. */
export const baseOf = (unit: number): number => (unit < 0 ? -1 - unit : unit);

/** A uniform of Stream, a multiple of 2^-53 in [0, 1): exactly 1 - 2^-53 - u. */
export const turnedUniform = (u: number): number => LARGEST - u;

/** -ln(1 - e^-x) for x > 0; always above 0. */
export function turnedExponential(x: number): number {
  const y = exp(-x);
  if (x > LARGE) return y * (1 + 0.5 * y);
  return -log(x < SMALL ? x * (1 - 0.5 * x) : 1 - y);
}

/** Turns out[0..count-1]. */
export function turnUniforms(out: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] = LARGEST - out[i];
}

/** Turns out[0..count-1]. */
export function turnExponentials(out: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] = turnedExponential(out[i]);
}

/** Turns out[0..count-1]. */
export function turnNormals(out: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] = -out[i];
}
