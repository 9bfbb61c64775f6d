/**
 * European options and log-return moments where jumps, Poisson in number and log-normal in size, join a
 * Brownian motion.
 *
 * Paper: Merton, "Option pricing when underlying stock returns are discontinuous", J. Financial Economics 3,
 * 125-144, 1976, equation 16: given the number of jumps the law is log-normal, so the price is a Poisson mean
 * of Black-Scholes prices. The sum ends on both sides where a weight is 1e-18 of the largest.
 */
import { exp } from '../../math/exp.js';
import { log } from '../../math/log.js';
import { blackPrice, discountFactor, forwardPrice, type Market, type OptionType } from './black-scholes.js';

/**
 * dS/S = drift dt + sigma dW + (e^J - 1) dN, J normal; the drift that a price uses is net of the jumps'
 * mean.
 */
export interface MertonLaw {
  readonly sigmaPerSqrtYr: number;
  /** Jumps a year, >= 0. */
  readonly jumpsPerYr: number;
  /** Mean and standard deviation of the jump of the log price. */
  readonly jumpMean: number;
  readonly jumpSd: number;
}

/** Weights below it, of the largest, no longer count. */
const NEGLIGIBLE = 1e-18;

/** Mean of e^J - 1: what a jump adds to the price on average, relative. */
function meanJump({ jumpMean, jumpSd }: MertonLaw): number {
  return exp(jumpMean + 0.5 * jumpSd * jumpSd) - 1;
}

/** Price of a European option, the price process being a martingale after discounting. */
export function mertonPrice(market: Market, strike: number, law: MertonLaw, type: OptionType): number {
  const { horizonYr } = market;
  const expected = law.jumpsPerYr * horizonYr;
  const growth = log(1 + meanJump(law));
  const forward = forwardPrice(market);
  const diffused = law.sigmaPerSqrtYr * law.sigmaPerSqrtYr * horizonYr;
  const given = (jumps: number): number => {
    const mean = forward * exp(jumps * growth - expected * meanJump(law));
    return blackPrice(mean, strike, Math.sqrt(diffused + jumps * law.jumpSd * law.jumpSd), type);
  };
  // From the likeliest number both ways, by weights over its own: nothing underflows, however many jumps.
  const likeliest = Math.floor(expected);
  let total = 0;
  let sum = 0;
  for (let jumps = likeliest, weight = 1; weight > NEGLIGIBLE; weight *= expected / ++jumps) {
    total += weight;
    sum += weight * given(jumps);
  }
  for (let jumps = likeliest, weight = jumps / expected; jumps > 0 && weight > NEGLIGIBLE;) {
    total += weight;
    sum += weight * given(--jumps);
    weight *= jumps / expected;
  }
  return (discountFactor(market) * sum) / total;
}

export interface LogMoments {
  readonly mean: number;
  readonly variance: number;
  readonly skewness: number;
  readonly excessKurtosis: number;
}

/** Moments of ln(S_T / S_0) where E[S_T] = S_0 e^(drift T). */
export function mertonLogMoments(law: MertonLaw, driftPerYr: number, horizonYr: number): LogMoments {
  const { sigmaPerSqrtYr, jumpsPerYr, jumpMean: m, jumpSd: d } = law;
  const own = sigmaPerSqrtYr * sigmaPerSqrtYr;
  const variance = (own + jumpsPerYr * (m * m + d * d)) * horizonYr;
  const third = jumpsPerYr * m * (m * m + 3 * d * d) * horizonYr;
  const fourth = jumpsPerYr * (m * m * m * m + 6 * m * m * d * d + 3 * d * d * d * d) * horizonYr;
  return {
    mean: (driftPerYr - 0.5 * own + jumpsPerYr * (m - meanJump(law))) * horizonYr,
    variance,
    skewness: third / (variance * Math.sqrt(variance)),
    excessKurtosis: fourth / (variance * variance),
  };
}
