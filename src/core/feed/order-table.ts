/**
 * Live orders by a 64-bit id: an open-addressing hash table over typed arrays.
 *
 * Why: feeds number orders with ids of up to 64 bits that fit neither an int32 nor, in bad files, a double;
 * a Map of such keys needs a string or a BigInt per message. Here an id is two 32-bit halves.
 * Structure: slots hold the orders and are reused last in, first out; a table of slot numbers, never more
 * than half full, is probed linearly from a mixed hash. Removal moves later entries back, so that no
 * tombstones collect and the table never slows down over a long day.
 * Cost: O(1) expected per call; doubling when full. Slow: far more orders than fit the cache.
 */
import { NIL } from '../book/codes.js';

const FIRST_SLOTS = 1024;

export class OrderTable {
  /** Orders in the table. */
  size = 0;
  /** Columns by slot; valid for live slots only. */
  idHigh = new Int32Array(FIRST_SLOTS);
  idLow = new Int32Array(FIRST_SLOTS);
  book = new Int32Array(FIRST_SLOTS);
  side = new Uint8Array(FIRST_SLOTS);
  price = new Float64Array(FIRST_SLOTS);
  qty = new Float64Array(FIRST_SLOTS);
  /** Place in time: a later order has a larger number. 0 marks a free slot. */
  entry = new Float64Array(FIRST_SLOTS);
  /** Slots ever used; all live slots are below. */
  used = 0;
  private free = new Int32Array(FIRST_SLOTS);
  private freeCount = 0;
  /** Slot + 1 per hash place; 0 = empty. Length is a power of two >= 2 x slots. */
  private places = new Int32Array(2 * FIRST_SLOTS);
  private entries = 0;
  private readonly maxOrders: number;

  constructor(maxOrders: number) {
    this.maxOrders = maxOrders;
  }

  /** Slot of a live order, NIL when there is none. The halves are int32. */
  find(high: number, low: number): number {
    const { places, idHigh, idLow } = this;
    const mask = places.length - 1;
    for (let place = hash(high, low) & mask; ; place = (place + 1) & mask) {
      const slot = places[place] - 1;
      if (slot < 0) return NIL;
      if (idLow[slot] === low && idHigh[slot] === high) return slot;
    }
  }

  /** A new slot for an id that is not live, newest in time; NIL when `maxOrders` are live. */
  add(high: number, low: number): number {
    if (this.size >= this.maxOrders) return NIL;
    if (this.freeCount === 0 && this.used === this.idHigh.length) this.grow();
    const slot = this.freeCount > 0 ? this.free[--this.freeCount] : this.used++;
    this.idHigh[slot] = high;
    this.idLow[slot] = low;
    this.entry[slot] = ++this.entries;
    this.place(slot);
    this.size++;
    return slot;
  }

  remove(slot: number): void {
    const { places } = this;
    const mask = places.length - 1;
    let hole = hash(this.idHigh[slot], this.idLow[slot]) & mask;
    while (places[hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let next = (hole + 1) & mask; places[next] !== 0; next = (next + 1) & mask) {
      const other = places[next] - 1;
      const home = hash(this.idHigh[other], this.idLow[other]) & mask;
      // An entry may move back to the hole when the hole lies between its home and its place.
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        places[hole] = other + 1;
        hole = next;
      }
    }
    places[hole] = 0;
    this.entry[slot] = 0;
    this.free[this.freeCount++] = slot;
    this.size--;
  }

  private place(slot: number): void {
    const mask = this.places.length - 1;
    let place = hash(this.idHigh[slot], this.idLow[slot]) & mask;
    while (this.places[place] !== 0) place = (place + 1) & mask;
    this.places[place] = slot + 1;
  }

  private grow(): void {
    const slots = 2 * this.idHigh.length;
    this.idHigh = larger(this.idHigh, new Int32Array(slots));
    this.idLow = larger(this.idLow, new Int32Array(slots));
    this.book = larger(this.book, new Int32Array(slots));
    this.side = larger(this.side, new Uint8Array(slots));
    this.price = larger(this.price, new Float64Array(slots));
    this.qty = larger(this.qty, new Float64Array(slots));
    this.entry = larger(this.entry, new Float64Array(slots));
    this.free = larger(this.free, new Int32Array(slots));
    this.places = new Int32Array(2 * slots);
    for (let slot = 0; slot < this.used; slot++) this.place(slot);
  }
}

function larger<T extends Int32Array | Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The mixing steps of MurmurHash3's finaliser (A. Appleby, public domain) over both halves. */
function hash(high: number, low: number): number {
  let h = Math.imul(high, 0x9e3779b1) ^ low;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
