/** V7: option prices and return laws of Black-Scholes, Merton and Heston, in closed form and simulated. */
import { discountFactor, forwardPrice, type Market } from '../price/closed-form/black-scholes.js';
import type { HestonLaw } from '../price/closed-form/heston.js';
import type { MertonLaw } from '../price/closed-form/merton.js';
import type { Payoff } from '../price/payoffs.js';
import type { GbmLaw } from '../price/processes/brownian.js';
import type { Check, Experiment } from './check.js';
import type { Sheet } from './sheet.js';
import { BLOCK, drawBlocks, LawSample, normalsOf, PayoffSample } from './v7-simulated.js';

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
/** The law of MARKET. */
const GBM: GbmLaw = { s0: 100, driftPerYr: 0.05, sigmaPerSqrtYr: SIGMA };
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
    const gbm = models.gbmMoments(GBM, 1);
    sheet.addCells(4, [gbm.mean, gbm.sd, gbm.logMean, gbm.skewness], GBM_EXACT, 5.1e-7);
  },
};

const CALL: Payoff = { type: 'european', option: 'call', strike: STRIKE };
const BARRIER = 120;
const STEPS = 64;
const discount = discountFactor(MARKET);

/** Rows of line 0: mean, deviation and skewness of the price, and mean of its logarithm. */
function addPriceRows(sheet: Sheet, prices: LawSample, logs: LawSample): void {
  const [mean, sd, skewness] = prices.rows();
  [mean, sd, logs.rows()[0], skewness].forEach(([value, error], cell) => {
    sheet.add(0, value, GBM_EXACT[cell], 4 * error, cell);
  });
}

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
    const [prices, logs] = [new LawSample(), new LawSample()];
    const calls: readonly (readonly [PayoffSample, expected: number])[] = [
      [new PayoffSample(CALL), 10.450583572186],
      [
        new PayoffSample({ type: 'lookback', option: 'call', strike: STRIKE, style: 'fixed' }),
        models.fixedLookbackPrice(MARKET, STRIKE, MARKET.spot, SIGMA, 'call'),
      ],
      [
        new PayoffSample({ ...CALL, type: 'barrier', direction: 'up', knock: 'in', barrier: BARRIER }),
        models.barrierPrice(MARKET, STRIKE, BARRIER, SIGMA, 'call', 'up-in'),
      ],
    ];
    drawBlocks(bench, models.gbm(GBM, 1, 1), normalsOf(bench), 'exact', 400, (stats, ends) => {
      prices.add(stats.terminal);
      logs.add(ends);
      for (const [call] of calls) call.add(stats, discount);
    });
    addPriceRows(sheet, prices, logs);
    calls.forEach(([call, expected], at) => {
      const { mean, standardError } = call.plain();
      sheet.add(1 + at, mean, expected, 4 * standardError);
    });
  },
};

const stepped: Experiment = {
  lines: [
    { what: 'GBM, 49,152 paths of 64 steps: price', unit: '1', source: EXACT, cells: GBM_MOMENTS },
    { what: 'GBM, 49,152 paths of 64 steps: call', unit: 'currency', source: EXACT },
  ],
  measure(bench, sheet) {
    const [prices, logs, call] = [new LawSample(), new LawSample(), new PayoffSample(CALL)];
    const process = bench.models.gbm(GBM, 1, STEPS);
    drawBlocks(bench, process, normalsOf(bench), 'stepped', 48, (stats, ends) => {
      prices.add(stats.terminal);
      logs.add(ends);
      call.add(stats, discount);
    });
    addPriceRows(sheet, prices, logs);
    const { mean, standardError } = call.plain();
    sheet.add(1, mean, 10.450583572186, 4 * standardError);
  },
};

const jumps: Experiment = {
  lines: [
    { what: 'Merton, 409,600 exact paths: log-return', unit: '1', source: EXACT, cells: MERTON_MOMENTS },
    { what: 'Merton, 409,600 exact paths: call', unit: 'currency', source: EXACT },
  ],
  measure(bench, sheet) {
    const { jumpMean, jumpSd, ...rest } = MERTON;
    const law = { ...rest, s0: 100, driftPerYr: 0.05, jumpLogMean: jumpMean, jumpLogSd: jumpSd };
    const [logs, call] = [new LawSample(), new PayoffSample(CALL)];
    const process = bench.models.merton(law, 1, 1);
    drawBlocks(bench, process, normalsOf(bench), 'exact', 400, (stats, ends) => {
      logs.add(ends);
      call.add(stats, discount);
    });
    const [mean, [sd, sdError], skewness, kurtosis] = logs.rows();
    const rows = [mean, [sd * sd, 2 * sd * sdError], skewness, kurtosis] as const;
    [0.0149257, 0.0725, -0.397004, 0.564804].forEach((expected, cell) => {
      sheet.add(0, rows[cell][0], expected, 4 * rows[cell][1], cell);
    });
    const paid = call.plain();
    sheet.add(1, paid.mean, 12.76128859, 4 * paid.standardError);
  },
};

