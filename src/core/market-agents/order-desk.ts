/**
 * Where agents see the market and hand in orders: fixed slots for their orders, so that nothing is allocated.
 *
 * An agent owns a fixed range of slots and a slot holds one order at most; slot s has the book's id
 * firstId + s. So an order is found by its slot, and no run can hold more than was laid out at the start.
 * Agents see the book with the trader's orders in it, as they would on a screen. All calls are O(1).
 */
import * as codes from '../book/codes.js';
import type { OrderBook, OrderEntry } from '../book/types.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, NIL, SELL, TIF_GTC } = codes;

/** No agent pays nothing. */
const MIN_PRICE_TICKS = 1;

export class OrderDesk {
  /** Best prices as an agent sees them now; NIL for an empty side. */
  bidTicks = NIL;
  askTicks = NIL;
  /** Bid + ask; while a side is empty the last one known. */
  midHalfTicks = 0;
  /** Lots traded since the start by side of the aggressor; what an uncross trades counts on both sides. */
  readonly volumeLots = new Float64Array(2);
  declare private readonly firstId: number;
  /** Lots left of the order in a slot, 0 for a free slot; and its side. */
  declare private readonly left: Int32Array;
  declare private readonly sides: Uint8Array;
  declare private book: OrderBook;
  declare private entry: OrderEntry;

  constructor(slots: number, firstId: number) {
    this.firstId = firstId;
    this.left = new Int32Array(slots);
    this.sides = new Uint8Array(slots);
  }

  /** Begins a run on an empty book around bid = midTicks, ask = midTicks + 1, which nobody has quoted yet. */
  start(book: OrderBook, midTicks: number): void {
    this.book = this.entry = book;
    this.left.fill(0);
    this.volumeLots.fill(0);
    this.bidTicks = this.askTicks = NIL;
    this.midHalfTicks = 2 * midTicks + 1;
  }

  /**
   * Looks at the book before an agent acts. While the orders stand elsewhere, in a call auction, the
   * prices given are shown: those with which the call began.
   */
  look(entry: OrderEntry, bidTicks: number, askTicks: number): void {
    this.entry = entry;
    const bid = this.book.bestBidTicks;
    const ask = this.book.bestAskTicks;
    this.bidTicks = bid === NIL ? bidTicks : bid;
    this.askTicks = ask === NIL ? askTicks : ask;
    if (this.bidTicks !== NIL && this.askTicks !== NIL) this.midHalfTicks = this.bidTicks + this.askTicks;
  }

  /** New order in a free slot; what does not trade rests. False if it was refused: the slot stays free. */
  place(slot: number, side: number, priceTicks: number, qtyLots: number): boolean {
    const price = Math.max(MIN_PRICE_TICKS, priceTicks);
    const { volumeLots } = this;
    this.sides[slot] = side;
    // What its makers, the agents among them, report by fill(); the rest was taken from the trader.
    const before = volumeLots[side];
    const traded = this.entry.limit(this.firstId + slot, side, price, qtyLots, TIF_GTC);
    if (traded < 0) return false;
    volumeLots[side] = before + traded;
    this.left[slot] = qtyLots - traded;
    return true;
  }

  /** Takes the order of a slot out, if there is one; returns the lots that were left. */
  cancel(slot: number): number {
    const lots = this.left[slot];
    if (lots === 0) return 0;
    this.entry.cancel(this.firstId + slot);
    this.left[slot] = 0;
    return lots;
  }

  /** Lots that rest in a slot. */
  leftLots(slot: number): number {
    return this.left[slot];
  }

  /** The book reports lots taken from an agent's order. */
  fill(id: number, qtyLots: number): void {
    const slot = id - this.firstId;
    this.left[slot] -= qtyLots;
    this.volumeLots[this.sides[slot] === BUY ? SELL : BUY] += qtyLots;
  }
}
