/** What the functions of this folder need to take a double apart: powers of two, and ln 2 in parts. */

/** First part of ln 2: 32 significant bits, so that k times it is exact for |k| < 2^21. */
export const LN2_HIGH = 0.6931471803691238;
/** ln 2 minus its first part. */
export const LN2_LOW = 1.9082149292705877e-10;

/** Index of 2^0 in powersOfTwo(). */
export const POW2_ZERO = 1074;

/**
 * Table t with t[k + POW2_ZERO] = 2^k for k = -1074..1023; faster than writing exponent bits through a
 * second view.
 */
export function powersOfTwo(): Float64Array {
  const table = new Float64Array(POW2_ZERO + 1024);
  table[0] = 5e-324;
  for (let i = 1; i < table.length; i++) table[i] = table[i - 1] * 2;
  return table;
}
