/** Ids are ULIDs: in the order of time, different, of the right letters. */
import { decodeTime, isValid } from 'ulid';
import { expect, it } from 'vitest';
import { createIds } from '../../src/ops/ids.js';

it('makes ULIDs that tell their time and never repeat', () => {
  let ms = 1_700_000_000_000;
  const next = createIds(() => ms);
  const first = next();
  expect([isValid(first), decodeTime(first)]).toEqual([true, ms]);
  const many = Array.from({ length: 2_000 }, next);
  expect(new Set([first, ...many]).size).toBe(2_001);
  // Each of the 32 letters stands in about as many places: 1,000 of 32,000, within 8 standard deviations.
  const counts = new Map<string, number>();
  for (const id of many) for (const letter of id.slice(10)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(32);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(8 * Math.sqrt(1_000));
  ms += 1;
  const later = next();
  expect(later > many[1_999]!.slice(0, 10)).toBe(true);
  expect(decodeTime(later)).toBe(ms);
});
