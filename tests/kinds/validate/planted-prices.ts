/** Errors that somebody could make in option prices and price paths; see planted.ts. */
import type { Process } from '../../../src/core/price/processes/process.js';
import { SimdNormals } from '../../../src/core/price/simd/normals.js';
import { MODELS } from '../../../src/core/proof/models.js';
import type { Planted } from './planted.js';

/** The process with the larger of start and end as the maximum of an exact path. */
function withEndsForExtremes(process: Process): Process {
  const exact = process.exact!;
  const sample: typeof exact.sample = (normals, count, at, out) => {
    exact.sample(normals, count, at, out);
    for (const { terminal, maximum } of out) {
      for (let i = at; i < at + count; i++) maximum[i] = Math.max(0, terminal[i]!);
    }
  };
  return new Proxy(process, {
    get(inner, name) {
      if (name === 'exact') return { ...exact, normals: exact.normals, sample };
      const value: unknown = Reflect.get(inner, name, inner);
      return typeof value === 'function' ? value.bind(inner) : value;
    },
  });
}

export const PLANTED_PRICES: readonly Planted[] = [
  {
    error: 'a volatility that is not scaled by the root of the horizon',
    models: {
      blackScholesPrice: (market, strike, sigma, type) =>
        MODELS.blackScholesPrice(market, strike, sigma / Math.sqrt(market.horizonYr), type),
    },
    turns: /^V7 Black-Scholes prices/,
    within: /^V7 Black-Scholes prices/,
  },
  {
    error: 'variance of a jump in the place of its standard deviation',
    models: {
      mertonPrice: (market, strike, law, type) =>
        MODELS.mertonPrice(market, strike, { ...law, jumpSd: law.jumpSd ** 2 }, type),
      mertonLogMoments: (law, drift, horizonYr) =>
        MODELS.mertonLogMoments({ ...law, jumpSd: law.jumpSd ** 2 }, drift, horizonYr),
    },
    turns: /^V7 Merton (prices|log-return moments)/,
    within: /^V7 Merton (prices|log-return moments)/,
  },
  {
    error: 'variance that rises with the price instead of against it',
    models: {
      hestonPrice: (market, strike, law, type) =>
        MODELS.hestonPrice(market, strike, { ...law, rho: -law.rho }, type),
    },
    turns: /^V7 Heston prices/,
    within: /^V7 Heston prices/,
  },
  {
    error: 'a drift of the logarithm without the half variance',
    models: {
      gbm: (law, ...rest) =>
        MODELS.gbm({ ...law, driftPerYr: law.driftPerYr + law.sigmaPerSqrtYr ** 2 / 2 }, ...rest),
      gbmMoments: (law, horizonYr) => {
        const moments = MODELS.gbmMoments(law, horizonYr);
        return { ...moments, logMean: moments.logMean + (law.sigmaPerSqrtYr ** 2 * horizonYr) / 2 };
      },
    },
    turns: /^V7 GBM|^V7 .*Asian call/,
    within: /^V7 GBM|^V7 .*Asian call/,
  },
  {
    error: 'the larger of both ends in the place of the maximum between them',
    models: { gbm: (...law) => withEndsForExtremes(MODELS.gbm(...law)) },
    turns: /^V7 GBM.*(call on the maximum|barrier)/,
    within: /^V7 GBM.*(call on the maximum|barrier)/,
  },
  {
    error: 'jumps that add to the mean price',
    models: {
      merton: (law, ...rest) => {
        const growth = Math.exp(law.jumpLogMean + law.jumpLogSd ** 2 / 2) - 1;
        return MODELS.merton({ ...law, driftPerYr: law.driftPerYr + law.jumpsPerYr * growth }, ...rest);
      },
    },
    turns: /^V7 Merton, .*(log-return|call)/,
    within: /^V7 Merton, /,
  },
  {
    error: 'start and long-run variance exchanged in the paths',
    models: {
      heston: (law, ...rest) =>
        MODELS.heston(
          { ...law, startVariancePerYr: law.longVariancePerYr, longVariancePerYr: law.startVariancePerYr },
          ...rest,
        ),
    },
    turns: /^V7 Heston, .*: call/,
    within: /^V7 Heston, .*: call/,
  },
  {
    error: 'Sobol points that are scrambled once for all randomisations',
    models: {
      sobolNormals: (options) => {
        const source = MODELS.sobolNormals(options);
        return { fill: (first, ...rest) => source.fill(first % options.points, ...rest) };
      },
    },
    turns: /^V7 geometric Asian call/,
    within: /^V7 (geometric|arithmetic) Asian call/,
  },
  {
    error: 'Sobol points without their scrambling and order: independent normals',
    models: { sobolNormals: ({ seed }) => new SimdNormals(seed) },
    turns: /^V7 standard error of the geometric one/,
    within: /^V7 standard error of the geometric one/,
  },
  {
    error: 'an average over every moment in the place of 64 fixings',
    models: {
      geometricAsianPrice: (market, strike, sigma, _fixings, type) =>
        MODELS.geometricAsianPrice(market, strike, sigma, Infinity, type),
    },
    turns: /^V7 (geometric|arithmetic) Asian call/,
    within: /^V7 (geometric|arithmetic) Asian call/,
  },
  {
    error: 'a barrier and a maximum priced without the drift in the reflection',
    models: {
      barrierPrice: (market, ...rest) =>
        MODELS.barrierPrice({ ...market, yieldPerYr: market.ratePerYr }, ...rest),
      fixedLookbackPrice: (market, ...rest) =>
        MODELS.fixedLookbackPrice({ ...market, yieldPerYr: market.ratePerYr }, ...rest),
    },
    turns: /^V7 GBM.*(call on the maximum|barrier)/,
    within: /^V7 GBM.*(call on the maximum|barrier)/,
  },
];
