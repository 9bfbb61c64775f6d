/**
 * The limit order book of one instrument: every resting order, price-time priority, in one typed array.
 *
 * Why this structure: one Int32Array of 8-int nodes holds a node per price level about the best prices and,
 * after them, a node per order and per level further off. A level is the sentinel of a circular doubly linked
 * list of its orders and carries the level's lots, so that unlinking is two stores without a branch and the
 * total stands in the line already touched. Both sides share the ladder: a book at rest is never crossed, so
 * a level is buy or sell by its price and the best prices are two integers. Ids index a table of nodes; freed
 * nodes are used again last in, first out, which keeps the hot ones in cache.
 * Cost: cancel, rest and each fill O(1); the next best level by bitmap O(1); queueAheadLots O(orders
 * ahead); FOK O(levels up to its price); depth O(levels written). Nothing is allocated except when the
 * book outgrows its arrays.
 * Slow: orders far from the best prices, compared to the others (ladder.ts); books deeper than the cache; ids
 * that are not dense.
 * One class in layers, so that there is one hidden class and no field is reached through another object:
 * memory, ladder, matching (the hot path), special-orders, requests, snapshot, and here the calls and
 * questions.
 * Slow obvious twin: naive.ts; C++ twin, in files of the same names: native-bench/book.hpp. Both are
 * compared by hashes of answers, events and state.
 */
import * as codes from './codes.js';
import * as events from './events.js';
import { isPrice } from './ladder.js';
import { BEYOND } from './level-set.js';
import * as memory from './memory.js';
import { Snapshots } from './snapshot.js';
import type { OrderBook } from './types.js';

const { BUY, NIL, SELL } = codes;
const { EXTRA, ID, LEVEL, PREV, PRICE, QTY, UNSEEN } = memory;

/**
 * What the state hash takes from the record of a special order that rests, and of a stop order that
 * waits.
 */
const RESTING_WORDS = [memory.X_OWNER, memory.X_PARTNER, memory.X_RESERVE, memory.X_PEAK, memory.X_HIDDEN];
const WAITING_WORDS = [
  memory.X_ID,
  memory.X_SIDE,
  memory.X_TRIGGER,
  memory.X_PRICE,
  memory.X_LOTS,
  memory.X_TYPE,
  memory.X_TIF,
  memory.X_DISPLAY,
  memory.X_OWNER,
  memory.X_SELF_TRADE,
  memory.X_PARTNER,
];

/** The fast book. See OrderBook for what each call means. */
export class Book extends Snapshots implements OrderBook {
  get bestBidTicks(): number {
    return this.bidTicks;
  }

  get bestAskTicks(): number {
    return this.askTicks === BEYOND ? NIL : this.askTicks;
  }

  protected limitSlowly(id: number, side: number, priceTicks: number, lots: number, tif: number): number {
    if (lots < 1) return this.refuse(id, codes.REJECT_QTY);
    if (this.halted) return this.refuse(id, codes.REJECT_HALTED);
    if (!this.isInBand(priceTicks)) return this.refuse(id, codes.REJECT_BAND);
    if (!isPrice(priceTicks)) return this.refuse(id, codes.REJECT_PRICE);
    if (id < 0 || id >= this.maxIds) return this.refuse(id, codes.REJECT_ID);
    if (this.nodeAt(id) !== 0) return this.refuse(id, codes.REJECT_DUPLICATE_ID);
    if (id >= this.nodeOf.length) this.makeRoomForId(id);
    if (this.inWindow(priceTicks)) return this.limit(id, side, priceTicks, lots, tif);
    const reaches = side === BUY ? priceTicks >= this.askTicks : priceTicks <= this.bidTicks;
    if (reaches) return this.cross(id, side, priceTicks, lots, tif);
    return this.restOrNot(id, side, priceTicks, lots, tif);
  }

  protected restOrNot(id: number, side: number, priceTicks: number, lots: number, tif: number): number {
    if (tif === codes.TIF_FOK) return this.refuse(id, codes.REJECT_WOULD_NOT_FILL);
    if (tif !== codes.TIF_IOC) return this.restAnywhere(id, side, priceTicks, lots);
    const what = events.EVENT_DONE | (side << events.SIDE_SHIFT);
    if (this.recording !== 0) this.record(what, id, NIL, 0, lots);
    return 0;
  }

  protected crossing(side: number, limitTicks: number, qtyLots: number, tif: number): number {
    if (tif === codes.TIF_FOK)
      return this.canFill(side, limitTicks, qtyLots) ? 0 : codes.REJECT_WOULD_NOT_FILL;
    if (tif !== codes.TIF_SLIDE) return codes.REJECT_WOULD_TRADE;
    const priceTicks = side === BUY ? this.askTicks - 1 : this.bidTicks + 1;
    if (!isPrice(priceTicks)) return codes.REJECT_WOULD_TRADE;
    if (!this.isInBand(priceTicks)) return codes.REJECT_BAND;
    return 1 + priceTicks;
  }

  protected marketSlowly(id: number, side: number, qtyLots: number): number {
    if (qtyLots < 1) return this.refuse(id, codes.REJECT_QTY);
    if (this.halted) return this.refuse(id, codes.REJECT_HALTED);
    if (id < 0 || id >= this.maxIds) return this.refuse(id, codes.REJECT_ID);
    if (this.nodeAt(id) !== 0) return this.refuse(id, codes.REJECT_DUPLICATE_ID);
    return this.cross(id, side, this.marketTicks(side), qtyLots, codes.TIF_IOC);
  }

