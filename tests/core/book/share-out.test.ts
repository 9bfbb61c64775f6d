/** Sharing out by size: exact for all sizes, against big integers. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { naiveShares } from '../../../src/core/book/naive-shares.js';
import { mulDiv, shareOut } from '../../../src/core/book/share-out.js';

const MAX = 0x7fff_ffff;

it('divides as big integers do', () => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: MAX }), fc.integer({ min: MAX - 9, max: MAX }));
  fc.assert(
    fc.property(sizes, sizes, sizes, (divisor, x, y) => {
      const [a, b] = [x % (divisor + 1), y % (divisor + 1)];
      expect(mulDiv(a, b, divisor)).toBe(Number((BigInt(a) * BigInt(b)) / BigInt(divisor)));
    }),
    { numRuns: 20_000, seed: 1 },
  );
});

it('shares as the rule says', () => {
  const lots = fc.array(fc.integer({ min: 1, max: 100_000_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lots, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (sizes, part, top) => {
      const total = sizes.reduce((a, b) => a + b, 0);
      const taken = Math.floor(part * total);
      const out = new Int32Array(sizes.length);
      shareOut(Int32Array.from(sizes), sizes.length, total, taken, top, out);
      expect(Array.from(out)).toEqual(naiveShares(sizes, taken, top));
      expect(out.reduce((a, b) => a + b, 0)).toBe(taken);
    }),
    { numRuns: 2_000, seed: 2 },
  );
});
