/** The normals of the batch kernels: equal to the scalar oracle's, the same for any split, and normal. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cos, sin } from '../../../../src/core/math/trig.js';
import { log } from '../../../../src/core/math/log.js';
import { OracleNormals } from '../../../../src/core/price/simd/oracle.js';
import { type Precision, SimdNormals } from '../../../../src/core/price/simd/normals.js';
import { PRICE } from '../../../../src/core/rng/names.js';
import { Stream } from '../../../../src/core/rng/stream.js';

const PRECISIONS: readonly Precision[] = ['f64', 'f32-draws'];
const bitsOf = (values: Float64Array): Int32Array => new Int32Array(values.buffer);
/** Places where two arrays differ in a bit. */
function differences(a: Float64Array, b: Float64Array): number {
  const [left, right] = [bitsOf(a), bitsOf(b)];
  let count = Math.abs(left.length - right.length);
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) count++;
  return count;
}

describe.each(PRECISIONS)('normals of the kernels, %s', (precision) => {
  it('are those of the oracle in every bit', () => {
    const [ours, theirs] = [new Float64Array(204_800), new Float64Array(204_800)];
    new SimdNormals(7, precision).fill(0, 800, 256, ours);
    new OracleNormals(7, precision).fill(0, 800, 256, theirs);
    expect(differences(ours, theirs)).toBe(0);
  });

  it('are those of the oracle for any seed, first path, count and length', () => {
    const whole = fc.oneof(
      fc.maxSafeNat(),
      fc.nat(10),
      fc.constantFrom(4294967294, 4294967296, 2 ** 53 - 99),
    );
    fc.assert(
      fc.property(
        whole,
        whole,
        fc.nat(9),
        fc.integer({ min: 1, max: 600 }),
        fc.nat(5),
        (seed, at, count, n, name) => {
          const first = Math.min(at, 2 ** 53 - 20);
          const [ours, theirs] = [new Float64Array(count * n), new Float64Array(count * n)];
          new SimdNormals(seed, precision, name).fill(first, count, n, ours);
          new OracleNormals(seed, precision, name).fill(first, count, n, theirs);
          return differences(ours, theirs) === 0;
        },
      ),
      { numRuns: 60 },
    );
  });

  it('do not depend on how the paths are cut', () => {
    const whole = new Float64Array(1_001 * 37);
    new SimdNormals(3, precision).fill(5, 1_001, 37, whole);
    for (const piece of [1, 3, 64, 999]) {
      const parts = new Float64Array(whole.length);
      const source = new SimdNormals(3, precision);
      for (let from = 0; from < 1_001; from += piece) {
        source.fill(5 + from, Math.min(piece, 1_001 - from), 37, parts.subarray(from * 37));
      }
      expect(differences(whole, parts)).toBe(0);
    }
  });

  it('come for long paths too, and a length beyond the memory is refused', () => {
    const [long, start] = [new Float64Array(4 * 200_001), new Float64Array(200_001)];
    new SimdNormals(1, precision).fill(0, 4, 200_001, long);
    new OracleNormals(1, precision).fill(3, 1, 200_001, start);
    expect(differences(long.slice(3 * 200_001), start)).toBe(0);
    expect(() => new SimdNormals(1, precision).fill(0, 1, 2_200_000, start)).toThrow(/numbers in a batch/);
  });

  it('are Box and Muller of the words, up to the precision promised', () => {
    const perPath = 2_000;
    const values = new Float64Array(perPath);
    const stream = new Stream();
    const bound = precision === 'f64' ? 1e-10 : 5e-6;
    let worst = 0;
    for (let path = 0; path < 50; path++) {
      new SimdNormals(1, precision).fill(path, 1, perPath, values);
      stream.key(1, path, PRICE);
      for (let i = 0; i < perPath; i += 2) {
        const v = stream.i32() + 0.5;
        const r = Math.sign(v) * Math.sqrt(-2 * log(Math.abs(v) / 2 ** 31));
        const t = ((stream.i32() | 1) / 2 ** 32) * Math.PI;
        worst = Math.max(worst, Math.abs(values[i]! - r * cos(t)), Math.abs(values[i + 1]! - r * sin(t)));
      }
    }
    expect(worst).toBeLessThan(bound);
    expect(worst).toBeGreaterThan(bound / 1e3);
  });

  it('have the moments of the normal law', () => {
    const n = 4_194_304;
    const values = new Float64Array(n);
    new SimdNormals(11, precision).fill(0, n / 256, 256, values);
    const sums = [0, 0, 0, 0];
    for (const z of values) for (let p = 0, power = z; p < 4; p++, power *= z) sums[p]! += power;
    const expected = [0, 1, 0, 3];
    const variance = [1, 2, 15, 96];
    sums.forEach((sum, p) => {
      expect(Math.abs(sum / n - expected[p]!)).toBeLessThan(4 * Math.sqrt(variance[p]! / n));
    });
  });
});
