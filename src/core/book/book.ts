/**
 * The limit order book of one instrument: every resting order, price-time priority, in one typed array.
 *
 * Why this structure: one Int32Array of 8-int nodes holds a node per price level and, after them, a node per order. A
 * level is the sentinel of a circular doubly linked list of its orders and carries the level's lots, so that unlinking is
 * two stores without a branch and the total stands in the line already touched. Both sides share the ladder: a book at
 * rest is never crossed, so a level is buy or sell by its place and the best prices are two integers. Ids index a table
 * of nodes; freed nodes are used again last in, first out, which keeps the hot ones in cache.
 * Cost: cancel, rest and each fill O(1); the next best level by bitmap O(1); queueAheadLots O(orders ahead); FOK
 * O(levels up to its price); depth O(levels written). Nothing is allocated except when the book outgrows its arrays.
 * Slow: a price that leaves the ladder rebuilds it (a move or a doubling, O(ladder + orders)); books deeper than the
 * cache; ids that are not dense.
 * Slow obvious twin: naive.ts, compared by state hash. C++ twin: native-bench/book.hpp.
 */
import {
  BUY,
  MAX_PRICE_TICKS,
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
import { BEYOND, LevelSet } from './level-set.js';
import type { BookOptions, OrderBook, TradeSink } from './types.js';

/** Fields of a node, as offsets; references to nodes are stored times 8. Field 0 is the next node. */
const PREV = 1;
const QTY = 2;
/** Order nodes only: the offset of the level, and the order's id. */
const LEVEL = 3;
const ID = 4;

/** Options with the bounds filled in; the twin uses the same, so that both refuse the same orders. */
export function bookBounds(options: BookOptions): { maxTicks: number; maxOrders: number; maxIds: number } {
  return {
    maxTicks: powerOfTwo(Math.max(options.ticks, options.maxTicks ?? 2 ** 22)),
    maxOrders: Math.max(options.orders, options.maxOrders ?? 2 ** 24),
    maxIds: Math.max(options.ids, options.maxIds ?? 2 ** 26),
  };
}

/** Smallest power of two >= n and >= 32. */
function powerOfTwo(n: number): number {
  return n <= 32 ? 32 : 1 << (32 - Math.clz32(n - 1));
}

/** The fast book. See OrderBook for what each call means. */
export class Book implements OrderBook {
  ordersLive = 0;
  private readonly sink: TradeSink;
  private readonly maxTicks: number;
  private readonly maxOrders: number;
  private readonly maxIds: number;
  /** Levels, then orders. */
  private nodes: Int32Array;
  /** Id -> node, 0 when the id does not rest: node 0 is a level. */
  private nodeOf: Int32Array;
  private levels: LevelSet;
  /** Price of level 0 and number of levels. */
  private baseTicks = 0;
  private ticks: number;
  /** First freed node, 0 when none; then fresh nodes from `fresh` on. */
  private free = 0;
  private fresh: number;
  /** Best levels (not prices): -1 and BEYOND when a side is empty. */
  private bidLevel = -1;
  private askLevel = BEYOND;

  constructor(options: BookOptions, sink: TradeSink) {
    const bounds = bookBounds(options);
    this.sink = sink;
    this.maxTicks = bounds.maxTicks;
    this.maxOrders = bounds.maxOrders;
    this.maxIds = bounds.maxIds;
    this.ticks = powerOfTwo(options.ticks);
    this.nodes = emptyLadder(this.ticks, options.orders);
    this.nodeOf = new Int32Array(options.ids);
    this.levels = new LevelSet(this.ticks);
    this.fresh = this.ticks << 3;
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

  reset(): void {
    const nodes = this.nodes;
    for (let level = this.lowestLevel(); level !== BEYOND; level = this.levels.above(level)) {
      const sentinel = level << 3;
      for (let node = nodes[sentinel]; node !== sentinel; node = nodes[node])
        this.nodeOf[nodes[node + ID]] = 0;
      nodes[sentinel] = sentinel;
      nodes[sentinel + PREV] = sentinel;
      nodes[sentinel + QTY] = 0;
      this.levels.remove(level);
    }
    this.ordersLive = 0;
    this.free = 0;
    this.fresh = this.ticks << 3;
    this.bidLevel = -1;
    this.askLevel = BEYOND;
  }

  private nodeAt(id: number): number {
    return id < 0 || id >= this.nodeOf.length ? 0 : this.nodeOf[id];
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
   * Appends an order to its level. Returns 0, or a reject code before anything changed; neither can happen after a
   * trade, because an order that traded and still has lots emptied its level's price and freed a node.
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

  /** Trades against one level, oldest order first; sentinel, total and free list are written once, not per fill. */
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

  /** Lowest occupied level of either side, BEYOND when the book is empty. */
  private lowestLevel(): number {
    return this.nodes[QTY] > 0 ? 0 : this.levels.above(0);
  }

  /** Moves or doubles the ladder so that a price has a level; false when it never can. Rare: a price left the ladder. */
  private makeRoom(priceTicks: number): boolean {
    if (priceTicks < 0 || priceTicks > MAX_PRICE_TICKS) return false;
    const lowest = this.lowestLevel();
    const low = lowest === BEYOND ? priceTicks : Math.min(priceTicks, lowest + this.baseTicks);
    const top =
      this.nodes[((this.ticks - 1) << 3) + QTY] > 0 ? this.ticks - 1 : this.levels.below(this.ticks - 1);
    const high = top < 0 ? priceTicks : Math.max(priceTicks, top + this.baseTicks);
    const span = high - low + 1;
    if (span > this.maxTicks) return false;
    // Twice the span leaves room on both sides, so that a walking price does not rebuild the ladder at every tick.
    const ticks = Math.max(this.ticks, Math.min(this.maxTicks, powerOfTwo(2 * span)));
    this.rebuild(Math.max(0, low - ((ticks - span) >> 1)), ticks);
    return true;
  }

  /** Copies the book into a ladder of `ticks` levels from baseTicks on. */
  private rebuild(baseTicks: number, ticks: number): void {
    const old = this.nodes;
    const nodes = emptyLadder(ticks, (old.length >> 3) - this.ticks);
    const levels = new LevelSet(ticks);
    const shift = this.baseTicks - baseTicks;
    let fresh = ticks << 3;
    for (let level = this.lowestLevel(); level !== BEYOND; level = this.levels.above(level)) {
      const sentinel = (level + shift) << 3;
      let last = sentinel;
      for (let node = old[level << 3]; node !== level << 3; node = old[node]) {
        nodes[last] = fresh;
        nodes[fresh + PREV] = last;
        nodes[fresh + QTY] = old[node + QTY];
        nodes[fresh + LEVEL] = sentinel;
        nodes[fresh + ID] = old[node + ID];
        this.nodeOf[old[node + ID]] = fresh;
        last = fresh;
        fresh += 8;
      }
      nodes[last] = sentinel;
      nodes[sentinel + PREV] = last;
      nodes[sentinel + QTY] = old[(level << 3) + QTY];
      levels.add(level + shift);
    }
    this.nodes = nodes;
    this.levels = levels;
    this.ticks = ticks;
    this.baseTicks = baseTicks;
    this.free = 0;
    this.fresh = fresh;
    if (this.bidLevel >= 0) this.bidLevel += shift;
    if (this.askLevel !== BEYOND) this.askLevel += shift;
  }

  /** Doubles the order nodes. */
  private moreOrders(): void {
    const ladder = this.ticks << 3;
    const old = this.nodes;
    this.nodes = new Int32Array(ladder + Math.max(64, 2 * (old.length - ladder)));
    this.nodes.set(old);
  }

  /** Doubles the id table until it holds an id; false when the id is out of bounds. */
  private makeRoomForId(id: number): boolean {
    if (id < 0 || id >= this.maxIds) return false;
    const old = this.nodeOf;
    this.nodeOf = new Int32Array(Math.min(this.maxIds, Math.max(2 * old.length, id + 1)));
    this.nodeOf.set(old);
    return true;
  }
}

/** Nodes for a ladder of empty levels (each its own neighbour) and so many orders. */
function emptyLadder(ticks: number, orders: number): Int32Array {
  const nodes = new Int32Array((ticks + orders) << 3);
  const end = ticks << 3;
  for (let sentinel = 0; sentinel < end; sentinel += 8) {
    nodes[sentinel] = sentinel;
    nodes[sentinel + PREV] = sentinel;
  }
  return nodes;
}

function mix(h: number, value: number): number {
  const product = Math.imul(h ^ value, 16777619);
  return product ^ (product >>> 15);
}
