/**
 * The set of live background orders: add, remove and pick one uniformly, each O(1).
 *
 * One permutation of the slots, the live ones first: `at(k)` for k in 0..count-1 are the live slots, the
 * others are free. Removing swaps a slot with the last live one, so the same two arrays are list, index
 * and free list. Slots are dense small integers and serve as order ids. The arrays double when full;
 * nothing else allocates.
 */
export class LiveOrders {
  count = 0;
  private order: Int32Array;
  private place: Int32Array;
  private side: Uint8Array;
  private price: Int32Array;
  private lots: Int32Array;

  constructor(capacity = 1024) {
    this.order = identity(capacity);
    this.place = identity(capacity);
    this.side = new Uint8Array(capacity);
    this.price = new Int32Array(capacity);
    this.lots = new Int32Array(capacity);
  }

  /** The slot that the next add() will take. */
  nextSlot(): number {
    if (this.count === this.order.length) this.grow();
    return this.order[this.count];
  }

  /** Makes nextSlot() live. */
  add(side: number, priceTicks: number, qtyLots: number): void {
    const slot = this.nextSlot();
    this.side[slot] = side;
    this.price[slot] = priceTicks;
    this.lots[slot] = qtyLots;
    this.count++;
  }

  /** Live slot number k, 0 <= k < count, in no particular order. */
  at(k: number): number {
    return this.order[k];
  }

  sideOf(slot: number): number {
    return this.side[slot];
  }

  priceOf(slot: number): number {
    return this.price[slot];
  }

  /** Takes traded lots off an order; it leaves when nothing is left. */
  fill(slot: number, qtyLots: number): void {
    this.lots[slot] -= qtyLots;
    if (this.lots[slot] === 0) this.remove(slot);
  }

  remove(slot: number): void {
    const k = this.place[slot];
    const last = --this.count;
    const moved = this.order[last];
    this.order[k] = moved;
    this.place[moved] = k;
    this.order[last] = slot;
    this.place[slot] = last;
  }

  /** Frees all slots; the same sequence of calls then gives the same slots again. */
  clear(): void {
    this.count = 0;
    for (let i = 0; i < this.order.length; i++) this.order[i] = this.place[i] = i;
  }

  private grow(): void {
    const capacity = 2 * this.order.length;
    const order = identity(capacity);
    const place = identity(capacity);
    order.set(this.order);
    place.set(this.place);
    this.order = order;
    this.place = place;
    const side = new Uint8Array(capacity);
    side.set(this.side);
    this.side = side;
    this.price = doubled(this.price);
    this.lots = doubled(this.lots);
  }
}

function identity(n: number): Int32Array {
  const out = new Int32Array(n);
  for (let i = 0; i < n; i++) out[i] = i;
  return out;
}

function doubled(from: Int32Array): Int32Array {
  const out = new Int32Array(2 * from.length);
  out.set(from);
  return out;
}
