/**
 * Central moments of a block of numbers, and of two blocks together: means with standard errors in a fixed
 * order.
 *
 * A block is summed in two passes, so no digits cancel; blocks are merged by the exact update formulas
 * (Pebay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
 * moments", Sandia report SAND2008-6212, equations 2.1 and 3.1). Merging in block order gives the same bits
 * for any number of chunks.
 */

/**
 * `m2`, `m3`, `m4` are sums of powers of the deviations from `mean`; an empty block has zeros, min Infinity,
 * max -Infinity.
 */
export interface Moments {
  count: number;
  mean: number;
  m2: number;
  m3: number;
  m4: number;
  min: number;
  max: number;
}

export function emptyMoments(): Moments {
  return { count: 0, mean: 0, m2: 0, m3: 0, m4: 0, min: Infinity, max: -Infinity };
}

/** Moments of values[0..count-1] into `out`. */
export function momentsOf(values: Float64Array, count: number, out: Moments): void {
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < count; i++) {
    const x = values[i];
    sum += x;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  const mean = count > 0 ? sum / count : 0;
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  for (let i = 0; i < count; i++) {
    const d = values[i] - mean;
    const d2 = d * d;
    m2 += d2;
    m3 += d2 * d;
    m4 += d2 * d2;
  }
  out.count = count;
  out.mean = mean;
  out.m2 = m2;
  out.m3 = m3;
  out.m4 = m4;
  out.min = min;
  out.max = max;
}

/** Adds block `b` to `a`. */
export function mergeMoments(a: Moments, b: Moments): void {
  if (b.count === 0) return;
  const n = a.count + b.count;
  const d = b.mean - a.mean;
  const p = a.count / n;
  const q = b.count / n;
  const d2 = d * d;
  const weight = a.count * q;
  a.m4 +=
    b.m4 +
    d2 * d2 * weight * (p * p - p * q + q * q) +
    6 * d2 * (p * p * b.m2 + q * q * a.m2) +
    4 * d * (p * b.m3 - q * a.m3);
  a.m3 += b.m3 + d2 * d * weight * (p - q) + 3 * d * (p * b.m2 - q * a.m2);
  a.m2 += b.m2 + d2 * weight;
  a.mean += d * q;
  a.count = n;
  if (b.min < a.min) a.min = b.min;
  if (b.max > a.max) a.max = b.max;
}

/** Sample standard deviation (divisor n - 1); NaN below two values. */
export function sdOf(m: Moments): number {
  return m.count > 1 ? Math.sqrt(m.m2 / (m.count - 1)) : NaN;
}

/** Standard error of the mean; NaN below two values. */
export function meanErrorOf(m: Moments): number {
  return sdOf(m) / Math.sqrt(m.count);
}

/**
 * Standard error of the standard deviation for any law, sqrt((mu4 - sigma^4) / n) / (2 sigma); NaN below four
 * values, which say nothing about mu4, and where all values are equal.
 */
export function sdErrorOf(m: Moments): number {
  if (m.count < 4) return NaN;
  const variance = m.m2 / m.count;
  const excess = m.m4 / m.count - variance * variance;
  return Math.sqrt((excess > 0 ? excess : 0) / m.count / variance) / 2;
}

/** Skewness mu3 / sigma^3; NaN where all values are equal. */
export function skewnessOf(m: Moments): number {
  return (m.m3 * Math.sqrt(m.count)) / (m.m2 * Math.sqrt(m.m2));
}
