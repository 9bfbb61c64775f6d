/**
 * Options on the geometric average of a geometric Brownian motion; the control variate of the arithmetic one.
 *
 * The average is log-normal, so the price is Black's (Kemna & Vorst, "A pricing method for options based on
 * average asset values", J. Banking & Finance 14, 113-129, 1990; fixings as in Glasserman, "Monte Carlo
 * Methods in Financial Engineering", 2003, section 3.2.2).
 */
import { exp } from '../../math/exp.js';
import { blackPrice, discountFactor, type Market, type OptionType } from './black-scholes.js';

/** Mean and standard deviation of ln(G / S_0). */
export interface LogLaw {
  readonly mean: number;
  readonly sd: number;
}

/**
 * Law of the geometric average G over the times T/n, 2T/n, ... T; n = Infinity is the average in continuous
 * time from 0 to T.
 */
export function geometricAverageLaw(
  driftPerYr: number,
  sigmaPerSqrtYr: number,
  horizonYr: number,
  fixings: number,
): LogLaw {
  const inverse = 1 / fixings;
  const variance = sigmaPerSqrtYr * sigmaPerSqrtYr;
  return {
    mean: (driftPerYr - 0.5 * variance) * horizonYr * 0.5 * (1 + inverse),
    sd: Math.sqrt((variance * horizonYr * (1 + inverse) * (2 + inverse)) / 6),
  };
}

/** Price of a call or put on the geometric average over `fixings` equal steps, >= 1 or Infinity. */
export function geometricAsianPrice(
  market: Market,
  strike: number,
  sigmaPerSqrtYr: number,
  fixings: number,
  type: OptionType,
): number {
  const drift = market.ratePerYr - market.yieldPerYr;
  const { mean, sd } = geometricAverageLaw(drift, sigmaPerSqrtYr, market.horizonYr, fixings);
  return discountFactor(market) * blackPrice(market.spot * exp(mean + 0.5 * sd * sd), strike, sd, type);
}