  replace(id: number, priceTicks: number, qtyLots: number): number {
    if (qtyLots < 1) return this.refuse(id, codes.REJECT_QTY);
    if (this.halted) return this.refuse(id, codes.REJECT_HALTED);
    if (this.nodeAt(id) <= 0) return this.refuse(id, codes.REJECT_UNKNOWN_ID);
    if (!this.isInBand(priceTicks)) return this.refuse(id, codes.REJECT_BAND);
    if (!isPrice(priceTicks)) return this.refuse(id, codes.REJECT_PRICE);
    const node = this.nodeOf[id];
    const nodes = this.nodes;
    const sentinel = nodes[node + LEVEL];
    const isSame = priceTicks === nodes[sentinel + PRICE];
    const extra = nodes[node + EXTRA];
    const ownLots = nodes[node + QTY] + (extra === 0 ? 0 : this.extras[extra + memory.X_RESERVE]);
    const side = nodes[sentinel + PRICE] <= this.bidTicks ? BUY : SELL;
    const peak = extra === 0 ? 0 : this.extras[extra + memory.X_PEAK];
    if (peak > 0 && qtyLots > peak * codes.MAX_PEAKS) return this.refuse(id, codes.REJECT_DISPLAY);
    const keeps = isSame && qtyLots <= ownLots;
    if (!keeps && (side === BUY ? priceTicks < this.askTicks : priceTicks > this.bidTicks)) {
      const others = this.heldAt(priceTicks) - (isSame ? ownLots : 0);
      if (others + qtyLots > codes.MAX_LEVEL_LOTS) return this.refuse(id, codes.REJECT_QTY);
    }
    let traded = 0;
    if (extra !== 0) traded = this.replaceSpecial(node, priceTicks, qtyLots);
    else if (keeps) {
      nodes[sentinel + QTY] -= ownLots - qtyLots;
      nodes[node + QTY] = qtyLots;
      this.recordReduce(node);
    } else {
      this.remove(id, node, events.CAUSE_REPLACE);
      traded = this.limit(id, side, priceTicks, qtyLots, codes.TIF_GTC);
    }
    if (this.stopsWaiting !== 0) this.triggerStops();
    return traded;
  }

  qtyAt(priceTicks: number): number {
    const sentinel = this.levelAt(priceTicks);
    return sentinel === NIL ? 0 : this.nodes[sentinel + QTY];
  }

  sideOf(id: number): number {
    const node = this.nodeAt(id);
    if (node <= 0) return NIL;
    return this.nodes[this.nodes[node + LEVEL] + PRICE] <= this.bidTicks ? BUY : SELL;
  }

  priceOf(id: number): number {
    const node = this.nodeAt(id);
    return node <= 0 ? NIL : this.nodes[this.nodes[node + LEVEL] + PRICE];
  }

  qtyOf(id: number): number {
    const node = this.nodeAt(id);
    return node <= 0 ? 0 : this.nodes[node + QTY];
  }

  queueAheadLots(id: number): number {
    let node = this.nodeAt(id);
    if (node <= 0) return NIL;
    const nodes = this.nodes;
    const level = nodes[node + LEVEL];
    let lots = 0;
    for (node = nodes[node + PREV]; node !== level; node = nodes[node + PREV]) lots += nodes[node + QTY];
    return lots;
  }

  depth(side: number, outPricesTicks: Int32Array, outQtysLots: Int32Array, max: number): number {
    return this.writeLevels(side, outPricesTicks, outQtysLots, max, false);
  }

  /** As depth, with hidden lots and the reserves of icebergs. */
  wholeDepth(side: number, outPricesTicks: Int32Array, outQtysLots: Int32Array, max: number): number {
    return this.writeLevels(side, outPricesTicks, outQtysLots, max, true);
  }

  private writeLevels(
    side: number,
    outPricesTicks: Int32Array,
    outQtysLots: Int32Array,
    max: number,
    whole: boolean,
  ): number {
    let count = 0;
    let priceTicks = side === BUY ? this.bidTicks : this.askTicks;
    while (count < max && isPrice(priceTicks)) {
      const sentinel = this.levelAt(priceTicks);
      outPricesTicks[count] = priceTicks;
      outQtysLots[count] = this.nodes[sentinel + QTY] + (whole ? this.nodes[sentinel + UNSEEN] : 0);
      if (outQtysLots[count] > 0) count++;
      priceTicks = this.nextTicks(side, priceTicks);
    }
    return count;
  }

  stateHash(): number {
    const nodes = this.nodes;
    let h = 2166136261;
    for (let side = BUY; side <= SELL; side++) {
      let priceTicks = side === BUY ? this.bidTicks : this.askTicks;
      while (isPrice(priceTicks)) {
        const sentinel = this.levelAt(priceTicks);
        h = mix(mix(h, priceTicks), nodes[sentinel + QTY]);
        for (let node = nodes[sentinel]; node !== sentinel; node = nodes[node]) {
          h = mix(mix(h, nodes[node + ID]), nodes[node + QTY]);
          if (nodes[node + EXTRA] !== 0) h = this.mixExtra(mix(h, -3), nodes[node + EXTRA], RESTING_WORDS);
        }
        priceTicks = this.nextTicks(side, priceTicks);
      }
      h = mix(h, -1 - side);
    }
    if (this.stopsWaiting === 0) return h >>> 0;
    h = mix(h, this.lastTicks);
    for (const extra of this.waitingStops()) h = this.mixExtra(h, extra, WAITING_WORDS);
    return h >>> 0;
  }

  private mixExtra(hash: number, extra: number, words: readonly number[]): number {
    let h = hash;
    for (const word of words) h = mix(h, this.extras[extra + word]);
    return h;
  }

  override reset(): void {
    super.reset();
    this.resetSpecial();
  }
}

function mix(h: number, value: number): number {
  const product = Math.imul(h ^ value, 16777619);
  return product ^ (product >>> 15);
}
