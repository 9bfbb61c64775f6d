/**
 * Intensities of limit orders, cancels and market orders by the size of the queue they meet, level by level.
 *
 * The queue-reactive model of Huang, Lehalle & Rosenbaum (2015, "Simulating and analyzing order book
 * data: the queue-reactive model", JASA 110, 107-122), section 2: around a reference price the i-th queue
 * of a side stands i - 1/2 ticks away; given its size n, in units of the level's average event size
 * rounded up, the three kinds of event come as independent Poisson streams. The maximum-likelihood rates
 * are counts over the time spent at that size, so each has the error of a Poisson count.
 * Both sides are pooled. The reference price is the mid where the spread is odd, else the half tick
 * beside it that is nearer to the last one (section 2.1). Whether it follows a move of the mid is
 * estimated as moves over depletions of a best queue (their theta). One pass for the sizes, one for the
 * rates; O(levels) a row. It supposes a large tick: where the spread is several ticks wide most first
 * queues are empty, which the fit shows and a caller should say.
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
import { RescaledStreams } from './goodness.js';

export const LIMIT = 0;
export const CANCEL = 1;
export const MARKET = 2;
const KINDS = 3;

export interface QueueReactiveFit {
  readonly levels: number;
  /** Sizes 0..maxQueue; the last class holds all larger ones too. */
  readonly maxQueue: number;
  /** Average event size of each level [lots]; sizes of queues count in it. */
  readonly unitLots: Float64Array;
  /** Seconds that a queue of level i, either side, had size n: at i (maxQueue + 1) + n. */
  readonly exposureS: Float64Array;
  /** Events of kind k there: at (i (maxQueue + 1) + n) 3 + k. */
  readonly counts: Float64Array;
  /** Moves of the reference price, and depletions of a best queue that could have moved it. */
  readonly moves: number;
  readonly depletions: number;
  /** Time-weighted mean spread [ticks]. */
  readonly meanSpreadTicks: number;
  readonly seconds: number;
}

/** Where the reference price stands while a feed is read, in half ticks. */
class Reference {
  halfTicks = NIL;
  moves = 0;

  /** Best prices in ticks. */
  follow(bidTicks: number, askTicks: number): void {
    const sum = bidTicks + askTicks;
    let next = sum;
    if ((sum & 1) === 0) {
      // The mid is a whole tick: the reference is half a tick above or below it.
      next = this.halfTicks === NIL || this.halfTicks >= sum ? sum + 1 : sum - 1;
    }
    if (this.halfTicks !== NIL && next !== this.halfTicks) this.moves++;
    this.halfTicks = next;
  }

  /** Level 0.. of a price on a side, below 0 for one beyond the reference. */
  level(side: number, priceTicks: number): number {
    const distance = side === BUY ? this.halfTicks - 2 * priceTicks : 2 * priceTicks - this.halfTicks;
    return (distance - 1) >> 1;
  }
}

/**
 * Hears of each row with both best prices: the time before it, the queues then, and its event if it is
 * near.
 */
type QueueVisitor = (dtNs: number, sizes: Int32Array, kind: number, queue: number, row: number) => void;

/**
 * `sizes` holds the classes of the queues, bids then asks; `queue` is the index there of the one that the
 * event meets, NIL where there is none.
 */
function walk(
  feed: ReplayFeed,
  tickE4: number,
  unitLots: Float64Array,
  maxQueue: number,
  visit: QueueVisitor,
): Reference {
  const levels = unitLots.length;
  const reference = new Reference();
  const sizes = new Int32Array(2 * levels);
  for (let row = 1; row < feed.rows; row++) {
    if (!followRow(feed, row, tickE4, reference)) continue;
    measure(feed, row, tickE4, reference, unitLots, maxQueue, sizes);
    const kind = kindOf(feed.type[row]);
    const side = feed.side[row];
    const level = reference.level(side, Math.round(feed.priceE4[row] / tickE4));
    const near = kind !== NIL && level >= 0 && level < levels && sizes[side * levels + level] >= 0;
    visit(feed.tNs[row] - feed.tNs[row - 1], sizes, kind, near ? side * levels + level : NIL, row);
  }
  return reference;
}

/**
 * `tickE4` is the tick in 1e-4 currency. Rows without both best prices are passed over. Throws Error for a
 * feed of no duration.
 */
export function fitQueueReactive(
  feed: ReplayFeed,
  tickE4: number,
  levels: number,
  maxQueue: number,
): QueueReactiveFit {
  const seconds = (feed.tNs[feed.rows - 1] - feed.tNs[0]) * 1e-9;
  if (!(seconds > 0)) throw new Error('a fit needs a feed of some duration');
  const unitLots = averageSizes(feed, tickE4, levels);
  const classes = maxQueue + 1;
  const exposureS = new Float64Array(levels * classes);
  const counts = new Float64Array(levels * classes * KINDS);
  let spread = 0;
  let knownNs = 0;
  let depletions = 0;
  const reference = walk(feed, tickE4, unitLots, maxQueue, (dtNs, sizes, kind, queue, row) => {
    spread += dtNs * (cell(feed, row, 0, ASK_PRICE) - cell(feed, row, 0, BID_PRICE));
    knownNs += dtNs;
    for (let q = 0; q < sizes.length; q++) {
      if (sizes[q] >= 0) exposureS[(q % levels) * classes + sizes[q]] += dtNs * 1e-9;
    }
    if (queue === NIL) return;
    counts[((queue % levels) * classes + sizes[queue]) * KINDS + kind]++;
    if (kind !== LIMIT && emptiesBest(feed, row)) depletions++;
  });
  const meanSpreadTicks = knownNs > 0 ? spread / knownNs / tickE4 : 0;
  const { moves } = reference;
  return { levels, maxQueue, unitLots, exposureS, counts, moves, depletions, meanSpreadTicks, seconds };
}

