/** V7: option prices and return laws of Black-Scholes, Merton and Heston, in closed form and simulated. */
import { exp } from '../math/exp.js';
import type { Market } from '../price/closed-form/black-scholes.js';
import type { HestonLaw } from '../price/closed-form/heston.js';
import type { MertonLaw } from '../price/closed-form/merton.js';
import { BLOCK_PATHS, type GbmLaw } from '../price/gbm.js';
import {
  emptyMoments,
  meanErrorOf,
  mergeMoments,
  momentsOf,
  sdErrorOf,
  sdOf,
  skewnessOf,
} from '../price/moments.js';
import { PRICE } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import type { Bench, Check, Experiment } from './check.js';
import type { Sheet } from './sheet.js';

const SIGMA = 0.2;
const STRIKE = 100;
const year = (ratePerYr: number, horizonYr = 1, spot = 100): Market => ({
  spot,
  ratePerYr,
  yieldPerYr: 0,
  horizonYr,
});
const MARKET = year(0.05);

const EXACT = 'exact: closed form';
const MERTON: MertonLaw = { sigmaPerSqrtYr: SIGMA, jumpsPerYr: 1, jumpMean: -0.1, jumpSd: 0.15 };
const RARE: MertonLaw = { sigmaPerSqrtYr: SIGMA, jumpsPerYr: 0.5, jumpMean: -0.2, jumpSd: 0.1 };
const MERTON_MOMENTS = ['mean', 'variance', 'skewness', 'excess kurtosis'];
const FANG: HestonLaw = { kappa: 1.5768, theta: 0.0398, xi: 0.5751, rho: -0.5711, v0: 0.0175 };
const BROADIE: HestonLaw = { kappa: 6.21, theta: 0.019, xi: 0.61, rho: -0.7, v0: 0.010201 };
const GBM_MOMENTS = ['mean', 'standard deviation', 'mean of the logarithm', 'skewness'];
const GBM_EXACT = [105.12711, 21.237439, 0.03, 0.614295];

const forms: Experiment = {
  lines: [
    {
      what: 'Black-Scholes prices',
      unit: 'currency',
      source: EXACT,
      cells: ['call', 'put', 'call 42 on 40'],
    },
    {
      what: 'Merton prices',
      unit: 'currency',
      source: EXACT,
      cells: ['one jump a year', 'one in two years'],
    },
    { what: 'Merton log-return moments', unit: '1', source: EXACT, cells: MERTON_MOMENTS },
    {
      what: 'Heston prices',
      unit: 'currency',
      source: 'Fang & Oosterlee 2008; Broadie & Kaya 2006; and exact',
      cells: ['1 year', '10 years', 'strong reversion'],
    },
    { what: 'GBM moments of the price', unit: '1', source: EXACT, cells: GBM_MOMENTS },
  ],
  measure({ models }, sheet) {
    const digits12 = 5.1e-13;
    sheet.add(0, models.blackScholesPrice(MARKET, STRIKE, SIGMA, 'call'), 10.450583572186, digits12, 0);
    sheet.add(0, models.blackScholesPrice(MARKET, STRIKE, SIGMA, 'put'), 5.573526022257, digits12, 1);
    const half = year(0.1, 0.5, 42);
    sheet.add(0, models.blackScholesPrice(half, 40, SIGMA, 'call'), 4.759422392872, digits12, 2);
    const digits8 = 5.1e-9;
    sheet.add(1, models.mertonPrice(MARKET, STRIKE, MERTON, 'call'), 12.76128859, digits8, 0);
    sheet.add(1, models.mertonPrice(MARKET, STRIKE, RARE, 'call'), 12.27208892, digits8, 1);
    const jumps = models.mertonLogMoments(MERTON, MARKET.ratePerYr, 1);
    sheet.add(2, jumps.mean, 0.0149257, 5.1e-8, 0);
    sheet.add(2, jumps.variance, 0.0725, 1e-15, 1);
    sheet.add(2, jumps.skewness, -0.397004, 5.1e-7, 2);
    sheet.add(2, jumps.excessKurtosis, 0.564804, 5.1e-7, 3);
    sheet.add(3, models.hestonPrice(year(0), STRIKE, FANG, 'call'), 5.78515543, digits8, 0);
    sheet.add(3, models.hestonPrice(year(0, 10), STRIKE, FANG, 'call'), 22.31894579, digits8, 1);
    sheet.add(3, models.hestonPrice(year(0.0319), STRIKE, BROADIE, 'call'), 6.80611331, digits8, 2);
    const gbm = models.gbmMoments(MARKET.spot, GBM);
    sheet.addCells(4, [gbm.mean, gbm.sd, gbm.logMean, gbm.skewness], GBM_EXACT, 5.1e-7);
  },
};

