/** Every cut covers all units once, in order, in chunks of a sensible length. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_CHUNKS,
  MAX_CHUNK_NS,
  MIN_CHUNK_NS,
  splitInto,
  splitUnits,
  type UnitRange,
} from '../../src/jobs/split.js';

const covers = (ranges: readonly UnitRange[], units: number) => {
  const gaps = ranges.filter(({ from, to }, i) => from !== (ranges[i - 1]?.to ?? 0) || to <= from);
  expect(gaps).toEqual([]);
  expect(ranges.at(-1)?.to).toBe(units);
};
const anyUnits = fc.integer({ min: 1, max: 1e7 });

describe('splitUnits', () => {
  it('covers all units, in at most 4,096 chunks, and of 5 to 20 ms where units are short', () => {
    fc.assert(
      fc.property(anyUnits, fc.double({ min: 0, max: 1e12, noNaN: true }), (units, nsPerUnit) => {
        const ranges = splitUnits(units, nsPerUnit);
        covers(ranges, units);
        expect(ranges.length).toBeLessThanOrEqual(MAX_CHUNKS);
        const whole = units * nsPerUnit;
        const longest = Math.max(...ranges.map(({ costNs }) => costNs));
        const isCut = whole > 2 * MIN_CHUNK_NS && nsPerUnit < MIN_CHUNK_NS / 4;
        if (isCut && whole < MAX_CHUNKS * MAX_CHUNK_NS) {
          expect(longest).toBeLessThanOrEqual(1.5 * MAX_CHUNK_NS);
          expect(longest).toBeGreaterThanOrEqual(MIN_CHUNK_NS / 2);
        }
      }),
    );
  });

  it('cuts a short job for many threads and a long one coarser, and gives long units a chunk each', () => {
    expect(splitUnits(100, 1e6)).toHaveLength(20);
    expect(splitUnits(1_000, 1e6)).toHaveLength(63);
    expect(splitUnits(10_000, 1e6)).toHaveLength(500);
    expect(splitUnits(3, 60e9)).toEqual([
      { from: 0, to: 1, costNs: 60e9 },
      { from: 1, to: 2, costNs: 60e9 },
      { from: 2, to: 3, costNs: 60e9 },
    ]);
    expect(splitUnits(5, 0)).toEqual([{ from: 0, to: 5, costNs: 0 }]);
  });
});

describe('splitInto', () => {
  it('makes exactly the chunks asked for, as even as can be', () => {
    fc.assert(
      fc.property(anyUnits, fc.integer({ min: 1, max: 5000 }), (units, chunks) => {
        const ranges = splitInto(units, chunks, 1);
        covers(ranges, units);
        expect(ranges).toHaveLength(Math.min(units, chunks));
        const lengths = ranges.map(({ from, to }) => to - from);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