/** Rate of a kind of event at a level and queue size, per second; 0 where that size never was. */
export function queueRate(fit: QueueReactiveFit, level: number, size: number, kind: number): number {
  const at = level * (fit.maxQueue + 1) + size;
  return fit.exposureS[at] > 0 ? fit.counts[KINDS * at + kind] / fit.exposureS[at] : 0;
}

/** Time-rescaled residuals of the three kinds of event, all queues together. */
export function queueResiduals(feed: ReplayFeed, tickE4: number, fit: QueueReactiveFit): Float64Array[] {
  const streams = new RescaledStreams(KINDS);
  walk(feed, tickE4, fit.unitLots, fit.maxQueue, (dtNs, sizes, kind, queue) => {
    for (let k = 0; k < KINDS; k++) {
      let rate = 0;
      for (let q = 0; q < sizes.length; q++) {
        if (sizes[q] >= 0) rate += queueRate(fit, q % fit.levels, sizes[q], k);
      }
      streams.pass(k, rate * dtNs * 1e-9);
    }
    if (queue !== NIL) streams.event(kind);
  });
  return streams.residuals();
}

/** Does the event of `row` take all that stands at the best price of its side? */
function emptiesBest(feed: ReplayFeed, row: number): boolean {
  const buys = feed.side[row] === BUY;
  const isBest = feed.priceE4[row] === cell(feed, row, 0, buys ? BID_PRICE : ASK_PRICE);
  return isBest && feed.lots[row] >= cell(feed, row, 0, buys ? BID_LOTS : ASK_LOTS);
}

function kindOf(type: number): number {
  if (type === SUBMIT) return LIMIT;
  if (type === CANCEL_PART || type === DELETE) return CANCEL;
  return type === EXECUTE_VISIBLE ? MARKET : NIL;
}

/** Cell of the book before message `row`. */
function cell(feed: ReplayFeed, row: number, level: number, what: number): number {
  return feed.cells[((row - 1) * feed.levels + level) * CELLS_PER_LEVEL + what];
}

/** Moves the reference to the book before `row`; false where a side is empty. */
function followRow(feed: ReplayFeed, row: number, tickE4: number, reference: Reference): boolean {
  const bid = cell(feed, row, 0, BID_PRICE);
  const ask = cell(feed, row, 0, ASK_PRICE);
  if (bid === NIL || ask === NIL) return false;
  reference.follow(Math.round(bid / tickE4), Math.round(ask / tickE4));
  return true;
}

/** Average size of the events at each level; 1 where none was seen. */
function averageSizes(feed: ReplayFeed, tickE4: number, levels: number): Float64Array {
  const lots = new Float64Array(levels);
  const events = new Float64Array(levels);
  const reference = new Reference();
  for (let row = 1; row < feed.rows; row++) {
    if (!followRow(feed, row, tickE4, reference) || kindOf(feed.type[row]) === NIL) continue;
    const level = reference.level(feed.side[row], Math.round(feed.priceE4[row] / tickE4));
    if (level < 0 || level >= levels) continue;
    lots[level] += feed.lots[row];
    events[level]++;
  }
  return lots.map((sum, i) => (events[i] > 0 ? sum / events[i] : 1));
}

/**
 * Writes the class of each queue, bids then asks: its lots over the unit, rounded up; NIL where the file does
 * not show the level.
 */
function measure(
  feed: ReplayFeed,
  row: number,
  tickE4: number,
  reference: Reference,
  unitLots: Float64Array,
  maxQueue: number,
  sizes: Int32Array,
): void {
  const levels = unitLots.length;
  for (let side = BUY; side <= SELL; side++) {
    const priceCell = side === BUY ? BID_PRICE : ASK_PRICE;
    const lotsCell = side === BUY ? BID_LOTS : ASK_LOTS;
    const worst = cell(feed, row, feed.levels - 1, priceCell);
    const shown = worst === NIL ? levels : reference.level(side, Math.round(worst / tickE4)) + 1;
    for (let level = 0; level < levels; level++) sizes[side * levels + level] = level < shown ? 0 : NIL;
    for (let rank = 0; rank < feed.levels; rank++) {
      const price = cell(feed, row, rank, priceCell);
      if (price === NIL) break;
      const level = reference.level(side, Math.round(price / tickE4));
      if (level >= levels) break;
      if (level < 0) continue;
      const units = Math.ceil(cell(feed, row, rank, lotsCell) / unitLots[level]);
      sizes[side * levels + level] = Math.min(maxQueue, units);
    }
  }
}
