/**
 * Means, variances and covariance of pairs (y, x) of numbers, block by block: an estimate with its control.
 *
 * Blocks are summed in two passes and merged by the exact update formula (Pebay, Sandia report SAND2008-6212,
 * 2008, equation 3.11); in a fixed order the result has the same bits for any number of chunks.
 */

/** `yy`, `xy`, `xx` are sums of products of deviations from the means. */
export interface Comoments {
  count: number;
  y: number;
  x: number;
  yy: number;
  xy: number;
  xx: number;
}

export function emptyComoments(): Comoments {
  return { count: 0, y: 0, x: 0, yy: 0, xy: 0, xx: 0 };
}

/** Comoments of ys[0..count-1] and xs[0..count-1] into `out`; xs null: all 0. */
export function comomentsOf(ys: Float64Array, xs: Float64Array | null, count: number, out: Comoments): void {
  let sumY = 0;
  let sumX = 0;
  for (let i = 0; i < count; i++) sumY += ys[i];
  if (xs !== null) for (let i = 0; i < count; i++) sumX += xs[i];
  const y = count > 0 ? sumY / count : 0;
  const x = count > 0 ? sumX / count : 0;
  let yy = 0;
  let xy = 0;
  let xx = 0;
  for (let i = 0; i < count; i++) yy += (ys[i] - y) * (ys[i] - y);
  if (xs !== null) {
    for (let i = 0; i < count; i++) {
      xy += (ys[i] - y) * (xs[i] - x);
      xx += (xs[i] - x) * (xs[i] - x);
    }
  }
  out.count = count;
  out.y = y;
  out.x = x;
  out.yy = yy;
  out.xy = xy;
  out.xx = xx;
}

/** Adds block `b` to `a`. */
export function mergeComoments(a: Comoments, b: Comoments): void {
  if (b.count === 0) return;
  const n = a.count + b.count;
  const dy = b.y - a.y;
  const dx = b.x - a.x;
  const share = b.count / n;
  const weight = a.count * share;
  a.yy += b.yy + dy * dy * weight;
  a.xy += b.xy + dy * dx * weight;
  a.xx += b.xx + dx * dx * weight;
  a.y += dy * share;
  a.x += dx * share;
  a.count = n;
}

/** A mean with its standard error; NaN where too few observations stand behind it. */
export interface ControlledMean {
  readonly value: number;
  readonly error: number;
  /** Error of the plain mean, without the control. */
  readonly plainError: number;
  /** Weight of the control, cov(y, x) / var(x); 0 without one. */
  readonly weight: number;
}

/**
 * Mean of y, corrected by the control x whose true mean is `xMean` (Glasserman, "Monte Carlo Methods in
 * Financial Engineering", 2003, section 4.1; one degree of freedom is lost to the weight). The weight is
 * estimated from the same numbers: a bias of order 1/n, far below the error.
 */
export function controlledMean(m: Comoments, xMean: number): ControlledMean {
  const n = m.count;
  const plainError = n > 1 ? Math.sqrt(m.yy / (n - 1) / n) : NaN;
  if (!(m.xx > 0)) return { value: m.y, error: plainError, plainError, weight: 0 };
  const weight = m.xy / m.xx;
  const rest = m.yy - weight * m.xy;
  const error = n > 2 ? Math.sqrt((rest > 0 ? rest : 0) / (n - 2) / n) : NaN;
  return { value: m.y - weight * (m.x - xMean), error, plainError, weight };
}
