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
 *   market    = visible lots ordered / (mean limit order size x time during which a side had orders)
 *
 * Lots ordered are those executed, and where market orders emptied a side of the book, what they could not
 * get: truncated-sizes.ts. Distances are pooled in bins, within which the rate is taken as constant. One
 * pass, O(L) per row. Standard errors are those of Poisson arrivals whose sizes scatter: sqrt(sum of
 * squared lots) over what the lots are divided by, which for single lots is rate / sqrt(events); executions
 * at one time are one market order.
 */
import { BUY, NIL, SELL } from '../sim/market.js';
import type { ReplayFeed } from '../sim/replay-feed.js';
import { meanSize } from './truncated-sizes.js';
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
  /** Cancels, in whole or in part, at each distance. */
  readonly cancelsAtDistance: number[];
  readonly marketOrders: number;
  /** Standard errors in the order of the rates; 0 where nothing was seen. */
  readonly limitErrorPerS: number[];
  readonly cancelErrorPerS: number[];
  readonly marketErrorPerS: number;
  readonly meanLotsError: number;
}

/** Sums over one pass; index = distance in ticks. */
class Tally {
  readonly arrivals: Float64Array;
  readonly cancelledLots: Float64Array;
  readonly restingLotNs: Float64Array;
  /** Time during which the window reached exactly so far; its suffix sums are the exposure. */
  readonly reachedNs: Float64Array;
  readonly cancels: Float64Array;
  readonly cancelledSquares: Float64Array;
  arrivedLots = 0;
  arrivedSquares = 0;
  orders = 0;
  executedLots = 0;
  executedSquares = 0;
  /** Lots that each market order took, and whether it left its side empty. */
  readonly takenLots: number[] = [];
  readonly emptied: boolean[] = [];
  /** Time during which a side was empty, both sides added up. */
  emptyNs = 0;
  /** The market order whose executions are being counted. */
  lastTakenNs = -1;
  lastTakenSide = NIL;

  constructor(maxDistance: number) {
    this.arrivals = new Float64Array(maxDistance + 1);
    this.cancelledLots = new Float64Array(maxDistance + 1);
    this.restingLotNs = new Float64Array(maxDistance + 1);
    this.reachedNs = new Float64Array(maxDistance + 1);
    this.cancels = new Float64Array(maxDistance + 1);
    this.cancelledSquares = new Float64Array(maxDistance + 1);
  }

