/**
 * The memory of the order book: node pool, id table and ladder, which grow, move and empty themselves.
 *
 * One Int32Array holds 8-int nodes: first a node per price level, then a node per order. A level is the
 * sentinel of the circular list of its orders. All of this file is rare: a price has left the ladder, a
 * table is full, a run has ended.
 * Fields without a value of their own are declared only: a field that starts as undefined costs a check
 * of its type at every later use (measured: 3-5 % of a replay).
 * Cost: moving or doubling the ladder O(ladder + orders) and one allocation; reset O(levels and orders in
 * use).
 */
import { BUY, MAX_PRICE_TICKS, NIL } from './codes.js';
import type { EventSink } from './events.js';
import { BEYOND, LevelSet } from './level-set.js';
import type { BookOptions } from './types.js';

/** Fields of a node, as offsets; references to nodes are stored times 8. Field 0 is the next node. */
export const PREV = 1;
export const QTY = 2;
/** Order nodes only: the offset of the level, and the order's id. */
export const LEVEL = 3;
export const ID = 4;
/** Order nodes: offset of the order's record in `extras`, 0 for a plain one. */
export const EXTRA = 5;
/** Levels: how many of its orders are not plain, and the lots that it does not show. */
export const SPECIAL = 5;
export const UNSEEN = 6;

/** Words of a record of a special order. X_NODE is 0 while it waits as a stop, then it is a node. */
export const EXTRA_WORDS = 16;
/** NIL when the record is free; X_NODE then links to the next free one. */
export const X_ID = 0;
export const X_NODE = 1;
export const X_OWNER = 2;
export const X_PARTNER = 3;
/** Lots of an iceberg behind the shown ones; size of a peak, 0 for none; 1 for a hidden order. */
export const X_RESERVE = 4;
export const X_PEAK = 5;
export const X_HIDDEN = 6;
export const X_SIDE = 7;
export const X_TRIGGER = 8;
/**
 * Limit price, lots, type, time in force, self-trade prevention and display as requested; arrival of a
 * stop.
 */
export const X_PRICE = 9;
export const X_LOTS = 10;
export const X_TYPE = 11;
export const X_TIF = 12;
export const X_SELF_TRADE = 13;
export const X_DISPLAY = 14;
export const X_SERIAL = 15;

/** Words of the event buffer: 16 KiB, so that it stays in the first cache. */
export const EVENTS_END = 4096;
const DEAF: EventSink = { onEvents() {} };

/** Where growth ends, defaults filled in; the twin uses the same, so that both refuse the same orders. */
export function bookBounds(options: BookOptions): { maxTicks: number; maxOrders: number; maxIds: number } {
  return {
    maxTicks: powerOfTwo(Math.max(options.ticks, options.maxTicks ?? 1 << 22)),
    maxOrders: Math.max(options.orders, options.maxOrders ?? 1 << 24),
    maxIds: Math.max(options.ids, options.maxIds ?? 1 << 26),
  };
}

/** Smallest power of two >= n and >= 32. */
function powerOfTwo(n: number): number {
  return n <= 32 ? 32 : 1 << (32 - Math.clz32(n - 1));
}

/** The arrays of a book and what changes them as a whole. Only Book builds on it. */
export class BookMemory {
  declare protected readonly maxTicks: number;
  declare protected readonly maxOrders: number;
  declare protected readonly maxIds: number;
  /** Levels, then orders. */
  declare protected nodes: Int32Array;
  /** Id -> node, 0 when the id does not rest: node 0 is a level. */
  declare protected nodeOf: Int32Array;
  declare protected idCount: number;
  declare protected levels: LevelSet;
  /** Price of level 0 and number of levels. */
  protected baseTicks = 0;
  declare protected ticks: number;
  /** While halted nothing but cancels is taken; prices of new orders and of trades lie within the band. */
  protected halted = false;
  protected bandLowTicks = 0;
  protected bandHighTicks: number = MAX_PRICE_TICKS;
  /** Levels that new orders may use at once: the ladder's within the band; none while halted. */
  protected gateLow = 0;
  declare protected gateHigh: number;
  /** 0 while halted; levels up and down to which market orders may trade. */
  protected isOpen = 1;
  declare protected buyLimit: number;
  protected sellLimit = -1;
  /** First freed node, 0 when none; then fresh nodes from `fresh` on. */
  protected free = 0;
  declare protected fresh: number;
  /** Best levels (not prices): -1 and BEYOND when a side is empty. */
  protected bidLevel = -1;
  protected askLevel = BEYOND;

