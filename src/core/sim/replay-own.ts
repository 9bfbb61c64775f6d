/** Own orders laid over a historical book: who is ahead of them, and which shares would have hit them. */
import { BUY, NIL, SELL } from './market.js';
import type { FillSink } from './market.js';
import type { ReplayWindow } from './replay-window.js';

/** Internal size of a queue that nobody has seen. */
const UNSEEN = 0x7fffffff;

/**
 * Each own order knows the lots of history ahead of it and the row at which it came. History is never
 * altered: an own order takes no share away from it and adds none, and each historical share fills own
 * orders at most once.
 *
 * The queue rules, for an order at price Q that came at row r:
 * - it joins behind all visible lots at Q;
 * - a historical order that was added before r is ahead of it, one added later is behind it, one that was
 *   never seen to be added is older than the file and thus ahead;
 * - a cancel ahead takes its size off the lots ahead, a cancel behind changes nothing;
 * - an execution at Q consumes the lots ahead, and what it takes beyond them fills the order. An execution
 *   of an order behind it would have hit the own order first, so it fills it; the lots ahead stay (real files
 *   show a few of these with lots still ahead, executed in the same instant: 20 of 6,745 in a day of AMZN);
 * - an execution at a worse price, and an arriving order that would cross Q, fill it up to their size.
 *
 * Where a level-L file does not show price Q, the lots ahead are an upper bound: they can only shrink
 * meanwhile, so on return the smaller of the old number and the visible lots holds, and from then on a
 * cancel by an unseen order counts as one behind. Such an order never has fewer lots ahead than in truth.
 *
 * Structure: parallel arrays by own id plus one id list per side, sorted by price and then arrival; own
 * orders are few (two for a market maker), so every operation is O(own orders on that side), 0 when there
 * are none.
 */
export class OwnOrders {
  private readonly side: Int32Array;
  private readonly price: Int32Array;
  private readonly left: Int32Array;
  private readonly ahead: Int32Array;
  private readonly sinceRow: Int32Array;
  /** 1 once the level was out of sight while others stood ahead: `ahead` is an upper bound from then on. */
  private readonly unsure: Uint8Array;
  /** Ids by priority: side x capacity. */
  private readonly queue: Int32Array;
  private readonly count = new Int32Array(2);
  private readonly unitsPerTick: number;
  readonly capacity: number;
  /** Own orders whose place had to be bounded because the file did not show their level. */
  unsureOrders = 0;

  constructor(capacity: number, unitsPerTick: number) {
    this.capacity = capacity;
    this.unitsPerTick = unitsPerTick;
    this.side = new Int32Array(capacity);
    this.price = new Int32Array(capacity);
    this.left = new Int32Array(capacity);
    this.ahead = new Int32Array(capacity);
    this.sinceRow = new Int32Array(capacity);
    this.unsure = new Uint8Array(capacity);
    this.queue = new Int32Array(2 * capacity);
  }

  isEmpty(): boolean {
    return this.count[BUY] + this.count[SELL] === 0;
  }

  rests(id: number): boolean {
    return id >= 0 && id < this.capacity && this.left[id] > 0;
  }

  /** Best own price of a side, NIL when no own order rests there. */
  best(side: number): number {
    return this.count[side] > 0 ? this.price[this.queue[side * this.capacity]] : NIL;
  }

  /**
   * Adds an order that joins at the back of what the window shows; `row` is the number of messages applied
   * so far.
   */
  add(id: number, side: number, priceE4: number, lots: number, row: number, window: ReplayWindow): void {
    const seen = window.sees(side, priceE4);
    this.side[id] = side;
    this.price[id] = priceE4;
    this.left[id] = lots;
    this.ahead[id] = seen ? window.lotsAt(side, priceE4) : UNSEEN;
    this.sinceRow[id] = row;
    this.unsure[id] = seen ? 0 : 1;
    this.unsureOrders += this.unsure[id];
    const base = side * this.capacity;
    let k = this.count[side]++;
    while (k > 0 && isBetter(side, priceE4, this.price[this.queue[base + k - 1]])) {
      this.queue[base + k] = this.queue[base + k - 1];
      k--;
    }
    this.queue[base + k] = id;
  }