function stochastic(name: string, law: HestonLaw, market: Market, expected: number): Experiment {
  const what = `Heston, ${name}, 40,960 paths of ${STEPS} steps`;
  return {
    lines: [
      { what: `${what}: mean price`, unit: 'currency', source: EXACT },
      { what: `${what}: call`, unit: 'currency', source: 'exact, to the bias of the scheme' },
    ],
    measure(bench, sheet) {
      const process = bench.models.heston(
        {
          s0: market.spot,
          driftPerYr: market.ratePerYr,
          startVariancePerYr: law.v0,
          kappaPerYr: law.kappa,
          longVariancePerYr: law.theta,
          xiPerYr: law.xi,
          rho: law.rho,
        },
        1,
        STEPS,
      );
      const [prices, call] = [new LawSample(), new PayoffSample(CALL, 'terminal')];
      drawBlocks(bench, process, normalsOf(bench), 'stepped', 40, (stats) => {
        prices.add(stats.terminal);
        call.add(stats, discountFactor(market));
      });
      const [[mean, error]] = prices.rows();
      sheet.add(0, mean, forwardPrice(market), 4 * error);
      const paid = call.controlled(forwardPrice(market));
      sheet.add(1, paid.mean, expected, 4 * paid.standardError);
    },
  };
}

/** By other authors' Sobol points and a principal component construction: 32 x 65,536 points, +-9e-6. */
const ARITHMETIC = 5.836832;
const ARITHMETIC_ERROR = 9.1e-6;
const RANDOMISATIONS = 32;

const evenly: Experiment = {
  lines: [
    { what: 'geometric Asian call by 32 x 1,024 Sobol points', unit: 'currency', source: EXACT },
    {
      what: 'arithmetic Asian call by 32 x 1,024 Sobol points, geometric as control',
      unit: 'currency',
      source: 'scipy: Sobol points and principal components',
    },
    {
      what: 'standard error of the geometric one over that of independent paths',
      unit: '1',
      source: 'at most a tenth',
    },
  ],
  measure(bench, sheet) {
    const { models, seed } = bench;
    const geometric: Payoff = { type: 'asian', option: 'call', strike: STRIKE, average: 'geometric' };
    const arithmetic: Payoff = { ...geometric, average: 'arithmetic' };
    const [even, controlled] = [new PayoffSample(geometric), new PayoffSample(arithmetic, geometric)];
    const source = models.sobolNormals({ seed, points: BLOCK });
    const process = models.gbm(GBM, 1, STEPS);
    drawBlocks(bench, process, [source, 0], 'stepped', RANDOMISATIONS, (stats) => {
      even.add(stats, discount);
      controlled.add(stats, discount);
    });
    const exact = models.geometricAsianPrice(MARKET, STRIKE, SIGMA, STEPS, 'call');
    const plain = even.plain();
    sheet.add(0, plain.mean, exact, 4.5 * plain.standardError);
    const { mean, standardError } = controlled.controlled(exact);
    const error = Math.sqrt(standardError * standardError + ARITHMETIC_ERROR * ARITHMETIC_ERROR);
    sheet.add(1, mean, ARITHMETIC, 4.5 * error);
    sheet.add(2, plain.standardError / even.plainError(), 0, 0.1);
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
    'steps; the maximum pays a lookback and a barrier option whose closed forms rest on the reflection principle. ' +
    'Merton paths are exact, Heston paths follow the quadratic-exponential scheme in 64 steps, with the terminal ' +
    'price as control. Paths, payoffs and controls are those of kind paths. Asian calls with 64 fixings are priced ' +
    'by scrambled Sobol points in the order of a Brownian bridge.',
  papers: [
    'Black & Scholes, "The pricing of options and corporate liabilities", Journal of Political Economy 81(3), 637-654, 1973',
    'Merton, "Option pricing when underlying stock returns are discontinuous", Journal of Financial Economics 3, 125-144, 1976',
    'Heston, "A closed-form solution for options with stochastic volatility", Review of Financial Studies 6(2), 327-343, 1993',
    'Broadie & Kaya, "Exact simulation of stochastic volatility and other affine jump diffusion processes", Operations Research 54(2), 217-231, 2006',
    'Fang & Oosterlee, "A novel pricing method for European options based on Fourier-cosine series expansions", SIAM Journal on Scientific Computing 31(2), 826-848, 2008',
  ],
  tolerance:
    'Closed forms: half of the last digit of the expected value. Simulated: 4 of their own standard errors; those of ' +
    'payoffs, skewness and kurtosis are taken from blocks of 1,024 paths. Sobol points: 4.5 standard errors, of 32 ' +
    'randomisations, which are as rare as 4 of a known error.',
  experiments: [
    forms,
    sampled,
    stepped,
    jumps,
    stochastic('Fang and Oosterlee', FANG, year(0), 5.78515543),
    stochastic('Broadie and Kaya', BROADIE, year(0.0319), 6.80611331),
    evenly,
  ],
};
