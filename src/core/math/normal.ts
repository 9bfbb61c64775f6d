/**
 * The standard normal law from + - * / sqrt, exp and log of this folder: density, distribution function,
 * quantile.
 *
 * Distribution: within 1.5 of 0 the power series Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/15 + ...)
 * (Abramowitz & Stegun 26.2.11), beyond it the continued fraction of the tail, 1/(x + 1/(x + 2/(x +
 * 3/...))) (26.2.14), so that a far tail keeps its digits: within 2e-15 of its own size down to 1e-300.
 * Cost: 0.1 to 0.6 us. Quantile: rational functions of Wichura, "Algorithm AS 241: the percentage points of
 * the normal distribution", Applied Statistics 37(3), 477-484, 1988 (PPND16): within 1e-15 of its size,
 * about 15 ns, one logarithm and one root where p lies beyond 0.075 and 0.925.
 */
import { exp } from './exp.js';
import { log } from './log.js';

const INV_SQRT_2PI = 0.3989422804014327;
/** Below it the density and the distribution function round to 0. */
const LOWEST = -38.6;

/** e^(-x^2/2) / sqrt(2 pi). */
export function normalPdf(x: number): number {
  // x^2 rounds to a few units where the exponential needs it to a fraction of one: its square is split.
  const size = x < 0 ? -x : x;
  if (!(size < -LOWEST)) return size >= -LOWEST ? 0 : NaN;
  const head = ((size * 16) | 0) / 16;
  return INV_SQRT_2PI * exp(-0.5 * head * head) * exp(-0.5 * (size - head) * (size + head));
}

/** P(X <= x) of a standard normal X; 0 and 1 at the infinities, NaN for NaN. */
export function normalCdf(x: number): number {
  if (x > 1.5) return 1 - upperTail(x);
  if (x < -1.5) return upperTail(-x);
  let term = x;
  let sum = x;
  const square = x * x;
  for (let n = 3; term > 1e-18 || term < -1e-18; n += 2) {
    term *= square / n;
    sum += term;
  }
  return 0.5 + sum * normalPdf(x);
}

/** P(X > x) for x >= 1.5. */
function upperTail(x: number): number {
  if (x >= -LOWEST) return 0;
  // What n levels leave falls like exp(-2 x sqrt(n)).
  let rest = x;
  for (let level = (20 + 420 / (x * x)) | 0; level > 0; level--) rest = x + level / rest;
  return normalPdf(x) / rest;
}

const quantile = new Float64Array(1);

/** The x with P(X <= x) = p; -Infinity at 0, Infinity at 1, NaN outside. */
export function normalQuantile(p: number): number {
  quantile[0] = p;
  normalQuantiles(quantile, 1);
  return quantile[0];
}

/**
 * Replaces values[0..count-1], probabilities, by their quantiles; see normalQuantile. A loop of its own,
 * because V8 boxes a number that a call returns.
 */
export function normalQuantiles(values: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const p = values[i];
    const q = p - 0.5;
    if (!(q <= 0.425 && q >= -0.425)) {
      values[i] = outerQuantile(p, q);
      continue;
    }
    const r = 0.180625 - q * q;
    const top =
      ((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987) * r +
        13731.69376550946) *
        r +
        1971.5909503065513) *
        r +
        133.14166789178438) *
        r +
      3.3871328727963665;
    const bottom =
      ((((((5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597) *
        r +
        5394.196021424751) *
        r +
        687.1870074920579) *
        r +
        42.31333070160091) *
        r +
      1;
    values[i] = (q * top) / bottom;
  }
}

/** The quantile of a p beyond 0.075 and 0.925; q = p - 1/2. */
function outerQuantile(p: number, q: number): number {
  const tail = q < 0 ? p : 1 - p;
  if (!(tail > 0)) return tail === 0 ? (q < 0 ? -Infinity : Infinity) : NaN;
  const x = tailQuantile(Math.sqrt(-log(tail)));
  return q < 0 ? -x : x;
}

/** Size of the quantile from r = sqrt(-ln of the smaller tail). */
function tailQuantile(r: number): number {
  if (r <= 5) {
    const s = r - 1.6;
    return (
      (((((((0.0007745450142783414 * s + 0.022723844989269184) * s + 0.2417807251774506) * s +
        1.2704582524523684) *
        s +
        3.6478483247632045) *
        s +
        5.769497221460691) *
        s +
        4.630337846156546) *
        s +
        1.4234371107496835) /
      (((((((1.0507500716444169e-9 * s + 0.0005475938084995345) * s + 0.015198666563616457) * s +
        0.14810397642748008) *
        s +
        0.6897673349851) *
        s +
        1.6763848301838038) *
        s +
        2.053191626637759) *
        s +
        1)
    );
  }
  const s = r - 5;
  return (
    (((((((2.0103343992922881e-7 * s + 0.000027115555687434876) * s + 0.0012426609473880784) * s +
      0.026532189526576124) *
      s +
      0.29656057182850487) *
      s +
      1.7848265399172913) *
      s +
      5.463784911164114) *
      s +
      6.657904643501103) /
    (((((((2.0442631033899397e-15 * s + 1.421511758316446e-7) * s + 0.000018463183175100548) * s +
      0.0007868691311456133) *
      s +
      0.014875361290850615) *
      s +
      0.1369298809227358) *
      s +
      0.599832206555888) *
      s +
      1)
  );
}
