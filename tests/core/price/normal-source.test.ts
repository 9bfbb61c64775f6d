/** Normals by path: the same for every cut, negated in pairs, equal to the stream they are keyed to. */
import { describe, expect, it } from 'vitest';
import { AntitheticSource, type NormalSource } from '../../../src/core/price/normal-source.js';
import { SobolNormals } from '../../../src/core/price/qmc/sobol-normals.js';
import { SimdNormals } from '../../../src/core/price/simd/normals.js';

const PER_PATH = 7;

function inPieces(source: NormalSource, pieces: readonly number[]): number[] {
  let first = 0;
  return pieces.flatMap((count) => {
    const out = new Float64Array(count * PER_PATH);
    source.fill(first, count, PER_PATH, out);
    first += count;
    return [...out];
  });
}

describe('NormalSource', () => {
  it.each([
    ['keyed', () => new SimdNormals(5)],
    ['sobol', () => new SobolNormals({ seed: 5, points: 8, factors: 7 })],
    ['antithetic', () => new AntitheticSource(new SimdNormals(5))],
  ])('%s gives a path the same numbers whatever it is asked with', (_name, source) => {
    const whole = inPieces(source(), [20]);
    expect(inPieces(source(), [3, 10, 7])).toEqual(whole);
    expect(new Set(whole.map(Math.abs)).size).toBe(whole.length / (_name === 'antithetic' ? 2 : 1));
  });

  it('antithetic: the two of a pair add up to nought, the first is the path within', () => {
    const pairs = inPieces(new AntitheticSource(new SimdNormals(5)), [8]);
    const within = inPieces(new SimdNormals(5), [4]);
    for (let path = 0; path < 4; path++) {
      for (let i = 0; i < PER_PATH; i++) {
        expect(pairs[2 * path * PER_PATH + i]).toBe(within[path * PER_PATH + i]);
        expect(pairs[(2 * path + 1) * PER_PATH + i]).toBe(-within[path * PER_PATH + i]!);
      }
    }
  });
});
