/** Moments of a price that follows a geometric Brownian motion (Johnson, Kotz & Balakrishnan 1994, 14.3). */
import { exp } from '../../math/exp.js';
import type { GbmLaw } from '../processes/brownian.js';

export interface PriceMoments {
  readonly mean: number;
  readonly sd: number;
  readonly skewness: number;
  /** Mean and standard deviation of ln(S_T / S_0). */
  readonly logMean: number;
  readonly logSd: number;
}

/** Mean, standard deviation and skewness of S_T, T = horizonYr. */
export function gbmMoments({ s0, driftPerYr, sigmaPerSqrtYr }: GbmLaw, horizonYr: number): PriceMoments {
  const variance = sigmaPerSqrtYr * sigmaPerSqrtYr * horizonYr;
  const mean = s0 * exp(driftPerYr * horizonYr);
  const growth = exp(variance);
  const spread = Math.sqrt(growth - 1);
  return {
    mean,
    sd: mean * spread,
    skewness: (growth + 2) * spread,
    logMean: driftPerYr * horizonYr - 0.5 * variance,
    logSd: Math.sqrt(variance),
  };
}
