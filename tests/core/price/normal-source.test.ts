/** Normals by path: the same for every cut, negated in pairs, equal to the stream they are keyed to. */
import { describe, expect, it } from 'vitest';
import { AntitheticSource, KeyedNormals, type NormalSource } from '../../../src/core/price/normal-source.js';
import { PRICE } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';

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
    ['keyed', () => new KeyedNormals(5)],
    ['antithetic', () => new AntitheticSource(new KeyedNormals(5))],
  ])('%s gives a path the same numbers whatever it is asked with', (_name, source) => {
    const whole = inPieces(source(), [20]);
    expect(inPieces(source(), [3, 10, 7])).toEqual(whole);
    expect(new Set(whole.map(Math.abs)).size).toBe(whole.length / (_name === 'keyed' ? 1 : 2));
  });

  it('keyed: path p is stream (seed, p, PRICE)', () => {
    const out = new Float64Array(3 * PER_PATH);
    new KeyedNormals(9).fill(1e10, 3, PER_PATH, out);
    const stream = new Stream(9, 1e10 + 2, PRICE);
    expect([...out.subarray(2 * PER_PATH)]).toEqual(Array.from({ length: PER_PATH }, () => stream.normal()));
  });

  it('antithetic: the two of a pair add up to nought, the first is the path within', () => {
    const pairs = inPieces(new AntitheticSource(new KeyedNormals(5)), [8]);
    const within = inPieces(new KeyedNormals(5), [4]);
    for (let path = 0; path < 4; path++) {
      for (let i = 0; i < PER_PATH; i++) {
        expect(pairs[2 * path * PER_PATH + i]).toBe(within[path * PER_PATH + i]);
        expect(pairs[(2 * path + 1) * PER_PATH + i]).toBe(-within[path * PER_PATH + i]!);
      }
    }
  });
});
