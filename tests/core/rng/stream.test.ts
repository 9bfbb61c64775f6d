/** The stream's words, keys and integers: reference sequence, independence, unbiasedness, golden vectors. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FLOW, LATENCY, PRICE, STRATEGY } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { fnv1a32 } from '../../support/fnv.js';
import { chiSquareZ } from '../../support/statistics.js';

const MAX_SEED = Number.MAX_SAFE_INTEGER;

describe('words', () => {
  it('are those of the xoshiro128++ reference from state 1, 2, 3, 4', () => {
    const stream = new Stream().restore(Int32Array.of(1, 2, 3, 4));
    const words = Array.from({ length: 10 }, () => stream.u32());
    expect(words).toEqual([
      641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011,
      621204420,
    ]);
  });

  it('never stand still, even from the all-zero state', () => {
    const stream = new Stream().restore(new Int32Array(4));
    const words = new Set(Array.from({ length: 100 }, () => stream.u32()));
    expect(words.size).toBeGreaterThan(90);
  });

  it('set every one of their 32 bits half of the time', () => {
    const stream = new Stream(20, 1, FLOW);
    const draws = 200_000;
    const ones = new Array<number>(32).fill(0);
    for (let i = 0; i < draws; i++) {
      const word = stream.u32();
      for (let bit = 0; bit < 32; bit++) ones[bit]! += (word >>> bit) & 1;
    }
    for (const count of ones) expect(Math.abs(count - draws / 2)).toBeLessThan(4.5 * Math.sqrt(draws / 4));
  });
});

describe('key', () => {
  it('starts the same stream again and forgets what was drawn before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: MAX_SEED }),
        fc.integer({ min: 0, max: MAX_SEED }),
        fc.integer({ min: 0, max: 100 }),
        (seed, unit, name) => {
          const fresh = new Stream(seed, unit, name);
          const used = new Stream(1, 2, 3);
          used.normal();
          used.exponential();
          used.key(seed, unit, name);
          for (let i = 0; i < 20; i++) expect(used.normal()).toBe(fresh.normal());
        },
      ),
    );
  });

  it('separates seeds, units and names, also beyond 32 bits', () => {
    const coordinates = [0, 1, 2, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, MAX_SEED];
    const starts = new Set<string>();
    for (const seed of coordinates) {
      for (const unit of coordinates) {
        for (const name of [FLOW, STRATEGY, PRICE, LATENCY]) {
          const stream = new Stream(seed, unit, name);
          starts.add([stream.u32(), stream.u32(), stream.u32(), stream.u32()].join());
        }
      }
    }
    expect(starts.size).toBe(coordinates.length ** 2 * 4);
  });

  it('gives neighbouring units streams without correlation', () => {
    const units = 200;
    const draws = 2_000;
    let previous = new Float64Array(draws);
    let product = 0;
    for (let unit = 0; unit <= units; unit++) {
      const stream = new Stream(42, unit, PRICE);
      const current = new Float64Array(draws);
      stream.fillNormals(current, draws);
      if (unit > 0) for (let i = 0; i < draws; i++) product += current[i]! * previous[i]!;
      previous = current;
    }
    // A sum of n products of independent standard normals has variance n.
    expect(Math.abs(product)).toBeLessThan(4 * Math.sqrt(units * draws));
  });

  it('gives the first words of successive units a uniform law', () => {
    const cells = 4096;
    const counts = new Float64Array(cells);
    const stream = new Stream();
    for (let unit = 0; unit < 40 * cells; unit++) counts[stream.key(7, unit, FLOW).u32() >>> 20]!++;
    expect(Math.abs(chiSquareZ(counts, new Float64Array(cells).fill(40)))).toBeLessThan(4);
  });
});

describe('uniform', () => {
  it('lies in [0, 1) on a grid of 2^-53 and fills 2^10 cells evenly', () => {
    const stream = new Stream(3, 3, FLOW);
    const counts = new Float64Array(1024);
    let fine = 0;
    for (let i = 0; i < 1024 * 400; i++) {
      const u = stream.uniform();
      if (!(u >= 0 && u < 1)) throw new Error(`${u} is outside [0, 1)`);
      counts[Math.floor(u * 1024)]!++;
      fine += (u * 2 ** 53) % 2;
    }
    expect(Math.abs(chiSquareZ(counts, new Float64Array(1024).fill(400)))).toBeLessThan(4);
    expect(Math.abs(fine - 1024 * 200)).toBeLessThan(4 * Math.sqrt(1024 * 100));
  });
});

describe('below', () => {
  it('stays in 0..n-1 for every n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.integer({ min: 0, max: MAX_SEED }), (n, seed) => {
        const stream = new Stream(seed, 0, FLOW);
        for (let i = 0; i < 50; i++) {
          const k = stream.below(n);
          expect(Number.isInteger(k) && k >= 0 && k < n).toBe(true);
        }
      }),
    );
  });

  it.each([1, 2, 3, 7, 10, 100, 1000])('is uniform on 0..%d-1', (n) => {
    const stream = new Stream(11, n, FLOW);
    const draws = 100_000;
    const counts = new Float64Array(n);
    for (let i = 0; i < draws; i++) counts[stream.below(n)]!++;
    if (n === 1) expect(counts[0]).toBe(draws);
    else expect(Math.abs(chiSquareZ(counts, new Float64Array(n).fill(draws / n)))).toBeLessThan(4);
  });

  it.each([2 ** 21, 2 ** 21 + 1, 3 * 2 ** 29])('has no bias for the large n %d', (n) => {
    // Without rejection, 3 * 2^29 would give a third of its values twice the weight of the others.
    const stream = new Stream(12, n, FLOW);
    const thirds = new Float64Array(3);
    for (let i = 0; i < 60_000; i++) thirds[Math.floor((3 * stream.below(n)) / n)]!++;
    expect(Math.abs(chiSquareZ(thirds, new Float64Array(3).fill(20_000)))).toBeLessThan(4);
  });
});

describe('fillNormals', () => {
  it('gives what as many calls of normal() give, and leaves the stream at the same place', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 8 }), (seed, sizes) => {
        const filled = new Stream(seed, 0, PRICE);
        const called = new Stream(seed, 0, PRICE);
        const out = new Float64Array(600);
        for (const size of sizes) {
          filled.fillNormals(out, size);
          for (let i = 0; i < size; i++) if (out[i] !== called.normal()) throw new Error(`differs at ${i}`);
          expect(filled.exponential()).toBe(called.exponential());
        }
      }),
    );
  });
});

describe('fillWords', () => {
  it('gives the words of i32() in any sizes of block, and leaves the ziggurat as it was', () => {
    const [filled, called] = [new Stream(9, 2, PRICE), new Stream(9, 2, PRICE)];
    const out = new Int32Array(300);
    for (const size of [1, 0, 17, 300]) {
      expect(filled.normal()).toBe(called.normal());
      filled.fillWords(out, size);
      expect([...out.subarray(0, size)]).toEqual(Array.from({ length: size }, () => called.i32()));
    }
  });
});

describe('golden vectors of tests/vectors/rng.json', () => {
  interface Vector {
    readonly seed: number;
    readonly unit: number;
    readonly name: number;
    readonly u32: readonly string[];
    readonly uniform: readonly string[];
    readonly normal: readonly string[];
    readonly exponential: readonly string[];
    readonly below1000: readonly number[];
    readonly normalsFnv1a: string;
    readonly exponentialsFnv1a: string;
  }
  const file = new URL('../../vectors/rng.json', import.meta.url);
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: readonly Vector[] };
  const bits = new DataView(new ArrayBuffer(8));
  const hex = (x: number): string => {
    bits.setFloat64(0, x);
    return bits.getBigUint64(0).toString(16).padStart(16, '0');
  };

  it.each(vectors)('seed $seed, unit $unit, name $name', (vector) => {
    const { seed, unit, name } = vector;
    const draw = <T>(expected: readonly T[], next: (stream: Stream) => T): T[] => {
      const stream = new Stream(seed, unit, name);
      return expected.map(() => next(stream));
    };
    expect(draw(vector.u32, (s) => s.u32().toString(16).padStart(8, '0'))).toEqual(vector.u32);
    expect(draw(vector.uniform, (s) => hex(s.uniform()))).toEqual(vector.uniform);
    expect(draw(vector.normal, (s) => hex(s.normal()))).toEqual(vector.normal);
    expect(draw(vector.exponential, (s) => hex(s.exponential()))).toEqual(vector.exponential);
    expect(draw(vector.below1000, (s) => s.below(1000))).toEqual(vector.below1000);
    const many = new Float64Array(100_000);
    new Stream(seed, unit, name).fillNormals(many, many.length);
    expect(fnv1a32(many)).toBe(vector.normalsFnv1a);
    const stream = new Stream(seed, unit, name);
    expect(fnv1a32(many.map(() => stream.exponential()))).toBe(vector.exponentialsFnv1a);
  });
});
