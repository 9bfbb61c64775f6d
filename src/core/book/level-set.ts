/**
 * A set of price levels 0..size-1 that finds its next member above or below: three levels of bitmap.
 *
 * Why: the best price moves to the next occupied level when one empties; in a sparse book that may be far
 * away. A bit per level, a bit per non-empty word of those, and a bit per non-empty word of these again
 * answer in three steps of clz32.
 * Cost: add and remove O(1), upper words change only when a word becomes empty or ceases to be; above and
 * below O(1) plus a scan of the top words, of which there is one per 32,768 levels. Slow only far beyond a
 * million levels.
 */

/** Above every level: what `above` returns when there is no member. */
export const BEYOND = 1 << 30;

/** Words a bitmap of so many bits needs. */
const wordsFor = (bits: number): number => (bits + 31) >>> 5;

export class LevelSet {
  declare private readonly low: Int32Array;
  declare private readonly mid: Int32Array;
  declare private readonly top: Int32Array;

  /** size: number of levels, >= 1. */
  constructor(size: number) {
    this.low = new Int32Array(wordsFor(size));
    this.mid = new Int32Array(wordsFor(this.low.length));
    this.top = new Int32Array(wordsFor(this.mid.length));
  }

  add(level: number): void {
    const i = level >> 5;
    const word = this.low[i];
    this.low[i] = word | (1 << level);
    if (word === 0) {
      const j = i >> 5;
      this.mid[j] |= 1 << i;
      this.top[j >> 5] |= 1 << j;
    }
  }

  remove(level: number): void {
    const i = level >> 5;
    const word = this.low[i] & ~(1 << level);
    this.low[i] = word;
    if (word === 0) {
      const j = i >> 5;
      const upper = this.mid[j] & ~(1 << i);
      this.mid[j] = upper;
      if (upper === 0) this.top[j >> 5] &= ~(1 << j);
    }
  }

  /** Lowest member > level, BEYOND when there is none. level >= 0. */
  above(level: number): number {
    const i = level >> 5;
    const word = this.low[i] & (-2 << level);
    if (word !== 0) return (i << 5) | lowestBit(word);
    const j = i >> 5;
    const upper = this.mid[j] & (-2 << i);
    if (upper !== 0) return this.lowestOf((j << 5) | lowestBit(upper));
    let k = j >> 5;
    let bits = this.top[k] & (-2 << j);
    while (bits === 0) {
      if (++k === this.top.length) return BEYOND;
      bits = this.top[k];
    }
    const m = (k << 5) | lowestBit(bits);
    return this.lowestOf((m << 5) | lowestBit(this.mid[m]));
  }

  /** Highest member < level, -1 when there is none. level < size. */
  below(level: number): number {
    const i = level >> 5;
    const word = this.low[i] & ~(-1 << level);
    if (word !== 0) return (i << 5) | highestBit(word);
    const j = i >> 5;
    const upper = this.mid[j] & ~(-1 << i);
    if (upper !== 0) return this.highestOf((j << 5) | highestBit(upper));
    let k = j >> 5;
    let bits = this.top[k] & ~(-1 << j);
    while (bits === 0) {
      if (--k < 0) return -1;
      bits = this.top[k];
    }
    const m = (k << 5) | highestBit(bits);
    return this.highestOf((m << 5) | highestBit(this.mid[m]));
  }

  /** Lowest member of all, BEYOND when there is none. */
  lowest(): number {
    for (let k = 0; k < this.top.length; k++) {
      if (this.top[k] === 0) continue;
      const m = (k << 5) | lowestBit(this.top[k]);
      return this.lowestOf((m << 5) | lowestBit(this.mid[m]));
    }
    return BEYOND;
  }

  /** Highest member of all, -1 when there is none. */
  highest(): number {
    for (let k = this.top.length - 1; k >= 0; k--) {
      if (this.top[k] === 0) continue;
      const m = (k << 5) | highestBit(this.top[k]);
      return this.highestOf((m << 5) | highestBit(this.mid[m]));
    }
    return -1;
  }

  private lowestOf(i: number): number {
    return (i << 5) | lowestBit(this.low[i]);
  }

  private highestOf(i: number): number {
    return (i << 5) | highestBit(this.low[i]);
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function highestBit(word: number): number {
  return 31 - Math.clz32(word);
}
