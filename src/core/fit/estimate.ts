/** An estimate with its standard error and 95 % interval, the form in which every fit answers. */
import { exp } from '../math/exp.js';

/** 97.5 % point of the standard normal law. */
export const Z95 = 1.959963984540054;
/**
 * Half the 95 % point of chi-square with one degree of freedom: the fall of a log-likelihood at the
 * interval's end.
 */
const HALF_CHI_SQUARE = 0.5 * Z95 * Z95;

export interface Estimate {
  readonly value: number;
  /** -1 where it is not known: the parameter lies on its bound, or the information matrix is singular. */
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Of a positive parameter: the interval is symmetric in its logarithm, value x e^(+-1.96 se / value), so
 * that it stays above 0. `quantile` is the 97.5 % point of the standardised estimate, of Student's law
 * where there is one.
 */
export function positiveEstimate(value: number, standardError: number, quantile = Z95): Estimate {
  if (!(standardError >= 0 && value > 0)) return { value, standardError: -1, low: value, high: value };
  const factor = exp(Math.min(700, (quantile * standardError) / value));
  return { value, standardError, low: value / factor, high: Math.min(Number.MAX_VALUE, value * factor) };
}

/** Of a parameter that may be 0 but not less: value +- 1.96 standard errors, cut at 0. */
export function ratioEstimate(value: number, standardError: number): Estimate {
  const { low, ...rest } = symmetricEstimate(value, standardError);
  return { ...rest, low: Math.max(0, low) };
}

/** Of any parameter: value +- 1.96 standard errors, or another `quantile` of them. */
export function symmetricEstimate(value: number, standardError: number, quantile = Z95): Estimate {
  if (!(standardError >= 0)) return { value, standardError: -1, low: value, high: value };
  const half = quantile * standardError;
  return { value, standardError, low: value - half, high: value + half };
}

/**
 * Of a probability strictly between 0 and 1: the interval is symmetric in ln(p / (1 - p)), so that it stays
 * between them.
 */
export function shareEstimate(value: number, standardError: number): Estimate {
  if (!(standardError >= 0 && value > 0 && value < 1)) {
    return { value, standardError: -1, low: value, high: value };
  }
  const factor = exp(Math.min(700, (Z95 * standardError) / (value * (1 - value))));
  const odds = value / (1 - value);
  const most = odds * factor;
  return { value, standardError, low: odds / (odds + factor), high: most < Infinity ? most / (1 + most) : 1 };
}

/**
 * Of a share of `trials` > 0: the shares that a score test does not reject (Wilson 1927, Journal of the
 * American Statistical Association 22), also where it is 0 or 1.
 */
export function proportionEstimate(value: number, trials: number): Estimate {
  const square = (Z95 * Z95) / trials;
  const middle = (value + 0.5 * square) / (1 + square);
  const half = Math.sqrt(square * (value * (1 - value) + 0.25 * square)) / (1 + square);
  const isInside = value > 0 && value < 1;
  return {
    value,
    standardError: isInside ? Math.sqrt((value * (1 - value)) / trials) : -1,
    low: value > 0 ? middle - half : 0,
    high: value < 1 ? middle + half : 1,
  };
}

/**
 * Of a parameter that was estimated as 0, its bound: the interval ends where the log-likelihood, to
 * second order, has fallen by half the chi-square point. `slope` >= 0 and `curvature` are of minus the
 * log-likelihood.
 */
export function boundEstimate(slope: number, curvature: number): Estimate {
  const bend = Math.max(0, curvature);
  const high = (2 * HALF_CHI_SQUARE) / (slope + Math.sqrt(slope * slope + 2 * HALF_CHI_SQUARE * bend));
  return { value: 0, standardError: -1, low: 0, high: high < Infinity ? high : 0 };
}

/**
 * Of the rate of a Poisson count: n / exposure, standard error sqrt(n) / exposure. The interval is the
 * exact one (Garwood 1936) by Byar's cubes (Breslow & Day 1987, volume II), some hundredths of an
 * event off at most: an interval by the logarithm misses one truth in eight where two or three events are
 * expected.
 */
export function rateEstimate(count: number, exposure: number): Estimate {
  if (!(exposure > 0)) return { value: 0, standardError: -1, low: 0, high: 0 };
  const bound = (n: number, z: number): number => {
    const root = 1 - 1 / (9 * n) + z / (3 * Math.sqrt(n));
    return (n * root * root * root) / exposure;
  };
  const high = bound(count + 1, Z95);
  if (count === 0) return { value: 0, standardError: -1, low: 0, high };
  const low = Math.max(0, bound(count, -Z95));
  return { value: count / exposure, standardError: Math.sqrt(count) / exposure, low, high };
}
