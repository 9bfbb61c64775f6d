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
import { MAX_PRICE_TICKS } from './codes.js';
import { EVENT_WORDS } from './events.js';
import type { EventSink } from './events.js';
import { BEYOND, LevelSet } from './level-set.js';
import type { BookOptions } from './types.js';

/** Fields of a node, as offsets; references to nodes are stored times 8. Field 0 is the next node. */
export const PREV = 1;
export const QTY = 2;
/** Order nodes only: the offset of the level, and the order's id. */
export const LEVEL = 3;
export const ID = 4;

/** Records of the event buffer: 16 KiB, so that it stays in the first cache. */
export const EVENT_RECORDS = 512;
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
  /** Resting orders. */
  ordersLive = 0;
  declare protected readonly maxTicks: number;
  declare protected readonly maxOrders: number;
  declare protected readonly maxIds: number;
  /** Levels, then orders. */
  declare protected nodes: Int32Array;
  /** Id -> node, 0 when the id does not rest: node 0 is a level. */
  declare protected nodeOf: Int32Array;
  declare protected levels: LevelSet;
  /** Price of level 0 and number of levels. */
  protected baseTicks = 0;
  declare protected ticks: number;
  /** First freed node, 0 when none; then fresh nodes from `fresh` on. */
  protected free = 0;
  declare protected fresh: number;
  /** Best levels (not prices): -1 and BEYOND when a side is empty. */
  protected bidLevel = -1;
  protected askLevel = BEYOND;

  /** The buffer of the event stream, its first free word, and 1 when the book writes events, else 0. */
  declare protected events: Int32Array;
  protected head = 0;
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
    this.levels = new LevelSet(this.ticks);
    this.fresh = this.ticks << 3;
    this.recording = eventSink === null ? 0 : 1;
    this.eventSink = eventSink ?? DEAF;
    this.events = new Int32Array(this.recording * EVENT_RECORDS * EVENT_WORDS);
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

  /** Empties the book; costs what was used, not what was allocated. The ladder stays where it is. */
  reset(): void {
    const nodes = this.nodes;
    for (let level = this.lowestLevel(); level !== BEYOND; level = this.levels.above(level)) {
      const sentinel = level << 3;
      for (let node = nodes[sentinel]; node !== sentinel; node = nodes[node]) {
        this.nodeOf[nodes[node + ID]] = 0;
      }
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

  /** Node of a resting order, 0 when the id does not rest. */
  protected nodeAt(id: number): number {
    return id < 0 || id >= this.nodeOf.length ? 0 : this.nodeOf[id];
  }

  /** Lowest occupied level of either side, BEYOND when the book is empty. */
  protected lowestLevel(): number {
    return this.nodes[QTY] > 0 ? 0 : this.levels.above(0);
  }

  /** Highest occupied level of either side, -1 when the book is empty. */
  private highestLevel(): number {
    const last = this.ticks - 1;
    return this.nodes[(last << 3) + QTY] > 0 ? last : this.levels.below(last);
  }

  /** Moves or doubles the ladder so that a price outside it has a level; false when it cannot have one. */
  protected makeRoom(priceTicks: number): boolean {
    if (priceTicks < 0 || priceTicks > MAX_PRICE_TICKS) return false;
    const empty = this.ordersLive === 0;
    const low = empty ? priceTicks : Math.min(priceTicks, this.lowestLevel() + this.baseTicks);
    const high = empty ? priceTicks : Math.max(priceTicks, this.highestLevel() + this.baseTicks);
    const span = high - low + 1;
    if (span > this.maxTicks) return false;
    // Twice the span: room on both sides, so that a walking price does not rebuild the ladder at every tick.
    const ticks = Math.max(this.ticks, powerOfTwo(Math.min(this.maxTicks, 2 * span)));
    const baseTicks = Math.max(0, low - ((ticks - span) >> 1));
    if (empty && ticks === this.ticks) this.baseTicks = baseTicks;
    else this.rebuild(baseTicks, ticks);
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
  protected moreOrders(): void {
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
