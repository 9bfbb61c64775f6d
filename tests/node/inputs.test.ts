/** Inputs are copied once into shared memory, kept by digest, and let go when they are too many bytes. */
import { describe, expect, it } from 'vitest';
import { createInputCache, shareTable } from '../../src/node/inputs.js';
import { startNode } from '../../src/node/socket.js';

const table = (rows: number) => ({
  name: 't',
  rows,
  columns: [
    new Float64Array(rows).fill(-0),
    Int32Array.from({ length: rows }, (_, i) => -i),
    new Uint8Array(rows),
  ],
});

describe('createInputCache', () => {
  it('gives the same values on shared memory, and does not copy what is shared', () => {
    const original = table(3);
    const shared = shareTable(original);
    expect(shared).toEqual(original);
    expect(shared.columns.every(({ buffer }) => buffer instanceof SharedArrayBuffer)).toBe(true);
    expect(shareTable(shared).columns).toEqual(shared.columns);
    expect(shareTable(shared).columns[0]).toBe(shared.columns[0]);
  });

  it('forgets the input that was not used for longest', () => {
    const cache = createInputCache(3 * 13 * 100);
    for (const digest of ['a', 'b']) cache.put(digest, [table(100)]);
    cache.get('a');
    cache.put('c', [table(100)]);
    expect(['a', 'b', 'c'].map((digest) => cache.get(digest) !== null)).toEqual([true, false, true]);
  });

  it('still hands over an input that is too large to keep', () => {
    const cache = createInputCache(10);
    expect(cache.put('a', [table(100)])).toHaveLength(1);
    expect(cache.get('a')).toBeNull();
  });
});

describe('startNode', () => {
  it('refuses an address that is none', () => {
    for (const router of ['localhost:7777', 'tcp://host', 'http://host:1', '']) {
      expect(() => startNode({ router, threads: 1, version: '1' })).toThrow(
        /Expected the router as tcp:\/\/host:port/,
      );
    }
  });
});
