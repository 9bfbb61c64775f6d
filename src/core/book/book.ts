/**
 * The limit order book of one instrument: every resting order, price-time priority, in one typed array.
 *
 * Why this structure: one Int32Array of 8-int nodes holds a node per price level and, after them, a node per
 * order. A level is the sentinel of a circular doubly linked list of its orders and carries the level's lots,
 * so that unlinking is two stores without a branch and the total stands in the line already touched. Both
 * sides share the ladder: a book at rest is never crossed, so a level is buy or sell by its place and the
 * best prices are two integers. Ids index a table of nodes; freed nodes are used again last in, first out,
 * which keeps the hot ones in cache.
 * Cost: cancel, rest and each fill O(1); the next best level by bitmap O(1); queueAheadLots O(orders ahead);
 * FOK O(levels up to its price); depth O(levels written). Nothing is allocated except when the book outgrows
 * its arrays.
 * Slow: a price that leaves the ladder rebuilds it (a move or a doubling, O(ladder + orders)); books deeper
 * than the cache; ids that are not dense.
 * Slow obvious twin: naive.ts, compared by state hash. C++ twin: native-bench/book.hpp.
 */
import * as codes from './codes.js';
import {
  REJECT_DUPLICATE_ID,
  REJECT_FULL,
  REJECT_ID,
  REJECT_PRICE,
  REJECT_QTY,
  REJECT_UNKNOWN_ID,
  REJECT_WOULD_NOT_FILL,
  REJECT_WOULD_TRADE,
} from './codes.js';
import * as events from './events.js';
import type { EventSink } from './events.js';
import * as levelSet from './level-set.js';
import * as memory from './memory.js';
import type { BookOptions, OrderBook, TradeSink } from './types.js';

// An imported binding is read again at each use; a constant of the file itself is folded into the code.
const { BUY, NIL, SELL, TIF_FOK, TIF_GTC, TIF_IOC, TIF_POST_ONLY } = codes;
const { EVENT_CANCEL, EVENT_DONE, EVENT_FILL, EVENT_REDUCE, EVENT_REJECT, EVENT_REST } = events;
const { CAUSE_CANCEL, CAUSE_REPLACE, CAUSE_SHIFT, EVENT_WORDS, SIDE_SHIFT } = events;
const { BEYOND } = levelSet;
const { ID, LEVEL, PREV, QTY } = memory;
const EVENTS_END = memory.EVENT_RECORDS * EVENT_WORDS;

const DEAF: TradeSink = { onTrade() {} };

/** The fast book. See OrderBook for what each call means. */
export class Book extends memory.BookMemory implements OrderBook {
  declare private readonly sink: TradeSink;

  /** Reports either its trades alone, as they happen, or all that happens as the stream of events.ts. */
  constructor(options: BookOptions, report: TradeSink | EventSink) {
    const streams = 'onEvents' in report;
    super(options, streams ? report : null);
    this.sink = streams ? DEAF : report;
  }

  get bestBidTicks(): number {
    return this.bidLevel < 0 ? NIL : this.bidLevel + this.baseTicks;
  }

  get bestAskTicks(): number {
    return this.askLevel === BEYOND ? NIL : this.askLevel + this.baseTicks;
  }

  limit(id: number, side: number, priceTicks: number, qtyLots: number, tif: number): number {
    if (qtyLots < 1) return this.refuse(id, REJECT_QTY);
    let level = priceTicks - this.baseTicks;
    if (level < 0 || level >= this.ticks) {
      if (!this.makeRoom(priceTicks)) return this.refuse(id, REJECT_PRICE);
      level = priceTicks - this.baseTicks;
    }
    if (id < 0 || id >= this.nodeOf.length) {
      if (!this.makeRoomForId(id)) return this.refuse(id, REJECT_ID);
    } else if (this.nodeOf[id] !== 0) return this.refuse(id, REJECT_DUPLICATE_ID);
    return this.enter(id, side, level, qtyLots, tif);
  }

  market(id: number, side: number, qtyLots: number): number {
    if (qtyLots < 1) return this.refuse(id, REJECT_QTY);
    if (id < 0 || id >= this.maxIds) return this.refuse(id, REJECT_ID);
    if (this.nodeAt(id) !== 0) return this.refuse(id, REJECT_DUPLICATE_ID);
    const left = this.take(id, side, side === BUY ? this.ticks : -1, qtyLots);
    if (this.recording !== 0) this.record(EVENT_DONE | (side << SIDE_SHIFT), id, NIL, qtyLots - left, left);
    return qtyLots - left;
  }

