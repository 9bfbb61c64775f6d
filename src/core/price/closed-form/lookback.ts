/**
 * Options on the maximum or minimum of a geometric Brownian motion that is watched at every moment.
 *
 * Papers: Conze & Viswanathan, "Path dependent options: the case of lookback options", J. Finance 46(5), 1991
 * (fixed strike); Goldman, Sosin & Gatto, "Path dependent options: buy at the low, sell at the high", J.
 * Finance 34(5), 1979 (floating strike, which is the fixed one at the extreme so far). The closed form
 * divides by the drift; within 1e-3 of none (in units of sigma^2 / 2) a parabola through three drifts
 * stands in, right to 1e-9 of the spot.
 */
import { exp } from '../../math/exp.js';
import { log } from '../../math/log.js';
import { normalCdf, normalPdf } from '../../math/normal.js';
import { discountFactor, forwardPrice, type Market, type OptionType } from './black-scholes.js';

const NO_DRIFT = 1e-3;

/**
 * Price of max(M - strike, 0) (call) or max(strike - m, 0) (put) at the horizon, M the maximum and m the
 * minimum of the price since it stood at `extreme`: the maximum so far (>= spot) for a call, the minimum so
 * far (<= spot) for a put. All > 0.
 */
export function fixedLookbackPrice(
  market: Market,
  strike: number,
  extreme: number,
  sigmaPerSqrtYr: number,
  type: OptionType,
): number {
  const sign = type === 'call' ? 1 : -1;
  // What the extreme so far has already earned is certain; the rest is an option struck at that extreme.
  const earned = sign * (extreme - strike);
  const level = earned > 0 ? extreme : strike;
  const discount = discountFactor(market);
  const sd = sigmaPerSqrtYr * Math.sqrt(market.horizonYr);
  const forward = forwardPrice(market);
  const slope = (2 * (market.ratePerYr - market.yieldPerYr)) / (sigmaPerSqrtYr * sigmaPerSqrtYr);
  const k = log(market.spot / level);
  const d1 = k / sd + 0.5 * (slope + 1) * sd;
  const plain = sign * (forward * normalCdf(sign * d1) - level * normalCdf(sign * (d1 - sd)));
  const premium = market.spot * extremePremium(slope, k, sd, sign);
  return discount * ((earned > 0 ? earned : 0) + plain + premium);
}

/**
 * Price of S_T - m (call) or M - S_T (put) at the horizon, with `extreme` the minimum (call) or maximum
 * (put) so far.
 */
export function floatingLookbackPrice(
  market: Market,
  extreme: number,
  sigmaPerSqrtYr: number,
  type: OptionType,
): number {
  const opposite = type === 'call' ? 'put' : 'call';
  const sign = type === 'call' ? 1 : -1;
  const certain = sign * discountFactor(market) * (forwardPrice(market) - extreme);
  return certain + fixedLookbackPrice(market, extreme, extreme, sigmaPerSqrtYr, opposite);
}

/**
 * What the extreme adds to the terminal price, over the spot and undiscounted: (1 / slope) (e^(slope sd^2 /
 * 2) N(d1) - e^(-slope k) N(d1 - slope sd)) for the maximum, slope = 2 drift / sigma^2.
 */
function extremePremium(slope: number, k: number, sd: number, sign: number): number {
  const at = (s: number): number => {
    const d1 = k / sd + 0.5 * (s + 1) * sd;
    const reached = exp(0.5 * s * sd * sd) * normalCdf(sign * d1);
    return (sign * (reached - exp(-s * k) * normalCdf(sign * (d1 - s * sd)))) / s;
  };
  if (slope >= NO_DRIFT || slope <= -NO_DRIFT) return at(slope);
  const d = k / sd + 0.5 * sd;
  const none = sd * (sign * d * normalCdf(sign * d) + normalPdf(d));
  const [low, high] = [at(-NO_DRIFT), at(NO_DRIFT)];
  const x = slope / NO_DRIFT;
  return none + 0.5 * x * (high - low) + 0.5 * x * x * (high - 2 * none + low);
}
