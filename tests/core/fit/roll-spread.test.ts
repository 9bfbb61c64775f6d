/** Roll's spread where there is none to find. */
import { describe, expect, it } from 'vitest';
import { rollSpread } from '../../../src/core/fit/roll-spread.js';

describe('rollSpread', () => {
  it('is the jump of a price that alternates', () => {
    // Changes of +s and -s have products of -s^2: a pure alternation has four times the covariance of chance.
    expect(rollSpread(Float64Array.from({ length: 101 }, (_, i) => 50 + 0.1 * (i % 2)))).toBeCloseTo(0.2, 12);
  });

  it('is unknown for a trend, a constant and fewer than three prices', () => {
    expect(rollSpread(Float64Array.from({ length: 50 }, (_, i) => i * i))).toBeNull();
    expect(rollSpread(new Float64Array(50).fill(7))).toBeNull();
    expect(rollSpread(Float64Array.of(1, 2))).toBeNull();
  });
});
