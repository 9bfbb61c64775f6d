/** Draws in blocks: each kind gives the numbers of its stream, and a new key starts anew. */
import { expect, it } from 'vitest';
import { Draws } from '../../../src/core/flow/draws.js';
import { Stream } from '../../../src/core/rng/stream.js';

it('gives normals of the stream in order, across blocks, and the same again after the same key', () => {
  const draws = new Draws(new Stream());
  const expected = new Stream(3, 4, 1);
  for (let time = 0; time < 2; time++) {
    draws.key(3, 4, 1);
    expected.key(3, 4, 1);
    for (let i = 0; i < 600; i++) expect(draws.normals[draws.normalIndex()]).toBe(expected.normal());
  }
});