const GBM: GbmLaw = { driftPerYr: MARKET.ratePerYr, sigmaPerSqrtYr: SIGMA, horizonYr: 1 };
const BARRIER = 120;
const EXACT_BLOCKS = 200;
const STEPS = 64;
const STEPPED_BLOCKS = 24;

/** Simulates `blocks` blocks of log terminal prices and log maxima. */
type Simulate = (stream: Stream, terminal: Float64Array, maximum: Float64Array) => void;

/**
 * Moments of the price at the horizon, as cells of line 0, and the discounted means of `payoffs` beside the
 * values expected, as lines 1 and on. The error of the skewness comes from the blocks.
 */
function priced(
  bench: Bench,
  sheet: Sheet,
  blocks: number,
  simulate: Simulate,
  payoffs: readonly (readonly [expected: number, payoff: (price: number, maximum: number) => number])[],
): void {
  const logs = new Float64Array(BLOCK_PATHS);
  const maxima = new Float64Array(BLOCK_PATHS);
  const prices = new Float64Array(BLOCK_PATHS);
  const paid = new Float64Array(BLOCK_PATHS);
  const skewnesses = new Float64Array(blocks);
  const all = Array.from({ length: 2 + payoffs.length }, emptyMoments);
  const add = (values: Float64Array, to: number): ReturnType<typeof emptyMoments> => {
    const block = emptyMoments();
    momentsOf(values, BLOCK_PATHS, block);
    mergeMoments(all[to], block);
    return block;
  };
  for (let block = 0; block < blocks && !bench.stopped(); block++) {
    simulate(new Stream(bench.seed, bench.streamUnit(block), PRICE), logs, maxima);
    for (let i = 0; i < BLOCK_PATHS; i++) {
      prices[i] = MARKET.spot * exp(logs[i]);
      maxima[i] = MARKET.spot * exp(maxima[i]);
    }
    skewnesses[block] = skewnessOf(add(prices, 0));
    add(logs, 1);
    payoffs.forEach(([, payoff], at) => {
      for (let i = 0; i < BLOCK_PATHS; i++) paid[i] = payoff(prices[i], maxima[i]);
      add(paid, 2 + at);
    });
  }
  const scatter = emptyMoments();
  momentsOf(skewnesses, blocks, scatter);
  const [price, logPrice, ...means] = all;
  sheet.add(0, price.mean, GBM_EXACT[0], 4 * meanErrorOf(price), 0);
  sheet.add(0, sdOf(price), GBM_EXACT[1], 4 * sdErrorOf(price), 1);
  sheet.add(0, logPrice.mean, GBM_EXACT[2], 4 * meanErrorOf(logPrice), 2);
  sheet.add(0, skewnessOf(price), GBM_EXACT[3], 4 * meanErrorOf(scatter), 3);
  const discount = exp(-MARKET.ratePerYr);
  means.forEach((mean, at) => {
    sheet.add(1 + at, discount * mean.mean, payoffs[at][0], 4 * discount * meanErrorOf(mean));
  });
}

const call = (price: number): number => (price > STRIKE ? price - STRIKE : 0);

