/** Heston fitted to quotes: known laws found again, volatilities of quotes, errors that hold. */
import { describe, expect, it } from 'vitest';
import { fitHeston, priceQuotes, quoteVolatilities, type Quotes } from '../../../src/core/fit/heston.js';
import { impliedVolatility } from '../../../src/core/fit/implied-volatility.js';
import { blackScholesPrice } from '../../../src/core/price/closed-form/black-scholes.js';
import type { HestonLaw } from '../../../src/core/price/closed-form/heston.js';

/** Fang & Oosterlee's law. */
const LAW: HestonLaw = { kappa: 1.5768, theta: 0.0398, xi: 0.5751, rho: -0.5711, v0: 0.0175 };

function quotesOf(law: HestonLaw, horizons: readonly number[], strikes: readonly number[]): Quotes {
  const rows = horizons.flatMap((horizonYr) => strikes.map((strike) => ({ horizonYr, strike })));
  const quotes: Quotes = {
    ...{ spot: 100, ratePerYr: 0.03, yieldPerYr: 0.01 },
    strike: Float64Array.from(rows, ({ strike }) => strike),
    horizonYr: Float64Array.from(rows, ({ horizonYr }) => horizonYr),
    isPut: rows.map(({ strike }) => Number(strike < 100)),
    price: new Float64Array(rows.length),
  };
  priceQuotes(quotes, law, quotes.price);
  return quotes;
}

describe('fitHeston', () => {
  const quotes = quotesOf(LAW, [0.25, 0.5, 1, 2], [80, 90, 95, 100, 105, 110, 120]);

  it.each([0, 1, 2, 3, 4, 5])('finds the law behind exact prices to eight digits from start %i', (start) => {
    const fit = fitHeston(quotes, start, 1, 1);
    expect(fit.converged).toBe(true);
    for (const [name, value] of Object.entries(LAW)) {
      expect(Math.abs(fit.law[name as keyof HestonLaw] / (value as number) - 1)).toBeLessThan(1e-8);
    }
  });

  it('tells the size of errors in volatility, and those of the parameters', () => {
    const volatility = quoteVolatilities(quotes);
    const price = quotes.price.map((_, i) => {
      const shifted = volatility[i]! + 0.002 * (i % 2 === 0 ? 1 : -1);
      const market = { ...quotes, horizonYr: quotes.horizonYr[i]! };
      return blackScholesPrice(market, quotes.strike[i]!, shifted, quotes.isPut[i] === 1 ? 'put' : 'call');
    });
    const fit = fitHeston({ ...quotes, price });
    expect(fit.residualSd).toBeGreaterThan(0.0015);
    expect(fit.residualSd).toBeLessThan(0.0025);
    Object.values(LAW).forEach((_, i) => expect(fit.standardErrors[i]).toBeGreaterThan(0));
    expect(Math.abs(fit.law.theta - LAW.theta)).toBeLessThan(4 * fit.standardErrors[2]!);
  });
});

describe('impliedVolatility', () => {
  const market = { spot: 100, ratePerYr: 0.05, yieldPerYr: 0.02, horizonYr: 0.7 };

  it.each([0.01, 0.2, 3])('inverts the price at volatility %d', (sigma) => {
    for (const strike of [60, 100, 150]) {
      const type = strike < 100 ? 'put' : 'call';
      const price = blackScholesPrice(market, strike, sigma, type);
      // Below 1e-12 of the spot a price has no digits left.
      if (price > 1e-10) expect(impliedVolatility(market, strike, price, type)).toBeCloseTo(sigma, 5);
    }
  });

  it('has none for prices that no volatility gives', () => {
    expect(impliedVolatility(market, 80, 10, 'call')).toBeNaN();
    expect(impliedVolatility(market, 80, 100, 'call')).toBeNaN();
    expect(impliedVolatility(market, 100, -1, 'put')).toBeNaN();
  });
});