  /** The buffer of the event stream, its first free word, and 1 when the book writes events, else 0. */
  declare protected events: Int32Array;
  protected head = 0;
  /** Records of special orders, from EXTRA_WORDS on; freed ones first, then fresh ones. */
  protected extras = new Int32Array(EXTRA_WORDS * 2);
  protected expiries = new Float64Array(2);
  protected extraFree = 0;
  protected extraFresh = EXTRA_WORDS;
  declare protected recording: number;
  declare protected readonly eventSink: EventSink;

  constructor(options: BookOptions, eventSink: EventSink | null) {
    const bounds = bookBounds(options);
    this.maxTicks = bounds.maxTicks;
    this.maxOrders = bounds.maxOrders;
    this.maxIds = bounds.maxIds;
    this.ticks = powerOfTwo(options.ticks);
    this.nodes = emptyLadder(this.ticks, options.orders);
    this.nodeOf = new Int32Array(options.ids);
    this.idCount = options.ids;
    this.levels = new LevelSet(this.ticks);
    this.fresh = this.ticks << 3;
    this.gateHigh = this.ticks;
    this.buyLimit = this.ticks;
    this.recording = eventSink === null ? 0 : 1;
    this.eventSink = eventSink ?? DEAF;
    this.events = new Int32Array(this.recording * EVENTS_END);
  }

  /** Hands the events that wait to the sink. */
  flush(): void {
    if (this.head > 0) this.spill();
  }

  /** Hands the buffer over and starts it anew. */
  protected spill(): void {
    this.eventSink.onEvents(this.events, this.head);
    this.head = 0;
  }

  /** Resting orders; O(freed nodes): every node from the ladder's end to `fresh` rests or waits freed. */
  get ordersLive(): number {
    let count = (this.fresh >> 3) - this.ticks;
    for (let node = this.free; node !== 0; node = this.nodes[node]) count--;
    return count;
  }

  /** Empties the book; costs what was used, not what was allocated. The ladder stays where it is. */
  reset(): void {
    const nodes = this.nodes;
    for (let level = this.lowestLevel(); level !== BEYOND; level = this.levels.above(level)) {
      const sentinel = level << 3;
      for (let node = nodes[sentinel]; node !== sentinel; node = nodes[node]) {
        this.nodeOf[nodes[node + ID]] = 0;
        nodes[node + EXTRA] = 0;
      }
      nodes[sentinel] = sentinel;
      nodes[sentinel + PREV] = sentinel;
      nodes[sentinel + QTY] = 0;
      nodes[sentinel + SPECIAL] = 0;
      nodes[sentinel + UNSEEN] = 0;
      this.levels.remove(level);
    }
    for (let extra = EXTRA_WORDS; extra < this.extraFresh; extra += EXTRA_WORDS) {
      if (this.extras[extra] !== NIL) this.nodeOf[this.extras[extra]] = 0;
    }
    this.extraFree = 0;
    this.extraFresh = EXTRA_WORDS;
    this.free = 0;
    this.fresh = this.ticks << 3;
    this.bidLevel = -1;
    this.askLevel = BEYOND;
  }

  /** Node of a resting order, 0 when the id does not rest. */
  protected nodeAt(id: number): number {
    return id < 0 || id >= this.nodeOf.length ? 0 : this.nodeOf[id];
  }

  /** Lowest occupied level of either side, BEYOND when the book is empty. */
  protected lowestLevel(): number {
    return this.nodes[0] !== 0 ? 0 : this.levels.above(0);
  }

  /** Highest occupied level of either side, -1 when the book is empty. */
  private highestLevel(): number {
    const last = this.ticks - 1;
    return this.nodes[last << 3] !== last << 3 ? last : this.levels.below(last);
  }

  /** Moves or doubles the ladder so that a price outside it has a level; false when it cannot have one. */
  protected makeRoom(priceTicks: number): boolean {
    if (priceTicks < 0 || priceTicks > MAX_PRICE_TICKS) return false;
    const empty = this.bidLevel < 0 && this.askLevel === BEYOND;
    const low = empty ? priceTicks : Math.min(priceTicks, this.lowestLevel() + this.baseTicks);
    const high = empty ? priceTicks : Math.max(priceTicks, this.highestLevel() + this.baseTicks);
    const span = high - low + 1;
    if (span > this.maxTicks) return false;
    // Twice the span: room on both sides, so that a walking price does not rebuild the ladder at every tick.
    const ticks = Math.max(this.ticks, powerOfTwo(Math.min(this.maxTicks, 2 * span)));
    const baseTicks = Math.max(0, low - ((ticks - span) >> 1));
    if (empty && ticks === this.ticks) this.baseTicks = baseTicks;
    else this.rebuild(baseTicks, ticks);
    this.setGate();
    return true;
  }

