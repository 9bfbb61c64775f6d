/**
 * V8: mean reversion and pairs: the exact step, cycle times, hedge ratios, unit roots, who leads, the bounce.
 */
import type { Trend } from '../fit/pairs/mackinnon.js';
import { PRICE } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import type { Bench, Check, Experiment } from './check.js';

const KAPPA = 2;
const SIGMA = 0.3;
const DAY = 1 / 252;
/** Half of the last decimal of eight, and rounding. */
const EIGHT = 5.1e-9;
const CLOSED = 'exact: closed form';
const PRINTED = 'printed: MacKinnon 2010, table 1';

const exactStep: Experiment = {
  lines: [
    { what: 'OU step of a day: share that is left of the distance', unit: '1', source: CLOSED },
    { what: 'OU step of a day: standard deviation', unit: '1', source: CLOSED },
    { what: 'OU half-life', unit: 'yr', source: CLOSED },
    { what: 'OU stationary standard deviation', unit: '1', source: CLOSED },
  ],
  measure({ models }, sheet) {
    const step = { phi: 0.5, variance: 0.5 };
    models.ouStep(SIGMA, KAPPA, DAY, step);
    sheet.add(0, step.phi, 0.9920949, EIGHT);
    sheet.add(1, Math.sqrt(step.variance), 0.01882348, EIGHT);
    sheet.add(2, models.halfLifeOf(KAPPA), 0.34657, 5.1e-6);
    models.ouStep(SIGMA, KAPPA, 1e3, step);
    sheet.add(3, Math.sqrt(step.variance), 0.15, EIGHT);
  },
};

const STEPS = 100_000;
/** So long that a regression taken for the process would be wrong by a quarter. */
const LONG_STEP = 0.25;

/** A stationary spread by the exact step. */
function spreadOf(
  { models, seed, streamUnit }: Bench,
  run: number,
  step: number,
  count: number,
): Float64Array {
  const stream = new Stream(seed, streamUnit(run), PRICE);
  const law = { phi: 0.5, variance: 0.5 };
  models.ouStep(SIGMA, KAPPA, step, law);
  const values = new Float64Array(count);
  values[0] = (SIGMA / Math.sqrt(2 * KAPPA)) * stream.normal();
  for (let i = 1; i < count; i++) {
    values[i] = law.phi * values[i - 1] + Math.sqrt(law.variance) * stream.normal();
  }
  return values;
}

const refit: Experiment = {
  lines: [
    { what: 'OU fitted to 100,000 simulated steps: kappa', unit: '1/yr', source: 'exact: as simulated' },
    {
      what: 'OU fitted to 100,000 simulated steps: sigma',
      unit: '1/sqrt(yr)',
      source: 'exact: as simulated',
    },
    { what: 'OU fitted to 100,000 simulated steps: half-life', unit: 'yr', source: 'exact: ln 2 / kappa' },
  ],
  measure(bench, sheet) {
    const fit = bench.models.fitOrnsteinUhlenbeck(spreadOf(bench, 0, LONG_STEP, STEPS + 1), LONG_STEP);
    if (fit === null) throw new Error('a simulated spread cannot be fitted');
    sheet.add(0, fit.kappa.value, KAPPA, 4 * fit.kappa.standardError);
    sheet.add(1, fit.sigma.value, SIGMA, 4 * fit.sigma.standardError);
    sheet.add(2, fit.halfLife.value, 0.34657359028, 4 * fit.halfLife.standardError);
  },
};

const BERTRAM = 'exact: Bertram 2010, equation 10';
const COST = 0.1;

const cycles: Experiment = {
  lines: [
    { what: 'Bertram: mean time of a cycle between -0.5 and 0.5', unit: 'yr', source: BERTRAM },
    {
      what: 'Bertram: best bands, bands that return more',
      unit: '1',
      source: 'exact: section 3.1, the best ones are symmetric and unique',
    },
  ],
  measure({ models }, sheet) {
    sheet.add(0, models.cycleTime(KAPPA, 1, -0.5, 0.5), 2.995315, 5.1e-7);
    const best = models.optimalBands(KAPPA, 1, COST);
    let better = 0;
    for (let low = 0.06; low < 2; low += 0.02) {
      for (let high = 0.06; high < 2; high += 0.02) {
        const rate = (low + high - COST) / models.cycleTime(KAPPA, 1, -low, high);
        if (!(rate <= best.returnRate * (1 + 1e-12))) better++;
      }
    }
    sheet.add(1, better, 0, 0);
  },
};

