/** Mirrored pairs: each path's mirror beside it, whatever the split of the batch. */
import { expect, it } from 'vitest';
import { AntitheticSource, type NormalSource } from '../../../src/core/price/normal-source.js';
import { PRICE } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';

const keyed: NormalSource = {
  fill(firstPath, count, perPath, out) {
    const stream = new Stream();
    for (let p = 0; p < count; p++) {
      stream.key(1, firstPath + p, PRICE);
      for (let j = 0; j < perPath; j++) out[p * perPath + j] = stream.normal();
    }
  },
};

it('pairs each path of the inner source with its negative', () => {
  const [inner, mirrored] = [new Float64Array(15), new Float64Array(30)];
  keyed.fill(0, 5, 3, inner);
  new AntitheticSource(keyed).fill(0, 10, 3, mirrored);
  for (let path = 0; path < 5; path++) {
    const one = [...inner.subarray(3 * path, 3 * path + 3)];
    expect([...mirrored.subarray(6 * path, 6 * path + 3)]).toEqual(one);
    expect([...mirrored.subarray(6 * path + 3, 6 * path + 6)]).toEqual(one.map((x) => -x));
  }
});

it('gives a path the same normals for any split', () => {
  const whole = new Float64Array(40);
  const source = new AntitheticSource(keyed);
  source.fill(0, 20, 2, whole);
  for (const [first, count] of [
    [0, 1],
    [1, 1],
    [3, 4],
    [6, 5],
    [19, 1],
  ] as const) {
    const part = new Float64Array(2 * count);
    source.fill(first, count, 2, part);
    expect([...part]).toEqual([...whole.subarray(2 * first, 2 * (first + count))]);
  }
});
