/**
 * Rates of the order flow of Cont, Stoikov & Talreja (2010) from a level-L historical book, section 4 of
 * the paper.
 *
 * Distances count in ticks from the opposite best, as poisson-flow.ts uses them. A level-L file shows an
 * order only while its price lies within the window, so every rate is events divided by exposure, and
 * exposure counts only the time during which an event at that distance would have been seen: without
 * that, a level-1 file would make distant orders look rare. Per side, both sides pooled:
 *
 *   limit(i)  = limit orders at distance i / time during which distance i was in the window
 *   cancel(i) = lots cancelled at distance i / (lots resting at distance i x time)
 *   market    = visible lots executed / (mean limit order size x time)
 *
 * Distances are pooled in bins, within which the rate is taken as constant. One pass, O(L) per row.
 */
import { BUY, NIL, SELL } from '../sim/market.js';
import type { ReplayFeed } from '../sim/replay-feed.js';
import {
  ASK_LOTS,
  ASK_PRICE,
  BID_LOTS,
  BID_PRICE,
  CANCEL_PART,
  CELLS_PER_LEVEL,
  DELETE,
  EXECUTE_VISIBLE,
  SUBMIT,
} from '../sim/replay-feed.js';

export interface CstFit {
  /** Per side, by distance 1, 2, ... */
  readonly limitRatePerS: number[];
  /** Per order, by distance. */
  readonly cancelRatePerS: number[];
  /** Per side. */
  readonly marketRatePerS: number;
  /** Mean size of a limit order in the file's lots. */
  readonly meanLots: number;
  readonly seconds: number;
  readonly limitOrders: number;
  /** Limit orders that were seen at each distance: how much a rate is worth. */
  readonly seenAtDistance: number[];
}

/** Sums over one pass; index = distance in ticks. */
class Tally {
  readonly arrivals: Float64Array;
  readonly cancelledLots: Float64Array;
  readonly restingLotNs: Float64Array;
  /** Time during which the window reached exactly so far; its suffix sums are the exposure. */
  readonly reachedNs: Float64Array;
  arrivedLots = 0;
  orders = 0;
  executedLots = 0;

  constructor(maxDistance: number) {
    this.arrivals = new Float64Array(maxDistance + 1);
    this.cancelledLots = new Float64Array(maxDistance + 1);
    this.restingLotNs = new Float64Array(maxDistance + 1);
    this.reachedNs = new Float64Array(maxDistance + 1);
  }
}

/**
 * Fits the rates. `tickE4` is the tick in 1e-4 currency. `bins` are the first distances of the bins,
 * ascending from 1; the last entry ends the last bin, so that distances 1..bins.at(-1)-1 get a rate. A
 * bin without exposure has limit rate 0 and takes the cancel rate of the bin before it. Throws Error for
 * a feed of no duration.
 */
export function fitCstRates(feed: ReplayFeed, tickE4: number, bins: readonly number[]): CstFit {
  const maxDistance = bins[bins.length - 1] - 1;
  const tally = new Tally(maxDistance);
  for (let row = 1; row < feed.rows; row++) {
    countTime(feed, row, tickE4, tally);
    countMessage(feed, row, tickE4, tally);
  }
  const seconds = (feed.tNs[feed.rows - 1] - feed.tNs[0]) * 1e-9;
  if (!(seconds > 0) || tally.orders === 0) throw new Error('a fit needs limit orders over some time');
  const meanLots = tally.arrivedLots / tally.orders;
  const exposureS = new Float64Array(maxDistance + 2);
  for (let d = maxDistance; d > 0; d--) exposureS[d] = exposureS[d + 1] + tally.reachedNs[d] * 1e-9;
  const limitRatePerS: number[] = [];
  const cancelRatePerS: number[] = [];
  for (let b = 0; b + 1 < bins.length; b++) {
    const [arrivals, exposure, cancelled, resting] = [
      tally.arrivals,
      exposureS,
      tally.cancelledLots,
      tally.restingLotNs,
    ].map((values) => values.subarray(bins[b], bins[b + 1]).reduce((sum, value) => sum + value, 0));
    const limit = exposure > 0 ? arrivals / exposure : 0;
    const before = cancelRatePerS.length > 0 ? cancelRatePerS[cancelRatePerS.length - 1] : 0;
    const cancel = resting > 0 ? cancelled / (resting * 1e-9) : before;
    for (let d = bins[b]; d < bins[b + 1]; d++) {
      limitRatePerS.push(limit);
      cancelRatePerS.push(cancel);
    }
  }
  return {
    limitRatePerS,
    cancelRatePerS,
    marketRatePerS: tally.executedLots / meanLots / (2 * seconds),
    meanLots,
    seconds,
    limitOrders: tally.orders,
    seenAtDistance: [...tally.arrivals.subarray(1)],
  };
}

/** Cell `cell` of level `level` in the book row before message `row`. */
function cellBefore(feed: ReplayFeed, row: number, level: number, cell: number): number {
  return feed.cells[((row - 1) * feed.levels + level) * CELLS_PER_LEVEL + cell];
}

/** Best price opposite to `side` before message `row`, NIL when that side is empty. */
function oppositeBest(feed: ReplayFeed, row: number, side: number): number {
  return cellBefore(feed, row, 0, side === BUY ? ASK_PRICE : BID_PRICE);
}

/** Adds the time since the row before: how far the window reached, and what rested where. */
function countTime(feed: ReplayFeed, row: number, tickE4: number, tally: Tally): void {
  const dtNs = feed.tNs[row] - feed.tNs[row - 1];
  const maxDistance = tally.reachedNs.length - 1;
  for (let side = BUY; side <= SELL; side++) {
    const opposite = oppositeBest(feed, row, side);
    if (opposite === NIL) continue;
    // A side that is not full hides nothing: its window reaches everywhere.
    let reach = maxDistance;
    for (let level = 0; level < feed.levels; level++) {
      const price = cellBefore(feed, row, level, side === BUY ? BID_PRICE : ASK_PRICE);
      if (price === NIL) break;
      const distance = Math.round(Math.abs(opposite - price) / tickE4);
      if (level === feed.levels - 1) reach = Math.min(reach, distance);
      if (distance > maxDistance) break;
      const lots = cellBefore(feed, row, level, side === BUY ? BID_LOTS : ASK_LOTS);
      tally.restingLotNs[distance] += lots * dtNs;
    }
    tally.reachedNs[reach] += dtNs;
  }
}

function countMessage(feed: ReplayFeed, row: number, tickE4: number, tally: Tally): void {
  const type = feed.type[row];
  if (type === EXECUTE_VISIBLE) tally.executedLots += feed.lots[row];
  if (type !== SUBMIT && type !== CANCEL_PART && type !== DELETE) return;
  if (type === SUBMIT) {
    tally.orders++;
    tally.arrivedLots += feed.lots[row];
  }
  const opposite = oppositeBest(feed, row, feed.side[row]);
  if (opposite === NIL) return;
  const distance = Math.round(Math.abs(opposite - feed.priceE4[row]) / tickE4);
  if (distance >= tally.arrivals.length) return;
  if (type === SUBMIT) tally.arrivals[distance]++;
  else tally.cancelledLots[distance] += feed.lots[row];
}