  cancel(id: number): number {
    const node = this.nodeAt(id);
    if (node === 0) return this.refuse(id, REJECT_UNKNOWN_ID);
    const qtyLots = this.nodes[node + QTY];
    this.nodeOf[id] = 0;
    this.remove(id, node, CAUSE_CANCEL);
    return qtyLots;
  }

  replace(id: number, priceTicks: number, qtyLots: number): number {
    if (qtyLots < 1) return this.refuse(id, REJECT_QTY);
    if (this.nodeAt(id) === 0) return this.refuse(id, REJECT_UNKNOWN_ID);
    const outside = priceTicks < this.baseTicks || priceTicks >= this.baseTicks + this.ticks;
    if (outside && !this.makeRoom(priceTicks)) return this.refuse(id, REJECT_PRICE);
    const node = this.nodeOf[id];
    const nodes = this.nodes;
    const oldLevel = nodes[node + LEVEL] >> 3;
    const level = priceTicks - this.baseTicks;
    const less = nodes[node + QTY] - qtyLots;
    const side = oldLevel <= this.bidLevel ? BUY : SELL;
    if (level === oldLevel && less >= 0) {
      const levelLots = nodes[(level << 3) + QTY] - less;
      nodes[node + QTY] = qtyLots;
      nodes[(level << 3) + QTY] = levelLots;
      if (this.recording !== 0) {
        this.record(EVENT_REDUCE | (side << SIDE_SHIFT), id, priceTicks, qtyLots, levelLots);
      }
      return 0;
    }
    if (side === BUY ? level < this.askLevel : level > this.bidLevel) {
      const others = nodes[(level << 3) + QTY] - (level === oldLevel ? nodes[node + QTY] : 0);
      if (((others + qtyLots) | 0) < 0) return this.refuse(id, REJECT_QTY);
    }
    this.nodeOf[id] = 0;
    this.remove(id, node, CAUSE_REPLACE);
    return this.enter(id, side, level, qtyLots, TIF_GTC);
  }

  qtyAt(priceTicks: number): number {
    const level = priceTicks - this.baseTicks;
    return level < 0 || level >= this.ticks ? 0 : this.nodes[(level << 3) + QTY];
  }

  sideOf(id: number): number {
    const node = this.nodeAt(id);
    if (node === 0) return NIL;
    return this.nodes[node + LEVEL] >> 3 <= this.bidLevel ? BUY : SELL;
  }

  priceOf(id: number): number {
    const node = this.nodeAt(id);
    return node === 0 ? NIL : (this.nodes[node + LEVEL] >> 3) + this.baseTicks;
  }

  qtyOf(id: number): number {
    const node = this.nodeAt(id);
    return node === 0 ? 0 : this.nodes[node + QTY];
  }

  queueAheadLots(id: number): number {
    let node = this.nodeAt(id);
    if (node === 0) return NIL;
    const nodes = this.nodes;
    const level = nodes[node + LEVEL];
    let lots = 0;
    for (node = nodes[node + PREV]; node !== level; node = nodes[node + PREV]) lots += nodes[node + QTY];
    return lots;
  }

  depth(side: number, outPricesTicks: Int32Array, outQtysLots: Int32Array, max: number): number {
    let count = 0;
    let level = side === BUY ? this.bidLevel : this.askLevel;
    while (count < max && level >= 0 && level !== BEYOND) {
      outPricesTicks[count] = level + this.baseTicks;
      outQtysLots[count] = this.nodes[(level << 3) + QTY];
      count++;
      level = side === BUY ? this.levels.below(level) : this.levels.above(level);
    }
    return count;
  }

  stateHash(): number {
    const nodes = this.nodes;
    let h = 2166136261;
    for (let side = BUY; side <= SELL; side++) {
      let level = side === BUY ? this.bidLevel : this.askLevel;
      while (level >= 0 && level !== BEYOND) {
        const sentinel = level << 3;
        h = mix(mix(h, level + this.baseTicks), nodes[sentinel + QTY]);
        for (let node = nodes[sentinel]; node !== sentinel; node = nodes[node]) {
          h = mix(mix(h, nodes[node + ID]), nodes[node + QTY]);
        }
        level = side === BUY ? this.levels.below(level) : this.levels.above(level);
      }
      h = mix(h, -1 - side);
    }
    return h >>> 0;
  }

