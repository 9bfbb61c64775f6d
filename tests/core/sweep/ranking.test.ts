/** Ranking against figures computed by hand, and against sorting all cells. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellEstimate, repeatDifference, TopCells, type JobValue } from '../../../src/core/sweep/ranking.js';

const repeats = (...values: (number | null)[]): (JobValue | null)[] =>
  values.map((value) => (value === null ? null : { value, standardError: 0.5 }));

describe('the estimate of a cell', () => {
  it('is the mean over repeats with a t interval', () => {
    // 1, 2, 3, 6: mean 3, s^2 = 14/3, s.e. sqrt(14/12) = 1.0801, t(3) = 3.18245, half-width 3.43743.
    const found = cellEstimate(repeats(1, 2, 3, 6))!;
    expect(found.value).toBe(3);
    expect(found.standardError).toBeCloseTo(1.0801234497, 9);
    expect(found.interval![0]).toBeCloseTo(-0.4374349, 6);
    expect(found.interval![1]).toBeCloseTo(6.4374349, 6);
    expect(found.runs).toBe(4);
  });

  it('of one repeat is what the job says', () => {
    const job: JobValue = { value: 5, standardError: 2, interval: [1, 9] };
    expect(cellEstimate([null, job])).toEqual({ value: 5, standardError: 2, interval: [1, 9], runs: 1 });
  });

  it('leaves out what has no value', () => {
    expect(cellEstimate([null, null])).toBeNull();
    expect(cellEstimate([{ value: null, standardError: null }])).toBeNull();
    expect(cellEstimate(repeats(1, null, 3))).toMatchObject({ value: 2, runs: 2 });
  });
});

describe('a difference by repeat', () => {
  it('has the error of the differences: common chance cancels', () => {
    // 10, 20, 30 less 9, 18, 30: 1, 2, 0: mean 1, s = 1, s.e. 1 / sqrt(3).
    const found = repeatDifference(repeats(10, 20, 30), repeats(9, 18, 30))!;
    expect(found.value).toBe(1);
    expect(found.standardError).toBeCloseTo(0.5773502692, 9);
    expect(repeatDifference(repeats(1, null, 2), repeats(1, 1, null))).toBeNull();
  });
});

describe('the best cells', () => {
  it('come first, with their difference to the best', () => {
    const top = new TopCells('max', 2);
    [
      [1, 2],
      [5, 7],
      [4, 7],
      [null, null],
    ].forEach((values, cell) => top.add({ cell, repeats: repeats(...values) }));
    const ranked = top.ranked(true);
    expect(ranked.map(({ rank, cell, estimate }) => [rank, cell, estimate.value])).toEqual([
      [1, 1, 6],
      [2, 2, 5.5],
    ]);
    expect(ranked[0]!.difference).toBeNull();
    expect(ranked[1]!.difference).toMatchObject({ value: -0.5, standardError: 0.5 });
    expect(top.ranked(false)[1]!.difference).toBeNull();
  });

  it('are those of a full sort, in whatever order cells come', () => {
    const cells = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(
        cells,
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom('max', 'min'),
        (values, keep, sense) => {
          const top = new TopCells(sense, keep);
          const order = values.map((value, cell) => ({ value, cell }));
          for (const { value, cell } of [...order].reverse()) top.add({ cell, repeats: repeats(value) });
          const sign = sense === 'max' ? -1 : 1;
          const wanted = order.sort((a, b) => sign * (a.value - b.value) || a.cell - b.cell).slice(0, keep);
          expect(top.ranked(true).map(({ cell }) => cell)).toEqual(wanted.map(({ cell }) => cell));
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });
});
