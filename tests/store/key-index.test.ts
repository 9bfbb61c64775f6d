/** The key index beside a plain map: what was added and not removed is found, nothing else; 1 s. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createKeyIndex } from '../../src/store/sqlite/key-index.js';
import '../support/fixed-seed.js';

// Few heads, some alike in all that the start of a run is made of, so that runs are long and wrap round.
const head = fc.oneof(
  fc.nat(40),
  fc.nat(40).map((n) => (n * 2 ** 27) >>> 0),
  fc.constant(2 ** 32 - 1),
);
const step = fc.record({ removes: fc.boolean(), head, place: fc.integer({ min: 1, max: 6 }) });

it('finds what is there after any order of additions and removals, also when it grows', () => {
  const property = fc.property(
    fc.array(step, { maxLength: 300 }),
    fc.constantFrom(32, 4096, 2 ** 20),
    (steps, slots) => {
      const index = createKeyIndex(slots);
      const known = new Map<number, Set<number>>();
      let size = 0;
      for (const { removes, head: own, place } of steps) {
        const places = known.get(own) ?? new Set();
        known.set(own, places);
        if (removes) {
          index.remove(own, place);
          if (places.delete(place)) size--;
        } else if (places.has(place) || 8 * size < 3 * 2 * slots) {
          index.add(own, place);
          if (!places.has(place)) size++;
          places.add(place);
        }
      }
      for (const [own, places] of known) expect(index.find(own)).toEqual([...places].sort((a, b) => b - a));
    },
  );
  fc.assert(property, { numRuns: 200 });
});

it('does not grow under jobs that come and go', () => {
  const index = createKeyIndex(64);
  for (let n = 0; n < 10_000; n++) {
    index.add(Math.imul(n, 0x9e3779b1) >>> 0, n + 1);
    if (n >= 20) index.remove(Math.imul(n - 20, 0x9e3779b1) >>> 0, n - 19);
  }
  expect(index.find(Math.imul(9_999, 0x9e3779b1) >>> 0)).toEqual([10_000]);
  expect(index.find(12_345)).toEqual([]);
});
