/** New ids: their form, their time, and that their random part does not repeat beyond a block. */
import { decodeTime, isValid } from 'ulid';
import { expect, it } from 'vitest';
import { newUlid } from '../../src/ops/ids.js';

it('are ULIDs of now whose random parts use every letter and never repeat', () => {
  const before = Date.now();
  const ids = Array.from({ length: 5_000 }, newUlid);
  for (const id of ids) {
    expect(isValid(id)).toBe(true);
    expect(decodeTime(id)).toBeGreaterThanOrEqual(before);
  }
  const parts = ids.map((id) => id.slice(10));
  expect(new Set(parts).size).toBe(ids.length);
  for (let at = 0; at < 16; at++) expect(new Set(parts.map((part) => part[at])).size).toBe(32);
});
