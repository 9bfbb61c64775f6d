/** Searches without least squares: minima of known functions, bounds, and searches that do not arrive. */
import { describe, expect, it } from 'vitest';
import { brentRoot } from '../../../../src/core/fit/optimise/brent.js';
import { withGradient } from '../../../../src/core/fit/optimise/differences.js';
import { minimiseSimplex } from '../../../../src/core/fit/optimise/nelder-mead.js';
import { minimiseNewton } from '../../../../src/core/fit/optimise/newton.js';

function rosenbrock(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const valley = x[i + 1]! - x[i]! * x[i]!;
    sum += 100 * valley * valley + (1 - x[i]!) * (1 - x[i]!);
  }
  return sum;
}
const fill = (n: number, value: number): number[] => Array.from({ length: n }, () => value);
const box = (n: number) => ({ lower: fill(n, -5), upper: fill(n, 5), scale: fill(n, 0.5) });

describe('minimiseSimplex', () => {
  it.each([2, 3, 4])('finds the minimum of the Rosenbrock function of %i variables', (n) => {
    const found = minimiseSimplex({ value: rosenbrock, start: fill(n, -1.2), ...box(n) });
    expect(found.converged).toBe(true);
    for (const one of found.x) expect(Math.abs(one - 1)).toBeLessThan(1e-4);
  });

  it('restarts out of the simplex that collapses away from a minimum (McKinnon 1998)', () => {
    const value = ([x, y]: Float64Array): number => (x! <= 0 ? 360 : 6) * x! * x! + y! + y! * y!;
    const found = minimiseSimplex({ value, start: [1, 1], ...box(2), scale: [-1, -1.6] });
    expect(found.value).toBeCloseTo(-0.25, 6);
  });

  it('stays in its box and finds the corner', () => {
    const found = minimiseSimplex({
      value: ([x, y]) => (x! + 1) * (x! + 1) + (y! - 9) * (y! - 9),
      start: [1, 1],
      lower: [0, 0],
      upper: [2, 3],
      scale: [0.5, 0.5],
    });
    expect([...found.x]).toEqual([0, 3]);
  });

  it('says that it did not arrive when evaluations run out', () => {
    const found = minimiseSimplex({ value: rosenbrock, start: [-1.2, 1], ...box(2), maxEvaluations: 40 });
    expect(found.converged).toBe(false);
    expect(found.evaluations).toBeLessThan(50);
  });
});

describe('minimiseNewton', () => {
  it.each([2, 5, 10])('finds the minimum of the Rosenbrock function of %i variables', (n) => {
    const { lower, upper, scale } = box(n);
    const objective = withGradient(rosenbrock, scale, lower, upper);
    const found = minimiseNewton({ objective, start: fill(n, -1.2), lower, upper, scale });
    expect(found.converged).toBe(true);
    // From (-1.2, ...) the functions of 4 variables and more have a second minimum near x0 = -1.
    if (found.value < 1) for (const one of found.x) expect(Math.abs(one - 1)).toBeLessThan(1e-4);
    expect(found.gradientNorm).toBeLessThan(1e-3);
  });

  it('crosses a region of negative curvature', () => {
    const objective = withGradient(([x]) => (x! * x! - 1) * (x! * x! - 1), [1], [-5], [5]);
    const found = minimiseNewton({ objective, start: [0.1], lower: [-5], upper: [5], scale: [1] });
    // Half of f'' is 4: the promised fall of 1e-10 is a distance of 5e-6.
    expect(Math.abs(found.x[0]! - 1)).toBeLessThan(5e-6);
  });

  it('says that it did not arrive when steps run out', () => {
    const { lower, upper, scale } = box(2);
    const objective = withGradient(rosenbrock, scale, lower, upper);
    const found = minimiseNewton({ objective, start: [-1.2, 1], lower, upper, scale, maxIterations: 2 });
    expect(found.converged).toBe(false);
    expect(found.gradientNorm).toBeGreaterThan(0.1);
  });
});

describe('brentRoot', () => {
  it('finds roots to the last digits', () => {
    expect(brentRoot((x) => x * x - 2, 0, 2, 0)).toBeCloseTo(Math.SQRT2, 15);
    expect(brentRoot((x) => x * x * x, -1, 1.7, 1e-12)).toBeCloseTo(0, 3);
    expect(brentRoot((x) => Math.atan(x - 3), -50, 90, 0)).toBeCloseTo(3, 14);
    expect(brentRoot((x) => x * x + 1, -1, 1, 0)).toBeNaN();
  });
});