const sampled: Experiment = {
  lines: [
    { what: 'GBM, 409,600 exact paths: price', unit: '1', source: EXACT, cells: GBM_MOMENTS },
    { what: 'GBM, 409,600 exact paths: call', unit: 'currency', source: EXACT },
    { what: 'GBM, 409,600 exact paths: call on the maximum', unit: 'currency', source: EXACT },
    {
      what: 'GBM, 409,600 exact paths: call that a barrier of 120 brings in',
      unit: 'currency',
      source: EXACT,
    },
  ],
  measure(bench, sheet) {
    const { models } = bench;
    priced(
      bench,
      sheet,
      EXACT_BLOCKS,
      (stream, terminal, maximum) => models.gbmExact(stream, GBM, BLOCK_PATHS, terminal, maximum),
      [
        [10.450583572186, call],
        [
          models.fixedLookbackPrice(MARKET, STRIKE, MARKET.spot, SIGMA, 'call'),
          (_, maximum) => maximum - STRIKE,
        ],
        [
          models.barrierPrice(MARKET, STRIKE, BARRIER, SIGMA, 'call', 'up-in'),
          (price, maximum) => (maximum >= BARRIER ? call(price) : 0),
        ],
      ],
    );
  },
};

const stepped: Experiment = {
  lines: [
    { what: 'GBM, 49,152 paths of 64 steps: price', unit: '1', source: EXACT, cells: GBM_MOMENTS },
    { what: 'GBM, 49,152 paths of 64 steps: call', unit: 'currency', source: EXACT },
  ],
  measure(bench, sheet) {
    const control = new Int32Array(1);
    priced(
      bench,
      sheet,
      STEPPED_BLOCKS,
      (stream, terminal, maximum) =>
        void bench.models.gbmStepped(stream, GBM, STEPS, BLOCK_PATHS, terminal, maximum, control),
      [[10.450583572186, call]],
    );
  },
};

export const V7: Check = {
  id: 'V7',
  title: 'Option prices and the laws behind them',
  asks:
    'Do the closed forms of Black-Scholes, Merton and Heston give the published prices, and do simulated paths have ' +
    'the moments, and pay the prices, that the closed forms say?',
  recipe:
    'Spot and strike 100, rate 0.05, volatility 0.2, one year, unless a row says otherwise. Merton: jumps of the ' +
    'logarithm with mean -0.1 and deviation 0.15 once a year, or -0.2 and 0.1 every two years. Heston: the sets of ' +
    'Fang and Oosterlee (kappa 1.5768, theta 0.0398, xi 0.5751, rho -0.5711, v0 0.0175, rate 0) and of Broadie and Kaya ' +
    '(6.21, 0.019, 0.61, -0.7, 0.010201, rate 0.0319), by one integral over the characteristic function. Geometric ' +
    'Brownian motion is simulated both in one draw, with the exact maximum between start and horizon, and in 64 ' +
    'steps; the maximum pays a lookback and a barrier option whose closed forms rest on the reflection principle.',
  papers: [
    'Black & Scholes, "The pricing of options and corporate liabilities", Journal of Political Economy 81(3), 637-654, 1973',
    'Merton, "Option pricing when underlying stock returns are discontinuous", Journal of Financial Economics 3, 125-144, 1976',
    'Heston, "A closed-form solution for options with stochastic volatility", Review of Financial Studies 6(2), 327-343, 1993',
    'Broadie & Kaya, "Exact simulation of stochastic volatility and other affine jump diffusion processes", Operations Research 54(2), 217-231, 2006',
    'Fang & Oosterlee, "A novel pricing method for European options based on Fourier-cosine series expansions", SIAM Journal on Scientific Computing 31(2), 826-848, 2008',
  ],
  tolerance:
    'Closed forms: half of the last digit of the expected value. Simulated: 4 of their own standard errors; that of ' +
    'the skewness is taken from blocks of 2,048 paths.',
  experiments: [forms, sampled, stepped],
};
