/** Values of cells in specs, and the seeds of jobs. */
import { describe, expect, it } from 'vitest';
import { repeatSeed } from '../../../src/core/sweep/seeds.js';
import { pathFault, specWith, stepsOf } from '../../../src/core/sweep/spec-values.js';

const base = {
  market: { type: 'hawkes', rates: [{ perS: 1 }, { perS: 2 }] },
  strategy: { type: 'adaptive', gamma: 0.1, lots: 2 },
  runs: 4,
};
const put = (paths: string[], values: unknown[]): unknown => specWith(base, stepsOf(paths), values);

describe('a value in the spec', () => {
  it('goes to fields, items of lists and new members, and leaves the base as it was', () => {
    const before = structuredClone(base);
    expect(put(['strategy.gamma', 'market.rates.1.perS', 'limits.maxLoss'], [0.5, 9, 100])).toEqual({
      ...base,
      strategy: { ...base.strategy, gamma: 0.5 },
      market: { type: 'hawkes', rates: [{ perS: 1 }, { perS: 9 }] },
      limits: { maxLoss: 100 },
    });
    expect(base).toEqual(before);
  });

  it('chooses a variant before its fields are set, in whatever order the axes stand', () => {
    for (const turn of [false, true]) {
      const paths = ['strategy.type', 'strategy.gamma'];
      const values = ['glft', 0.7];
      const spec = put(turn ? paths.reverse() : paths, turn ? values.reverse() : values);
      expect(spec).toMatchObject({ strategy: { type: 'glft', gamma: 0.7 } });
      expect((spec as { strategy: object }).strategy).not.toHaveProperty('lots');
    }
    expect(put(['strategy.gamma', 'strategy'], [0.7, { type: 'x', lots: 1 }])).toMatchObject({
      strategy: { type: 'x', lots: 1, gamma: 0.7 },
    });
  });

  it('keeps the fields beside the type that the base has', () => {
    expect(put(['strategy.type'], ['adaptive'])).toEqual(base);
  });

  it('leaves the axis of seeds to the seeds', () => {
    expect(put(['seed', 'runs'], [5, 8])).toEqual({ ...base, runs: 8 });
  });

  it('is refused where no path leads', () => {
    expect(pathFault(base, 'market.rates.1.perS')).toBeNull();
    expect(pathFault(base, 'market.rates.2.perS')).toContain(
      'an item of market.rates, of which the base spec has 2',
    );
    expect(pathFault(base, 'market.rates.x')).toContain('got "x"');
    expect(pathFault(base, 'runs.gamma')).toContain('runs has no fields');
    expect(pathFault(base, 'strategy..gamma')).toContain('dotted path');
  });
});

describe('seeds', () => {
  it('are common to all cells by default, the first being the own one of the sweep', () => {
    expect(repeatSeed(7, 0, 0, true)).toBe(7);
    for (const cell of [0, 1, 999]) expect(repeatSeed(7, cell, 3, true)).toBe(repeatSeed(7, 0, 3, true));
  });

  it('never change: results stored under them would be lost', () => {
    expect([1, 2].map((repeat) => repeatSeed(7, 0, repeat, true))).toMatchInlineSnapshot(`
      [
        5077499966740443,
        5196669697851684,
      ]
    `);
    expect([0, 1].map((repeat) => repeatSeed(7, 5, repeat, false))).toMatchInlineSnapshot(`
      [
        8544242979072731,
        7699742107129797,
      ]
    `);
  });

  it('are different otherwise, and whole numbers that a job takes', () => {
    const seeds = new Set<number>();
    for (let cell = 0; cell < 100; cell++)
      for (let repeat = 0; repeat < 20; repeat++) seeds.add(repeatSeed(7, cell, repeat, false));
    for (let repeat = 0; repeat < 20; repeat++) seeds.add(repeatSeed(7, 0, repeat, true));
    expect(seeds.size).toBe(2_020);
    for (const seed of seeds) expect(Number.isSafeInteger(seed) && seed >= 0).toBe(true);
  });
});
