/**
 * The work of every row of `make bench-cluster`, on whichever side: a random walk of `steps` steps for each
 * unit, to four numbers of eight bytes. A step is a few cheap operations on numbers that stay in registers;
 * about 2 ns.
 */

/** Numbers of one unit. */
export const NUMBERS = ['last', 'mean', 'low', 'high'] as const;
/** Nanoseconds of a step, as the kind estimates its cost. */
export const NS_PER_STEP = 2;
/** A control block is looked at after so many steps. */
export const POLL_STEPS = 4096;

export type Columns = readonly [Float64Array, Float64Array, Float64Array, Float64Array];

/** Columns for `units` rows, in memory of their own. */
export const columnsFor = (units: number): Columns => [
  new Float64Array(units),
  new Float64Array(units),
  new Float64Array(units),
  new Float64Array(units),
];

/** Walks one unit and writes row `row`; false when `stop` said so on the way. */
export function walk(
  seed: number,
  unit: number,
  steps: number,
  columns: Columns,
  row: number,
  stop: () => boolean,
): boolean {
  let x = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(unit + 1, 0x85ebca6b) || 1;
  let at = 0;
  let sum = 0;
  let low = 0;
  let high = 0;
  for (let from = 0; from < steps; from += POLL_STEPS) {
    if (stop()) return false;
    const to = Math.min(steps, from + POLL_STEPS);
    for (let step = from; step < to; step++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      at += x;
      sum += at;
      if (at < low) low = at;
      else if (at > high) high = at;
    }
  }
  columns[0][row] = at;
  columns[1][row] = sum / steps;
  columns[2][row] = low;
  columns[3][row] = high;
  return true;
}

/** The columns of units from..to-1, for those who cannot be stopped. */
export function walkRange(seed: number, steps: number, from: number, to: number): Columns {
  const columns = columnsFor(to - from);
  const never = (): boolean => false;
  for (let unit = from; unit < to; unit++) walk(seed, unit, steps, columns, unit - from, never);
  return columns;
}