const hedge: Experiment = {
  lines: [
    {
      what: 'Kalman hedge ratio without state noise minus least squares, 50 samples: largest difference',
      unit: '1',
      source: 'exact: recursive least squares',
    },
    {
      what: 'total least squares: ratio of y to x times ratio of x to y',
      unit: '1',
      source: 'exact: the line does not depend on names',
    },
  ],
  measure(bench, sheet) {
    const { models } = bench;
    let largest = 0;
    let product = 0;
    for (let run = 0; run < 50; run++) {
      const [y, x] = [0, 1].map((leg) => walk(bench, 2 * run + leg, 500));
      const filter = models.createKalman({ slopeNoise: 0, interceptNoise: 0 });
      for (let i = 0; i < y.length; i++) filter.add(y[i], x[i]);
      const slope = models.fitLine(y, x)?.slope ?? NaN;
      largest = Math.max(largest, Math.abs(filter.slope - slope));
      product = (models.fitTotalLine(y, x)?.slope ?? NaN) * (models.fitTotalLine(x, y)?.slope ?? NaN);
    }
    sheet.add(0, largest, 0, 1e-8);
    sheet.add(1, product, 1, 1e-10);
  },
};

function walk({ seed, streamUnit }: Bench, run: number, count: number): Float64Array {
  const stream = new Stream(seed, streamUnit(run), PRICE);
  const values = new Float64Array(count);
  for (let i = 1; i < count; i++) values[i] = values[i - 1] + stream.normal();
  return values;
}

const LEVELS = ['1 %', '5 %', '10 %'];
const CRITICAL: readonly (readonly [series: 1 | 2, b0: readonly number[], b1: readonly number[]])[] = [
  [1, [-3.43035, -2.86154, -2.56677], [-6.5393, -2.8903, -1.5384]],
  [2, [-3.89644, -3.33613, -3.04445], [-10.9519, -6.1101, -4.2412]],
];
const FAR = 1e6;

const critical: Experiment = {
  lines: CRITICAL.flatMap(([series]) => [
    { what: `critical values, ${series} series, long sample`, unit: '1', source: PRINTED, cells: LEVELS },
    { what: `critical values, ${series} series, slope in 1/T`, unit: '1', source: PRINTED, cells: LEVELS },
  ]),
  measure({ models }, sheet) {
    CRITICAL.forEach(([series, b0, b1], i) => {
      const at = (rows: number): number[] => {
        const { onePercent, fivePercent, tenPercent } = models.criticalValues('constant', series, rows);
        return [onePercent, fivePercent, tenPercent];
      };
      const far = at(FAR);
      sheet.addCells(2 * i, at(Infinity), b0, 1e-12);
      sheet.addCells(
        2 * i + 1,
        far.map((value, level) => (value - b0[level]) * FAR),
        b1,
        1e-4,
      );
    });
  },
};

const SAMPLES = 2_000;
const LENGTH = 250;

const size: Experiment = {
  lines: [
    { what: 'unit-root test at 5 %: walks rejected, of 2,000', unit: '1', source: 'exact: 5 %' },
    { what: 'residual test at 5 %: pairs of walks rejected, of 2,000', unit: '1', source: 'exact: 5 %' },
    { what: 'p-values of 2,000 walks below one half', unit: '1', source: 'exact: 50 %' },
  ],
  measure(bench, sheet) {
    const { models } = bench;
    const trend: Trend = 'constant';
    let [alone, paired, half] = [0, 0, 0];
    for (let run = 0; run < SAMPLES && !bench.stopped(); run++) {
      const [y, x] = [walk(bench, 2 * run, LENGTH), walk(bench, 2 * run + 1, LENGTH)];
      const test = models.testUnitRoot(y, trend, 0);
      const both = models.engleGranger(y, x, 0);
      if (test && test.statistic < models.criticalValues(trend, 1, test.rows).fivePercent) alone++;
      if (both && both.statistic < models.criticalValues(trend, 2, both.rows).fivePercent) paired++;
      if (test && test.pValue < 0.5) half++;
    }
    const error = (share: number): number => 4 * Math.sqrt((share * (1 - share)) / SAMPLES);
    sheet.add(0, alone / SAMPLES, 0.05, error(0.05));
    sheet.add(1, paired / SAMPLES, 0.05, error(0.05));
    sheet.add(2, half / SAMPLES, 0.5, error(0.5));
  },
};

const LAG = 3;
const LATEST = 4_000;

