/**
 * Volatility at which Black's formula gives an option's price, by Brent's method.
 *
 * Why not Newton: far from the money vega vanishes and its steps leave the domain; the bracket cannot. About
 * 10 formulas, 10 us.
 */
import {
  blackPrice,
  discountFactor,
  forwardPrice,
  type Market,
  type OptionType,
} from '../price/closed-form/black-scholes.js';
import { brentRoot } from './optimise/brent.js';

/** Standard deviations of the log-price beyond which no quote lies. */
const MOST_SD = 20;
const ACCURACY = 1e-12;

/**
 * Per square root of a year; NaN where the price lies at or outside what any volatility gives: the discounted
 * inner value of the forward below, the discounted forward (call) or strike (put) above.
 */
export function impliedVolatility(market: Market, strike: number, price: number, type: OptionType): number {
  const forward = forwardPrice(market);
  const undiscounted = price / discountFactor(market);
  const above = (sd: number): number => blackPrice(forward, strike, sd, type) - undiscounted;
  if (!(above(0) < 0 && above(MOST_SD) > 0)) return NaN;
  return brentRoot(above, 0, MOST_SD, ACCURACY) / Math.sqrt(market.horizonYr);
}