  /** Lots executed against a side; those of one moment belong to one market order. */
  execute(tNs: number, side: number, lots: number, emptied: boolean): void {
    const { takenLots } = this;
    const same = tNs === this.lastTakenNs && side === this.lastTakenSide;
    if (!same) takenLots.push(0);
    const at = takenLots.length - 1;
    const before = takenLots[at];
    this.lastTakenNs = tNs;
    this.lastTakenSide = side;
    takenLots[at] += lots;
    this.emptied[at] = emptied;
    this.executedLots += lots;
    this.executedSquares += takenLots[at] * takenLots[at] - before * before;
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
  const pooled = poolRates(tally, exposureS, bins);
  const { orders } = tally;
  const sizeVariance = Math.max(0, tally.arrivedSquares / orders - meanLots * meanLots);
  const meanLotsError = Math.sqrt(sizeVariance / orders);
  const market = ordered(tally);
  const marketRatePerS = market.lots / meanLots / (2 * seconds - tally.emptyNs * 1e-9);
  // Relative variances of the ordered lots and of the mean size they are divided by add up.
  const ofMean = (meanLotsError / meanLots) * (meanLotsError / meanLots);
  return {
    ...pooled,
    marketRatePerS,
    meanLots,
    seconds,
    limitOrders: orders,
    marketOrders: tally.takenLots.length,
    seenAtDistance: [...tally.arrivals.subarray(1)],
    cancelsAtDistance: [...tally.cancels.subarray(1)],
    marketErrorPerS: marketRatePerS * Math.sqrt(market.relativeVariance + ofMean),
    meanLotsError,
  };
}

/** Lots of the market orders, and their variance over the square. */
function ordered({ takenLots, emptied, executedLots, executedSquares }: Tally) {
  if (!emptied.includes(true)) {
    const relativeVariance = executedSquares / Math.max(1, executedLots * executedLots);
    return { lots: executedLots, relativeVariance };
  }
  const n = takenLots.length;
  const { mean, variance } = meanSize(takenLots, emptied);
  return { lots: n * mean, relativeVariance: 1 / n + variance / (mean * mean) };
}

type Pooled = Pick<CstFit, 'limitRatePerS' | 'cancelRatePerS' | 'limitErrorPerS' | 'cancelErrorPerS'>;

/** Rates and errors by distance, those of a bin alike. */
function poolRates(tally: Tally, exposureS: Float64Array, bins: readonly number[]): Pooled {
  const pooled = {
    limitRatePerS: [] as number[],
    cancelRatePerS: [] as number[],
    limitErrorPerS: [] as number[],
    cancelErrorPerS: [] as number[],
  };
  let cancel = 0;
  let cancelError = 0;
  for (let b = 0; b + 1 < bins.length; b++) {
    const sum = (values: Float64Array): number =>
      values.subarray(bins[b], bins[b + 1]).reduce((total, value) => total + value, 0);
    const [arrivals, exposure] = [sum(tally.arrivals), sum(exposureS)];
    const limit = exposure > 0 ? arrivals / exposure : 0;
    const limitError = exposure > 0 ? Math.sqrt(arrivals) / exposure : 0;
    const restingS = sum(tally.restingLotNs) * 1e-9;
    if (restingS > 0) {
      cancel = sum(tally.cancelledLots) / restingS;
      cancelError = Math.sqrt(sum(tally.cancelledSquares)) / restingS;
    }
    for (let d = bins[b]; d < bins[b + 1]; d++) {
      pooled.limitRatePerS.push(limit);
      pooled.limitErrorPerS.push(limitError);
      pooled.cancelRatePerS.push(cancel);
      pooled.cancelErrorPerS.push(cancelError);
    }
  }
  return pooled;
}

/**
 * First distances of bins that hold at least `least` limit orders each, the last one widened to the end
 * 1 + `maxDistance`: bins as fine as the sample allows.
 */
export function binsBySample(seenAtDistance: readonly number[], least: number): number[] {
  const bins = [1];
  let seen = 0;
  for (let d = 1; d <= seenAtDistance.length; d++) {
    seen += seenAtDistance[d - 1];
    if (seen < least || d === seenAtDistance.length) continue;
    bins.push(d + 1);
    seen = 0;
  }
  if (bins.length > 1 && seen < least) bins.pop();
  bins.push(seenAtDistance.length + 1);
  return bins;
}

/** Cell `cell` of level `level` in the book row before message `row`. */
export function cellBefore(feed: ReplayFeed, row: number, level: number, cell: number): number {
  return feed.cells[((row - 1) * feed.levels + level) * CELLS_PER_LEVEL + cell];
}

/** Best price opposite to `side` before message `row`, NIL when that side is empty. */
export function oppositeBest(feed: ReplayFeed, row: number, side: number): number {
  return cellBefore(feed, row, 0, side === BUY ? ASK_PRICE : BID_PRICE);
}

/** Adds the time since the row before: how far the window reached, and what rested where. */
function countTime(feed: ReplayFeed, row: number, tickE4: number, tally: Tally): void {
  const dtNs = feed.tNs[row] - feed.tNs[row - 1];
  const maxDistance = tally.reachedNs.length - 1;
  for (let side = BUY; side <= SELL; side++) {
    const opposite = oppositeBest(feed, row, side);
    if (opposite === NIL) {
      tally.emptyNs += dtNs;
      continue;
    }
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
  const lots = feed.lots[row];
  if (type === EXECUTE_VISIBLE) {
    const side = feed.side[row];
    const left = cellBefore(feed, row + 1, 0, side === BUY ? BID_PRICE : ASK_PRICE);
    tally.execute(feed.tNs[row], side, lots, left === NIL);
  }
  if (type !== SUBMIT && type !== CANCEL_PART && type !== DELETE) return;
  if (type === SUBMIT) {
    tally.orders++;
    tally.arrivedLots += lots;
    tally.arrivedSquares += lots * lots;
  }
  const opposite = oppositeBest(feed, row, feed.side[row]);
  if (opposite === NIL) return;
  const distance = Math.round(Math.abs(opposite - feed.priceE4[row]) / tickE4);
  if (distance >= tally.arrivals.length) return;
  if (type === SUBMIT) {
    tally.arrivals[distance]++;
    return;
  }
  tally.cancels[distance]++;
  tally.cancelledLots[distance] += lots;
  tally.cancelledSquares[distance] += lots * lots;
}
