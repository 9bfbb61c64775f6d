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
 * width: symmetric for the normal, never 0 for the exponential. Cost on one core: about 2 ns a word, 3 ns a
 * normal by fillNormals, 10 ns by normal(), 90 ns a key().
 */
import { exp } from '../math/exp.js';
import { WordStream } from './words.js';
import { EXPONENTIAL_R, NORMAL_R, exponentialTables, normalTables } from './ziggurat.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use, a local one is folded
// away.
const NORMAL_START = NORMAL_R;
const EXPONENTIAL_START = EXPONENTIAL_R;
const NORMAL = normalTables();
const NORMAL_WIDTH = NORMAL.width;
const NORMAL_HEIGHT = NORMAL.height;
const NORMAL_INSIDE = NORMAL.inside;
const NORMAL_EDGE = NORMAL.edge;
const NORMAL_PER_WEDGE = NORMAL.perWedge;
const NORMAL_LOWEST = NORMAL.lowest;
const NORMAL_HIGHEST = NORMAL.highest;
const EXPONENTIAL = exponentialTables();
const EXPONENTIAL_WIDTH = EXPONENTIAL.width;
const EXPONENTIAL_HEIGHT = EXPONENTIAL.height;
const EXPONENTIAL_INSIDE = EXPONENTIAL.inside;

/** Where a single normal is written; a call that returned it would box it. */
const one = new Float64Array(1);

export class Stream extends WordStream {
  /** Bytes that choose ziggurat layers, and how many of them are left. */
  private layers = 0;
  private layersLeft = 0;

  /** A stream at its start; see key(). */
  constructor(seed = 0, unit = 0, name = 0) {
    super();
    this.key(seed, unit, name);
  }

  /** Sets the four words of the xoshiro state; all zero, its one fixed point, is replaced by 0, 0, 0, 1. */
  override restore(words: Int32Array): this {
    super.restore(words);
    this.layers = 0;
    this.layersLeft = 0;
    return this;
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
    this.normalEdge(one, 0, layer, word, x);
    return one[0];
  }

  /**
   * The 1.2 % outside the inner rectangles, to out[at]: a wedge of a layer, or the tail of the base; draws
   * anew when rejected. How far a point lies above the wedge's chord decides most cases without an
   * exponential.
   */
  private normalEdge(out: Float64Array, at: number, layer: number, word: number, x: number): void {
    for (;;) {
      if (layer === 0) {
        out[at] = this.normalTail(word);
        return;
      }
      const share = this.uniform();
      const size = x < 0 ? -x : x;
      const above = (size - NORMAL_EDGE[layer + 1]) * NORMAL_PER_WEDGE[layer] + share - 1;
      if (above < NORMAL_HIGHEST[layer]) {
        const bottom = NORMAL_HEIGHT[layer];
        const y = bottom + share * (NORMAL_HEIGHT[layer + 1] - bottom);
        if (above < NORMAL_LOWEST[layer] || y < exp(-0.5 * x * x)) break;
      }
      layer = this.layer();
      word = this.i32();
      x = (word + 0.5) * NORMAL_WIDTH[layer];
      if ((word ^ (word >> 31)) < NORMAL_INSIDE[layer]) break;
    }
    out[at] = x;
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
   * because the state stays in local variables and the four that share a word of layers are written out.
   */
  // eslint-disable-next-line max-lines-per-function -- a loop, or a call a word, costs half as much again
  fillNormals(out: Float64Array, count: number): void {
    let i = this.finishLayers(out, 0, count);
    let s0 = this.s0;
    let s1 = this.s1;
    let s2 = this.s2;
    let s3 = this.s3;
    while (count - i >= 4) {
      let sum = 0;
      let t = 0;
      let layers = 0;
      let layer = 0;
      let word = 0;
      let x = 0;
      let taken = 1;
      sum = (s0 + s3) | 0;
      layers = (((sum << 7) | (sum >>> 25)) + s0) | 0;
      t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
      inside: {
        layer = layers & 255;
        sum = (s0 + s3) | 0;
        word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
        t = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = (s3 << 11) | (s3 >>> 21);
        x = (word + 0.5) * NORMAL_WIDTH[layer];
        if ((word ^ (word >> 31)) >= NORMAL_INSIDE[layer]) break inside;
        out[i] = x;
        layer = (layers >> 8) & 255;
        sum = (s0 + s3) | 0;
        word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
        t = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = (s3 << 11) | (s3 >>> 21);
        x = (word + 0.5) * NORMAL_WIDTH[layer];
        taken = 2;
        if ((word ^ (word >> 31)) >= NORMAL_INSIDE[layer]) break inside;
        out[i + 1] = x;
        layer = (layers >> 16) & 255;
        sum = (s0 + s3) | 0;
        word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
        t = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = (s3 << 11) | (s3 >>> 21);
        x = (word + 0.5) * NORMAL_WIDTH[layer];
        taken = 3;
        if ((word ^ (word >> 31)) >= NORMAL_INSIDE[layer]) break inside;
        out[i + 2] = x;
        layer = layers >>> 24;
        sum = (s0 + s3) | 0;
        word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
        t = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = (s3 << 11) | (s3 >>> 21);
        x = (word + 0.5) * NORMAL_WIDTH[layer];
        taken = 4;
        if ((word ^ (word >> 31)) >= NORMAL_INSIDE[layer]) break inside;
        out[i + 3] = x;
        i += 4;
        continue;
      }
      i += taken;
      this.save(s0, s1, s2, s3, layers >> (8 * taken), 4 - taken);
      this.normalEdge(out, i - 1, layer, word, x);
      i = this.finishLayers(out, i, count);
      s0 = this.s0;
      s1 = this.s1;
      s2 = this.s2;
      s3 = this.s3;
    }
    this.saveWords(s0, s1, s2, s3);
    for (; i < count; i++) out[i] = this.normal();
  }

  /** Writes normals from out[i] until the word of layers is used up, or to out[count-1]; returns the end. */
  private finishLayers(out: Float64Array, i: number, count: number): number {
    for (; this.layersLeft > 0 && i < count; i++) out[i] = this.normal();
    return i;
  }

  private save(s0: number, s1: number, s2: number, s3: number, layers: number, layersLeft: number): void {
    this.saveWords(s0, s1, s2, s3);
    this.layers = layers;
    this.layersLeft = layersLeft;
  }
}
