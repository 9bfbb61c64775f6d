/**
 * A random stream of one unit: keyed by (seed, unit, name), then xoshiro128++; uniform, integer, normal,
 * exponential.
 *
 * Why this structure: a unit owns its stream, so a result cannot depend on chunks, threads or nodes. The key
 * goes through Threefry (threefry.ts), which gives every stream of a seed another state by construction; the
 * words come from xoshiro128++ 1.0 (Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM
 * TOMS 47(4), 2021), period 2^128 - 1. The state lives in four int fields, which V8 keeps unboxed; every
 * addition is coerced at once. Normals and exponentials are 256-layer ziggurats (ziggurat.ts): one word and a
 * quarter, a table and a product for 98.5 % of the normals and 97.8 % of the exponentials, never a logarithm.
 * The layer comes from a byte of another word than the value (Doornik 2005), and the value is (word + 1/2) x
 * width: symmetric for the normal, never 0 for the exponential. Cost on one core: about 2 ns a word, 5 ns a
 * normal by fillNormals, 10 ns by normal(), 90 ns a key().
 */
import { exp } from '../math/exp.js';
import { threefry4x32 } from './threefry.js';
import { EXPONENTIAL_R, NORMAL_R, exponentialTables, normalTables } from './ziggurat.js';

const TWO_32 = 4294967296;
const TWO_26 = 67108864;
const TWO_MINUS_53 = 1.1102230246251565e-16;
/** Up to here word x n is exact in a double. */
const MAX_PRODUCT_N = 2097152;

// Constants of this file, not imports: V8 reads an imported binding anew at every use, a local one is folded
// away.
const NORMAL_START = NORMAL_R;
const EXPONENTIAL_START = EXPONENTIAL_R;
const NORMAL = normalTables();
const NORMAL_WIDTH = NORMAL.width;
const NORMAL_HEIGHT = NORMAL.height;
const NORMAL_INSIDE = NORMAL.inside;
const EXPONENTIAL = exponentialTables();
const EXPONENTIAL_WIDTH = EXPONENTIAL.width;
const EXPONENTIAL_HEIGHT = EXPONENTIAL.height;
const EXPONENTIAL_INSIDE = EXPONENTIAL.inside;

const keyWords = new Int32Array(4);
const stateWords = new Int32Array(4);

export class Stream {
  private s0 = 0;
  private s1 = 0;
  private s2 = 0;
  private s3 = 0;
  /** Bytes that choose ziggurat layers, and how many of them are left. */
  private layers = 0;
  private layersLeft = 0;

  /** A stream at its start; see key(). */
  constructor(seed = 0, unit = 0, name = 0) {
    this.key(seed, unit, name);
  }

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
    this.layers = 0;
    this.layersLeft = 0;
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

  private layer(): number {
    if (this.layersLeft === 0) {
      this.layers = this.i32();
      this.layersLeft = 4;
    }
    const layer = this.layers & 255;
    this.layers >>= 8;
    this.layersLeft = (this.layersLeft - 1) | 0;
    return layer;
  }

  /** Standard normal; between -3.66 and 3.66 a value is a half-odd multiple of its layer's width / 2^31. */
  normal(): number {
    const layer = this.layer();
    const word = this.i32();
    const x = (word + 0.5) * NORMAL_WIDTH[layer];
    // word ^ (word >> 31) is the size of word without a branch on its sign, which would miss half the time.
    if ((word ^ (word >> 31)) < NORMAL_INSIDE[layer]) return x;
    return this.normalEdge(layer, word, x);
  }

  /**
   * The 1.2 % outside the inner rectangles: a wedge of a layer, or the tail of the base; draws anew when
   * rejected.
   */
  private normalEdge(layer: number, word: number, x: number): number {
    for (;;) {
      if (layer === 0) return this.normalTail(word);
      const bottom = NORMAL_HEIGHT[layer];
      const y = bottom + this.uniform() * (NORMAL_HEIGHT[layer + 1] - bottom);
      if (y < exp(-0.5 * x * x)) return x;
      layer = this.layer();
      word = this.i32();
      x = (word + 0.5) * NORMAL_WIDTH[layer];
      if ((word ^ (word >> 31)) < NORMAL_INSIDE[layer]) return x;
    }
  }

  /** Marsaglia's tail method with exponentials in place of logarithms; the sign is that of `word`. */
  private normalTail(word: number): number {
    for (;;) {
      const x = this.exponential() / NORMAL_START;
      const y = this.exponential();
      if (y + y > x * x) return word < 0 ? -(NORMAL_START + x) : NORMAL_START + x;
    }
  }

