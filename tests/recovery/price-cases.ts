/** Cases of prices: what kind `calibrate` simulates, a slow return to the mean, and pairs. */
import { symmetricEstimate } from '../../src/core/fit/estimate.js';
import { fitOrnsteinUhlenbeck } from '../../src/core/fit/ornstein-uhlenbeck.js';
import { fitLine } from '../../src/core/fit/pairs/hedge-ratio.js';
import { formPair } from '../../src/core/pairs/formation.js';
import { Stream } from '../../src/core/rng/stream.js';
import { found, SEED, type Found, type RecoveryCase } from './case.js';
import { kindCase } from './kind-case.js';

/**
 * A random walk and a line of it, off by a deviation that halves every `halfLife` rows; 0: by noise alone.
 */
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
    return [
      ...rows,
      found('hedgeRatio', RATIO, symmetricEstimate(pairOf.hedgeRatio, pairOf.hedgeRatioError)),
    ];
  };

/** Four years at a speed that is hard to tell from none. */
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

const series = (observations: number) => ({ type: 'simulated-series', observations, samples: 1 });

export const PRICE_CASES: readonly RecoveryCase[] = [
  kindCase('gbm', '1,000 days', [series(1_000), { type: 'gbm' }], 400),
  kindCase('ornstein-uhlenbeck', '1,000 days', [series(1_000), { type: 'ornstein-uhlenbeck' }], 400),
  { calibrator: 'ornstein-uhlenbeck, slow', sample: '1,000 days', shortSeeds: 400, fit: slow },
  kindCase('merton', '1,000 days', [series(1_000), { type: 'merton', starts: 1 }], 40),
  kindCase('garch', '2,000 days', [series(2_000), { type: 'garch', starts: 1 }]),
  kindCase('markov-switching', '800 days', [series(800), { type: 'markov-switching', starts: 1 }], 40),
  kindCase('heston', '21 quotes', [series(21), { type: 'heston', starts: 1 }], 40),
  { calibrator: 'line, independent residuals', sample: '250 rows', shortSeeds: 400, fit: line },
  { calibrator: 'pair, ratio given', sample: '1,000 rows', shortSeeds: 400, fit: formed('given') },
  { calibrator: 'pair, ratio by least squares', sample: '1,000 rows', shortSeeds: 400, fit: formed('ols') },
  {
    calibrator: 'pair, ratio by total least squares',
    sample: '1,000 rows',
    shortSeeds: 400,
    fit: formed('total'),
  },
];
