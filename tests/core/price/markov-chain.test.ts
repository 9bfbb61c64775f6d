/** Long-run facts of Markov chains: fixed points, a chain in a circle, shares near nought. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanStays, reversibleEigenvalues, stationaryLaw } from '../../../src/core/price/markov-chain.js';

const matrix = fc.integer({ min: 2, max: 6 }).chain((n) =>
  fc
    .array(fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: n, maxLength: n }), {
      minLength: n,
      maxLength: n,
    })
    .map((rows) => rows.map((row) => row.map((p) => p / row.reduce((sum, q) => sum + q, 0)))),
);

describe('a Markov chain', () => {
  it('stays in its stationary law', () => {
    fc.assert(
      fc.property(matrix, (transition) => {
        const law = stationaryLaw(transition);
        expect(law.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        law.forEach((share, j) => {
          const next = law.reduce((sum, from, i) => sum + from * transition[i]![j]!, 0);
          expect(Math.abs(next - share)).toBeLessThan(1e-12 * share + 1e-15);
        });
      }),
      { seed: 3 },
    );
  });

  it('has eigenvalues whose sum is the trace, where it is reversible', () => {
    // Symmetric flows make a reversible chain.
    fc.assert(
      fc.property(matrix, (rows) => {
        const flows = rows.map((row, i) => row.map((p, j) => p + rows[j]![i]!));
        const transition = flows.map((row) => row.map((p) => p / row.reduce((sum, q) => sum + q, 0)));
        const values = reversibleEigenvalues(transition)!;
        const trace = transition.reduce((sum, row, i) => sum + row[i]!, 0);
        expect(values[0]).toBeCloseTo(1, 10);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 10);
      }),
      { seed: 4 },
    );
  });

  it('has none to tell where it runs in a circle', () => {
    expect(
      reversibleEigenvalues([
        [0.5, 0.5, 0],
        [0, 0.5, 0.5],
        [0.5, 0, 0.5],
      ]),
    ).toBeNull();
  });

  it('gives small shares to the last digit', () => {
    const [, rare] = stationaryLaw([
      [1 - 1e-20, 1e-20],
      [1, 0],
    ]);
    expect(rare! / 1e-20).toBeCloseTo(1, 14);
    expect(
      stationaryLaw([
        [1, 0],
        [0, 1],
      ]),
    ).toEqual([NaN, NaN]);
  });

  it('stays as long as leaving is rare', () => {
    expect(
      meanStays([
        [0.9, 0.1],
        [0, 1],
      ]),
    ).toEqual([10, Infinity]);
  });
});
