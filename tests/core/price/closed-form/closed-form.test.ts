/** Closed forms against published figures, each other, parity, differences and exact simulation. */
import { describe, expect, it } from 'vitest';
import { geometricAsianPrice } from '../../../../src/core/price/closed-form/asian.js';
import { barrierPrice, type BarrierType } from '../../../../src/core/price/closed-form/barrier.js';
import {
  blackScholes,
  blackScholesPrice,
  discountFactor,
  type Market,
} from '../../../../src/core/price/closed-form/black-scholes.js';
import { hestonPrice, hestonPrices, type HestonLaw } from '../../../../src/core/price/closed-form/heston.js';
import {
  fixedLookbackPrice,
  floatingLookbackPrice,
} from '../../../../src/core/price/closed-form/lookback.js';
import { mertonPrice } from '../../../../src/core/price/closed-form/merton.js';
import { normalCdf } from '../../../../src/core/math/normal.js';
import { gbm } from '../../../../src/core/price/processes/brownian.js';
import { SimdNormals } from '../../../../src/core/price/simd/normals.js';

const market: Market = { spot: 100, ratePerYr: 0.05, yieldPerYr: 0.02, horizonYr: 0.75 };
const SIGMA = 0.25;
/** The law of `market`. */
const PROCESS = { s0: 100, driftPerYr: 0.03, sigmaPerSqrtYr: SIGMA };
const TYPES = ['call', 'put'] as const;
const law: HestonLaw = { v0: 0.0175, kappa: 1.5768, theta: 0.0398, xi: 0.5751, rho: -0.5711 };

const parity = (of: Market, strike: number): number =>
  of.spot * Math.exp(-of.yieldPerYr * of.horizonYr) - discountFactor(of) * strike;

describe('Black-Scholes', () => {
  it('has calls minus puts at forward minus strike, and no time value without volatility', () => {
    for (const strike of [1, 80, 100, 130, 10_000]) {
      const [call, put] = TYPES.map((type) => blackScholesPrice(market, strike, SIGMA, type));
      expect(call! - put!).toBeCloseTo(parity(market, strike), 10);
    }
    const none = blackScholesPrice(market, 80, 0, 'call');
    expect(none).toBeCloseTo(parity(market, 80), 12);
    expect(blackScholesPrice(market, 130, 0, 'call')).toBe(0);
  });

  it.each(TYPES)('has the slopes of the price of a %s as its Greeks', (type) => {
    const greeks = blackScholes(market, 105, SIGMA, type);
    const price = (change: Partial<Market>, sigma = SIGMA): number =>
      blackScholesPrice({ ...market, ...change }, 105, sigma, type);
    const h = 1e-4;
    expect(greeks.price).toBeCloseTo(price({}), 12);
    const { spot, horizonYr, ratePerYr } = market;
    expect(greeks.delta).toBeCloseTo((price({ spot: spot + h }) - price({ spot: spot - h })) / (2 * h), 7);
    const bend = price({ spot: spot + 0.01 }) - 2 * price({}) + price({ spot: spot - 0.01 });
    expect(greeks.gamma).toBeCloseTo(bend / 1e-4, 6);
    expect(greeks.vega).toBeCloseTo((price({}, SIGMA + h) - price({}, SIGMA - h)) / (2 * h), 5);
    const later = price({ horizonYr: horizonYr - h }) - price({ horizonYr: horizonYr + h });
    expect(greeks.theta).toBeCloseTo(later / (2 * h), 5);
    const dearer = price({ ratePerYr: ratePerYr + h }) - price({ ratePerYr: ratePerYr - h });
    expect(greeks.rho).toBeCloseTo(dearer / (2 * h), 5);
  });
});

describe('Merton', () => {
  it('is Black-Scholes without jumps, and with many small ones Black-Scholes of their variance', () => {
    const diffusion = { sigmaPerSqrtYr: SIGMA, jumpsPerYr: 0, jumpMean: -0.1, jumpSd: 0.1 };
    expect(mertonPrice(market, 95, diffusion, 'call')).toBeCloseTo(
      blackScholesPrice(market, 95, SIGMA, 'call'),
      12,
    );
    const many = { sigmaPerSqrtYr: 0.2, jumpsPerYr: 1e6, jumpMean: 0, jumpSd: 0.15e-3 };
    expect(mertonPrice(market, 95, many, 'call')).toBeCloseTo(
      blackScholesPrice(market, 95, SIGMA, 'call'),
      5,
    );
  });
});

