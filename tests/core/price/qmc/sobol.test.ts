/**
 * Sobol points: the published ones, their net properties, primitive polynomials, random access, scrambling.
 */
import { describe, expect, it } from 'vitest';
import { DIMENSIONS_OF_DEGREE, PACKED } from '../../../../src/core/price/qmc/joe-kuo.js';
import {
  directionNumbers,
  MAX_DIMENSIONS,
  reverseBits,
  scrambleReversed,
  SobolPoints,
} from '../../../../src/core/price/qmc/sobol.js';
import { FLOW } from '../../../../src/core/rng/names.js';
import { Stream } from '../../../../src/core/rng/stream.js';
import { fnv1a32 } from '../../../support/fnv.js';

const directions = directionNumbers(MAX_DIMENSIONS);

/** Points 0..count-1 of the plain sequence as words, point by point; obvious rather than fast. */
function plainPoints(dimensions: number, count: number): Int32Array {
  const out = new Int32Array(dimensions * count);
  for (let n = 0; n < count; n++) {
    const gray = n ^ (n >> 1);
    for (let d = 0; d < dimensions; d++) {
      let x = 0;
      for (let k = 0; gray >> k !== 0; k++) if ((gray >> k) & 1) x ^= directions[32 * d + k]!;
      out[n * dimensions + d] = reverseBits(x);
    }
  }
  return out;
}

/** The packed polynomials, decoded through a string of bits: another way than the product's. */
function polynomials(): { degree: number; bits: number }[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const letters = [...PACKED].filter((letter) => letter !== '\n');
  const bits = letters.map((letter) => alphabet.indexOf(letter).toString(2).padStart(6, '0')).join('');
  let at = 0;
  return DIMENSIONS_OF_DEGREE.flatMap((count, i) =>
    Array.from({ length: count }, () => {
      const degree = i + 1;
      const inner = bits.slice(at, at + degree - 1);
      at += degree - 1 + (degree * (degree - 1)) / 2;
      return { degree, bits: Number.parseInt(`1${inner}1`, 2) };
    }),
  );
}

