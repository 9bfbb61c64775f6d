/**
 * Market orders of a feed and how deep they reached into the book, and the volatility of the mid.
 *
 * Executions at one time against one side are one market order. Its reach is the distance of its last
 * price from the mid before it: the farthest quote of that side that it would have filled, so the number
 * of orders with reach delta or more estimates the fill rate of a quote at delta (Avellaneda & Stoikov
 * 2008, section 2.5).
 */
import { NIL, SELL } from '../sim/market.js';
import type { ReplayFeed } from '../sim/replay-feed.js';
import {
  ASK_PRICE,
  BID_PRICE,
  CELLS_PER_LEVEL,
  EXECUTE_HIDDEN,
  EXECUTE_VISIBLE,
} from '../sim/replay-feed.js';

export interface MarketOrders {
  /** Nanoseconds since the feed's first row. */
  readonly tNs: Float64Array;
  /**
   * Distance of the last price from the mid before, in units of 1e-4 currency; NaN where a side was
   * empty.
   */
  readonly reachE4: Float64Array;
  readonly lots: Float64Array;
  /** 0: a buyer took asks, 1: a seller took bids. */
  readonly takerSide: Uint8Array;
}

/**
 * `withHidden`: executions of hidden orders count too; they say nothing about reach and are skipped
 * there.
 */
export function marketOrders(feed: ReplayFeed, withHidden: boolean): MarketOrders {
  const tNs: number[] = [];
  const reachE4: number[] = [];
  const lots: number[] = [];
  const takerSide: number[] = [];
  let mid = NaN;
  for (let row = 0; row < feed.rows; row++) {
    const type = feed.type[row];
    if (type !== EXECUTE_VISIBLE && !(withHidden && type === EXECUTE_HIDDEN)) continue;
    const last = tNs.length - 1;
    const t = feed.tNs[row] - feed.tNs[0];
    const side = feed.side[row] === SELL ? 0 : 1;
    const same = last >= 0 && tNs[last] === t && takerSide[last] === side;
    if (!same) {
      mid = midBefore(feed, row);
      tNs.push(t);
      reachE4.push(NaN);
      lots.push(0);
      takerSide.push(side);
    }
    const at = tNs.length - 1;
    lots[at] += feed.lots[row];
    if (type !== EXECUTE_VISIBLE) continue;
    const reach = (side === 0 ? 1 : -1) * (feed.priceE4[row] - mid);
    reachE4[at] = Number.isNaN(reachE4[at]) ? reach : Math.max(reachE4[at], reach);
  }
  return {
    tNs: Float64Array.from(tNs),
    reachE4: Float64Array.from(reachE4),
    lots: Float64Array.from(lots),
    takerSide: Uint8Array.from(takerSide),
  };
}

/** Mid before message `row` in 1e-4 currency; NaN where a side is empty or no book is known. */
export function midBefore(feed: ReplayFeed, row: number): number {
  if (row === 0 || feed.levels === 0) return NaN;
  const at = (row - 1) * feed.levels * CELLS_PER_LEVEL;
  const [bid, ask] = [feed.cells[at + BID_PRICE], feed.cells[at + ASK_PRICE]];
  return bid === NIL || ask === NIL ? NaN : 0.5 * (bid + ask);
}

/**
 * Standard deviation of the mid's changes per root second, in 1e-4 currency, from samples every `everyS`
 * seconds; 0 with fewer than two samples.
 */
export function midVolatilityE4(feed: ReplayFeed, everyS: number): number {
  let next = feed.tNs[0];
  let before = NaN;
  let squares = 0;
  let changes = 0;
  for (let row = 1; row < feed.rows; row++) {
    for (; feed.tNs[row] > next; next += everyS * 1e9) {
      const mid = midBefore(feed, row);
      if (!Number.isNaN(mid - before)) {
        squares += (mid - before) * (mid - before);
        changes++;
      }
      before = mid;
    }
  }
  return changes > 0 ? Math.sqrt(squares / (changes * everyS)) : 0;
}

/** Time-weighted mean of best ask minus best bid in 1e-4 currency; 0 where both were never there. */
export function meanSpreadE4(feed: ReplayFeed): number {
  let sum = 0;
  let knownNs = 0;
  for (let row = 1; row < feed.rows && feed.levels > 0; row++) {
    const at = (row - 1) * feed.levels * CELLS_PER_LEVEL;
    const [bid, ask] = [feed.cells[at + BID_PRICE], feed.cells[at + ASK_PRICE]];
    if (bid === NIL || ask === NIL) continue;
    const dtNs = feed.tNs[row] - feed.tNs[row - 1];
    sum += dtNs * (ask - bid);
    knownNs += dtNs;
  }
  return knownNs > 0 ? sum / knownNs : 0;
}