describe('Heston', () => {
  /** Computed with 30 digits by adaptive integration of the textbook form; rate 0.02, no yield. */
  it.each([
    [0.01, 100, 0.536897748026032],
    [0.1, 80, 20.1617023387248],
    [0.1, 120, 1.42316652051369e-5],
    [5, 50, 55.7960823576356],
    [5, 300, 0.0252060479257302],
    [30, 100, 58.3312677474514],
  ])('agrees to 1e-12 over maturities: T %d, K %d', (horizonYr, strike, call) => {
    const terms: Market = { spot: 100, ratePerYr: 0.02, yieldPerYr: 0, horizonYr };
    expect(Math.abs(hestonPrice(terms, strike, law, 'call') - call)).toBeLessThan(1e-12);
    const put = hestonPrice(terms, strike, law, 'put');
    expect(call - put).toBeCloseTo(parity(terms, strike), 10);
  });

  it('is Black-Scholes where variance has no volatility, also on the way to its long-run level', () => {
    const mean = 0.04 + (0.01 * (1 - Math.exp(-2 * 0.75))) / (2 * 0.75);
    for (const xi of [0, 1e-9, 1e-5]) {
      const flat = hestonPrice(market, 110, { v0: 0.05, kappa: 2, theta: 0.04, xi, rho: 0 }, 'call');
      expect(flat).toBeCloseTo(blackScholesPrice(market, 110, Math.sqrt(mean), 'call'), 8);
    }
  });

  it('gives a strip of strikes the prices that they have alone', () => {
    const strikes = [70, 100, 140];
    const out = new Float64Array(3);
    hestonPrices(market, strikes, law, 'put', out);
    strikes.forEach((strike, i) => {
      expect(out[i]).toBeCloseTo(hestonPrice(market, strike, law, 'put'), 11);
    });
  });

  it('stays finite and falls with the strike for wild laws', () => {
    const wild: HestonLaw[] = [
      { v0: 1e-6, kappa: 0.01, theta: 0.5, xi: 3, rho: -0.99 },
      { v0: 1, kappa: 20, theta: 1e-4, xi: 0.01, rho: 1 },
      { v0: 0.04, kappa: 1, theta: 0.04, xi: 1, rho: -1 },
    ];
    for (const one of wild) {
      for (const horizonYr of [1 / 365, 1, 20]) {
        let before = Infinity;
        for (const strike of [20, 60, 100, 140, 400]) {
          const price = hestonPrice({ ...market, horizonYr }, strike, one, 'call');
          expect(price).toBeGreaterThanOrEqual(0);
          expect(price).toBeLessThanOrEqual(before + 1e-8);
          before = price;
        }
      }
    }
  });
});

describe('geometric Asian', () => {
  it('is the European option with one fixing, and comes to the continuous average with many', () => {
    expect(geometricAsianPrice(market, 100, SIGMA, 1, 'call')).toBeCloseTo(
      blackScholesPrice(market, 100, SIGMA, 'call'),
      12,
    );
    const limit = geometricAsianPrice(market, 100, SIGMA, Infinity, 'call');
    expect(geometricAsianPrice(market, 100, SIGMA, 1e6, 'call')).toBeCloseTo(limit, 4);
  });

  it('is the mean over simulated paths within 4 standard errors', () => {
    const [steps, paths] = [12, 40_000];
    const normals = new Float64Array(paths * steps);
    new SimdNormals(5).fill(0, paths, steps, normals);
    const states = new Float64Array(paths * (steps + 1));
    gbm(PROCESS, market.horizonYr, steps).walk(normals, paths, states);
    let [sum, squares] = [0, 0];
    for (let i = 0; i < paths; i++) {
      const path = states.subarray(i * (steps + 1), (i + 1) * (steps + 1));
      const average = path.reduce((total, y) => total + y, 0) / steps;
      const payoff = discountFactor(market) * Math.max(0, market.spot * Math.exp(average) - 98);
      sum += payoff;
      squares += payoff * payoff;
    }
    const error = Math.sqrt((squares / paths - (sum / paths) ** 2) / paths);
    const exact = geometricAsianPrice(market, 98, SIGMA, steps, 'call');
    expect(Math.abs(sum / paths - exact)).toBeLessThan(4 * error);
  });
});

/** Mean and standard error of a payoff of terminal price and continuous maximum, sampled exactly. */
function simulated(payoff: (terminal: number, maximum: number) => number): [mean: number, error: number] {
  const { spot, horizonYr } = market;
  const paths = 400_000;
  const exact = gbm(PROCESS, horizonYr, 1).exact!;
  const normals = new Float64Array(paths * exact.normals);
  new SimdNormals(6).fill(0, paths, exact.normals, normals);
  const [terminal, maximum, minimum] = [0, 1, 2].map(() => new Float64Array(paths));
  exact.sample(normals, paths, 0, [{ terminal: terminal!, maximum: maximum!, minimum: minimum! }]);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < paths; i++) {
    const value =
      discountFactor(market) * payoff(spot * Math.exp(terminal![i]!), spot * Math.exp(maximum![i]!));
    sum += value;
    squares += value * value;
  }
  return [sum / paths, Math.sqrt((squares / paths - (sum / paths) ** 2) / paths)];
}