describe('direction numbers', () => {
  it('come from every primitive polynomial up to degree 13, once each', () => {
    const all = polynomials();
    expect(new Set(all.map(({ bits }) => bits)).size).toBe(MAX_DIMENSIONS - 1);
    for (const { degree, bits } of all) {
      // Primitive: the powers of x run through all nonzero remainders before they come back to 1.
      let power = 1;
      let order = 0;
      do {
        power <<= 1;
        if (power >> degree) power ^= bits;
        order++;
      } while (power !== 1 && order < 1 << degree);
      expect(order).toBe((1 << degree) - 1);
    }
  });

  it('give the published points: 4,096 in 1,111 dimensions as scipy 1.17 has them', () => {
    expect(fnv1a32(plainPoints(MAX_DIMENSIONS, 4096))).toBe('c7e6ebc5');
  });

  it('begin as printed by Joe and Kuo', () => {
    const points = [...plainPoints(6, 6)].map((word) => (word >>> 0) / 2 ** 32);
    expect(points.slice(6)).toEqual([
      ...[0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      ...[0.75, 0.25, 0.25, 0.25, 0.75, 0.75],
      ...[0.25, 0.75, 0.75, 0.75, 0.25, 0.25],
      ...[0.375, 0.375, 0.625, 0.875, 0.375, 0.125],
      ...[0.875, 0.875, 0.125, 0.375, 0.875, 0.625],
    ]);
  });
});

/** Points from..from+count-1 of a randomisation, point by point. */
function scrambled(sequence: SobolPoints, randomisation: number, from: number, count: number): Float64Array {
  const out = new Float64Array(count * sequence.dimensions);
  sequence.seek(randomisation, from);
  for (let n = 0; n < count; n++) {
    sequence.next(out.subarray(n * sequence.dimensions, (n + 1) * sequence.dimensions));
  }
  return out;
}

describe('scrambled points', () => {
  it('are the same whether one goes there step by step or jumps', () => {
    const sequence = new SobolPoints(3, 50);
    const walked = scrambled(sequence, 2, 0, 600);
    const fresh = new SobolPoints(3, 50);
    for (const from of [599, 0, 1, 255, 256, 511]) {
      const jumped = scrambled(fresh, 2, from, Math.min(600 - from, 5));
      expect([...jumped]).toEqual([...walked.subarray(50 * from, 50 * from + jumped.length)]);
    }
    const last = scrambled(fresh, 2, 2 ** 32 - 1, 2);
    expect([...last.subarray(50)]).toEqual([...walked.subarray(0, 50)]);
  });

  it('fall once into each of 2^m equal cells of every coordinate, in each aligned run of 2^m', () => {
    const sequence = new SobolPoints(7, MAX_DIMENSIONS);
    for (const [m, from] of [
      [0, 5],
      [5, 0],
      [10, 1024],
      [11, 3 * 2048],
    ] as const) {
      const size = 1 << m;
      const points = scrambled(sequence, m, from, size);
      const seen = new Uint8Array(MAX_DIMENSIONS * size);
      for (let n = 0; n < size; n++) {
        for (let d = 0; d < MAX_DIMENSIONS; d++) {
          seen[d * size + Math.floor(points[n * MAX_DIMENSIONS + d]! * size)]!++;
        }
      }
      expect(seen.every((count) => count === 1)).toBe(true);
    }
  });

  it('fall once into each elementary rectangle of the first two coordinates', () => {
    const points = scrambled(new SobolPoints(8, 2), 0, 0, 1024);
    for (let j = 0; j <= 10; j++) {
      const [columns, rows] = [1 << j, 1 << (10 - j)];
      const seen = new Uint8Array(1024);
      for (let n = 0; n < 1024; n++) {
        seen[Math.floor(points[2 * n]! * columns) * rows + Math.floor(points[2 * n + 1]! * rows)]!++;
      }
      expect(seen.every((count) => count === 1)).toBe(true);
    }
  });

  it('refuse more dimensions than there are numbers for', () => {
    expect(() => new SobolPoints(1, MAX_DIMENSIONS + 1)).toThrow('dimensions: expected 1..1111; got 1112');
    expect(() => new SobolPoints(1, 0)).toThrow('got 0');
  });
});

describe('scrambleReversed', () => {
  it('is nested: equal beginnings stay equal, and part where they parted', () => {
    const stream = new Stream(1, 0, FLOW);
    for (let i = 0; i < 20_000; i++) {
      const [a, b, key] = [stream.i32(), stream.i32() << stream.below(32), stream.i32()];
      const parted = a ^ (a ^ b);
      const ours = scrambleReversed(a, key) ^ scrambleReversed(parted, key);
      // The lowest differing bit of the reversed words is the first differing digit.
      expect(ours & -ours).toBe((a ^ parted) & -(a ^ parted));
    }
  });

  it('flips each digit for half of the keys, and digits of sister cells without regard to each other', () => {
    const stream = new Stream(2, 0, FLOW);
    const keys = 40_000;
    const bound = 5 * Math.sqrt(keys);
    for (let digit = 1; digit < 16; digit++) {
      const word = stream.i32() & ((1 << digit) - 1);
      // The sister differs in the digit before: another cell, with a flip of its own.
      const sister = word ^ (1 << (digit - 1));
      let [flips, alike] = [0, 0];
      for (let i = 0; i < keys; i++) {
        const key = stream.i32();
        const flip = (scrambleReversed(word, key) >> digit) & 1;
        flips += 2 * flip - 1;
        alike += ((scrambleReversed(sister, key) >> digit) & 1) === flip ? 1 : -1;
      }
      expect(Math.abs(flips)).toBeLessThan(bound);
      expect(Math.abs(alike)).toBeLessThan(bound);
    }
  });
});

/**
 * Owen's scrambling as he wrote it down: an independent flip for each digit of each cell, drawn from a
 * stream.
 */
function owenScrambled(points: Int32Array, dimensions: number, seed: number): Float64Array {
  const flips = new Map<string, number>();
  const stream = new Stream(seed, 0, FLOW);
  return Float64Array.from(points, (word, i) => {
    let out = 0;
    for (let k = 0; k < 24; k++) {
      const cell = `${i % dimensions} ${k} ${k === 0 ? 0 : word >>> (32 - k)}`;
      if (!flips.has(cell)) flips.set(cell, stream.i32() & 1);
      out = 2 * out + (((word >>> (31 - k)) & 1) ^ flips.get(cell)!);
    }
    return (out + stream.uniform()) / 2 ** 24;
  });
}

describe('means over scrambled points', () => {
  const dimensions = 4;
  /** Smooth, of mean 1, with all coordinates and their interactions. */
  const f = (u: Float64Array, at: number): number => {
    let product = 1;
    for (let d = 0; d < dimensions; d++) product *= 1 + (2 * (u[at + d]! - 0.5)) / (d + 1);
    return product;
  };
  const meanOf = (u: Float64Array): number => {
    let sum = 0;
    for (let at = 0; at < u.length; at += dimensions) sum += f(u, at);
    return (sum * dimensions) / u.length;
  };
  const spread = (means: readonly number[]): [mean: number, sd: number] => {
    const mean = means.reduce((sum, x) => sum + x, 0) / means.length;
    return [mean, Math.sqrt(means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (means.length - 1))];
  };

  it('are unbiased, and scatter as those of independent flips do', () => {
    const size = 64;
    const sequence = new SobolPoints(11, dimensions);
    const ours = spread(Array.from({ length: 4_000 }, (_, r) => meanOf(scrambled(sequence, r, 0, size))));
    expect(Math.abs(ours[0] - 1)).toBeLessThan((4 * ours[1]) / Math.sqrt(4_000));
    const plain = plainPoints(dimensions, size);
    const owen = spread(Array.from({ length: 400 }, (_, r) => meanOf(owenScrambled(plain, dimensions, r))));
    // Of 400 means of Owen's kind a deviation is known to 1 / sqrt(800): four of them.
    expect(ours[1] / owen[1]).toBeGreaterThan(1 - 4 / Math.sqrt(800));
    expect(ours[1] / owen[1]).toBeLessThan(1 + 4 / Math.sqrt(800));
  });

  it('come near like N^(-3/2), not N^(-1/2), for a smooth function', () => {
    const sequence = new SobolPoints(12, dimensions);
    const sd = (size: number): number =>
      spread(Array.from({ length: 200 }, (_, r) => meanOf(scrambled(sequence, r, 0, size))))[1];
    expect(sd(64) / sd(1024)).toBeGreaterThan(16);
  });
});
