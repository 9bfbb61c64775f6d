/** Fields and checks that several price models share. */
import { Type } from 'typebox';
import { log } from '../../../core/math/log.js';
import type { Fault } from '../spec.js';

export const closed = { additionalProperties: false };

export const number = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Number({ default: value, minimum, maximum, description });

export const price = (value: number, description: string) =>
  Type.Number({
    default: value,
    exclusiveMinimum: 0,
    maximum: 1e9,
    description: `${description} [currency]`,
  });

/** One number per asset or regime. */
export const numbers = (
  values: readonly number[],
  minimum: number,
  maximum: number,
  description: string,
  most = 10,
) =>
  Type.Array(Type.Number({ minimum, maximum }), {
    default: [...values],
    minItems: 1,
    maxItems: most,
    description,
  });

export const matrix = (
  rows: readonly (readonly number[])[],
  minimum: number,
  maximum: number,
  description: string,
  most = 10,
) =>
  Type.Array(Type.Array(Type.Number({ minimum, maximum }), { minItems: 1, maxItems: most }), {
    default: rows.map((row) => [...row]),
    minItems: 1,
    maxItems: most,
    description,
  });

export const startPrice = price(100, 'Price at the start');
export const driftPerYr = number(0.05, -10, 10, 'Drift mu: the mean price grows by e^(mu t) [1/yr]');
export const sigmaPerSqrtYr = number(0.2, 0.000001, 10, 'Volatility sigma [1/sqrt(yr)]');

/**
 * Largest |ln price| that six standard deviations may reach: the fourth powers of prices still fit a
 * double.
 */
const MAX_LOG_PRICE = 150;

/** The fault of a law whose prices leave the doubles; none while they stay. */
export function reachFaults(pointer: string, s0: number, logMean: number, logSd: number): Fault[] {
  const reach = Math.abs(log(s0)) + Math.abs(logMean) + 6 * logSd;
  if (reach <= MAX_LOG_PRICE) return [];
  const message =
    `Expected |ln s0| + |mean| + 6 standard deviations of the logarithm at the horizon of at most ${MAX_LOG_PRICE}, ` +
    `so that prices and their powers stay finite; got ${reach.toPrecision(4)}. Lower volatility, drift or horizonYr, or bring s0 nearer to 1.`;
  return [{ pointer, message }];
}

/** Faults of lists that must have as many entries as `field`. */
export function lengthFaults(
  field: string,
  length: number,
  others: Readonly<Record<string, number>>,
): Fault[] {
  return Object.entries(others)
    .filter(([, found]) => found !== length)
    .map(([name, found]) => ({
      pointer: `/model/${name}`,
      message: `Expected ${length} entries, as many as ${field} has; got ${found}.`,
    }));
}
