/** Axes and designs of sweeps: order, strata, bounds, and cells that do not depend on each other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridPoints, rangeFault, valueAt } from '../../../src/core/sweep/axis.js';
import { gridCells, SweepDesign, type SweepAxisPlan } from '../../../src/core/sweep/design.js';

const linear = (from: number, to: number) => ({ from, to, scale: 'linear', integer: false }) as const;
const log = (from: number, to: number) => ({ from, to, scale: 'log', integer: false }) as const;
const whole = (from: number, to: number) => ({ from, to, scale: 'linear', integer: true }) as const;
const values = (path: string, ...list: unknown[]): SweepAxisPlan => ({ path, values: list, range: null });
const drawn = (path: string, range: SweepAxisPlan['range']): SweepAxisPlan => ({ path, values: null, range });

describe('points of a grid', () => {
  it('are what a person would type', () => {
    expect(gridPoints(linear(0, 1), 11)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(gridPoints(log(0.01, 1), 5)).toEqual([0.01, 0.0316227766017, 0.1, 0.316227766017, 1]);
    expect(gridPoints(whole(1, 10), 4)).toEqual([1, 4, 7, 10]);
  });

  it('rise from end to end', () => {
    const range = fc.record({
      low: fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
      factor: fc.integer({ min: 2, max: 1e6 }),
    });
    fc.assert(
      fc.property(
        range,
        fc.integer({ min: 2, max: 60 }),
        fc.constantFrom('linear', 'log'),
        (ends, n, scale) => {
          const [from, to] = [ends.low, ends.low * ends.factor];
          const points = gridPoints({ from, to, scale, integer: false } as const, n);
          expect([points[0], points.at(-1), points.length]).toEqual([from, to, n]);
          for (let i = 1; i < n; i++) expect(points[i]).toBeGreaterThan(points[i - 1]!);
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });
});

describe('a range', () => {
  it('tells what is wrong with it', () => {
    expect(rangeFault(linear(2, 1), 3)).toContain('"from" below "to"; got 2 and 1');
    expect(rangeFault(log(0, 1), 3)).toContain('"from" above 0 on a log scale; got 0');
    expect(rangeFault(whole(0.5, 3), null)).toContain('whole ends');
    expect(rangeFault(whole(1, 3), 7)).toContain('more than once');
    expect(rangeFault(whole(1, 3), 3)).toBeNull();
  });

  it('gives whole numbers equal shares, the ends included', () => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4_000; i++) counts[valueAt(whole(2, 5), (i + 0.5) / 4_000) - 2]!++;
    expect(counts).toEqual([1_000, 1_000, 1_000, 1_000]);
  });
});

describe('a grid', () => {
  const axes = [values('a', 1, 2), values('b', 'x', 'y', 'z')];
  const design = new SweepDesign({ design: 'grid', axes, cells: gridCells(axes), seed: 1 });

  it('runs the last axis quickest', () => {
    const cells = Array.from({ length: gridCells(axes) }, (_, cell) => design.values(cell));
    expect(cells).toEqual([
      [1, 'x'],
      [1, 'y'],
      [1, 'z'],
      [2, 'x'],
      [2, 'y'],
      [2, 'z'],
    ]);
  });

  it('has a million cells without a list of them', () => {
    const points = Array.from({ length: 100 }, (_, i) => i);
    const large = [values('a', ...points), values('b', ...points), values('c', ...points)];
    const million = new SweepDesign({ design: 'grid', axes: large, cells: gridCells(large), seed: 1 });
    expect(gridCells(large)).toBe(1_000_000);
    expect(million.values(987_654)).toEqual([98, 76, 54]);
  });
});

describe.each(['random', 'latin-hypercube'] as const)('a %s design', (kind) => {
  const axes = [drawn('a', log(0.01, 1)), drawn('b', whole(1, 6)), values('c', 'x', 'y')];
  const design = (seed: number, cells = 120): SweepDesign =>
    new SweepDesign({ design: kind, axes, cells, seed });

  it('gives a cell the same values whichever were asked for before', () => {
    const [forth, back] = [design(3), design(3)];
    const up = Array.from({ length: 120 }, (_, cell) => forth.values(cell));
    const down = Array.from({ length: 120 }, (_, i) => back.values(119 - i)).reverse();
    expect(up).toEqual(down);
    expect(design(4).values(0)).not.toEqual(up[0]);
  });

  it('stays inside its ranges', () => {
    for (let cell = 0; cell < 120; cell++) {
      const [a, b, c] = design(5).values(cell) as [number, number, string];
      expect(a >= 0.01 && a <= 1 && Number.isInteger(b) && b >= 1 && b <= 6 && 'xy'.includes(c)).toBe(true);
    }
  });
});

describe('a Latin hypercube', () => {
  it('has one cell in each stratum of each axis', () => {
    const axes = [drawn('a', linear(0, 1)), drawn('b', log(1, 1024)), values('c', 'x', 'y', 'z', 'w')];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 150 }), fc.nat(1_000), (cells, seed) => {
        const design = new SweepDesign({ design: 'latin-hypercube', axes, cells, seed });
        const rows = Array.from(
          { length: cells },
          (_, cell) => design.values(cell) as [number, number, string],
        );
        const strata = (share: (row: (typeof rows)[number]) => number): number[] =>
          rows.map((row) => Math.floor(share(row) * cells)).sort((p, q) => p - q);
        const each = Array.from({ length: cells }, (_, i) => i);
        expect(strata(([a]) => a)).toEqual(each);
        expect(strata(([, b]) => Math.log2(b) / 10)).toEqual(each);
        if (cells % 4 === 0) expect(rows.filter(([, , c]) => c === 'y')).toHaveLength(cells / 4);
      }),
      { numRuns: 100, seed: 11 },
    );
  });

  it('is more even than a random design: the mean of a sum has a far smaller variance', () => {
    const axes = [drawn('a', linear(0, 1)), drawn('b', linear(0, 1))];
    const spread = (kind: 'random' | 'latin-hypercube'): number => {
      let squares = 0;
      for (let seed = 0; seed < 200; seed++) {
        const design = new SweepDesign({ design: kind, axes, cells: 20, seed });
        let sum = 0;
        for (let cell = 0; cell < 20; cell++) for (const value of design.values(cell)) sum += value as number;
        squares += (sum / 20 - 1) ** 2;
      }
      return squares / 200;
    };
    // Random: 2 / 12 / 20. Latin hypercube, for a sum: 2 / 12 / 20^3. Five standard errors of a variance
    // are 1/2.
    expect(spread('random')).toBeGreaterThan(1 / 120 / 2);
    expect(spread('latin-hypercube')).toBeLessThan((1 / 120 / 400) * 1.5);
  });
});
