/**
 * The market of Avellaneda & Stoikov (2008), section 3.3, to any strategy: a random-walk mid without a book,
 * and fills that get rarer with the distance of an order from it.
 *
 * In each step of dt an own order at distance d from the mid is filled in full with probability A exp(-k d) dt,
 * at most 1, as printed there (intensity-market.ts has the bare recipe behind the published tables); then the
 * mid moves by +sigma sqrt(dt) or -sigma sqrt(dt). Prices are whole ticks: the mid itself is not, and is shown
 * as a bid and an ask one tick below and above the tick nearest to it. There is no depth, no queue and no
 * other trader; an order that would reach the opposite best is refused as in every market here. Draws of a step: one
 * uniform for each own order, oldest first, then one for the sign. O(own orders) a step.
 */
import { exp } from '../math/exp.js';
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import * as codes from '../book/codes.js';
import type { FillSink, Market } from './market.js';
import { MAX_OWN_ORDERS } from './trader.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, REJECT_WOULD_TRADE } = codes;

export interface ToyMarketOptions {
  readonly startMidTicks: number;
  readonly stepMs: number;
  readonly midSigmaTicksPerSqrtS: number;
  readonly fillRatePerS: number;
  readonly fillDecayPerTick: number;
}
