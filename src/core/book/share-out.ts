/**
 * Shares a taker's lots out among the orders of a level by their size: the pro-rata rule.
 *
 * Each order gets floor(lots * taken / total); what the floors leave goes to the orders in their order of
 * arrival, up to their lots. With `top` the oldest order is served in full before the others share the
 * rest. Cost O(count). The division is exact for all int32 values: a double's quotient is off by one at
 * most, which the remainder modulo 2^32 shows.
 */

/**
 * lots[0..count-1], their sum `total` <= 2^31 - 1, 0 <= taken <= total. Writes each order's share to
 * `out`; the shares sum to `taken`.
 */
export function shareOut(
  lots: Int32Array,
  count: number,
  total: number,
  taken: number,
  top: boolean,
  out: Int32Array,
): void {
  let rest = taken;
  let from = 0;
  if (top && count > 0) {
    out[0] = Math.min(lots[0], taken);
    rest -= out[0];
    total -= lots[0];
    from = 1;
  }
  const shared = rest;
  for (let i = from; i < count; i++) {
    out[i] = shared === 0 ? 0 : mulDiv(lots[i], shared, total);
    rest -= out[i];
  }
  for (let i = from; i < count && rest > 0; i++) {
    const more = Math.min(rest, lots[i] - out[i]);
    out[i] += more;
    rest -= more;
  }
}

/** floor(a * b / divisor) for 0 <= a, b <= divisor, 1 <= divisor <= 2^31 - 1. */
export function mulDiv(a: number, b: number, divisor: number): number {
  const quotient = Math.floor((a * b) / divisor);
  // The true remainder lies in 0..divisor-1; a quotient off by one puts it just below 0 or just above.
  const remainder = (Math.imul(a, b) - Math.imul(quotient, divisor)) | 0;
  if (remainder < 0 && remainder > -4096) return quotient - 1;
  return remainder >>> 0 >= divisor ? quotient + 1 : quotient;
}
