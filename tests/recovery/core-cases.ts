/** Fits whose samples kind `calibrate` does not simulate: other laws, mixed sizes, pairs. */
import { fitCstRates } from '../../src/core/fit/cst-rates.js';
import { positiveEstimate, symmetricEstimate, type Estimate } from '../../src/core/fit/estimate.js';
import { fitExponentialRates } from '../../src/core/fit/exponential-rates.js';
import { fitHawkes } from '../../src/core/fit/hawkes.js';
import { fitOrnsteinUhlenbeck } from '../../src/core/fit/ornstein-uhlenbeck.js';
import { fitLine } from '../../src/core/fit/pairs/hedge-ratio.js';
import { fitQueueReactive } from '../../src/core/fit/queue-reactive.js';
import { RECORDED_TICK_E4, recordFlow } from '../../src/core/fit/record-flow.js';
import { simulateHawkes } from '../../src/core/fit/simulate-hawkes.js';
import { QUEUE_TRUTH_LEVELS, QUEUE_TRUTH_SIZES, simulateQueues } from '../../src/core/fit/simulate-queues.js';
import type { OrderSizeSpec } from '../../src/core/flow/order-size.js';
import { poissonFlow } from '../../src/core/flow/poisson-flow.js';
import { formPair } from '../../src/core/pairs/formation.js';
import { Stream } from '../../src/core/rng/stream.js';
import type { Found, RecoveryCase } from './case.js';

const SEED = 1;
const found = (parameter: string, truth: number, { low, high }: Estimate): Found => ({
  parameter,
  truth,
  low,
  high,
});

/** A Poisson number by counting unit exponentials. */
function poisson(mean: number, stream: Stream): number {
  let n = 0;
  for (let t = stream.exponential(); t < mean; t += stream.exponential()) n++;
  return n;
}

function fixedQuotes(unit: number): Found[] {
  const [a, k, seconds] = [140, 1.5, 2];
  const stream = new Stream(SEED, unit, 1);
  const distances = Array.from({ length: 20 }, (_, b) => 0.1 * b);
  const counts = distances.map((d) => poisson(a * Math.exp(-k * d) * seconds, stream));
  const fit = fitExponentialRates(distances, counts, new Array<number>(distances.length).fill(seconds));
  return [found('A', a, fit.a), found('k', k, fit.k)];
}

const RATES = {
  limitRatePerS: [1.2, 1.5, 1.1, 0.9, 0.8],
  cancelRatePerS: [0.7, 0.8, 0.7, 0.55, 0.45],
  marketRatePerS: 0.9,
} as const;

function poissonBook(orderSize: OrderSizeSpec, meanLots: number, durationS: number) {
  return (unit: number): Found[] => {
    const feed = recordFlow({
      flow: poissonFlow({ ...RATES, orderSize }),
      ...{ startMidTicks: 10_000, warmupS: 20, durationS, levels: RATES.limitRatePerS.length },
      ...{ seed: SEED, unit, streamName: 1, maxRows: 1e6 },
    });
    const fit = fitCstRates(feed, RECORDED_TICK_E4, [1, 2, 3, 4, 5, 6]);
    const rows = [
      found('marketRate', RATES.marketRatePerS, positiveEstimate(fit.marketRatePerS, fit.marketErrorPerS)),
    ];
    if (orderSize.type !== 'constant') {
      rows.push(found('meanLots', meanLots, positiveEstimate(fit.meanLots, fit.meanLotsError)));
    }
    RATES.limitRatePerS.forEach((rate, i) => {
      const own = positiveEstimate(fit.limitRatePerS[i]!, fit.limitErrorPerS[i]!);
      rows.push(found(`limitRate[${i + 1}]`, rate, own));
    });
    RATES.cancelRatePerS.forEach((rate, i) => {
      const own = positiveEstimate(fit.cancelRatePerS[i]!, fit.cancelErrorPerS[i]!);
      rows.push(found(`cancelRate[${i + 1}]`, rate, own));
    });
    return rows;
  };
}

/** One excitation of two types is 0, the bound of its parameter. */
const TWO = {
  mu: [0.5, 0.3],
  alpha: [
    [0.6, 0],
    [0.4, 0.2],
  ],
  beta: [2, 1.5],
};

function twoTypes(unit: number): Found[] {
  const sample = simulateHawkes(TWO, 1_500, new Stream(SEED, unit, 2));
  return [0, 1].flatMap((i) => {
    const fit = fitHawkes(sample, i);
    return [
      found(`mu[${i}]`, TWO.mu[i]!, fit.mu[0]!),
      found(`beta[${i}]`, TWO.beta[i]!, fit.beta),
      ...fit.alpha.map((alpha, j) => found(`alpha[${i},${j}]`, TWO.alpha[i]![j]!, alpha)),
    ];
  });
}