describe('barriers', () => {
  it.each([
    ['call', 100, 120],
    ['call', 130, 120],
    ['put', 100, 120],
    ['put', 130, 120],
  ] as const)(
    'up, %s with strike %d and barrier %d: within 4 standard errors of exact paths',
    (type, k, h) => {
      const sign = type === 'call' ? 1 : -1;
      const [mean, error] = simulated((s, max) => (max >= h ? Math.max(0, sign * (s - k)) : 0));
      expect(Math.abs(barrierPrice(market, k, h, SIGMA, type, 'up-in') - mean)).toBeLessThan(4 * error);
    },
  );

  it('down is up in the mirror: asset and cash exchanged (Carr & Chou 1997)', () => {
    const mirror: Market = { ...market, ratePerYr: market.yieldPerYr, yieldPerYr: market.ratePerYr };
    for (const strike of [80, 95, 110]) {
      for (const barrier of [85, 99]) {
        const down = barrierPrice(market, strike, barrier, SIGMA, 'call', 'down-in');
        const scale = market.spot / strike;
        const swapped = { ...mirror, spot: strike * scale };
        const up = barrierPrice(
          swapped,
          market.spot * scale,
          ((market.spot * strike) / barrier) * scale,
          SIGMA,
          'put',
          'up-in',
        );
        expect(down).toBeCloseTo(up / scale, 10);
        const downPut = barrierPrice(market, strike, barrier, SIGMA, 'put', 'down-in');
        const upCall = barrierPrice(
          swapped,
          market.spot * scale,
          ((market.spot * strike) / barrier) * scale,
          SIGMA,
          'call',
          'up-in',
        );
        expect(downPut).toBeCloseTo(upCall / scale, 10);
      }
    }
  });

  it('in and out are the whole, and a barrier already met is no barrier', () => {
    const plain = blackScholesPrice(market, 100, SIGMA, 'put');
    const price = (kind: BarrierType, barrier: number): number =>
      barrierPrice(market, 100, barrier, SIGMA, 'put', kind);
    expect(price('down-in', 80) + price('down-out', 80)).toBeCloseTo(plain, 12);
    expect([price('up-in', 100), price('down-in', 130), price('up-out', 90)]).toEqual([plain, plain, 0]);
    expect(price('down-in', 1e-3)).toBeCloseTo(0, 12);
    expect(price('up-in', 1e9)).toBeCloseTo(0, 12);
  });
});

describe('lookbacks', () => {
  it.each([90, 100, 125])('on the maximum, strike %d: within 4 standard errors of exact paths', (strike) => {
    const [mean, error] = simulated((_, max) => Math.max(0, max - strike));
    expect(Math.abs(fixedLookbackPrice(market, strike, 100, SIGMA, 'call') - mean)).toBeLessThan(4 * error);
  });

  it('with a floating strike on the maximum: within 4 standard errors of exact paths', () => {
    const [mean, error] = simulated((s, max) => Math.max(max, 110) - s);
    expect(Math.abs(floatingLookbackPrice(market, 110, SIGMA, 'put') - mean)).toBeLessThan(4 * error);
  });

  it('on the minimum: its slope in the strike is the law of the minimum, by the reflection principle', () => {
    const mu = market.ratePerYr - market.yieldPerYr - 0.5 * SIGMA * SIGMA;
    const root = SIGMA * Math.sqrt(market.horizonYr);
    for (const strike of [70, 85, 97]) {
      const b = Math.log(strike / market.spot);
      const drift = mu * market.horizonYr;
      const below =
        normalCdf((b - drift) / root) + Math.exp((2 * mu * b) / SIGMA ** 2) * normalCdf((b + drift) / root);
      const h = 1e-4;
      const slope =
        (fixedLookbackPrice(market, strike + h, 100, SIGMA, 'put') -
          fixedLookbackPrice(market, strike - h, 100, SIGMA, 'put')) /
        (2 * h);
      expect(slope).toBeCloseTo(discountFactor(market) * below, 7);
    }
  });

  it('has no seam where the drift vanishes', () => {
    const at = (slope: number, type: 'call' | 'put'): number => {
      const drift = (slope * SIGMA * SIGMA) / 2;
      return fixedLookbackPrice({ ...market, yieldPerYr: 0.05 - drift }, 103, 100, SIGMA, type);
    };
    for (const edge of [-1e-3, 1e-3]) {
      const step = 1e-9 * Math.sign(edge);
      expect(at(edge - step, 'call')).toBeCloseTo(at(edge + step, 'call'), 7);
      expect(at(edge - step, 'put')).toBeCloseTo(at(edge + step, 'put'), 7);
      // Half way between, the parabola meets the closed form, which still has ten digits there.
      const wide = 0.5 * edge;
      expect(Math.abs(at(wide, 'call') - 0.5 * (at(0, 'call') + at(edge, 'call')))).toBeLessThan(1e-5);
    }
  });
});
