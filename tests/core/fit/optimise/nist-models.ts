/** The eight regression functions of the NIST problems with their derivatives, written by hand. */
import { exp } from '../../../../src/core/math/exp.js';
import { log } from '../../../../src/core/math/log.js';

/** Value of the model at x for parameters b; the derivatives go to `d`. */
export type Model = (b: Float64Array, x: number, d: Float64Array) => number;

/** Height times exp(-rate x); writes both derivatives from `at` on. */
function decay(height: number, rate: number, x: number, d: Float64Array, at: number, rateAt: number): number {
  const e = exp(-rate * x);
  d[at] = e;
  d[rateAt] = -x * height * e;
  return height * e;
}

/** Height times exp(-((x - centre) / width)^2). */
function bump(b: Float64Array, first: number, x: number, d: Float64Array): number {
  const [height, centre, width] = [b[first]!, b[first + 1]!, b[first + 2]!];
  const u = (x - centre) / width;
  const e = exp(-u * u);
  d[first] = e;
  d[first + 1] = (height * e * 2 * u) / width;
  d[first + 2] = (height * e * 2 * u * u) / width;
  return height * e;
}

export const NIST_MODELS: Readonly<Record<string, Model>> = {
  Misra1a: (b, x, d) => {
    const e = exp(-b[1]! * x);
    d[0] = 1 - e;
    d[1] = b[0]! * x * e;
    return b[0]! * (1 - e);
  },
  Chwirut2: (b, x, d) => {
    const below = b[1]! + b[2]! * x;
    const y = exp(-b[0]! * x) / below;
    d[0] = -x * y;
    d[1] = -y / below;
    d[2] = (-x * y) / below;
    return y;
  },
  DanWood: (b, x, d) => {
    const power = exp(b[1]! * log(x));
    d[0] = power;
    d[1] = b[0]! * power * log(x);
    return b[0]! * power;
  },
  Gauss1: (b, x, d) => decay(b[0]!, b[1]!, x, d, 0, 1) + bump(b, 2, x, d) + bump(b, 5, x, d),
  Lanczos3: (b, x, d) =>
    decay(b[0]!, b[1]!, x, d, 0, 1) + decay(b[2]!, b[3]!, x, d, 2, 3) + decay(b[4]!, b[5]!, x, d, 4, 5),
  MGH17: (b, x, d) => {
    d[0] = 1;
    return b[0]! + decay(b[1]!, b[3]!, x, d, 1, 3) + decay(b[2]!, b[4]!, x, d, 2, 4);
  },
  Rat42: (b, x, d) => {
    const e = exp(b[1]! - b[2]! * x);
    const y = b[0]! / (1 + e);
    d[0] = 1 / (1 + e);
    d[1] = (-y * e) / (1 + e);
    d[2] = (x * y * e) / (1 + e);
    return y;
  },
  Thurber: (b, x, d) => {
    const below = 1 + x * (b[4]! + x * (b[5]! + x * b[6]!));
    const y = (b[0]! + x * (b[1]! + x * (b[2]! + x * b[3]!))) / below;
    for (let k = 0, power = 1; k < 4; k++, power *= x) {
      d[k] = power / below;
      if (k < 3) d[4 + k] = (-y * power * x) / below;
    }
    return y;
  },
};