const thetaOf =
  (theta: number) =>
  (unit: number): Found[] => {
    const feed = simulateQueues(SEED, unit, 3, 600, theta);
    const fit = fitQueueReactive(feed, RECORDED_TICK_E4, QUEUE_TRUTH_LEVELS, QUEUE_TRUTH_SIZES);
    return fit.theta ? [found('theta', theta, fit.theta)] : [];
  };

/** A random walk and a line of it, off by a deviation that halves every `halfLife` rows; 0: by noise alone. */
function pair(rows: number, halfLife: number, stream: Stream) {
  const phi = halfLife > 0 ? 0.5 ** (1 / halfLife) : 0;
  const [x, y] = [new Float64Array(rows), new Float64Array(rows)];
  let [walk, off] = [100, stream.normal()];
  for (let i = 0; i < rows; i++) {
    walk += stream.normal();
    off = phi * off + Math.sqrt(1 - phi * phi) * stream.normal();
    x[i] = walk;
    y[i] = 20 + RATIO * walk + off;
  }
  return { x, y };
}
const RATIO = 0.8;

function line(unit: number): Found[] {
  const { x, y } = pair(250, 0, new Stream(SEED, unit, 4));
  const fit = fitLine(y, x)!;
  return [found('hedgeRatio', RATIO, symmetricEstimate(fit.slope, fit.standardError))];
}

const HALF_LIFE = 10;
const formed =
  (method: 'ols' | 'total' | 'given') =>
  (unit: number): Found[] => {
    const { x, y } = pair(1_000, HALF_LIFE, new Stream(SEED, unit, 5));
    const pairOf = formPair(y, x, { method, ratio: RATIO, stateNoise: 0, lags: 1 })!;
    const rows = pairOf.process ? [found('halfLife', HALF_LIFE, pairOf.process.halfLife)] : [];
    if (method === 'given') return rows;
    return [...rows, found('hedgeRatio', RATIO, symmetricEstimate(pairOf.hedgeRatio, pairOf.hedgeRatioError))];
  };

/** A year of days at a speed that is hard to tell from none. */
function slow(unit: number): Found[] {
  const [kappa, mu, sigma, step, rows] = [5, 50, 10, 1 / 252, 1_000];
  const stream = new Stream(SEED, unit, 6);
  const phi = Math.exp(-kappa * step);
  const sd = sigma / Math.sqrt(2 * kappa);
  let x = mu + sd * stream.normal();
  const values = Float64Array.from({ length: rows }, () => {
    const seen = x;
    x = mu + phi * (x - mu) + sd * Math.sqrt(1 - phi * phi) * stream.normal();
    return seen;
  });
  const fit = fitOrnsteinUhlenbeck(values, step)!;
  if (!fit.isReverting) return [];
  return [found('kappa', kappa, fit.kappa), found('mean', mu, fit.mu), found('sigma', sigma, fit.sigma)];
}

const many = { seeds: 400, shortSeeds: 100 };

export const CORE_CASES: readonly RecoveryCase[] = [
  { calibrator: 'intensity, fixed quotes', sample: '20 quotes, 2 s', ...many, fit: fixedQuotes },
  {
    ...{ calibrator: 'cont-stoikov-talreja, 3 lots', sample: '300 s', ...many },
    fit: poissonBook({ type: 'constant', lots: 3 }, 3, 300),
  },
  {
    ...{ calibrator: 'cont-stoikov-talreja, mixed', sample: '300 s, mean 5 lots', ...many },
    fit: poissonBook({ type: 'geometric', meanLots: 5 }, 5, 300),
  },
  { calibrator: 'queue-reactive', sample: '600 s, theta 0.3', ...many, fit: thetaOf(0.3) },
  { calibrator: 'queue-reactive', sample: '600 s, theta 1', ...many, fit: thetaOf(1) },
  { calibrator: 'hawkes, one excitation 0', sample: '1,500 s', ...many, fit: twoTypes },
  { calibrator: 'ornstein-uhlenbeck, slow', sample: '1,000 days', ...many, fit: slow },
  { calibrator: 'pair, independent residuals', sample: '250 rows', ...many, fit: line },
  { calibrator: 'pair, ratio given', sample: '1,000 rows', ...many, fit: formed('given') },
  { calibrator: 'pair, ratio by ols', sample: '1,000 rows', ...many, fit: formed('ols') },
  { calibrator: 'pair, ratio by total', sample: '1,000 rows', ...many, fit: formed('total') },
];
