/**
 * Sobol points in Gray-code order, scrambled by seed: at any place of the sequence, or one after the other.
 *
 * Point n is the exclusive or of the direction numbers at the ones of n ^ (n >> 1), so that the next point
 * is one exclusive or per dimension away, and a jump to any n at most 32 (Antonov & Saleev 1979; Bratley &
 * Fox, "Algorithm 659", ACM TOMS 14(1), 1988). Everything is kept with its bits in reverse order, because
 * the scrambling works on that order: each bit is flipped or not by a hash of the bits before it (nested
 * uniform scrambling, Owen 1995), which an arithmetic hash does for all bits at once, as carries and
 * products only ever reach upwards (Laine & Karras 2011; Burley, "Practical hash-based Owen scrambling", J.
 * Computer Graphics Techniques 9(4), 2020; constants by Vegdahl, "Building a better LK hash", 2021). The
 * hash stands in for independent flips, so what it gives is checked rather than proved; a digital shift of
 * 32 random bits on top, a scrambling too, makes each single point exactly uniform, and means unbiased,
 * whatever the hash. Cost: about 5 ns a coordinate, 130 bytes a dimension.
 */
import { SCRAMBLE } from '../../rng/names.js';
import { Stream } from '../../rng/stream.js';
import { DIMENSIONS_OF_DEGREE, PACKED } from './joe-kuo.js';

/** A point has this many binary digits, and a sequence 2^32 points. */
const BITS = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Dimensions there are direction numbers for. */
export const MAX_DIMENSIONS = 1 + DIMENSIONS_OF_DEGREE.reduce((sum, count) => sum + count, 0);

/** Reads the packed bits of joe-kuo.ts from the start. */
class BitReader {
  private at = 0;
  private word = 0;
  private left = 0;

  /** The next `count` bits as a number, the first one highest. */
  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      if (this.left === 0) {
        do this.word = ALPHABET.indexOf(PACKED.charAt(this.at++));
        while (this.word < 0);
        this.left = 6;
      }
      this.left--;
      value = 2 * value + ((this.word >> this.left) & 1);
    }
    return value;
  }
}

/** The bits of a 32-bit word in reverse order. */
export function reverseBits(word: number): number {
  let x = word;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >>> 16) | (x << 16);
}

/**
 * Direction numbers with reversed bits: word 32 d + k belongs to dimension d (from 0) and digit k of the Gray
 * code. `dimensions` is 1..MAX_DIMENSIONS.
 */
export function directionNumbers(dimensions: number): Int32Array {
  const out = new Int32Array(dimensions * BITS);
  // The first dimension is the radical inverse: bit k of the Gray code is binary digit k + 1.
  for (let k = 0; k < BITS; k++) out[k] = 1 << k;
  const bits = new BitReader();
  let dimension = 1;
  for (let degree = 1; degree <= DIMENSIONS_OF_DEGREE.length; degree++) {
    for (let i = 0; i < DIMENSIONS_OF_DEGREE[degree - 1] && dimension < dimensions; i++) {
      fillDimension(bits, degree, out, BITS * dimension++);
    }
  }
  return out;
}

/** Reads polynomial and initial numbers of one dimension and continues them by Joe & Kuo's recurrence. */
function fillDimension(bits: BitReader, degree: number, out: Int32Array, at: number): void {
  const inner = bits.read(degree - 1);
  const v = new Int32Array(BITS);
  for (let k = 0; k < degree; k++) v[k] = (2 * bits.read(k) + 1) << (BITS - 1 - k);
  for (let k = degree; k < BITS; k++) {
    let word = v[k - degree] ^ (v[k - degree] >>> degree);
    for (let j = 1; j < degree; j++) if ((inner >> (degree - 1 - j)) & 1) word ^= v[k - j];
    v[k] = word;
  }
  for (let k = 0; k < BITS; k++) out[at + k] = reverseBits(v[k]);
}

/**
 * Nested scrambling of a point whose bits stand in reverse order: bit k of the result is bit k of `reversed`
 * flipped or not by a function of the bits below k and of `key`, a random word.
 */
export function scrambleReversed(reversed: number, key: number): number {
  let x = reversed;
  x ^= Math.imul(x, 0x3d20adea);
  x = (x + key) | 0;
  x = Math.imul(x, (key >>> 16) | 1);
  x ^= Math.imul(x, 0x05526c56);
  return x ^ Math.imul(x, 0x53a22864);
}

/** Scrambled Sobol points: randomisation r of a seed is one scrambling of the whole sequence. */
export class SobolPoints {
  readonly dimensions: number;
  private readonly seed: number;
  private readonly directions: Int32Array;
  private readonly state: Int32Array;
  /** Hash key and digital shift of each dimension, of the randomisation at hand. */
  private readonly keys: Int32Array;
  private readonly stream = new Stream();
  private randomisation = -1;
  /** The point that next() writes. */
  private place = 0;

  constructor(seed: number, dimensions: number) {
    if (!(dimensions >= 1 && dimensions <= MAX_DIMENSIONS)) {
      throw new RangeError(`dimensions: expected 1..${MAX_DIMENSIONS}; got ${dimensions}`);
    }
    this.seed = seed;
    this.dimensions = dimensions;
    this.directions = directionNumbers(dimensions);
    this.state = new Int32Array(dimensions);
    this.keys = new Int32Array(2 * dimensions);
  }

  /** Goes to point `place` (0..2^32-1) of randomisation `randomisation` (0..2^53-1). */
  seek(randomisation: number, place: number): void {
    if (randomisation !== this.randomisation) {
      this.stream.key(this.seed, randomisation, SCRAMBLE).fillWords(this.keys, this.keys.length);
      this.randomisation = randomisation;
    }
    this.place = place >>> 0;
    const gray = this.place ^ (this.place >>> 1);
    for (let d = 0; d < this.dimensions; d++) {
      let x = 0;
      for (let k = 0; k < BITS; k++) if ((gray >>> k) & 1) x ^= this.directions[BITS * d + k];
      this.state[d] = x;
    }
  }

  /**
   * Writes the uniforms of the point at hand, each in (0, 1), to out[0..dimensions-1], and goes on to the
   * next.
   */
  next(out: Float64Array): void {
    const { state, keys, directions, dimensions } = this;
    this.place = (this.place + 1) >>> 0;
    // The lowest one of n is the digit in which the Gray codes of n - 1 and n differ; 0 stands for 2^32.
    const digit = 31 - Math.clz32(this.place & -this.place);
    for (let d = 0; d < dimensions; d++) {
      const x = state[d];
      const scrambled = reverseBits(scrambleReversed(x, keys[2 * d])) ^ keys[2 * d + 1];
      out[d] = ((scrambled >>> 0) + 0.5) * 2.3283064365386963e-10;
      state[d] = x ^ directions[BITS * d + (digit & 31)];
    }
  }
}
