/**
 * Geometric Brownian motion: the logarithms of terminal value and running maximum of a block of paths.
 *
 * Why logarithms: the path is a sum of normals, so a step costs one addition and one comparison, and the
 * caller takes one exponential per path instead of one per step. Two ways to sample the same law:
 * - exact: the terminal value by one normal, and the maximum in continuous time given that terminal value
 *   by one exponential, from P(M > m | Y = y) = exp(-2 m (m - y) / (sigma^2 T)) for a Brownian bridge
 *   (Glasserman, "Monte Carlo Methods in Financial Engineering", 2003, section 6.4), solved for m.
 * - stepped: one normal per step, the maximum over the start and all fixings.
 */
import { CONTROL_CANCEL } from '../control.js';
import type { Stream } from '../rng/stream.js';

/** Paths of one block; a block owns one random stream. */
export const BLOCK_PATHS = 2048;
/** Normals drawn at once; also the number of steps between two looks at the cancel flag. */
const BUFFER = 4096;

const normals = new Float64Array(BUFFER);

/** Law of the price: dS = S (driftPerYr dt + sigmaPerSqrtYr dW) over horizonYr. */
export interface GbmLaw {
  readonly driftPerYr: number;
  readonly sigmaPerSqrtYr: number;
  readonly horizonYr: number;
}

/** Mean of ln(S_T / S_0): (drift - sigma^2 / 2) T. */
export function logMean(law: GbmLaw): number {
  return (law.driftPerYr - 0.5 * law.sigmaPerSqrtYr * law.sigmaPerSqrtYr) * law.horizonYr;
}

/** Standard deviation of ln(S_T / S_0): sigma sqrt(T). */
export function logSd(law: GbmLaw): number {
  return law.sigmaPerSqrtYr * Math.sqrt(law.horizonYr);
}

/**
 * Writes ln(S_T / S_0) and ln(max S / S_0), the maximum in continuous time, of `count` paths to the two
 * arrays. Draws per path: one normal, one exponential.
 */
export function gbmExact(
  stream: Stream,
  law: GbmLaw,
  count: number,
  logTerminal: Float64Array,
  logMaximum: Float64Array,
): void {
  const mean = logMean(law);
  const sd = logSd(law);
  const twiceVariance = 2 * sd * sd;
  for (let path = 0; path < count; path++) {
    const y = mean + sd * stream.normal();
    logTerminal[path] = y;
    logMaximum[path] = 0.5 * (y + Math.sqrt(y * y + twiceVariance * stream.exponential()));
  }
}

/**
 * Writes ln(S_T / S_0) and ln(max S / S_0), the maximum over the start and `steps` equal fixings, of `count`
 * paths. Draws: count x steps normals, path by path. Returns false when `control` asked to stop; the arrays
 * are then useless.
 */
export function gbmStepped(
  stream: Stream,
  law: GbmLaw,
  steps: number,
  count: number,
  logTerminal: Float64Array,
  logMaximum: Float64Array,
  control: Int32Array,
): boolean {
  const drift = logMean(law) / steps;
  const sd = logSd(law) / Math.sqrt(steps);
  let left = count * steps;
  let filled = 0;
  let next = 0;
  for (let path = 0; path < count; path++) {
    let y = 0;
    let maximum = 0;
    let stepsLeft = steps;
    while (stepsLeft > 0) {
      if (next === filled) {
        if (Atomics.load(control, CONTROL_CANCEL) !== 0) return false;
        filled = left < BUFFER ? left : BUFFER;
        left -= filled;
        stream.fillNormals(normals, filled);
        next = 0;
      }
      const end = filled - next < stepsLeft ? filled : next + stepsLeft;
      stepsLeft -= end - next;
      for (; next < end; next++) {
        y += drift + sd * normals[next];
        if (y > maximum) maximum = y;
      }
    }
    logTerminal[path] = y;
    logMaximum[path] = maximum;
  }
  return true;
}

/**
 * Writes one path of ln(S / S_0) at its start and `steps` fixings: the path that gbmStepped draws from this
 * stream.
 */
export function gbmPath(stream: Stream, law: GbmLaw, steps: number, out: Float64Array): void {
  const drift = logMean(law) / steps;
  const sd = logSd(law) / Math.sqrt(steps);
  out[0] = 0;
  for (let i = 1; i <= steps; i++) out[i] = out[i - 1] + (drift + sd * stream.normal());
}

/**
 * Writes one path of ln(S / S_0) at points + 1 equal times from 0 to T that ends in `logTerminal`: a Brownian
 * bridge, drawn point by point (Glasserman 2003, section 3.1). Draws `points` - 1 normals.
 */
export function gbmBridge(
  stream: Stream,
  law: GbmLaw,
  logTerminal: number,
  points: number,
  out: Float64Array,
): void {
  const sd = logSd(law) / Math.sqrt(points);
  out[0] = 0;
  for (let i = 1; i < points; i++) {
    const left = points - i;
    const y = out[i - 1];
    // Of the left + 1 steps to the end, one is made: towards the end by its share, and with the bridge's
    // variance.
    out[i] = y + (logTerminal - y) / (left + 1) + sd * Math.sqrt(left / (left + 1)) * stream.normal();
  }
  out[points] = logTerminal;
}