  /** A checked order meets the book: it trades, rests or is refused. Returns lots traded or a reject code. */
  private enter(id: number, side: number, level: number, qtyLots: number, tif: number): number {
    if (side === BUY ? level < this.askLevel : level > this.bidLevel) {
      if (tif === TIF_FOK) return this.refuse(id, REJECT_WOULD_NOT_FILL);
      if (tif !== TIF_IOC) return this.rest(id, side, level, qtyLots);
      if (this.recording !== 0) this.record(EVENT_DONE | (side << SIDE_SHIFT), id, NIL, 0, qtyLots);
      return 0;
    }
    if (tif === TIF_POST_ONLY) return this.refuse(id, REJECT_WOULD_TRADE);
    if (tif === TIF_FOK && !this.canFill(side, level, qtyLots)) return this.refuse(id, REJECT_WOULD_NOT_FILL);
    const left = this.take(id, side, level, qtyLots);
    if (left > 0 && tif === TIF_GTC) this.rest(id, side, level, left);
    else if (this.recording !== 0) {
      this.record(EVENT_DONE | (side << SIDE_SHIFT), id, NIL, qtyLots - left, left);
    }
    return qtyLots - left;
  }

  /**
   * Appends an order to its level. Returns 0, or a reject code before anything changed; neither can happen
   * after a trade, because an order that traded and still has lots emptied its level's price and freed a
   * node.
   */
  private rest(id: number, side: number, level: number, qtyLots: number): number {
    const sentinel = level << 3;
    const totalLots = (this.nodes[sentinel + QTY] + qtyLots) | 0;
    if (totalLots < 0) return this.refuse(id, REJECT_QTY);
    let node = this.free;
    if (node !== 0) this.free = this.nodes[node];
    else {
      if (this.ordersLive >= this.maxOrders) return this.refuse(id, REJECT_FULL);
      node = this.fresh;
      if (node === this.nodes.length) this.moreOrders();
      this.fresh = node + 8;
    }
    const nodes = this.nodes;
    const last = nodes[sentinel + PREV];
    nodes[node] = sentinel;
    nodes[node + PREV] = last;
    nodes[node + QTY] = qtyLots;
    nodes[node + LEVEL] = sentinel;
    nodes[node + ID] = id;
    nodes[last] = node;
    nodes[sentinel + PREV] = node;
    nodes[sentinel + QTY] = totalLots;
    this.nodeOf[id] = node;
    this.ordersLive++;
    if (last === sentinel) {
      this.levels.add(level);
      if (side === BUY) {
        if (level > this.bidLevel) this.bidLevel = level;
      } else if (level < this.askLevel) this.askLevel = level;
    }
    if (this.recording !== 0) {
      this.record(EVENT_REST | (side << SIDE_SHIFT), id, level + this.baseTicks, qtyLots, totalLots);
    }
    return 0;
  }

  /** Takes an order's node out of its level and frees it. */
  private remove(id: number, node: number, cause: number): void {
    const nodes = this.nodes;
    const sentinel = nodes[node + LEVEL];
    const next = nodes[node];
    const prev = nodes[node + PREV];
    const qtyLots = nodes[node + QTY];
    const totalLots = nodes[sentinel + QTY] - qtyLots;
    nodes[prev] = next;
    nodes[next + PREV] = prev;
    nodes[sentinel + QTY] = totalLots;
    nodes[node] = this.free;
    this.free = node;
    this.ordersLive--;
    if (this.recording !== 0) {
      const level = sentinel >> 3;
      const side = level <= this.bidLevel ? BUY : SELL;
      const what = EVENT_CANCEL | (side << SIDE_SHIFT) | (cause << CAUSE_SHIFT);
      this.record(what, id, level + this.baseTicks, qtyLots, totalLots);
    }
    if (next === prev && next === sentinel) this.dropLevel(sentinel >> 3);
  }

  /** Writes an event of five words. */
  private record(what: number, id: number, priceTicks: number, qtyLots: number, levelLots: number): void {
    if (this.head === EVENTS_END) this.spill();
    const at = this.head;
    const words = this.events;
    words[at] = what;
    words[at + 1] = id;
    words[at + 2] = priceTicks;
    words[at + 3] = qtyLots;
    words[at + 4] = levelLots;
    this.head = at + EVENT_WORDS;
  }

