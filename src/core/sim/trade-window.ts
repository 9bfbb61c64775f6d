/**
 * Highest and lowest trade price of the last so many seconds: what a circuit breaker looks at.
 *
 * Two monotonic queues: a price that a newer one exceeds (undercuts) can never be the highest (lowest)
 * again and is dropped, so that the front of each queue is the answer. Cost O(1) per trade, amortised.
 */

class Extreme {
  private timesNs = new Float64Array(64);
  private pricesTicks = new Int32Array(64);
  private head = 0;
  private size = 0;
  private readonly sign: number;

  /** sign 1 keeps the highest price, -1 the lowest. */
  constructor(sign: number) {
    this.sign = sign;
  }

  add(tNs: number, priceTicks: number, oldestNs: number): void {
    while (this.size > 0 && this.timesNs[this.head] < oldestNs) this.drop(1);
    while (this.size > 0 && this.sign * (this.pricesTicks[this.at(this.size - 1)] - priceTicks) <= 0) {
      this.size--;
    }
    if (this.size === this.timesNs.length) this.grow();
    const at = this.at(this.size++);
    this.timesNs[at] = tNs;
    this.pricesTicks[at] = priceTicks;
  }

  /** The extreme price; there must be one. */
  front(): number {
    return this.pricesTicks[this.head];
  }

  clear(): void {
    this.head = 0;
    this.size = 0;
  }

  private drop(count: number): void {
    this.head = this.at(count);
    this.size -= count;
  }

  private at(index: number): number {
    return (this.head + index) & (this.timesNs.length - 1);
  }

  private grow(): void {
    const timesNs = new Float64Array(2 * this.size);
    const pricesTicks = new Int32Array(2 * this.size);
    for (let i = 0; i < this.size; i++) {
      timesNs[i] = this.timesNs[this.at(i)];
      pricesTicks[i] = this.pricesTicks[this.at(i)];
    }
    this.timesNs = timesNs;
    this.pricesTicks = pricesTicks;
    this.head = 0;
  }
}

export class TradeWindow {
  private readonly windowNs: number;
  private readonly highest = new Extreme(1);
  private readonly lowest = new Extreme(-1);

  constructor(windowNs: number) {
    this.windowNs = windowNs;
  }

  /** Adds a trade; times never fall. Returns its distance in ticks from the window's farthest price. */
  add(tNs: number, priceTicks: number): number {
    const oldestNs = tNs - this.windowNs;
    this.highest.add(tNs, priceTicks, oldestNs);
    this.lowest.add(tNs, priceTicks, oldestNs);
    return Math.max(priceTicks - this.lowest.front(), this.highest.front() - priceTicks);
  }

  clear(): void {
    this.highest.clear();
    this.lowest.clear();
  }
}
