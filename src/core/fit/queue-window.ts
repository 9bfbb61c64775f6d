/**
 * The queues around a reference price as the rows of a feed show them: sizes by level, and what an event
 * meets.
 *
 * Reference prices lie half a tick between two prices and count in half ticks; the i-th queue of a side, i
 * = 0, 1, ..., stands i + 1/2 ticks away (Huang, Lehalle & Rosenbaum 2015, section 2.1). O(levels) a row.
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

export const LIMIT = 0;
export const CANCEL = 1;
export const MARKET = 2;
export const KINDS = 3;

/** The kind of event of a message type, NIL for the others. */
export function kindOf(type: number): number {
  if (type === SUBMIT) return LIMIT;
  if (type === CANCEL_PART || type === DELETE) return CANCEL;
  return type === EXECUTE_VISIBLE ? MARKET : NIL;
}

/** Level 0.. of a price on a side, below 0 for one beyond the reference. */
export function levelOf(referenceHalfTicks: number, side: number, priceTicks: number): number {
  const distance = side === BUY ? referenceHalfTicks - 2 * priceTicks : 2 * priceTicks - referenceHalfTicks;
  return (distance - 1) >> 1;
}

/**
 * The reference that the paper reads off the best prices: the mid where the spread is odd, else the half tick
 * beside it that is nearer to the last one.
 */
export function observedReference(before: number, bidTicks: number, askTicks: number): number {
  const sum = bidTicks + askTicks;
  if ((sum & 1) !== 0) return sum;
  return before === NIL || before >= sum ? sum + 1 : sum - 1;
}

/** Reads a feed queue by queue. `tickE4` is the tick in 1e-4 currency. */
export class QueueWindow {
  readonly feed: ReplayFeed;
  readonly levels: number;
  /** Average event size of each level [lots]; sizes of queues count in it. */
  readonly unitLots: Float64Array;
  /** Classes of the queues after measure(), bids then asks; NIL where the file does not show the level. */
  readonly sizes: Int32Array;
  /** Level of the best bid and ask after measure(); beyond the levels where it is farther away. */
  readonly best = new Int32Array(2);
  /** Best prices after quotes() [ticks]. */
  bidTicks = NIL;
  askTicks = NIL;
  private readonly tickE4: number;
  private readonly maxQueue: number;

  constructor(feed: ReplayFeed, tickE4: number, levels: number, maxQueue: number) {
    this.feed = feed;
    this.tickE4 = tickE4;
    this.levels = levels;
    this.maxQueue = maxQueue;
    this.sizes = new Int32Array(2 * levels);
    this.unitLots = this.averageSizes();
  }

  /** Takes the best prices before message `row`, 1 .. rows; false where a side is empty. */
  quotes(row: number): boolean {
    const bid = this.cell(row, 0, BID_PRICE);
    const ask = this.cell(row, 0, ASK_PRICE);
    if (bid === NIL || ask === NIL) return false;
    this.bidTicks = Math.round(bid / this.tickE4);
    this.askTicks = Math.round(ask / this.tickE4);
    return true;
  }

  /** Price of message `row` in ticks. */
  priceTicks(row: number): number {
    return Math.round(this.feed.priceE4[row] / this.tickE4);
  }

  /** Sizes and best levels before message `row` around a reference price: lots over the unit, rounded up. */
  measure(row: number, referenceHalfTicks: number): void {
    const { levels, sizes, feed, unitLots } = this;
    for (let side = BUY; side <= SELL; side++) {
      const priceCell = side === BUY ? BID_PRICE : ASK_PRICE;
      const lotsCell = side === BUY ? BID_LOTS : ASK_LOTS;
      const levelAt = (price: number): number =>
        levelOf(referenceHalfTicks, side, Math.round(price / this.tickE4));
      const worst = this.cell(row, feed.levels - 1, priceCell);
      const shown = worst === NIL ? levels : levelAt(worst) + 1;
      for (let level = 0; level < levels; level++) sizes[side * levels + level] = level < shown ? 0 : NIL;
      this.best[side] = levels;
      for (let rank = 0; rank < feed.levels; rank++) {
        const price = this.cell(row, rank, priceCell);
        if (price === NIL) break;
        const level = levelAt(price);
        if (rank === 0) this.best[side] = level;
        if (level >= levels) break;
        if (level < 0) continue;
        const units = Math.ceil(this.cell(row, rank, lotsCell) / unitLots[level]);
        sizes[side * levels + level] = Math.min(this.maxQueue, units);
      }
    }
  }

  /** Number of the queue, bids then asks, that the event of `row` meets after measure(); NIL for none. */
  queueOf(row: number, referenceHalfTicks: number): number {
    const side = this.feed.side[row];
    const level = levelOf(referenceHalfTicks, side, this.priceTicks(row));
    const kind = kindOf(this.feed.type[row]);
    if (kind === NIL || level < 0 || level >= this.levels) return NIL;
    const queue = side * this.levels + level;
    return this.sizes[queue] >= 0 && (kind !== MARKET || this.best[side] === level) ? queue : NIL;
  }

  private cell(row: number, level: number, what: number): number {
    return this.feed.cells[((row - 1) * this.feed.levels + level) * CELLS_PER_LEVEL + what];
  }

  /** Average size of the events at each level of the observed reference; 1 where none was seen. */
  private averageSizes(): Float64Array {
    const { feed, levels } = this;
    const lots = new Float64Array(levels);
    const events = new Float64Array(levels);
    let reference = NIL;
    for (let row = 1; row < feed.rows; row++) {
      if (!this.quotes(row)) continue;
      reference = observedReference(reference, this.bidTicks, this.askTicks);
      if (kindOf(feed.type[row]) === NIL) continue;
      const level = levelOf(reference, feed.side[row], this.priceTicks(row));
      if (level < 0 || level >= levels) continue;
      lots[level] += feed.lots[row];
      events[level]++;
    }
    return lots.map((sum, i) => (events[i] > 0 ? sum / events[i] : 1));
  }
}
