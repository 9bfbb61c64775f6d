/** The normal law against values computed with 40 digits, its own inverse, and its far tails. */
import { describe, expect, it } from 'vitest';
import { normalCdf, normalPdf, normalQuantile } from '../../../src/core/math/normal.js';

/** x and P(X <= x), computed with 40 digits. */
const CDF: readonly (readonly [x: number, p: number])[] = [
  [-37.5, 4.605353009581955e-308],
  [-20, 2.7536241186062337e-89],
  [-8.25, 7.919726314642477e-17],
  [-5, 2.866515718791939e-7],
  [-2.5, 0.006209665325776135],
  [-1.0625, 0.14400437900197094],
  [-1, 0.15865525393145705],
  [-0.3, 0.3820885778110474],
  [0, 0.5],
  [0.7, 0.758036347776927],
  [1.5, 0.9331927987311419],
  [3, 0.9986501019683699],
  [8, 0.9999999999999993],
];

/** p and the x below which it lies, computed with 40 digits. */
const QUANTILE: readonly (readonly [p: number, x: number])[] = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798407],
  [2 ** -33, -6.3379577545537895],
  [1e-6, -4.753424308822899],
  [0.01, -2.326347874040841],
  [0.0749, -1.4402382675279637],
  [0.0751, -1.43882539275254],
  [0.3, -0.5244005127080408],
  [0.5, 0],
  [0.75, 0.6744897501960817],
  [0.9, 1.2815515655446006],
  [0.93, 1.475791028179171],
  [0.999, 3.090232306167813],
  [1 - 2 ** -33, 6.3379577545537895],
];

describe('normalCdf', () => {
  it.each(CDF)('at %d, to 2e-15 of its own size', (x, p) => {
    expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(2e-15);
  });

  it('never falls, over the seams at -1 and 1 too', () => {
    let before = 0;
    for (let x = -9; x <= 9; x += 1 / 1024) {
      const p = normalCdf(x);
      expect(p).toBeGreaterThanOrEqual(before - 2e-16);
      before = p;
    }
  });

  it('is 0 and 1 at the ends and NaN for NaN', () => {
    expect([-Infinity, -39, 39, Infinity, NaN].map(normalCdf)).toEqual([0, 0, 1, 1, NaN]);
  });
});

describe('normalPdf', () => {
  it('is the slope of the distribution function', () => {
    for (let x = -6; x <= 6; x += 0.37) {
      const slope = (normalCdf(x + 1e-4) - normalCdf(x - 1e-4)) / 2e-4;
      expect(Math.abs(normalPdf(x) - slope)).toBeLessThan(1e-8);
    }
    expect([-Infinity, 40, NaN].map(normalPdf)).toEqual([0, 0, NaN]);
  });
});

describe('normalQuantile', () => {
  it.each(QUANTILE)('at %d, to 1e-15 of its size', (p, x) => {
    expect(Math.abs(normalQuantile(p) - x)).toBeLessThanOrEqual(1.2e-15 * Math.max(1, Math.abs(x)));
  });

  it('undoes the distribution function', () => {
    for (let x = -7; x <= 5; x += 0.0371) {
      const p = normalCdf(x);
      // What the error of p is worth in x.
      const rounding = (2e-15 * p) / normalPdf(x);
      expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(rounding + 2e-15 * Math.max(1, Math.abs(x)));
    }
  });

  it('is infinite at 0 and 1 and NaN outside', () => {
    expect([0, 1, -0.1, 1.1, NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]);
  });
});
