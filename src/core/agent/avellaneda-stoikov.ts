/**
 * Reservation price and optimal spread of a market maker with inventory risk, after Avellaneda and Stoikov.
 *
 * Paper: Avellaneda & Stoikov, "High-frequency trading in a limit order book", Quantitative Finance 8(3),
 * 217-224, 2008, section 3.2: the linear approximation of the order arrival term, which gives both quantities
 * in closed form. Units are free as long as they agree: with prices in ticks, sigma is in ticks per root
 * second, k per tick, gamma per tick and per lot, time in seconds. Cost: a few operations, one logarithm for
 * the spread.
 */
import { log1p } from '../math/log.js';

/**
 * Price at which the maker is indifferent to one more lot: mid - q gamma sigma^2 timeLeft.
 * `q` is the signed inventory, `gamma` > 0 the risk aversion, `timeLeft` >= 0 until the horizon.
 */
export function reservationPrice(
  mid: number,
  q: number,
  gamma: number,
  sigma: number,
  timeLeft: number,
): number {
  return mid - q * gamma * sigma * sigma * timeLeft;
}

/**
 * Distance between the optimal ask and bid: gamma sigma^2 timeLeft + (2 / gamma) ln(1 + gamma / k).
 * `k` > 0 is the decay of the fill intensity A exp(-k delta). At gamma = 0 its limit, 2 / k.
 */
export function totalSpread(gamma: number, sigma: number, timeLeft: number, k: number): number {
  return gamma * sigma * sigma * timeLeft + restingSpread(gamma, k);
}

/**
 * The part of totalSpread that neither time nor volatility changes: (2 / gamma) ln(1 + gamma / k), 2 / k at
 * 0.
 */
export function restingSpread(gamma: number, k: number): number {
  return gamma === 0 ? 2 / k : (2 / gamma) * log1p(gamma / k);
}
