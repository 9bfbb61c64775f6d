/** Bertram's bands: erfi by its integral, cycle times by simulation, and that no other band earns more. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erfi } from '../../../src/core/math/erfi.js';
import { cycleTime, optimalBands } from '../../../src/core/pairs/bertram.js';
import { Stream } from '../../../src/core/rng/stream.js';

describe('erfi', () => {
  it('is the integral of e^(t^2), by Simpson', () => {
    for (const x of [0.01, 0.5, 1, 2.5, 5]) {
      const n = 20_000;
      let sum = 0;
      for (let i = 0; i <= n; i++) {
        const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2;
        sum += weight * Math.exp(((x * i) / n) ** 2);
      }
      const integral = ((x / n / 3) * sum * 2) / Math.sqrt(Math.PI);
      expect(erfi(x) / integral).toBeCloseTo(1, 11);
      expect(erfi(-x)).toBe(-erfi(x));
    }
    expect(erfi(0)).toBe(0);
    expect(erfi(30)).toBe(Infinity);
    expect(erfi(NaN)).toBeNaN();
  });
});

describe('a cycle between two bands', () => {
  it('takes as long as simulated ones', () => {
    const [kappa, sigma, band, step] = [2, 1, 0.5, 0.001];
    const stream = new Stream(1, 0, 3);
    const [phi, sd] = [
      Math.exp(-kappa * step),
      sigma * Math.sqrt(-Math.expm1(-2 * kappa * step) / (2 * kappa)),
    ];
    const cycles: number[] = [];
    let [x, steps, side] = [-band, 0, -1];
    while (cycles.length < 500) {
      x = phi * x + sd * stream.normal();
      steps++;
      if (side < 0 ? x >= band : x <= -band) {
        side = -side;
        if (side < 0) {
          cycles.push(steps * step);
          steps = 0;
        }
      }
    }
    const mean = cycles.reduce((a, b) => a + b, 0) / cycles.length;
    const sdOf = Math.sqrt(cycles.reduce((a, b) => a + (b - mean) ** 2, 0) / (cycles.length - 1));
    // Watched at steps, each band is crossed late, as if it were 0.5826 sd further out (Broadie et al. 1997).
    const shifted = band + 0.5826 * sigma * Math.sqrt(step);
    const late = cycleTime(kappa, sigma, -shifted, shifted);
    expect(Math.abs(mean - late)).toBeLessThan((4 * sdOf) / Math.sqrt(cycles.length));
  });
});

describe('optimal bands', () => {
  it('earn no less per time than any other', () => {
    const positive = fc.double({ min: 0.05, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        positive,
        positive,
        fc.double({ min: 0.001, max: 3, noNaN: true }),
        (kappa, sigma, costUnits) => {
          const cost = (costUnits * sigma) / Math.sqrt(kappa);
          const best = optimalBands(kappa, sigma, cost);
          expect(best.returnRate).toBeGreaterThan(0);
          expect(2 * best.halfWidth).toBeGreaterThan(cost);
          for (const factor of [0.9, 0.99, 1.01, 1.1]) {
            const width = factor * best.halfWidth;
            const rate = (2 * width - cost) / cycleTime(kappa, sigma, -width, width);
            expect(rate).toBeLessThanOrEqual(best.returnRate * (1 + 1e-12));
          }
        },
      ),
      { numRuns: 100, seed: 3 },
    );
  });
});
