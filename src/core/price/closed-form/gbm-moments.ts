/** Moments of a price that follows a geometric Brownian motion (Johnson, Kotz & Balakrishnan 1994, 14.3). */
import { exp } from '../../math/exp.js';
import { logMean, logSd, type GbmLaw } from '../gbm.js';

export interface PriceMoments {
  readonly mean: number;
  readonly sd: number;
  readonly skewness: number;
  /** Mean and standard deviation of ln(S_T / S_0). */
  readonly logMean: number;
  readonly logSd: number;
}

/** Mean, standard deviation and skewness of S_T from S_0 = `spot` > 0. */
export function gbmMoments(spot: number, law: GbmLaw): PriceMoments {
  const sd = logSd(law);
  const growth = exp(sd * sd);
  const mean = spot * exp(law.driftPerYr * law.horizonYr);
  const spread = Math.sqrt(growth - 1);
  return {
    mean,
    sd: mean * spread,
    skewness: (growth + 2) * spread,
    logMean: logMean(law),
    logSd: sd,
  };
}