  /** Halts trading, so that only cancels are taken, or goes on. */
  halt(on: boolean): void {
    this.halted = on;
    this.setGate();
  }

  /**
   * From now on new prices must lie within low..high, and nothing trades outside: market orders stop there.
   * 0 and MAX_PRICE_TICKS lift the band. Resting orders stay.
   */
  band(lowTicks: number, highTicks: number): void {
    this.bandLowTicks = lowTicks;
    this.bandHighTicks = highTicks;
    this.setGate();
  }

  private setGate(): void {
    this.gateLow = Math.max(0, this.bandLowTicks - this.baseTicks);
    this.gateHigh = this.halted ? 0 : Math.min(this.ticks, this.bandHighTicks + 1 - this.baseTicks);
    this.isOpen = this.halted ? 0 : 1;
    this.buyLimit = Math.min(this.ticks, this.bandHighTicks - this.baseTicks);
    this.sellLimit = Math.max(-1, this.bandLowTicks - this.baseTicks);
  }

  /** Highest level at which a buy order, lowest at which a sell order may trade: a market order's limit. */
  protected marketLevel(side: number): number {
    return side === BUY ? this.buyLimit : this.sellLimit;
  }

  /** Whether a price lies within the band; what is no price at all is left to other checks. */
  protected isInBand(priceTicks: number): boolean {
    if (priceTicks < 0 || priceTicks > MAX_PRICE_TICKS) return true;
    return priceTicks >= this.bandLowTicks && priceTicks <= this.bandHighTicks;
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
        const extra = old[node + EXTRA];
        nodes[fresh + EXTRA] = extra;
        if (extra !== 0) this.extras[extra + X_NODE] = fresh;
        this.nodeOf[old[node + ID]] = fresh;
        last = fresh;
        fresh += 8;
      }
      nodes[last] = sentinel;
      nodes[sentinel + PREV] = last;
      for (const field of [QTY, SPECIAL, UNSEEN]) nodes[sentinel + field] = old[(level << 3) + field];
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

  /** Sees to it that a freed node waits; false when maxOrders rest already: without one, all nodes rest. */
  protected hasFree(): boolean {
    if (this.free !== 0) return true;
    const node = this.fresh;
    if ((node >> 3) - this.ticks >= this.maxOrders) return false;
    if (node === this.nodes.length) this.moreOrders();
    this.fresh = node + 8;
    this.nodes[node] = 0;
    this.free = node;
    return true;
  }

  /** A record for a special order. */
  protected newExtra(): number {
    let extra = this.extraFree;
    if (extra !== 0) {
      this.extraFree = this.extras[extra + X_NODE];
      return extra;
    }
    extra = this.extraFresh;
    if (extra === this.extras.length) {
      const [extras, expiries] = [this.extras, this.expiries];
      this.extras = new Int32Array(2 * extras.length);
      this.extras.set(extras);
      this.expiries = new Float64Array(2 * expiries.length);
      this.expiries.set(expiries);
    }
    this.extraFresh = extra + EXTRA_WORDS;
    return extra;
  }

  protected freeExtra(extra: number): void {
    this.extras[extra] = NIL;
    this.extras[extra + X_NODE] = this.extraFree;
    this.extraFree = extra;
  }

  /** Doubles the order nodes. */
  private moreOrders(): void {
    const ladder = this.ticks << 3;
    const old = this.nodes;
    this.nodes = new Int32Array(ladder + Math.max(64, 2 * (old.length - ladder)));
    this.nodes.set(old);
  }

  /** Doubles the id table until it holds an id; false when the id is out of bounds. */
  protected makeRoomForId(id: number): boolean {
    if (id < 0 || id >= this.maxIds) return false;
    const old = this.nodeOf;
    this.nodeOf = new Int32Array(Math.min(this.maxIds, Math.max(2 * old.length, id + 1)));
    this.nodeOf.set(old);
    this.idCount = this.nodeOf.length;
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
