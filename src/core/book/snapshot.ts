/**
 * A book in one ArrayBuffer and back: every order in its place in the queue, stop orders that wait, the
 * clock.
 *
 * Int32 words in the machine's order: header of SNAPSHOT_HEADER words (magic, version, words in all,
 * last trade, allocation rule, resting orders, waiting orders, halted, the price band's ends, then the
 * clock as a double); then the resting orders, buys and sells, best level first, oldest first: id,
 * price, lots, side | special << 1; a special one is followed by its record (EXTRA_WORDS words, expiry
 * as a double); then the records of the waiting orders, oldest first. What is not in it: free memory,
 * where the ladder stands, and the growth bounds, which are the new book's own. Cost O(levels + orders).
 */
import * as c from './codes.js';
import { isPrice } from './ladder.js';
import * as m from './memory.js';
import { Requests } from './requests.js';
import { ORDER_DEFAULTS } from './types.js';
import type { OrderRequest } from './types.js';

const { BUY, NIL, SELL } = c;
const { EXTRA, EXTRA_WORDS, ID, QTY } = m;

/** "MMSB" in ASCII. */
export const SNAPSHOT_MAGIC = 0x42534d4d;
export const SNAPSHOT_VERSION = 1;
export const SNAPSHOT_HEADER = 12;
const PLAIN_WORDS = 4;
const RECORD_WORDS = EXTRA_WORDS + 2;

export abstract class Snapshots extends Requests {
  snapshot(): ArrayBuffer {
    const stops = this.waitingStops();
    let specials = stops.length;
    for (const node of this.restingNodes()) if (this.nodes[node + EXTRA] !== 0) specials++;
    const total = SNAPSHOT_HEADER + PLAIN_WORDS * this.ordersLive + RECORD_WORDS * specials;
    const words = new Int32Array(total);
    words.set([SNAPSHOT_MAGIC, SNAPSHOT_VERSION, total, this.lastTicks, this.allocation, this.ordersLive]);
    words.set([stops.length, this.halted ? 1 : 0, this.bandLowTicks, this.bandHighTicks], 6);
    writeDouble(words, 10, this.nowNs);
    let at = SNAPSHOT_HEADER;
    for (const node of this.restingNodes()) {
      const id = this.nodes[node + ID];
      const extra = this.nodes[node + EXTRA];
      words.set(
        [id, this.priceAt(node), this.nodes[node + QTY], this.sideAt(node) | (extra === 0 ? 0 : 2)],
        at,
      );
      at += PLAIN_WORDS;
      if (extra !== 0) at = this.writeRecord(words, at, extra);
    }
    for (const extra of stops) at = this.writeRecord(words, at, extra);
    return words.buffer;
  }

  /**
   * Makes the book what it was at snapshot(); no event is written. Throws an Error that names the
   * fault if the buffer is no snapshot or what it holds cannot be a book within this one's bounds; the
   * book is empty then.
   */
  restore(snapshot: ArrayBuffer): void {
    this.reset();
    this.allocate(c.ALLOCATE_PRICE_TIME);
    this.band(0, c.MAX_PRICE_TICKS);
    this.halt(false);
    const words = new Int32Array(snapshot, 0, snapshot.byteLength >> 2);
    if (words.length < SNAPSHOT_HEADER || words[0] !== SNAPSHOT_MAGIC) {
      throw fault('it does not begin as one');
    }
    if (words[1] !== SNAPSHOT_VERSION) throw fault(`version ${words[1]}, expected ${SNAPSHOT_VERSION}`);
    if (4 * words[2] !== snapshot.byteLength) {
      throw fault(`it says ${4 * words[2]} bytes, but has ${snapshot.byteLength}`);
    }
    const reason = this.load(words);
    if (reason === '') return;
    this.reset();
    throw fault(reason);
  }

  /** Fills the empty book; returns what is wrong, '' for nothing. */
  private load(words: Int32Array): string {
    if (words[3] < NIL || words[4] < 0 || words[4] > c.ALLOCATE_TOP_PRO_RATA)
      return 'its header is out of range';
    let at = SNAPSHOT_HEADER;
    for (let i = 0; i < words[5]; i++) {
      const special = at + 3 < words.length && (words[at + 3] & 2) !== 0;
      const end = at + PLAIN_WORDS + (special ? RECORD_WORDS : 0);
      if (end > words.length) return `order ${i} is cut short`;
      if (!this.loadOrder(words, at, special)) return `order ${i} cannot rest where it says`;
      at = end;
    }
    for (let i = 0; i < words[6]; i++, at += RECORD_WORDS) {
      if (at + RECORD_WORDS > words.length) return `stop order ${i} is cut short`;
      if (!this.loadStop(words, at)) return `stop order ${i} cannot wait`;
    }
    if (at !== words.length) return 'words are left over';
    this.lastTicks = words[3];
    this.allocate(words[4]);
    this.band(words[8], words[9]);
    this.halt(words[7] !== 0);
    this.nowNs = readDouble(words, 10);
    return '';
  }