  /** Takes an order out; returns the lots that were left, 0 when it did not rest. */
  remove(id: number): number {
    if (!this.rests(id)) return 0;
    const lots = this.left[id];
    this.left[id] = 0;
    const base = this.side[id] * this.capacity;
    const n = --this.count[this.side[id]];
    let k = 0;
    while (this.queue[base + k] !== id) k++;
    for (; k < n; k++) this.queue[base + k] = this.queue[base + k + 1];
    return lots;
  }

  /**
   * Historical lots and earlier own lots ahead at the order's price; NIL when it does not rest or its place
   * is unseen.
   */
  aheadLots(id: number): number {
    if (!this.rests(id) || this.ahead[id] === UNSEEN) return NIL;
    const base = this.side[id] * this.capacity;
    let lots = this.ahead[id];
    for (let k = 0; this.queue[base + k] !== id; k++) {
      const other = this.queue[base + k];
      if (this.price[other] === this.price[id]) lots += this.left[other];
    }
    return lots;
  }

  /** A historical order at `priceE4`, added at `addedRow` (NIL: never seen), gives up `lots`. */
  historyCancelled(side: number, priceE4: number, lots: number, addedRow: number): void {
    const base = side * this.capacity;
    for (let k = 0; k < this.count[side]; k++) {
      const id = this.queue[base + k];
      if (this.price[id] !== priceE4 || addedRow >= this.sinceRow[id] || this.ahead[id] === UNSEEN) continue;
      if (addedRow === NIL && this.unsure[id] === 1) continue;
      this.ahead[id] = this.ahead[id] > lots ? this.ahead[id] - lots : 0;
    }
  }

  /**
   * A historical order of `side` is executed for `lots`: own orders with priority over it are filled out of
   * them.
   */
  historyExecuted(side: number, priceE4: number, lots: number, addedRow: number, sink: FillSink): void {
    let budget = lots;
    const base = side * this.capacity;
    let k = 0;
    while (k < this.count[side]) {
      const id = this.queue[base + k];
      const better = isBetter(side, this.price[id], priceE4);
      if (!better && this.price[id] !== priceE4) return;
      let mine = budget;
      if (!better && addedRow < this.sinceRow[id]) {
        const consumed = this.ahead[id] < lots ? this.ahead[id] : lots;
        if (this.ahead[id] !== UNSEEN) this.ahead[id] -= consumed;
        if (mine > lots - consumed) mine = lots - consumed;
      }
      const filled = this.fill(id, mine, sink);
      budget -= filled;
      if (this.left[id] > 0) k++;
    }
  }

  /**
   * A historical limit order of `side` arrives; own orders of the other side that it would cross are
   * filled.
   */
  historyArrived(side: number, priceE4: number, lots: number, sink: FillSink): void {
    const own = side === BUY ? SELL : BUY;
    let budget = lots;
    while (budget > 0 && this.count[own] > 0) {
      const id = this.queue[own * this.capacity];
      if (isBetter(own, priceE4, this.price[id])) return;
      budget -= this.fill(id, budget, sink);
    }
  }

  /**
   * After a row: nobody can have more lots ahead than the level shows, and levels go out of sight and come
   * back.
   */
  refresh(window: ReplayWindow): void {
    for (let side = BUY; side <= SELL; side++) {
      const base = side * this.capacity;
      for (let k = 0; k < this.count[side]; k++) {
        const id = this.queue[base + k];
        if (window.sees(side, this.price[id])) {
          const shown = window.lotsAt(side, this.price[id]);
          if (this.ahead[id] > shown) this.ahead[id] = shown;
        } else if (this.ahead[id] > 0 && this.unsure[id] === 0) {
          this.unsure[id] = 1;
          this.unsureOrders++;
        }
      }
    }
  }

  /** Fills up to `lots` of an order and tells the sink; returns the lots filled. */
  private fill(id: number, lots: number, sink: FillSink): number {
    const filled = lots < this.left[id] ? lots : this.left[id];
    if (filled <= 0) return 0;
    const side = this.side[id];
    const priceTicks = this.price[id] / this.unitsPerTick;
    if (filled === this.left[id]) this.remove(id);
    else this.left[id] -= filled;
    sink.onFill(id, side, priceTicks, filled);
    return filled;
  }
}

/** Whether a price of a side has priority over another: higher to buy, lower to sell. */
function isBetter(side: number, priceE4: number, thanE4: number): boolean {
  return side === BUY ? priceE4 > thanE4 : priceE4 < thanE4;
}