  /** Standard exponential (mean 1), always above 0. */
  exponential(): number {
    const layer = this.layer();
    const word = this.u32();
    if (word < EXPONENTIAL_INSIDE[layer]) return (word + 0.5) * EXPONENTIAL_WIDTH[layer];
    return this.exponentialEdge(layer, word);
  }

  /** The 2.2 % outside the inner rectangles: a wedge of a layer, or the tail of the base. */
  private exponentialEdge(layer: number, word: number): number {
    // Beyond r the law starts anew at r: a draw from the tail is r plus another draw.
    let start = 0;
    for (;;) {
      const x = (word + 0.5) * EXPONENTIAL_WIDTH[layer];
      if (word < EXPONENTIAL_INSIDE[layer]) return start + x;
      if (layer === 0) start += EXPONENTIAL_START;
      else {
        const bottom = EXPONENTIAL_HEIGHT[layer];
        const y = bottom + this.uniform() * (EXPONENTIAL_HEIGHT[layer + 1] - bottom);
        if (y < exp(-x)) return start + x;
      }
      layer = this.layer();
      word = this.u32();
    }
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
    this.save(s0, s1, s2, s3, this.layers, this.layersLeft);
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
    this.save(s0, s1, s2, s3, this.layers, this.layersLeft);
  }

  /**
   * Writes `count` standard exponentials to out[0..count-1]: the same values as `count` calls of
   * exponential(), but nothing is returned, because V8 boxes a number that a call returns.
   */
  fillExponentials(out: Float64Array, count: number): void {
    let s0 = this.s0;
    let s1 = this.s1;
    let s2 = this.s2;
    let s3 = this.s3;
    let layers = this.layers;
    let layersLeft = this.layersLeft;
    for (let i = 0; i < count; i++) {
      let sum = 0;
      let t = 0;
      if (layersLeft === 0) {
        sum = (s0 + s3) | 0;
        layers = (((sum << 7) | (sum >>> 25)) + s0) | 0;
        layersLeft = 4;
        t = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = (s3 << 11) | (s3 >>> 21);
      }
      const layer = layers & 255;
      layers >>= 8;
      layersLeft = (layersLeft - 1) | 0;
      sum = (s0 + s3) | 0;
      const word = ((((sum << 7) | (sum >>> 25)) + s0) | 0) >>> 0;
      t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
      if (word < EXPONENTIAL_INSIDE[layer]) {
        out[i] = (word + 0.5) * EXPONENTIAL_WIDTH[layer];
        continue;
      }
      this.save(s0, s1, s2, s3, layers, layersLeft);
      out[i] = this.exponentialEdge(layer, word);
      s0 = this.s0;
      s1 = this.s1;
      s2 = this.s2;
      s3 = this.s3;
      layers = this.layers;
      layersLeft = this.layersLeft;
    }
    this.save(s0, s1, s2, s3, layers, layersLeft);
  }

  /**
   * Writes `count` standard normals to out[0..count-1]: the same values as `count` calls of normal(), faster
   * because the state stays in local variables; the two xoshiro steps are written out for that.
   */
  fillNormals(out: Float64Array, count: number): void {
    let s0 = this.s0;
    let s1 = this.s1;
    let s2 = this.s2;
    let s3 = this.s3;
    let layers = this.layers;
    let layersLeft = this.layersLeft;
    for (let i = 0; i < count; i++) {
      let sum = 0;
      let t = 0;
      if (layersLeft === 0) {
        sum = (s0 + s3) | 0;
        layers = (((sum << 7) | (sum >>> 25)) + s0) | 0;
        layersLeft = 4;
        t = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = (s3 << 11) | (s3 >>> 21);
      }
      const layer = layers & 255;
      layers >>= 8;
      layersLeft = (layersLeft - 1) | 0;
      sum = (s0 + s3) | 0;
      const word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
      t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
      const x = (word + 0.5) * NORMAL_WIDTH[layer];
      if ((word ^ (word >> 31)) < NORMAL_INSIDE[layer]) {
        out[i] = x;
        continue;
      }
      this.save(s0, s1, s2, s3, layers, layersLeft);
      out[i] = this.normalEdge(layer, word, x);
      s0 = this.s0;
      s1 = this.s1;
      s2 = this.s2;
      s3 = this.s3;
      layers = this.layers;
      layersLeft = this.layersLeft;
    }
    this.save(s0, s1, s2, s3, layers, layersLeft);
  }

  private save(s0: number, s1: number, s2: number, s3: number, layers: number, layersLeft: number): void {
    this.s0 = s0;
    this.s1 = s1;
    this.s2 = s2;
    this.s3 = s3;
    this.layers = layers;
    this.layersLeft = layersLeft;
  }
}
