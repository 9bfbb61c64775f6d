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
  declare private order: Int32Array;
  /** Four words a slot, side by side in the cache: its place in `order`, side, price, lots. */
  declare private slots: Int32Array;

  constructor(capacity = 1024) {
    this.order = new Int32Array(capacity);
    this.slots = new Int32Array(4 * capacity);
    this.clear();
  }

  /** The slot that the next add() will take. */
  nextSlot(): number {
    if (this.count === this.order.length) this.grow();
    return this.order[this.count];
  }

  /** Makes nextSlot() live. */
  add(side: number, priceTicks: number, qtyLots: number): void {
    const slots = this.slots;
    const at = this.nextSlot() << 2;
    slots[at + 1] = side;
    slots[at + 2] = priceTicks;
    slots[at + 3] = qtyLots;
    this.count++;
  }

  /** Live slot number k, 0 <= k < count, in no particular order. */
  at(k: number): number {
    return this.order[k];
  }

  sideOf(slot: number): number {
    return this.slots[(slot << 2) + 1];
  }

  priceOf(slot: number): number {
    return this.slots[(slot << 2) + 2];
  }

  /** Takes traded lots off an order; it leaves when nothing is left. */
  fill(slot: number, qtyLots: number): void {
    const left = this.slots[(slot << 2) + 3] - qtyLots;
    this.slots[(slot << 2) + 3] = left;
    if (left === 0) this.remove(slot);
  }

  remove(slot: number): void {
    const { order, slots } = this;
    const k = slots[slot << 2];
    const last = --this.count;
    const moved = order[last];
    order[k] = moved;
    slots[moved << 2] = k;
    order[last] = slot;
    slots[slot << 2] = last;
  }

  /** Frees all slots; the same sequence of calls then gives the same slots again. */
  clear(): void {
    this.count = 0;
    for (let i = 0; i < this.order.length; i++) this.order[i] = this.slots[4 * i] = i;
  }

  private grow(): void {
    const old = this.order.length;
    this.order = doubled(this.order);
    this.slots = doubled(this.slots);
    for (let i = old; i < 2 * old; i++) this.order[i] = this.slots[4 * i] = i;
  }
}

function doubled(from: Int32Array): Int32Array {
  const out = new Int32Array(2 * from.length);
  out.set(from);
  return out;
}
