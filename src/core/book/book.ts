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
import {
  BUY,
  NIL,
  REJECT_DUPLICATE_ID,
  REJECT_FULL,
  REJECT_ID,
  REJECT_PRICE,
  REJECT_QTY,
  REJECT_UNKNOWN_ID,
  REJECT_WOULD_NOT_FILL,
  REJECT_WOULD_TRADE,
  SELL,
  TIF_FOK,
  TIF_GTC,
  TIF_IOC,
  TIF_POST_ONLY,
} from './codes.js';
import { BEYOND } from './level-set.js';
import { BookMemory, ID, LEVEL, PREV, QTY } from './memory.js';
import type { BookOptions, OrderBook, TradeSink } from './types.js';

/** The fast book. See OrderBook for what each call means. */
export class Book extends BookMemory implements OrderBook {
  private readonly sink: TradeSink;

  constructor(options: BookOptions, sink: TradeSink) {
    super(options);
    this.sink = sink;
  }

  get bestBidTicks(): number {
    return this.bidLevel < 0 ? NIL : this.bidLevel + this.baseTicks;
  }

  get bestAskTicks(): number {
    return this.askLevel === BEYOND ? NIL : this.askLevel + this.baseTicks;
  }

  limit(id: number, side: number, priceTicks: number, qtyLots: number, tif: number): number {
    if (qtyLots < 1) return REJECT_QTY;
    let level = priceTicks - this.baseTicks;
    if (level < 0 || level >= this.ticks) {
      if (!this.makeRoom(priceTicks)) return REJECT_PRICE;
      level = priceTicks - this.baseTicks;
    }
    if (id < 0 || id >= this.nodeOf.length) {
      if (!this.makeRoomForId(id)) return REJECT_ID;
    } else if (this.nodeOf[id] !== 0) return REJECT_DUPLICATE_ID;
    return this.enter(id, side, level, qtyLots, tif);
  }

  market(id: number, side: number, qtyLots: number): number {
    if (qtyLots < 1) return REJECT_QTY;
    if (id < 0 || id >= this.maxIds) return REJECT_ID;
    if (this.nodeAt(id) !== 0) return REJECT_DUPLICATE_ID;
    return qtyLots - this.take(id, side, side === BUY ? this.ticks : -1, qtyLots);
  }

  cancel(id: number): number {
    const node = this.nodeAt(id);
    if (node === 0) return REJECT_UNKNOWN_ID;
    const qtyLots = this.nodes[node + QTY];
    this.nodeOf[id] = 0;
    this.remove(node);
    return qtyLots;
  }

  replace(id: number, priceTicks: number, qtyLots: number): number {
    if (qtyLots < 1) return REJECT_QTY;
    if (this.nodeAt(id) === 0) return REJECT_UNKNOWN_ID;
    const outside = priceTicks < this.baseTicks || priceTicks >= this.baseTicks + this.ticks;
    if (outside && !this.makeRoom(priceTicks)) return REJECT_PRICE;
    const node = this.nodeOf[id];
    const nodes = this.nodes;
    const oldLevel = nodes[node + LEVEL] >> 3;
    const level = priceTicks - this.baseTicks;
    const less = nodes[node + QTY] - qtyLots;
    if (level === oldLevel && less >= 0) {
      nodes[node + QTY] = qtyLots;
      nodes[(level << 3) + QTY] -= less;
      return 0;
    }
    const side = oldLevel <= this.bidLevel ? BUY : SELL;
    if (side === BUY ? level < this.askLevel : level > this.bidLevel) {
      const others = nodes[(level << 3) + QTY] - (level === oldLevel ? nodes[node + QTY] : 0);
      if (((others + qtyLots) | 0) < 0) return REJECT_QTY;
    }
    this.nodeOf[id] = 0;
    this.remove(node);
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
      if (tif === TIF_IOC) return 0;
      if (tif === TIF_FOK) return REJECT_WOULD_NOT_FILL;
      return this.rest(id, side, level, qtyLots);
    }
    if (tif === TIF_POST_ONLY) return REJECT_WOULD_TRADE;
    if (tif === TIF_FOK && !this.canFill(side, level, qtyLots)) return REJECT_WOULD_NOT_FILL;
    const left = this.take(id, side, level, qtyLots);
    if (left > 0 && tif === TIF_GTC) this.rest(id, side, level, left);
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
    if (totalLots < 0) return REJECT_QTY;
    let node = this.free;
    if (node !== 0) this.free = this.nodes[node];
    else {
      if (this.ordersLive >= this.maxOrders) return REJECT_FULL;
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
    return 0;
  }

  /** Takes an order's node out of its level and frees it. */
  private remove(node: number): void {
    const nodes = this.nodes;
    const sentinel = nodes[node + LEVEL];
    const next = nodes[node];
    const prev = nodes[node + PREV];
    nodes[prev] = next;
    nodes[next + PREV] = prev;
    nodes[sentinel + QTY] -= nodes[node + QTY];
    nodes[node] = this.free;
    this.free = node;
    this.ordersLive--;
    if (next === prev && next === sentinel) this.dropLevel(sentinel >> 3);
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
        sink.onTrade(makerId, takerId, priceTicks, qtyLots, side);
        qtyLots = 0;
        break;
      }
      qtyLots -= makerLots;
      totalLots -= makerLots;
      nodeOf[makerId] = 0;
      filled++;
      lastFilled = node;
      node = nodes[node];
      sink.onTrade(makerId, takerId, priceTicks, makerLots, side);
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
