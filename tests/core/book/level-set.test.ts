/** The bitmap of occupied levels against a plain Set. */
import { describe, expect, it } from 'vitest';
import { BEYOND, LevelSet } from '../../../src/core/book/level-set.js';
import { Pcg32 } from '../../bench/pcg32.js';

describe('LevelSet', () => {
  it.each([32, 1_024, 4_096, 131_072])('finds neighbours like a Set of %i levels', (size) => {
    const random = new Pcg32(size);
    const levels = new LevelSet(size);
    const model = new Set<number>();
    for (let i = 0; i < 3_000; i++) {
      const level = random.uniform(8) === 0 ? (size - 1) * random.uniform(2) : random.uniform(size);
      if (model.size > 0 && random.uniform(2) === 0) {
        const gone = [...model][random.uniform(model.size)]!;
        model.delete(gone);
        levels.remove(gone);
      } else {
        model.add(level);
        levels.add(level);
      }
      const probe = random.uniform(size);
      let above = BEYOND;
      let below = -1;
      for (const member of model) {
        if (member > probe && member < above) above = member;
        if (member < probe && member > below) below = member;
      }
      expect(levels.above(probe)).toBe(above);
      expect(levels.below(probe)).toBe(below);
      expect(levels.lowest()).toBe(Math.min(BEYOND, ...model));
      expect(levels.highest()).toBe(Math.max(-1, ...model));
    }
    expect(model.size).toBeGreaterThan(0);
  });
});
