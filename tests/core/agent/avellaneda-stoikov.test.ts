/** Reservation price and spread: worked values, symmetry, and the limit of no risk aversion. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reservationPrice, totalSpread } from '../../../src/core/agent/avellaneda-stoikov.js';

const positive = fc.double({ min: 1e-3, max: 10, noNaN: true });
/** Above the point where gamma sigma^2 timeLeft / 10 is lost in the rounding of 2 / k. */
const resolved = fc.double({ min: 1e-2, max: 10, noNaN: true });

describe('reservationPrice', () => {
  it('leans against the inventory: 100 - 3 x 0.1 x 4 x 0.5 = 99.4', () => {
    expect(reservationPrice(100, 3, 0.1, 2, 0.5)).toBeCloseTo(99.4, 12);
    expect(reservationPrice(100, -3, 0.1, 2, 0.5)).toBeCloseTo(100.6, 12);
  });

  it('is the mid without inventory and at the horizon', () => {
    fc.assert(
      fc.property(
        positive,
        positive,
        positive,
        fc.integer({ min: -100, max: 100 }),
        (gamma, sigma, left, q) => {
          expect(reservationPrice(50, 0, gamma, sigma, left)).toBe(50);
          expect(reservationPrice(50, q, gamma, sigma, 0)).toBe(50);
        },
      ),
    );
  });
});

describe('totalSpread', () => {
  it('has the worked values of the paper at the start and at the horizon (gamma 0.1, sigma 2, k 1.5)', () => {
    expect(totalSpread(0.1, 2, 1, 1.5)).toBeCloseTo(0.4 + 20 * Math.log(1 + 0.1 / 1.5), 12);
    expect(totalSpread(0.1, 2, 0, 1.5)).toBeCloseTo(1.2907704, 6);
  });

  it('goes to 2 / k as risk aversion vanishes', () => {
    expect(totalSpread(0, 2, 1, 1.5)).toBe(2 / 1.5);
    expect(totalSpread(1e-9, 2, 1, 1.5)).toBeCloseTo(2 / 1.5, 7);
  });

  it('is positive and widens with volatility and time left', () => {
    fc.assert(
      fc.property(resolved, resolved, resolved, resolved, (gamma, sigma, left, k) => {
        const spread = totalSpread(gamma, sigma, left, k);
        expect(spread).toBeGreaterThan(0);
        expect(totalSpread(gamma, sigma * 1.1, left, k)).toBeGreaterThan(spread);
        expect(totalSpread(gamma, sigma, left * 1.1, k)).toBeGreaterThan(spread);
      }),
    );
  });
});
