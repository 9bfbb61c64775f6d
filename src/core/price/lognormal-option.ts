/**
 * Price of an option on a lognormal number: what Black & Scholes (1973) and the geometric Asian option (Kemna
 * & Vorst 1990) have in common.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { normalCdf } from '../math/normal.js';

/**
 * E[max(X - strike, 0)] for a call, E[max(strike - X, 0)] for a put, undiscounted, where ln X is normal with
 * mean `logMean` and standard deviation `logSd` > 0; strike >= 0.
 */
export function lognormalOption(
  option: 'call' | 'put',
  logMean: number,
  logSd: number,
  strike: number,
): number {
  const mean = exp(logMean + 0.5 * logSd * logSd);
  if (strike === 0) return option === 'call' ? mean : 0;
  const below = (logMean - log(strike)) / logSd;
  return option === 'call'
    ? mean * normalCdf(below + logSd) - strike * normalCdf(below)
    : strike * normalCdf(-below) - mean * normalCdf(-below - logSd);
}

/**
 * Mean and standard deviation of the logarithm of the geometric average of S over `steps` equal fixings,
 * without the start, for a geometric Brownian motion from `s0`.
 */
export function geometricAverageLaw(
  law: { readonly s0: number; readonly driftPerYr: number; readonly sigmaPerSqrtYr: number },
  horizonYr: number,
  steps: number,
): { mean: number; sd: number } {
  const { s0, driftPerYr, sigmaPerSqrtYr: sigma } = law;
  const meanTime = (horizonYr * (steps + 1)) / (2 * steps);
  const variance = (sigma * sigma * horizonYr * (steps + 1) * (2 * steps + 1)) / (6 * steps * steps);
  return {
    mean: log(s0) + (driftPerYr - 0.5 * sigma * sigma) * meanTime,
    sd: Math.sqrt(variance),
  };
}
