/**
 * European options that begin or cease to exist when a geometric Brownian motion, watched at every moment,
 * meets a barrier.
 *
 * Paper: Reiner & Rubinstein, "Breaking down the barriers", Risk 4(8), 28-35, 1991: by the reflection
 * principle each price is a sum of four terms, two of them scaled by powers of barrier over spot. No
 * rebate. A barrier looked at only n times a path is met less often: as if it lay further off by a factor
 * exp(0.5826 sigma sqrt(T / n)) (Broadie, Glasserman & Kou, Mathematical Finance 7(4), 1997).
 */
import { exp } from '../../math/exp.js';
import { log } from '../../math/log.js';
import { normalCdf } from '../../math/normal.js';
import {
  blackScholesPrice,
  discountFactor,
  forwardPrice,
  type Market,
  type OptionType,
} from './black-scholes.js';

export type BarrierType = 'down-in' | 'down-out' | 'up-in' | 'up-out';

/** Price of a barrier option; spot, strike, barrier, sigma and horizon > 0. */
export function barrierPrice(
  market: Market,
  strike: number,
  barrier: number,
  sigmaPerSqrtYr: number,
  type: OptionType,
  kind: BarrierType,
): number {
  const plain = blackScholesPrice(market, strike, sigmaPerSqrtYr, type);
  const down = kind === 'down-in' || kind === 'down-out';
  const met = down ? market.spot <= barrier : market.spot >= barrier;
  const knockedIn = met ? plain : knockInPrice(market, strike, barrier, sigmaPerSqrtYr, type, down);
  return kind === 'down-in' || kind === 'up-in' ? knockedIn : plain - knockedIn;
}

/** The knock-in where the barrier has not been met yet. */
function knockInPrice(
  market: Market,
  strike: number,
  barrier: number,
  sigmaPerSqrtYr: number,
  type: OptionType,
  down: boolean,
): number {
  const { spot, ratePerYr, yieldPerYr } = market;
  const sign = type === 'call' ? 1 : -1;
  const side = down ? 1 : -1;
  const sd = sigmaPerSqrtYr * Math.sqrt(market.horizonYr);
  const discount = discountFactor(market);
  const asset = discount * forwardPrice(market);
  // Twice the drift of the log price over its variance: the reflected path weighs (barrier / spot)^slope.
  const slope = (2 * (ratePerYr - yieldPerYr)) / (sigmaPerSqrtYr * sigmaPerSqrtYr) - 1;
  const shift = 0.5 * (slope + 2) * sd;
  const distance = log(barrier / spot);
  const reflected = exp(slope * distance);
  const reflectedAsset = reflected * exp(2 * distance);
  const direct = (x: number): number =>
    sign * (asset * normalCdf(sign * x) - discount * strike * normalCdf(sign * (x - sd)));
  const mirrored = (y: number): number =>
    sign *
    (asset * reflectedAsset * normalCdf(side * y) -
      discount * strike * reflected * normalCdf(side * (y - sd)));
  const a = direct(log(spot / strike) / sd + shift);
  const b = direct(-distance / sd + shift);
  const c = mirrored((2 * distance + log(spot / strike)) / sd + shift);
  const d = mirrored(distance / sd + shift);
  // Where only one side of the barrier pays, all of a or c; else the pieces on either side.
  const above = strike > barrier;
  if (type === 'call') return down ? (above ? c : a - b + d) : above ? a : b - c + d;
  return down ? (above ? b - c + d : a) : above ? a - b + d : c;
}
