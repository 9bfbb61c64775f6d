/** Specs of every kind, model, market and strategy, each some milliseconds of work. */
import type { Variant } from './measure.js';

const paths = (name: string, model: object | undefined, more: object = {}): Variant => ({
  kind: 'paths',
  name,
  spec: { ...(model && { model }), paths: 8_192, steps: 64, ...more },
});

const PAYOFFS = [
  { type: 'european', strike: 100 },
  { type: 'asian', strike: 100 },
];

const PATHS: readonly Variant[] = [
  ...['gbm', 'correlated-gbm', 'arithmetic-brownian', 'ornstein-uhlenbeck', 'merton', 'heston'].map((type) =>
    paths(type, { type }),
  ),
  paths('regime-switching', { type: 'regime-switching' }),
  paths('gbm, 4 steps', { type: 'gbm' }, { steps: 4, paths: 40_000 }),
  paths('gbm, exact', { type: 'gbm' }, { sampling: 'exact', paths: 40_000 }),
  paths('gbm, exact, payoffs', { type: 'gbm' }, { sampling: 'exact', paths: 40_000, payoffs: [PAYOFFS[0]] }),
  paths('gbm, greeks', { type: 'gbm' }, { payoffs: PAYOFFS, greeks: true }),
  paths('gbm, antithetic', { type: 'gbm' }, { payoffs: PAYOFFS, antithetic: true }),
  paths('gbm, control', { type: 'gbm' }, { payoffs: PAYOFFS, control: true }),
  paths('gbm, sobol', { type: 'gbm' }, { points: 'sobol' }),
  paths('gbm, whole paths', { type: 'gbm' }, { wholePaths: true }),
  paths('gbm, f32', { type: 'gbm' }, { precision: 'f32-draws' }),
  paths('heston, sobol', { type: 'heston' }, { points: 'sobol' }),
  paths('merton, greeks', { type: 'merton' }, { payoffs: PAYOFFS, greeks: true }),
  paths('merton, many jumps', { type: 'merton', jumpsPerYr: 100 }),
];

const making = (name: string, market: string, more: object = {}, durationS = 120): Variant => ({
  kind: 'market-making',
  name,
  spec: {
    market: { type: market, durationS },
    strategy: { type: 'fixed', halfSpreadTicks: 1 },
    runs: 4,
    seriesPoints: 100,
    ...more,
  },
});

const CST = 'cont-stoikov-talreja';
const STRATEGIES = [
  ...['adaptive', 'almgren-chriss', 'avellaneda-stoikov', 'cartea-jaimungal-penalva', 'glft', 'imbalance'],
  ...['pov', 'symmetric', 'twap', 'vwap'],
];

const MAKING: readonly Variant[] = [
  ...[CST, 'zero-intelligence', 'hawkes', 'queue-reactive', 'agents'].map((type) => making(type, type)),
  making('avellaneda-stoikov market', 'avellaneda-stoikov', {}, 1_800),
  { kind: 'market-making', name: 'built-in market', spec: { runs: 2, seriesPoints: 100 } },
  ...STRATEGIES.map((type) => making(`strategy ${type}`, CST, { strategy: { type } })),
  making('quick quotes', CST, { requote: { everyMs: 10 } }),
  making('batch auctions', CST, { rules: { session: { type: 'batch', intervalMs: 500 } } }),
  making('pro-rata', CST, { rules: { allocation: 'pro-rata' } }),
  making('queue estimators', CST, { measures: { queueEstimators: true } }),
  making('facts', CST, { measures: { factsBlockS: 60 } }),
  making('facts, long', CST, { measures: { factsBlockS: 600 } }, 600),
  making('queue estimators, long', CST, { measures: { queueEstimators: true } }, 600),
  making('agents, long', 'agents', {}, 1_200),
  making('queue-reactive, long', 'queue-reactive', {}, 600),
  making('zero-intelligence, long', 'zero-intelligence', {}, 600),
  making('one run', CST, { runs: 1 }, 600),
];

const arb = (name: string, spec: object): Variant => ({
  kind: 'stat-arb',
  name,
  spec: { seriesPoints: 100, ...spec },
});
const series = { type: 'series', observations: 1_000 };

const ARB: readonly Variant[] = [
  ...['ols', 'total', 'kalman'].map((method) => arb(method, { source: series, runs: 4, pair: { method } })),
  ...['zscore', 'bands', 'bertram'].map((type) =>
    arb(type, { source: series, runs: 4, strategy: { type }, execution: { costBps: 1 } }),
  ),
  arb('long series', { source: { ...series, observations: 20_000 }, runs: 1 }),
  arb('books, take', { source: { type: 'books', durationS: 300 }, runs: 1 }),
  arb('books, make', { source: { type: 'books', durationS: 300, orders: 'make' }, runs: 1 }),
];

const fit = (model: object, data: object, name?: string): Variant => ({
  kind: 'calibrate',
  name: name ?? (model as { type: string }).type,
  spec: { model, data },
});
const flow = { type: 'simulated', durationS: 400, samples: 2 };
const prices = { type: 'simulated-series', observations: 500, samples: 2 };

const CALIBRATE: readonly Variant[] = [
  fit({ type: 'hawkes' }, flow, 'hawkes, trades'),
  fit({ type: 'hawkes', events: 'trade-sides' }, flow, 'hawkes, trade-sides'),
  fit({ type: 'hawkes', events: 'orders' }, { ...flow, durationS: 100 }, 'hawkes, orders'),
  fit({ type: 'intensity' }, flow),
  fit({ type: 'cont-stoikov-talreja' }, flow),
  fit({ type: 'queue-reactive' }, flow),
  ...['gbm', 'ornstein-uhlenbeck'].map((type) => fit({ type }, { ...prices, observations: 20_000 })),
  fit({ type: 'merton' }, prices),
  fit({ type: 'merton', search: 'simplex' }, prices, 'merton, simplex'),
  fit({ type: 'garch' }, prices),
  fit({ type: 'markov-switching' }, prices),
  fit({ type: 'markov-switching', search: 'simplex' }, prices, 'markov-switching, simplex'),
  fit({ type: 'markov-switching', regimes: 3 }, prices, 'markov-switching, 3 regimes'),
  fit({ type: 'markov-switching', lags: 2 }, prices, 'markov-switching, 2 lags'),
  fit({ type: 'heston' }, { ...prices, observations: 40 }),
];

const VALIDATE = ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12'].map(
  (id): Variant => ({ kind: 'validate', name: id, spec: { only: [id] } }),
);

export const VARIANTS: readonly Variant[] = [...PATHS, ...MAKING, ...ARB, ...CALIBRATE, ...VALIDATE];
