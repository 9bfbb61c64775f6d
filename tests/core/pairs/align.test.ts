/** Series side by side: the times that both have, and no other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignTimes } from '../../../src/core/pairs/align.js';

describe('alignTimes', () => {
  it('keeps what a set would keep, each value with its own time', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(times, times, (a, b) => {
        const [ta, tb] = [a, b].map((list) => Float64Array.from(list).sort()) as [Float64Array, Float64Array];
        const found = alignTimes(ta, ta.map((t) => 10 * t), tb, tb.map((t) => -1 - t)); // prettier-ignore
        const both = [...ta].filter((t) => tb.includes(t));
        expect([...found.timeS]).toEqual(both);
        expect([...found.y]).toEqual(both.map((t) => 10 * t));
        expect([...found.x]).toEqual(both.map((t) => -1 - t));
        expect([found.onlyY, found.onlyX]).toEqual([ta.length - both.length, tb.length - both.length]);
      }),
      { numRuns: 200, seed: 2 },
    );
  });
});
