/** The best L levels of a historical book: takes each message and compares the result with the file. */
import { BUY, NIL, SELL } from './market.js';
import { ASK_LOTS, ASK_PRICE, BID_LOTS, BID_PRICE, CELLS_PER_LEVEL } from './replay-feed.js';

/** What sync() found, as bits. */
export const ROW_EQUAL = 0;
/** A level entered at the bottom and was taken from the file, the one thing that messages do not tell. */
export const ROW_RESEEDED = 1;
/** Applying the message to the row before did not give this row; the file's row was adopted. */
export const ROW_MISMATCH = 2;

/**
 * Why this structure: a level-L file shows at most L levels a side and L is small (1 to 50), so each side
 * is a sorted array, best first; a message costs O(L) and the comparison with the file, which is the point
 * of it, costs O(L) anyway. The one-step rule: row i = row i-1 + message i, cut to L levels, except a level
 * that enters at the bottom after another one vanished from a full side. No allocation after construction.
 * Slow for very deep files: L shifts a message.
 */
export class ReplayWindow {
  readonly levels: number;
  /** Prices (1e-4 currency) and lots of both sides: side x (levels + 1), best first. */
  private readonly price: Int32Array;
  private readonly lots: Int32Array;
  private readonly count = new Int32Array(2);
  /** Side that lost a level while it was full, NIL when none did; and the price of its last level before. */
  private opened = NIL;
  private openedBelow = 0;
  private broken = false;

  constructor(levels: number) {
    this.levels = levels;
    this.price = new Int32Array(2 * (levels + 1));
    this.lots = new Int32Array(2 * (levels + 1));
  }

  /** Takes the book row that starts at cells[at]. */
  load(cells: Int32Array, at: number): void {
    for (let side = BUY; side <= SELL; side++) {
      const priceCell = side === BUY ? BID_PRICE : ASK_PRICE;
      const lotsCell = side === BUY ? BID_LOTS : ASK_LOTS;
      const base = side * (this.levels + 1);
      let n = 0;
      while (n < this.levels && cells[at + n * CELLS_PER_LEVEL + priceCell] !== NIL) {
        this.price[base + n] = cells[at + n * CELLS_PER_LEVEL + priceCell];
        this.lots[base + n] = cells[at + n * CELLS_PER_LEVEL + lotsCell];
        n++;
      }
      this.count[side] = n;
    }
    this.opened = NIL;
    this.broken = false;
  }

  /** New limit order; what falls below level L is no longer seen. */
  add(side: number, priceE4: number, lots: number): void {
    const base = side * (this.levels + 1);
    const n = this.count[side];
    const k = this.find(side, priceE4);
    if (k < n && this.price[base + k] === priceE4) {
      this.lots[base + k] += lots;
      return;
    }
    for (let j = n; j > k; j--) {
      this.price[base + j] = this.price[base + j - 1];
      this.lots[base + j] = this.lots[base + j - 1];
    }
    this.price[base + k] = priceE4;
    this.lots[base + k] = lots;
    if (n < this.levels) this.count[side] = n + 1;
  }

  /** Lots leave a level, by cancellation or execution. */
  take(side: number, priceE4: number, lots: number): void {
    const base = side * (this.levels + 1);
    const n = this.count[side];
    const k = this.find(side, priceE4);
    if (k >= n || this.price[base + k] !== priceE4 || this.lots[base + k] < lots) {
      this.broken = true;
      return;
    }
    this.lots[base + k] -= lots;
    if (this.lots[base + k] > 0) return;
    if (n === this.levels) {
      this.opened = side;
      this.openedBelow = this.price[base + n - 1];
    }
    for (let j = k; j < n - 1; j++) {
      this.price[base + j] = this.price[base + j + 1];
      this.lots[base + j] = this.lots[base + j + 1];
    }
    this.count[side] = n - 1;
  }

  /** Completes the bottom from the row at cells[at], then compares all levels with it. Returns ROW_* bits. */
  sync(cells: Int32Array, at: number): number {
    const opened = this.opened;
    if (opened !== NIL) this.reseed(opened, cells, at);
    const equal = !this.broken && this.sideEquals(BUY, cells, at) && this.sideEquals(SELL, cells, at);
    if (!equal) this.load(cells, at);
    this.opened = NIL;
    return (opened !== NIL ? ROW_RESEEDED : ROW_EQUAL) | (equal ? ROW_EQUAL : ROW_MISMATCH);
  }

  /** Best price of a side in 1e-4 currency, NIL when it is empty. */
  best(side: number): number {
    return this.count[side] > 0 ? this.price[side * (this.levels + 1)] : NIL;
  }

  /** Lots at a visible price, 0 where no order rests. */
  lotsAt(side: number, priceE4: number): number {
    const k = this.find(side, priceE4);
    const at = side * (this.levels + 1) + k;
    return k < this.count[side] && this.price[at] === priceE4 ? this.lots[at] : 0;
  }

  /**
   * Whether the file would show orders at this price: the side has fewer than L levels, or the price is not
   * below them.
   */
  sees(side: number, priceE4: number): boolean {
    if (this.count[side] < this.levels) return true;
    const last = this.price[side * (this.levels + 1) + this.levels - 1];
    return side === BUY ? priceE4 >= last : priceE4 <= last;
  }

  /** Best levels into the out arrays, prices divided by unitsPerTick; returns how many. */
  depth(side: number, unitsPerTick: number, prices: Int32Array, lots: Int32Array, max: number): number {
    const n = this.count[side] < max ? this.count[side] : max;
    const base = side * (this.levels + 1);
    for (let k = 0; k < n; k++) {
      prices[k] = this.price[base + k] / unitsPerTick;
      lots[k] = this.lots[base + k];
    }
    return n;
  }

  /** Index of the first level that is not better than the price. */
  private find(side: number, priceE4: number): number {
    const base = side * (this.levels + 1);
    const n = this.count[side];
    let k = 0;
    if (side === BUY) while (k < n && this.price[base + k] > priceE4) k++;
    else while (k < n && this.price[base + k] < priceE4) k++;
    return k;
  }

  /**
   * The level that entered must lie below everything that was visible before; otherwise the comparison
   * fails.
   */
  private reseed(side: number, cells: Int32Array, at: number): void {
    const cell = at + (this.levels - 1) * CELLS_PER_LEVEL;
    const price = cells[cell + (side === BUY ? BID_PRICE : ASK_PRICE)];
    if (price === NIL) return;
    if (side === BUY ? price >= this.openedBelow : price <= this.openedBelow) {
      this.broken = true;
      return;
    }
    const k = side * (this.levels + 1) + this.levels - 1;
    this.price[k] = price;
    this.lots[k] = cells[cell + (side === BUY ? BID_LOTS : ASK_LOTS)];
    this.count[side] = this.levels;
  }

  private sideEquals(side: number, cells: Int32Array, at: number): boolean {
    const priceCell = side === BUY ? BID_PRICE : ASK_PRICE;
    const lotsCell = side === BUY ? BID_LOTS : ASK_LOTS;
    const base = side * (this.levels + 1);
    const n = this.count[side];
    for (let k = 0; k < n; k++) {
      const cell = at + k * CELLS_PER_LEVEL;
      if (cells[cell + priceCell] !== this.price[base + k] || cells[cell + lotsCell] !== this.lots[base + k])
        return false;
    }
    return n === this.levels || cells[at + n * CELLS_PER_LEVEL + priceCell] === NIL;
  }
}
