/** External ids: one dense id each while they live, none lost, none shared. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NIL } from '../../../src/core/book/codes.js';
import { type ExternalId, ExternalIds } from '../../../src/core/book/external-ids.js';

it('maps each living id to a dense one of its own and back', () => {
  const external = fc.oneof(
    fc.bigInt({ min: 2n ** 63n - 5n, max: 2n ** 63n }),
    fc.integer({ min: 0, max: 5 }),
    fc.constantFrom('0', 'a', 'b'),
  );
  const commands = fc.array(fc.tuple(fc.boolean(), external), { maxLength: 200 });
  fc.assert(
    fc.property(commands, (list) => {
      const ids = new ExternalIds();
      const living = new Set<ExternalId>();
      let most = 0;
      for (const [enters, name] of list) {
        if (enters) {
          const id = ids.take(name);
          living.add(name);
          expect([ids.find(name), ids.take(name), ids.nameOf(id)]).toEqual([id, id, name]);
        } else {
          expect(ids.release(name)).toBe(living.delete(name));
          expect(ids.find(name)).toBe(NIL);
        }
        most = Math.max(most, living.size);
        expect(ids.size).toBe(living.size);
        const dense = new Set([...living].map((one) => ids.find(one)));
        expect(dense.size).toBe(living.size);
        for (const id of dense) expect(id).toBeLessThan(most);
      }
    }),
    { numRuns: 300, seed: 4 },
  );
});
