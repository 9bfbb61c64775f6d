/**
 * The memory of the order book: node pool, id table, records of special orders, buffer of events. What grows,
 * grows here.
 *
 * One Int32Array holds 8-int nodes: first a node per level of the window, then the nodes of orders and
 * of far levels as they come (ladder.ts says what these are). A level is the sentinel of the circular list of
 * its orders. All of this file is rare: a table is full.
 * Fields without a value of their own are declared only: a field that starts as undefined costs a check
 * of its type at every later use (measured: 3-5 % of a replay).
 * Cost: a table doubles in O(its size).
 */
import { NIL } from './codes.js';
import type { EventSink } from './events.js';
import type { BookOptions } from './types.js';

/** Fields of a node, as offsets; references to nodes are stored times 8. Field 0 is the next node. */
export const PREV = 1;
export const QTY = 2;
/** Order nodes: the offset of the level, and the order's id. */
export const LEVEL = 3;
export const ID = 4;
/** Levels: the next free one (far levels only), and the price while orders rest there. */
const NEXT_FREE = 3;
export const PRICE = 4;
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
export function bookBounds(options: BookOptions): { maxOrders: number; maxIds: number } {
  return {
    maxOrders: Math.max(options.orders, options.maxOrders ?? 1 << 24),
    maxIds: Math.max(options.ids, options.maxIds ?? 1 << 26),
  };
}

/** Smallest power of two >= n and >= 32. */
function powerOfTwo(n: number): number {
  return n <= 32 ? 32 : 1 << (32 - Math.clz32(n - 1));
}

/** The arrays of a book and what changes them as a whole. Only Ladder builds on it. */
export class BookMemory {
  declare protected readonly maxOrders: number;
  declare protected readonly maxIds: number;
  /** Levels of the window (a power of two), and the mask that makes a level of a price. */
  declare protected readonly ticks: number;
  declare protected readonly mask: number;
  declare protected nodes: Int32Array;
  /** Id -> node, 0 when the id does not rest: node 0 is a level. */
  declare protected nodeOf: Int32Array;
  declare protected idCount: number;
  /** First freed node of an order, 0 when none; then fresh nodes from `fresh` on. */
  protected free = 0;
  declare protected fresh: number;
  /** First freed far level, 0 when none; nodes of far levels, freed ones too. */
  private farFree = 0;
  private farNodes = 0;

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
    this.maxOrders = bounds.maxOrders;
    this.maxIds = bounds.maxIds;
    this.ticks = powerOfTwo(options.ticks);
    this.mask = this.ticks - 1;
    this.nodes = emptyLevels(this.ticks, options.orders);
    this.nodeOf = new Int32Array(options.ids);
    this.idCount = options.ids;
    this.fresh = this.ticks << 3;
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

  /** Resting orders; O(freed nodes): every node behind the window is a level, rests or waits freed. */
  get ordersLive(): number {
    let count = this.orderNodes();
    for (let node = this.free; node !== 0; node = this.nodes[node]) count--;
    return count;
  }

  /** Node of a resting order, 0 when the id does not rest. */
  protected nodeAt(id: number): number {
    return id < 0 || id >= this.nodeOf.length ? 0 : this.nodeOf[id];
  }

  /** Sees to it that a freed node waits; false when maxOrders rest already: without one, all nodes rest. */
  protected hasFree(): boolean {
    if (this.free !== 0) return true;
    if (this.orderNodes() >= this.maxOrders) return false;
    this.free = this.freshNode();
    this.nodes[this.free] = 0;
    return true;
  }

  /** Nodes that rest or wait freed. */
  private orderNodes(): number {
    return (this.fresh >> 3) - this.ticks - this.farNodes;
  }

  /** A node that nobody uses; one that is freed stays so, because the order to rest there needs it. */
  private spareNode(): number {
    const node = this.free;
    if (node === 0 || this.nodes[node] === 0) return this.freshNode();
    this.free = this.nodes[node];
    return node;
  }

  private freshNode(): number {
    const node = this.fresh;
    if (node === this.nodes.length) this.moreOrders();
    this.fresh = node + 8;
    return node;
  }

  /** An empty far level. */
  protected newFar(priceTicks: number): number {
    let sentinel = this.farFree;
    if (sentinel === 0) {
      sentinel = this.spareNode();
      this.farNodes++;
      this.nodes[sentinel] = sentinel;
      this.nodes[sentinel + PREV] = sentinel;
      this.nodes[sentinel + QTY] = 0;
      this.nodes[sentinel + UNSEEN] = 0;
    } else this.farFree = this.nodes[sentinel + NEXT_FREE];
    this.nodes[sentinel + PRICE] = priceTicks;
    return sentinel;
  }

  /** Takes an empty far level back. It stays its own neighbour, so that whoever walks it comes to the end. */
  protected freeFar(sentinel: number): void {
    this.nodes[sentinel + NEXT_FREE] = this.farFree;
    this.farFree = sentinel;
  }

  /** Forgets all nodes behind the window and all records; whoever calls has emptied the id table. */
  protected resetMemory(): void {
    this.free = 0;
    this.fresh = this.ticks << 3;
    this.farFree = 0;
    this.farNodes = 0;
    this.extraFree = 0;
    this.extraFresh = EXTRA_WORDS;
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

  /** Doubles the nodes behind the window. */
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

/** Nodes for empty levels (each its own neighbour) and so many orders. */
function emptyLevels(ticks: number, orders: number): Int32Array {
  const nodes = new Int32Array((ticks + orders) << 3);
  const end = ticks << 3;
  for (let sentinel = 0; sentinel < end; sentinel += 8) {
    nodes[sentinel] = sentinel;
    nodes[sentinel + PREV] = sentinel;
  }
  return nodes;
}
