/** Cases of order flow: what kind `calibrate` simulates, and other laws, sizes and values of theta. */
import { fitCstRates } from '../../src/core/fit/cst-rates.js';
import { positiveEstimate } from '../../src/core/fit/estimate.js';
import { fitExponentialRates } from '../../src/core/fit/exponential-rates.js';
import { fitHawkes } from '../../src/core/fit/hawkes.js';
import { fitQueueReactive } from '../../src/core/fit/queue-reactive.js';
import { RECORDED_TICK_E4, recordFlow } from '../../src/core/fit/record-flow.js';
import { simulateHawkes } from '../../src/core/fit/simulate-hawkes.js';
import { QUEUE_TRUTH_LEVELS, QUEUE_TRUTH_SIZES, simulateQueues } from '../../src/core/fit/simulate-queues.js';
import type { OrderSizeSpec } from '../../src/core/flow/order-size.js';
import { poissonFlow } from '../../src/core/flow/poisson-flow.js';
import { Stream } from '../../src/core/rng/stream.js';
import { found, SEED, type Found, type RecoveryCase } from './case.js';
import { kindCase } from './kind-case.js';

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

const flow = (durationS: number) => ({ type: 'simulated', durationS, samples: 1 });

export const FLOW_CASES: readonly RecoveryCase[] = [
  kindCase('intensity', '400 s', [flow(400), { type: 'intensity' }], 400),
  { calibrator: 'intensity, fixed quotes', sample: '20 quotes, 2 s', shortSeeds: 400, fit: fixedQuotes },
  kindCase('cont-stoikov-talreja', '300 s', [flow(300), { type: 'cont-stoikov-talreja' }], 20),
  {
    ...{ calibrator: 'cont-stoikov-talreja, 3 lots', sample: '300 s', shortSeeds: 20 },
    fit: poissonBook({ type: 'constant', lots: 3 }, 3, 300),
  },
  {
    ...{ calibrator: 'cont-stoikov-talreja, mixed sizes', sample: '300 s, mean 5 lots', shortSeeds: 40 },
    fit: poissonBook({ type: 'geometric', meanLots: 5 }, 5, 300),
  },
  kindCase('queue-reactive', '600 s', [flow(600), { type: 'queue-reactive' }], 20),
  { calibrator: 'queue-reactive, theta 0.3', sample: '600 s', shortSeeds: 10, fit: thetaOf(0.3) },
  { calibrator: 'queue-reactive, theta 1', sample: '600 s', shortSeeds: 10, fit: thetaOf(1) },
  kindCase('hawkes, trades', '1,000 s', [flow(1_000), { type: 'hawkes', events: 'trades' }]),
  kindCase('hawkes, trade sides', '1,000 s', [flow(1_000), { type: 'hawkes', events: 'trade-sides' }], 40),
  { calibrator: 'hawkes, one excitation 0', sample: '1,500 s', shortSeeds: 100, fit: twoTypes },
  kindCase('hawkes, orders', '300 s', [flow(300), { type: 'hawkes', events: 'orders' }], 40),
];
