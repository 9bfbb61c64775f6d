/** When a spread is held: every position opens and closes where it should, and stops stay stopped. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BY_EXIT, BY_STOP, LONG, SHORT, SpreadRule, STAY } from '../../../src/core/pairs/rule.js';

const walkOf = (rule: SpreadRule, distances: readonly number[]): number[] =>
  distances.map((distance) => rule.next(distance));

describe('SpreadRule', () => {
  it('buys low, closes at the exit, sells high', () => {
    const rule = new SpreadRule({ entry: 2, exit: 0.5, stop: Infinity });
    const wanted = walkOf(rule, [0, -1.9, -2, -3, -0.6, -0.5, 1, 2.5, 0.6, 0.4]);
    expect(wanted).toEqual([STAY, STAY, LONG, LONG, LONG, STAY, STAY, SHORT, SHORT, STAY]);
    expect(rule.reason).toBe(BY_EXIT);
  });

  it('turns round at the other band when the exit is minus the entry', () => {
    const rule = new SpreadRule({ entry: 1, exit: -1, stop: Infinity });
    expect(walkOf(rule, [-1, 0.99, 1, -0.99, -1])).toEqual([LONG, LONG, SHORT, SHORT, LONG]);
  });

  it('gives up at the stop and waits until the spread is inside the bands again', () => {
    const rule = new SpreadRule({ entry: 2, exit: 0, stop: 4 });
    expect(walkOf(rule, [-2.5, -4, -3, -2.5])).toEqual([LONG, STAY, STAY, STAY]);
    expect(rule.reason).toBe(BY_STOP);
    expect(walkOf(rule, [-1.9, -2.1, 5])).toEqual([STAY, LONG, STAY]);
  });

  it('never opens inside the bands or beyond the stop, and never holds past the exit', () => {
    const level = fc.double({ min: 0.1, max: 3, noNaN: true });
    const distances = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(level, level, level, distances, (entry, less, more, path) => {
        const [exit, stop] = [entry - less, entry + more];
        const rule = new SpreadRule({ entry, exit, stop });
        let before = STAY;
        for (const distance of path) {
          const now = rule.next(distance);
          if (now !== STAY) {
            const away = -now * distance;
            if (now !== before) expect(away).toBeGreaterThanOrEqual(entry);
            expect(away).toBeGreaterThan(exit);
            expect(away).toBeLessThan(stop);
          }
          before = now;
        }
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});
