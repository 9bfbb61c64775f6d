/** Decimal text to scaled integers and back, against BigInt. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalsOf, scaledInteger, scaledText } from '../../src/data/decimal.js';

describe('decimal text', () => {
  it.each([
    ['2683.80000000', 1],
    ['0.00000001', 8],
    ['17', 0],
    ['17.000', 0],
    ['', -1],
    ['.5', -1],
    ['5.', -1],
    ['1.2.3', -1],
    ['-1', -1],
    ['1e5', -1],
    [' 1', -1],
  ])('%j needs %i decimals', (text, decimals) => {
    expect(decimalsOf(text)).toBe(decimals);
  });

  it('becomes the integer that BigInt finds, or NaN where it would not be exact', () => {
    const digits = fc.stringMatching(/^\d{1,14}$/);
    fc.assert(
      fc.property(digits, fc.stringMatching(/^\d{0,10}$/), fc.nat(10), (whole, fraction, decimals) => {
        const text = fraction === '' ? whole : `${whole}.${fraction}`;
        const needed = fraction.replace(/0+$/, '').length;
        const exact = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
        const fits = needed <= decimals && exact <= BigInt(Number.MAX_SAFE_INTEGER);
        expect(scaledInteger(text, decimals)).toBe(fits ? Number(exact) : NaN);
      }),
      { numRuns: 500 },
    );
  });

  it('comes back from the integer', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(10), (value, decimals) => {
        expect(scaledInteger(scaledText(value, decimals), decimals)).toBe(value);
      }),
    );
    expect([scaledText(5, 8), scaledText(268_380, 2), scaledText(700, 2)]).toEqual([
      '0.00000005',
      '2683.8',
      '7',
    ]);
  });
});
