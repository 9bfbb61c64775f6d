/**
 * PCG32 (XSH-RR 64/32) in 32-bit halves: the random source that the order-book workload prescribes.
 * Source: O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for
 * Random Number Generation", section 6. Not for simulations: those use core/rng.
 */

/** Multiplier 6364136223846793005 and the stream's increment (54 << 1) | 1. */
const MULTIPLIER_HIGH = 0x5851f42d;
const MULTIPLIER_LOW = 0x4c957f2d;
const INCREMENT = 109;

export class Pcg32 {
  private high = 0;
  private low = 0;

  /** seed: 0..2^32-1, added to the state between two steps. */
  constructor(seed: number) {
    this.next();
    const low = (this.low >>> 0) + seed;
    this.low = low | 0;
    if (low >= 2 ** 32) this.high = (this.high + 1) | 0;
    this.next();
  }

  /** Next 32 random bits as 0..2^32-1. */
  next(): number {
    const high = this.high;
    const low = this.low;
    this.step(high, low);
    // ((state >> 18) ^ state) >> 27, its low 32 bits, rotated right by the top five bits of the state.
    const mixedHigh = (high >>> 18) ^ high;
    const mixedLow = ((low >>> 18) | (high << 14)) ^ low;
    const word = (mixedLow >>> 27) | (mixedHigh << 5);
    const turn = high >>> 27;
    return ((word >>> turn) | (word << (-turn & 31))) >>> 0;
  }

  /**
   * Integer in 0..n-1 by the high half of a product, without rejection; n <= 2^21 keeps it exact in a double.
   */
  uniform(n: number): number {
    return Math.floor((this.next() * n) / 2 ** 32);
  }

  private step(high: number, low: number): void {
    const a = low & 0xffff;
    const b = low >>> 16;
    const c = MULTIPLIER_LOW & 0xffff;
    const d = MULTIPLIER_LOW >>> 16;
    const cross = b * c + ((a * c) >>> 16);
    const middle = (cross % 65536) + a * d;
    const carry = b * d + Math.floor(cross / 65536) + Math.floor(middle / 65536);
    const sum = (Math.imul(low, MULTIPLIER_LOW) >>> 0) + INCREMENT;
    this.low = sum | 0;
    this.high =
      (carry + Math.imul(high, MULTIPLIER_LOW) + Math.imul(low, MULTIPLIER_HIGH) + (sum >= 2 ** 32 ? 1 : 0)) |
      0;
  }
}