  /** Reports a refusal; returns its code. */
  private refuse(id: number, code: number): number {
    if (this.recording !== 0) this.record(EVENT_REJECT, id, NIL, code, 0);
    return code;
  }

  /** A level has lost its last order. */
  private dropLevel(level: number): void {
    this.levels.remove(level);
    if (level === this.bidLevel) this.bidLevel = this.levels.below(level);
    else if (level === this.askLevel) this.askLevel = this.levels.above(level);
  }

  /** Trades against the other side up to and including limitLevel; returns the lots that are left. */
  private take(takerId: number, side: number, limitLevel: number, qtyLots: number): number {
    let best = side === BUY ? this.askLevel : this.bidLevel;
    while (qtyLots > 0 && (side === BUY ? best <= limitLevel : best >= limitLevel && best >= 0)) {
      qtyLots = this.takeLevel(takerId, side, best, qtyLots);
      best = side === BUY ? this.askLevel : this.bidLevel;
    }
    return qtyLots;
  }

  /**
   * Trades against one level, oldest order first; sentinel, total and free list are written once, not per
   * fill.
   */
  private takeLevel(takerId: number, side: number, level: number, qtyLots: number): number {
    const nodes = this.nodes;
    const nodeOf = this.nodeOf;
    const sink = this.sink;
    const recording = this.recording;
    const priceTicks = level + this.baseTicks;
    const sentinel = level << 3;
    const first = nodes[sentinel];
    let totalLots = nodes[sentinel + QTY];
    let filled = 0;
    let node = first;
    let lastFilled = 0;
    while (qtyLots > 0 && node !== sentinel) {
      const makerLots = nodes[node + QTY];
      const makerId = nodes[node + ID];
      if (makerLots > qtyLots) {
        nodes[node + QTY] = makerLots - qtyLots;
        totalLots -= qtyLots;
        if (recording === 0) sink.onTrade(makerId, takerId, priceTicks, qtyLots, side);
        else this.fill(side, makerId, takerId, priceTicks, qtyLots, totalLots, makerLots - qtyLots);
        qtyLots = 0;
        break;
      }
      qtyLots -= makerLots;
      totalLots -= makerLots;
      nodeOf[makerId] = 0;
      filled++;
      lastFilled = node;
      node = nodes[node];
      if (recording === 0) sink.onTrade(makerId, takerId, priceTicks, makerLots, side);
      else this.fill(side, makerId, takerId, priceTicks, makerLots, totalLots, 0);
    }
    nodes[sentinel + QTY] = totalLots;
    if (filled > 0) {
      nodes[lastFilled] = this.free;
      this.free = first;
      nodes[sentinel] = node;
      nodes[node + PREV] = sentinel;
      this.ordersLive -= filled;
      if (node === sentinel) this.dropLevel(level);
    }
    return qtyLots;
  }

  /** Writes a trade as an event. */
  private fill(
    takerSide: number,
    makerId: number,
    takerId: number,
    priceTicks: number,
    qtyLots: number,
    levelLots: number,
    leftLots: number,
  ): void {
    if (this.head === EVENTS_END) this.spill();
    const at = this.head;
    const words = this.events;
    words[at] = EVENT_FILL | (takerSide << SIDE_SHIFT);
    words[at + 1] = makerId;
    words[at + 2] = priceTicks;
    words[at + 3] = qtyLots;
    words[at + 4] = levelLots;
    words[at + 5] = takerId;
    words[at + 6] = leftLots;
    this.head = at + EVENT_WORDS;
  }

  /** Whether the other side holds so many lots up to and including a level. */
  private canFill(side: number, limitLevel: number, qtyLots: number): boolean {
    let level = side === BUY ? this.askLevel : this.bidLevel;
    let missing = qtyLots;
    while (side === BUY ? level <= limitLevel : level >= limitLevel && level >= 0) {
      missing -= this.nodes[(level << 3) + QTY];
      if (missing <= 0) return true;
      level = side === BUY ? this.levels.above(level) : this.levels.below(level);
    }
    return false;
  }
}

function mix(h: number, value: number): number {
  const product = Math.imul(h ^ value, 16777619);
  return product ^ (product >>> 15);
}
