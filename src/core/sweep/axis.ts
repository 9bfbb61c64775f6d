/**
 * The axes of a sweep: points of a grid, and the value at a place of a range.
 *
 * Values are rounded to 12 significant digits, so that 0.3 is 0.3 and a value can be typed again from a
 * table. Logarithms and exponentials are those of core/math: the same points on every engine.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';

export type AxisScale = 'linear' | 'log';

export interface AxisRange {
  readonly from: number;
  readonly to: number;
  readonly scale: AxisScale;
  readonly integer: boolean;
}

const DIGITS = 12;

/**
 * The point at `share` 0..1 of the range; 0 and 1 give its ends exactly. Whole numbers are not rounded yet.
 */
function between({ from, to, scale }: AxisRange, share: number): number {
  if (share <= 0) return from;
  if (share >= 1) return to;
  const value = scale === 'log' ? exp(log(from) + share * (log(to) - log(from))) : from + share * (to - from);
  return value < from ? from : value > to ? to : Number(value.toPrecision(DIGITS));
}

/** `n` points at equal distances of the scale, the ends among them; n >= 2. */
export function gridPoints(range: AxisRange, n: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    const point = between(range, i / (n - 1));
    return range.integer ? Math.round(point) : point;
  });
}

/** The value at place `u` in [0, 1) of the range; whole numbers have equal shares (of the scale). */
export function valueAt(range: AxisRange, u: number): number {
  if (!range.integer) return between(range, u);
  // Share k..k+1 belongs to the number k, on either scale.
  const value = Math.floor(between({ ...range, to: range.to + 1 }, u));
  return value < range.to ? value : range.to;
}

/**
 * What is wrong with a range, as a sentence after "Expected"; null when it is sound. `n` null: it is drawn.
 */
export function rangeFault({ from, to, scale, integer }: AxisRange, n: number | null): string | null {
  if (!(from < to)) return `"from" below "to"; got ${from} and ${to}. Swap them, or list the values.`;
  if (scale === 'log' && !(from > 0)) {
    return `"from" above 0 on a log scale; got ${from}. Raise it, or take the linear scale.`;
  }
  if (!integer) return null;
  if (Math.floor(from) !== from || Math.floor(to) !== to) {
    return `whole ends of a range of whole numbers; got ${from} and ${to}. Round them.`;
  }
  if (n === null) return null;
  const points = gridPoints({ from, to, scale, integer }, n);
  const repeated = points.find((point, i) => point === points[i - 1]);
  if (repeated === undefined) return null;
  return `fewer points: ${n} of them from ${from} to ${to} are ${repeated} more than once. Lower "n".`;
}
