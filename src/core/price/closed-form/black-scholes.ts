/**
 * European options on a geometric Brownian motion, with Greeks.
 *
 * Paper: Black & Scholes, "The pricing of options and corporate liabilities", J. Political Economy 81(3),
 * 1973; the yield as in Merton 1973. Two distribution functions a price, about 1 us.
 */
import { exp } from '../../math/exp.js';
import { log } from '../../math/log.js';
import { normalCdf, normalPdf } from '../../math/normal.js';

/** What every option of this folder shares; spot and horizon > 0. */
export interface Market {
  readonly spot: number;
  /** Riskless rate, continuously compounded. */
  readonly ratePerYr: number;
  /** Dividend or carry yield of the underlying, continuously compounded. */
  readonly yieldPerYr: number;
  readonly horizonYr: number;
}

export type OptionType = 'call' | 'put';

export interface Greeks {
  readonly price: number;
  /** d price / d spot. */
  readonly delta: number;
  /** d^2 price / d spot^2. */
  readonly gamma: number;
  /** d price / d sigma, per 1.00 of sigma. */
  readonly vega: number;
  /** d price / d time as the horizon shortens, per year. */
  readonly theta: number;
  /** d price / d rate, per 1.00 of rate. */
  readonly rho: number;
}

/** Price of the underlying for delivery at the horizon. */
export function forwardPrice({ spot, ratePerYr, yieldPerYr, horizonYr }: Market): number {
  return spot * exp((ratePerYr - yieldPerYr) * horizonYr);
}

/** Today's price of 1 paid at the horizon. */
export function discountFactor({ ratePerYr, horizonYr }: Market): number {
  return exp(-ratePerYr * horizonYr);
}

/**
 * Price, undiscounted, of an option on a log-normal value with mean `forward` > 0 whose logarithm has
 * standard deviation `sd` >= 0 (Black 1976).
 */
export function blackPrice(forward: number, strike: number, sd: number, type: OptionType): number {
  const sign = type === 'call' ? 1 : -1;
  if (!(sd > 0) || !(strike > 0)) {
    const inner = sign * (forward - strike);
    return inner > 0 ? inner : 0;
  }
  const d1 = log(forward / strike) / sd + 0.5 * sd;
  return sign * (forward * normalCdf(sign * d1) - strike * normalCdf(sign * (d1 - sd)));
}

/** Price of a European option; sigma >= 0 is per square root of a year. */
export function blackScholesPrice(
  market: Market,
  strike: number,
  sigmaPerSqrtYr: number,
  type: OptionType,
): number {
  const sd = sigmaPerSqrtYr * Math.sqrt(market.horizonYr);
  return discountFactor(market) * blackPrice(forwardPrice(market), strike, sd, type);
}

/** Price and Greeks of a European option; strike, sigma and horizon > 0. */
export function blackScholes(
  market: Market,
  strike: number,
  sigmaPerSqrtYr: number,
  type: OptionType,
): Greeks {
  const { spot, ratePerYr, yieldPerYr, horizonYr } = market;
  const sign = type === 'call' ? 1 : -1;
  const root = Math.sqrt(horizonYr);
  const sd = sigmaPerSqrtYr * root;
  const discount = discountFactor(market);
  const carried = exp(-yieldPerYr * horizonYr);
  const d1 = log(forwardPrice(market) / strike) / sd + 0.5 * sd;
  const delta = sign * carried * normalCdf(sign * d1);
  const cash = sign * discount * strike * normalCdf(sign * (d1 - sd));
  const density = carried * normalPdf(d1);
  return {
    price: spot * delta - cash,
    delta,
    gamma: density / (spot * sd),
    vega: spot * density * root,
    theta: (-0.5 * spot * density * sigmaPerSqrtYr) / root - ratePerYr * cash + yieldPerYr * spot * delta,
    rho: horizonYr * cash,
  };
}