  private loadOrder(words: Int32Array, at: number, special: boolean): boolean {
    const [id, priceTicks, lots, flags] = words.subarray(at, at + PLAIN_WORDS);
    const side = flags & 1;
    if (!this.isFree(id) || lots < 1 || (flags & ~3) !== 0 || !isPrice(priceTicks)) return false;
    if (side === BUY ? priceTicks >= this.askTicks : priceTicks <= this.bidTicks) return false;
    const record = at + PLAIN_WORDS;
    const reserve = special ? words[record + m.X_RESERVE] : 0;
    if (reserve < 0 || this.heldAt(priceTicks) + lots + reserve > c.MAX_LEVEL_LOTS || !this.hasFree())
      return false;
    if (special && !isRecordOf(words, record, id, side)) return false;
    const sentinel = this.openLevel(side, priceTicks);
    const node = this.settle(id, sentinel, lots, special && words[record + m.X_HIDDEN] !== 0);
    if (!special) return true;
    const extra = this.readRecord(words, record);
    this.extras[extra + m.X_NODE] = node;
    this.nodes[node + EXTRA] = extra;
    this.nodes[sentinel + m.UNSEEN] += reserve;
    this.nodes[sentinel + m.SPECIAL]++;
    return true;
  }

  private loadStop(words: Int32Array, at: number): boolean {
    const id = words[at];
    const side = words[at + m.X_SIDE];
    const trigger = words[at + m.X_TRIGGER];
    if (!this.isFree(id) || !isRecordOf(words, at, id, side) || words[at + m.X_LOTS] < 1) return false;
    if (trigger < 0 || trigger > c.MAX_PRICE_TICKS) return false;
    const extra = this.readRecord(words, at);
    this.extras[extra + m.X_NODE] = 0;
    this.holdStop(extra);
    return true;
  }

  /** Whether an id may be given to a new order. */
  private isFree(id: number): boolean {
    if (id < 0 || id >= this.maxIds || this.nodeAt(id) !== 0) return false;
    if (id >= this.nodeOf.length) this.makeRoomForId(id);
    return true;
  }

  private writeRecord(words: Int32Array, at: number, extra: number): number {
    words.set(this.extras.subarray(extra, extra + EXTRA_WORDS), at);
    words[at + m.X_NODE] = 0;
    writeDouble(words, at + EXTRA_WORDS, this.expiries[extra / EXTRA_WORDS]);
    return at + RECORD_WORDS;
  }

  private readRecord(words: Int32Array, at: number): number {
    const extra = this.newExtra();
    this.extras.set(words.subarray(at, at + EXTRA_WORDS), extra);
    const expiryNs = readDouble(words, at + EXTRA_WORDS);
    this.expiries[extra / EXTRA_WORDS] = expiryNs;
    if (expiryNs < this.nextExpiryNs) this.nextExpiryNs = expiryNs;
    this.serial = Math.max(this.serial, words[at + m.X_SERIAL]);
    return extra;
  }

  private priceAt(node: number): number {
    return this.nodes[this.nodes[node + m.LEVEL] + m.PRICE];
  }

  private sideAt(node: number): number {
    return this.priceAt(node) <= this.bidTicks ? BUY : SELL;
  }

  resting(): OrderRequest[] {
    const orders: OrderRequest[] = [];
    for (const node of this.restingNodes()) orders.push(this.requestOf(node));
    return orders;
  }

  private requestOf(node: number): OrderRequest {
    const x = this.extras;
    const extra = this.nodes[node + EXTRA];
    const shown = this.nodes[node + QTY];
    const plain = {
      ...ORDER_DEFAULTS,
      id: this.nodes[node + ID],
      side: this.sideAt(node),
      priceTicks: this.priceAt(node),
      qtyLots: shown,
    };
    if (extra === 0) return plain;
    const qtyLots = shown + x[extra + m.X_RESERVE];
    const peak = x[extra + m.X_PEAK];
    return {
      ...plain,
      qtyLots,
      displayLots: x[extra + m.X_HIDDEN] !== 0 ? 0 : peak === 0 ? NIL : Math.min(peak, qtyLots),
      ownerId: x[extra + m.X_OWNER],
      expiryNs: this.expiries[extra / EXTRA_WORDS],
    };
  }

  /** Nodes of the resting orders: buys, then sells, best level first, oldest first. */
  private *restingNodes(): Generator<number> {
    for (const side of [BUY, SELL]) {
      let priceTicks = side === BUY ? this.bidTicks : this.askTicks;
      while (isPrice(priceTicks)) {
        const sentinel = this.levelAt(priceTicks);
        for (let node = this.nodes[sentinel]; node !== sentinel; node = this.nodes[node]) yield node;
        priceTicks = this.nextTicks(side, priceTicks);
      }
    }
  }
}

/** Whether a record can belong to an order: all that the book reads as a switch is in range. */
function isRecordOf(words: Int32Array, at: number, id: number, side: number): boolean {
  const inRange = (word: number, low: number, high: number): boolean =>
    words[at + word] >= low && words[at + word] <= high;
  return (
    words[at] === id &&
    words[at + m.X_SIDE] === side &&
    (side === BUY || side === SELL) &&
    inRange(m.X_HIDDEN, 0, 1) &&
    inRange(m.X_PEAK, 0, c.MAX_LEVEL_LOTS) &&
    words[at + m.X_RESERVE] <= words[at + m.X_PEAK] * c.MAX_PEAKS &&
    inRange(m.X_TYPE, c.ORDER_LIMIT, c.ORDER_MARKET_TO_LIMIT) &&
    inRange(m.X_TIF, c.TIF_GTC, c.TIF_SLIDE) &&
    inRange(m.X_SELF_TRADE, c.SELF_TRADE_ALLOWED, c.SELF_TRADE_DECREMENT)
  );
}

function fault(reason: string): Error {
  return new Error(`not a snapshot of an order book that can be restored here: ${reason}`);
}

function writeDouble(words: Int32Array, at: number, value: number): void {
  words.set(new Int32Array(Float64Array.of(value).buffer), at);
}

function readDouble(words: Int32Array, at: number): number {
  return new Float64Array(words.slice(at, at + 2).buffer)[0];
}
