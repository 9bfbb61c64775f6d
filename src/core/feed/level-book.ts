/**
 * The price levels of one instrument as a feed tells them: two sorted arrays, the best price at their ends.
 *
 * Why this structure: prices of feeds are scaled integers of no known tick over ranges that no ladder can
 * span (1e-4 dollars up to 200,000 dollars, 1e-8 of a coin), and a day of a stock exchange has ten thousand
 * books, most of them tiny. A sorted array needs neither tick nor range and two small buffers per book.
 * Changes happen near the best price; with the best level last, few levels move when one is put in.
 * Cost: O(log levels) to find a level, O(levels nearer to the best) to put one in or take one out.
 * Slow: thousands of levels that change far from the best price.
 * Prices and quantities are integers in doubles, exact up to 2^53.
 */
import { BUY } from '../book/codes.js';

const FIRST_LEVELS = 8;

/** One side. Entry i is a price that ranks below that of entry i + 1. */
class Side {
  /** (rank, quantity) per level; rank ascends and is the price, of sells negated. */
  cells = new Float64Array(2 * FIRST_LEVELS);
  levels = 0;

  /** Index of the first level whose rank is not below `rank`. */
  private seek(rank: number): number {
    const { cells } = this;
    let low = 0;
    let high = this.levels;
    // Changes cluster at the best price, so a probe next to the end halves most searches.
    if (high > 8 && cells[2 * (high - 8)] < rank) low = high - 7;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cells[2 * middle] < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  qty(rank: number): number {
    const i = this.seek(rank);
    return i < this.levels && this.cells[2 * i] === rank ? this.cells[2 * i + 1] : 0;
  }

  /** Sets the quantity of a level, or adds to it; a level at 0 or below disappears. */
  change(rank: number, qty: number, add: boolean): void {
    const i = this.seek(rank);
    const found = i < this.levels && this.cells[2 * i] === rank;
    const next = add && found ? this.cells[2 * i + 1] + qty : qty;
    if (next > 0) {
      if (!found) this.insert(i, rank);
      this.cells[2 * i + 1] = next;
    } else if (found) {
      this.cells.copyWithin(2 * i, 2 * i + 2, 2 * this.levels);
      this.levels--;
    }
  }

  private insert(i: number, rank: number): void {
    if (2 * this.levels === this.cells.length) {
      const larger = new Float64Array(2 * this.cells.length);
      larger.set(this.cells);
      this.cells = larger;
    }
    this.cells.copyWithin(2 * i + 2, 2 * i, 2 * this.levels);
    this.cells[2 * i] = rank;
    this.levels++;
  }
}

export class LevelBook {
  private readonly bids = new Side();
  private readonly asks = new Side();

  /** Makes `qty` the quantity at a price; 0 removes the level. */
  set(side: number, price: number, qty: number): void {
    if (side === BUY) this.bids.change(price, qty, false);
    else this.asks.change(-price, qty, false);
  }

  /** Adds `qty`, which may be negative, to a price; a level at 0 disappears. */
  add(side: number, price: number, qty: number): void {
    if (side === BUY) this.bids.change(price, qty, true);
    else this.asks.change(-price, qty, true);
  }

  /** Quantity at a price, 0 when there is no level. */
  qtyAt(side: number, price: number): number {
    return side === BUY ? this.bids.qty(price) : this.asks.qty(-price);
  }

  /** Number of levels of a side. */
  levels(side: number): number {
    return side === BUY ? this.bids.levels : this.asks.levels;
  }

  /** Price of the level of this rank, 0 the best; NaN when there are not so many. */
  price(side: number, rank: number): number {
    const { cells, levels } = side === BUY ? this.bids : this.asks;
    if (rank >= levels) return NaN;
    const value = cells[2 * (levels - 1 - rank)];
    return side === BUY ? value : -value;
  }

  /** Quantity of the level of this rank, 0 the best; 0 when there are not so many. */
  qty(side: number, rank: number): number {
    const { cells, levels } = side === BUY ? this.bids : this.asks;
    return rank < levels ? cells[2 * (levels - 1 - rank) + 1] : 0;
  }

  /** Best bid minus best ask: > 0 crossed, 0 locked, < 0 as it should be; NaN when a side is empty. */
  overlap(): number {
    const { bids, asks } = this;
    if (bids.levels === 0 || asks.levels === 0) return NaN;
    return bids.cells[2 * bids.levels - 2] + asks.cells[2 * asks.levels - 2];
  }

  /**
   * Multiplies all prices and quantities by integers >= 1: the same book in finer units. False when a value
   * is no longer exact.
   */
  rescale(priceFactor: number, qtyFactor: number): boolean {
    let exact = true;
    for (const { cells, levels } of [this.bids, this.asks]) {
      for (let i = 0; i < 2 * levels; i += 2) {
        cells[i] *= priceFactor;
        cells[i + 1] *= qtyFactor;
        exact &&= Number.isSafeInteger(cells[i]) && Number.isSafeInteger(cells[i + 1]);
      }
    }
    return exact;
  }

  clear(): void {
    this.bids.levels = 0;
    this.asks.levels = 0;
  }
}
