/** Moments of blocks: equal to the plain definition, and merging blocks equals taking all values at once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyMoments,
  meanErrorOf,
  mergeMoments,
  momentsOf,
  sdErrorOf,
  sdOf,
  skewnessOf,
} from '../../../src/core/price/moments.js';
import { PRICE } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';

function of(values: readonly number[]) {
  const out = emptyMoments();
  momentsOf(Float64Array.from(values), values.length, out);
  return out;
}

const block = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 20 });

describe('momentsOf', () => {
  it('takes sums of powers of the deviations, minimum and maximum', () => {
    expect(of([1, 2, 3, 6])).toEqual({ count: 4, mean: 3, m2: 14, m3: 18, m4: 98, min: 1, max: 6 });
    expect(of([])).toEqual(emptyMoments());
  });

  it('loses no digits where the values are far from 0', () => {
    const { m2 } = of([1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 6]);
    expect(m2).toBe(14);
  });
});

describe('mergeMoments', () => {
  it('gives the moments of all values together', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 8 }), (blocks) => {
        const merged = emptyMoments();
        for (const values of blocks) mergeMoments(merged, of(values));
        const whole = of(blocks.flat());
        expect(merged.count).toBe(whole.count);
        expect(merged.min).toBe(whole.min);
        expect(merged.max).toBe(whole.max);
        const scale = 1 + Math.max(0, ...blocks.flat().map(Math.abs));
        (['mean', 'm2', 'm3', 'm4'] as const).forEach((key, i) => {
          const tolerance = 1e-12 * (1 + whole.count) * scale ** (i === 0 ? 1 : i + 1);
          expect(Math.abs(merged[key] - whole[key])).toBeLessThanOrEqual(tolerance);
        });
      }),
    );
  });
});

describe('standard errors', () => {
  it('are those of the normal law for normal values', () => {
    const values = new Float64Array(200_000);
    new Stream(3, 0, PRICE).fillNormals(values, values.length);
    const m = of([...values]);
    expect(meanErrorOf(m)).toBeCloseTo(1 / Math.sqrt(values.length), 4);
    expect(sdErrorOf(m)).toBeCloseTo(1 / Math.sqrt(2 * values.length), 4);
    expect(Math.abs(skewnessOf(m))).toBeLessThan(4 * Math.sqrt(6 / values.length));
  });

  it('are NaN where there is nothing to estimate them from', () => {
    expect(sdOf(of([5]))).toBeNaN();
    expect(meanErrorOf(of([5]))).toBeNaN();
    expect(sdErrorOf(of([1, 2, 3]))).toBeNaN();
    expect(sdErrorOf(of([2, 2, 2, 2]))).toBeNaN();
  });
});
