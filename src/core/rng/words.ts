/**
 * The words of a random stream: keyed by (seed, unit, name) through Threefry, then xoshiro128++; raw words,
 * uniforms and integers. Stream adds laws that come from tables; its head tells why it is made so.
 */
import { threefry4x32 } from './threefry.js';

const TWO_32 = 4294967296;
const TWO_26 = 67108864;
const TWO_MINUS_53 = 1.1102230246251565e-16;
/** Up to here word x n is exact in a double. */
const MAX_PRODUCT_N = 2097152;

const keyWords = new Int32Array(4);
const stateWords = new Int32Array(4);

export class WordStream {
  protected s0 = 0;
  protected s1 = 0;
  protected s2 = 0;
  protected s3 = 0;

  /**
   * Goes to the start of stream (seed, unit, name): integers, seed and unit 0..2^53-1, name from names.ts.
   * The state is Threefry4x32-20 with the seed as key and (unit, name) as counter.
   */
  key(seed: number, unit: number, name: number): this {
    keyWords[0] = seed | 0;
    keyWords[1] = (seed / TWO_32) | 0;
    stateWords[0] = unit | 0;
    stateWords[1] = (unit / TWO_32) | 0;
    stateWords[2] = name;
    stateWords[3] = 0;
    threefry4x32(keyWords, stateWords);
    return this.restore(stateWords);
  }

  /** Sets the four words of the xoshiro state; all zero, its one fixed point, is replaced by 0, 0, 0, 1. */
  restore(words: Int32Array): this {
    this.s0 = words[0];
    this.s1 = words[1];
    this.s2 = words[2];
    this.s3 = words[3];
    if ((this.s0 | this.s1 | this.s2 | this.s3) === 0) this.s3 = 1;
    return this;
  }

  /** Next word as a signed integer -2^31..2^31-1. */
  i32(): number {
    const s0 = this.s0;
    const s1 = this.s1;
    const s3 = this.s3;
    const sum = (s0 + s3) | 0;
    const word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
    const s2 = this.s2 ^ s0;
    const t3 = s3 ^ s1;
    this.s1 = s1 ^ s2;
    this.s0 = s0 ^ t3;
    this.s2 = s2 ^ (s1 << 9);
    this.s3 = (t3 << 11) | (t3 >>> 21);
    return word;
  }

  /** Next word as an unsigned integer 0..2^32-1. */
  u32(): number {
    return this.i32() >>> 0;
  }

  /** Uniform in [0, 1): a multiple of 2^-53 from two words. */
  uniform(): number {
    const high = this.i32() >>> 5;
    return (high * TWO_26 + (this.i32() >>> 6)) * TWO_MINUS_53;
  }

  /** Unbiased integer in 0..n-1 for an integer n in 1..2^31 (Lemire 2019 up to 2^21, rejection above). */
  below(n: number): number {
    if (n > MAX_PRODUCT_N) {
      const shift = Math.clz32(n - 1);
      let word = this.i32() >>> shift;
      while (word >= n) word = this.i32() >>> shift;
      return word;
    }
    let product = this.u32() * n;
    let low = product >>> 0;
    if (low < n) {
      const threshold = (TWO_32 - n) % n;
      while (low < threshold) {
        product = this.u32() * n;
        low = product >>> 0;
      }
    }
    return (product - low) / TWO_32;
  }

  /** Writes `count` uniforms to out[0..count-1]: the same values as `count` calls of uniform(). */
  fillUniforms(out: Float64Array, count: number): void {
    let s0 = this.s0;
    let s1 = this.s1;
    let s2 = this.s2;
    let s3 = this.s3;
    for (let i = 0; i < count; i++) {
      let sum = (s0 + s3) | 0;
      const high = (((sum << 7) | (sum >>> 25)) + s0) | 0;
      let t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
      sum = (s0 + s3) | 0;
      const low = (((sum << 7) | (sum >>> 25)) + s0) | 0;
      t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
      out[i] = ((high >>> 5) * TWO_26 + (low >>> 6)) * TWO_MINUS_53;
    }
    this.saveWords(s0, s1, s2, s3);
  }

  /** Writes `count` words to out[0..count-1]: the same values as `count` calls of i32(). */
  fillWords(out: Int32Array, count: number): void {
    let s0 = this.s0;
    let s1 = this.s1;
    let s2 = this.s2;
    let s3 = this.s3;
    for (let i = 0; i < count; i++) {
      const sum = (s0 + s3) | 0;
      out[i] = ((sum << 7) | (sum >>> 25)) + s0;
      const t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
    }
    this.saveWords(s0, s1, s2, s3);
  }

  protected saveWords(s0: number, s1: number, s2: number, s3: number): void {
    this.s0 = s0;
    this.s1 = s1;
    this.s2 = s2;
    this.s3 = s3;
  }
}
