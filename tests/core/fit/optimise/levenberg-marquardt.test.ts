/** Levenberg-Marquardt on the certified problems of NIST, inside bounds, and where it cannot arrive. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leastSquares, type LeastSquares } from '../../../../src/core/fit/optimise/levenberg-marquardt.js';
import { withShared } from '../../../support/shared.js';
import { NIST_MODELS } from './nist-models.js';

interface Certified {
  readonly name: string;
  readonly n: number;
  readonly start1: number[];
  readonly start2: number[];
  readonly certified: number[];
  readonly std_dev: number[];
  readonly rss: number;
}

/** The last `n` lines of a .dat file: y and x. */
function dataOf(path: string, n: number): { y: number[]; x: number[] } {
  const rows = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-n);
  const cells = rows.map((row) => row.trim().split(/\s+/).map(Number));
  return { y: cells.map(([y]) => y!), x: cells.map(([, x]) => x!) };
}

function problemOf(name: string, y: readonly number[], x: readonly number[], start: number[]): LeastSquares {
  const model = NIST_MODELS[name]!;
  const d = new Float64Array(start.length);
  return {
    count: y.length,
    start,
    lower: start.map(() => -Infinity),
    upper: start.map(() => Infinity),
    residuals: (b, out) => y.forEach((one, i) => (out[i] = model(b, x[i]!, d) - one)),
    jacobian: (b, out) =>
      x.forEach((one, i) => {
        model(b, one, d);
        out.set(d, i * d.length);
      }),
  };
}

withShared('leastSquares on the NIST problems', (dir) => {
  const folder = `${dir}/data/reference/nist_nls`;
  const { problems } = JSON.parse(readFileSync(`${folder}/certified.json`, 'utf8')) as {
    problems: Certified[];
  };
  const cases = problems.flatMap((one) =>
    (['start1', 'start2'] as const).map((start) => [one.name, start, one] as const),
  );
  it.each(cases)('%s from %s: estimates and standard deviations to 6 digits', (name, start, one) => {
    const { x, y } = dataOf(`${folder}/${name}.dat`, one.n);
    const fit = leastSquares(problemOf(name, y, x, one[start]));
    expect(fit.converged).toBe(true);
    const p = one.certified.length;
    one.certified.forEach((value, i) => expect(Math.abs(fit.x[i]! / value - 1)).toBeLessThan(1e-6));
    expect(Math.abs(fit.sumOfSquares / one.rss - 1)).toBeLessThan(1e-6);
    one.std_dev.forEach((value, i) => {
      const error = Math.sqrt((fit.inverseGram![i * p + i]! * fit.sumOfSquares) / (one.n - p));
      expect(Math.abs(error / value - 1)).toBeLessThan(1e-6);
    });
  });

  it('finds the same minimum with differences in place of derivatives', () => {
    const one = problems.find(({ name }) => name === 'Thurber')!;
    const { x, y } = dataOf(`${folder}/Thurber.dat`, one.n);
    const { jacobian: _, ...problem } = problemOf('Thurber', y, x, one.start2);
    const fit = leastSquares(problem);
    expect(fit.converged).toBe(true);
    one.certified.forEach((value, i) => expect(Math.abs(fit.x[i]! / value - 1)).toBeLessThan(1e-6));
  });
});

describe('leastSquares', () => {
  /** y = b0 + b1 x over x = 0..9 with y = 1 + 2 x - (x mod 2). */
  const line = (bounds: Partial<LeastSquares>): LeastSquares => ({
    count: 10,
    start: [0, 0],
    lower: [-10, -10],
    upper: [10, 10],
    residuals: (b, out) => {
      for (let x = 0; x < 10; x++) out[x] = b[0]! + b[1]! * x - (1 + 2 * x - (x % 2));
    },
    ...bounds,
  });

  it('solves a linear problem, with the covariance of linear regression', () => {
    const fit = leastSquares(line({}));
    // Slope: 2 - cov(x, x mod 2) / var(x) = 2 - 2.5 / 82.5; means 4.5 and 9.5.
    const slope = 2 - 2.5 / 82.5;
    expect(fit.x[1]).toBeCloseTo(slope, 9);
    expect(fit.x[0]).toBeCloseTo(9.5 - 4.5 * slope, 9);
    expect(fit.inverseGram![3]).toBeCloseTo(1 / 82.5, 10);
  });

  it('stops on a bound with the best of the other variables there', () => {
    const fit = leastSquares(line({ upper: [10, 1.5] }));
    expect(fit.converged).toBe(true);
    expect(fit.x[1]).toBe(1.5);
    expect(fit.x[0]).toBeCloseTo(9.5 - 4.5 * 1.5, 10);
    expect(fit.inverseGram![3]).toBe(0);
  });

  it('says that it did not arrive when steps run out', () => {
    const flat: LeastSquares = {
      count: 2,
      start: [-1.2, 1],
      lower: [-5, -5],
      upper: [5, 5],
      maxIterations: 3,
      residuals: ([a, b], out) => {
        out[0] = 10 * (b! - a! * a!);
        out[1] = 1 - a!;
      },
    };
    const early = leastSquares(flat);
    expect(early.converged).toBe(false);
    expect(early.gradientNorm).toBeGreaterThan(0);
    const whole = leastSquares({ ...flat, maxIterations: 100 });
    expect(whole.converged).toBe(true);
    expect(whole.x[0]).toBeCloseTo(1, 10);
  });

  it('refuses a start outside the domain', () => {
    expect(() => leastSquares(line({ residuals: (_b, out) => out.fill(NaN) }))).toThrow(
      'finite residuals at the start',
    );
  });
});