const leading: Experiment = {
  lines: [
    {
      what: 'lead of one price over another, seen at random times',
      unit: 's',
      source: 'exact: as simulated',
    },
  ],
  measure(bench, sheet) {
    const path = walk(bench, 0, 10 * LATEST + 1);
    const stream = new Stream(bench.seed, bench.streamUnit(1), PRICE);
    const times = (): Float64Array => {
      const found = new Float64Array(5_000);
      for (let i = 0; i < found.length; i++) found[i] = 20 + (LATEST - 20) * stream.uniform();
      return found.sort();
    };
    const [ta, tb] = [times(), times()];
    const leader = ta.map((t) => path[Math.floor(10 * t)]);
    const follower = tb.map((t) => path[Math.floor(10 * (t - LAG))]);
    const found = bench.models.leadLag(ta, leader, tb, follower, 10, 40);
    sheet.add(0, found?.lag ?? NaN, LAG, 0.25);
  },
};

const TICKS = 100_000;
const SPREAD = 0.4;

const bounce: Experiment = {
  lines: [
    {
      what: 'Roll: covariance of neighbouring changes, 100,000 trades',
      unit: 'currency^2',
      source: 'exact: -s^2/4',
    },
    { what: 'Roll: spread from 100,000 trades', unit: 'currency', source: 'exact: as simulated' },
  ],
  measure(bench, sheet) {
    const stream = new Stream(bench.seed, bench.streamUnit(0), PRICE);
    const prices = new Float64Array(TICKS);
    let value = 100;
    for (let i = 0; i < TICKS; i++) {
      value += 0.1 * stream.normal();
      prices[i] = value + (stream.i32() < 0 ? -0.5 : 0.5) * SPREAD;
    }
    const covariance = bench.models.changeCovariance(prices);
    // The variance of a change is 0.1^2 + s^2 / 2; products of neighbours by at most 1.5 its square.
    const error = 4 * Math.sqrt(1.5 / TICKS) * (0.01 + (SPREAD * SPREAD) / 2);
    sheet.add(0, covariance, -(SPREAD * SPREAD) / 4, error);
    // s = 2 sqrt(-c): ds = -2 dc / s.
    sheet.add(1, bench.models.rollSpread(prices) ?? NaN, SPREAD, (2 * error) / SPREAD);
  },
};

export const V8: Check = {
  id: 'V8',
  title: 'Mean reversion and pairs',
  asks:
    'Does a spread revert as its law says, is that law found again in data, do the tests of a pair reject as often ' +
    'as they claim, and do hedge ratios, trading bands, lead and the bounce between bid and ask agree with their ' +
    'closed forms?',
  recipe:
    'Ornstein-Uhlenbeck with kappa 2 and sigma 0.3: the step of a day that simulations take, its half-life and its ' +
    'stationary law; then 100,000 steps of a quarter of a year are simulated and fitted, where taking the regression ' +
    "for the process would give a half-life of 0.44 in place of 0.35. Bertram's mean cycle between bands of 0.5 at " +
    'kappa 2 and sigma 1, and a grid of other bands, none of which may return more per time than the best ones. A ' +
    "Kalman filter with zero state noise and a diffuse start must end at least squares. MacKinnon's critical values " +
    'are compared with print, and 2,000 walks of 250 steps, alone and in pairs, must be rejected as often as the ' +
    'level says. One walk is seen at random times by two observers, one of them 3 seconds late. Prices that jump ' +
    'between bid and ask at random must betray the spread.',
  papers: [
    'Vasicek, "An equilibrium characterization of the term structure", Journal of Financial Economics 5(2), 177-188, 1977',
    'Bertram, "Analytic solutions for optimal statistical arbitrage trading", Physica A 389(11), 2234-2243, 2010',
    'MacKinnon, "Critical values for cointegration tests", Queen\'s Economics Department Working Paper 1227, 2010',
    'Engle & Granger, "Co-integration and error correction: representation, estimation, and testing", Econometrica 55(2), 251-276, 1987',
    'Hayashi & Yoshida, "On covariance estimation of non-synchronously observed diffusion processes", Bernoulli 11(2), 359-379, 2005',
    'Roll, "A simple implicit measure of the effective bid-ask spread in an efficient market", Journal of Finance 39(4), 1127-1139, 1984',
  ],
  tolerance:
    'Closed forms and printed values: half of the last decimal; identities: rounding. What is simulated must lie ' +
    'within 4 standard errors, of the fit, of a binomial share, or of a mean of products. The lead is found on a ' +
    'grid of a quarter of a second.',
  experiments: [exactStep, refit, cycles, hedge, critical, size, leading, bounce],
};
