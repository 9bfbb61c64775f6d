/**
 * Prices of one side in order, the worst first, each with a value: for what is too rare or too far apart for
 * a ladder.
 *
 * Why: most changes happen near the best price, which stands at the end, where the fewest words move.
 * Cost: find by halving; set and remove move the better prices by one place.
 */
import { BUY, NIL } from './codes.js';

export class PriceList {
  count = 0;
  pricesTicks = new Int32Array(64);
  values = new Int32Array(64);
  private readonly sign: number;

  constructor(side: number) {
    this.sign = side === BUY ? 1 : -1;
  }

  /** Best price, NIL when there is none. */
  get bestTicks(): number {
    return this.count === 0 ? NIL : this.pricesTicks[this.count - 1];
  }

  /** Value of a price, NIL when it is not there. */
  valueOf(priceTicks: number): number {
    const at = this.find(priceTicks);
    return this.isAt(at, priceTicks) ? this.values[at] : NIL;
  }

  /** Best price that is worse than this one, which need not be there; NIL when there is none. */
  worseThan(priceTicks: number): number {
    const at = this.find(priceTicks);
    return at === 0 ? NIL : this.pricesTicks[at - 1];
  }

  /** Gives a price a value, new or not. */
  set(priceTicks: number, value: number): void {
    const at = this.find(priceTicks);
    if (!this.isAt(at, priceTicks)) this.insert(at, priceTicks);
    this.values[at] = value;
  }

  /** Takes a price out, if it is there. */
  remove(priceTicks: number): void {
    const at = this.find(priceTicks);
    if (!this.isAt(at, priceTicks)) return;
    this.pricesTicks.copyWithin(at, at + 1, this.count);
    this.values.copyWithin(at, at + 1, this.count);
    this.count--;
  }

  /** Place of a price: of itself when it is there, else where it would stand. */
  private find(priceTicks: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sign * (this.pricesTicks[middle] - priceTicks) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private isAt(at: number, priceTicks: number): boolean {
    return at < this.count && this.pricesTicks[at] === priceTicks;
  }

  private insert(at: number, priceTicks: number): void {
    if (this.count === this.pricesTicks.length) {
      this.pricesTicks = doubled(this.pricesTicks);
      this.values = doubled(this.values);
    }
    this.pricesTicks.copyWithin(at + 1, at, this.count);
    this.values.copyWithin(at + 1, at, this.count);
    this.pricesTicks[at] = priceTicks;
    this.count++;
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(2 * array.length);
  twice.set(array);
  return twice;
}
