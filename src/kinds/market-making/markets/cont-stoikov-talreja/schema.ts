/** Cont, Stoikov & Talreja (2010): the submitting side. */
import { Type } from 'typebox';
import { ruleFaults } from '../../rule-faults.js';
import { closed } from '../../schema-parts.js';
import { flowFields, flowLoad, orderSize, ratePerS, ratesPerS } from '../flow-fields.js';
import type { MarketModel } from '../model.js';
import type { ContStoikovTalrejaSpec } from './open.js';

const NS_PER_EVENT = 150;

const schema = Type.Object(
  {
    type: Type.Literal('cont-stoikov-talreja'),
    ...flowFields,
    limitRatePerS: ratesPerS(
      0,
      [1.85, 1.51, 1.09, 0.88, 0.77, 0.76, 0.7, 0.65, 0.61, 0.58],
      'Limit orders per side at distance 1, 2, ... ticks from the opposite best [1/s]. Default: Cont, ' +
        'Stoikov & Talreja (2010), Sky Perfect, for 1..5, and their power law 1.92 i^-0.52 beyond',
    ),
    marketRatePerS: ratePerS(0, 0.94, 'Market orders per side'),
    cancelRatePerS: ratesPerS(
      0.001,
      [0.71, 0.81, 0.68, 0.56, 0.47, 0.47, 0.47, 0.47, 0.47, 0.47],
      'Cancels of each resting order at distance 1, 2, ... from the opposite best; the last rate holds ' +
        'beyond. As many entries as limitRatePerS [1/s per order]',
    ),
    orderSize,
  },
  closed,
);

export const contStoikovTalreja: MarketModel<ContStoikovTalrejaSpec> = {
  schema,
  examples: [
    {
      title: 'Two minutes of fixed quotes one tick from the mid, eight runs',
      spec: {
        market: { type: 'cont-stoikov-talreja', durationS: 120 },
        strategy: { type: 'fixed', halfSpreadTicks: 1 },
        runs: 8,
        seriesPoints: 200,
      },
      seed: 7,
      digest: '92e130aa2a5a1eb603e9bad88e89586a60e6e63dd91e0fe06f5d2e85caf0cc23',
    },
    {
      title: 'Avellaneda-Stoikov quotes without latency among orders of one size',
      spec: {
        market: { type: 'cont-stoikov-talreja', durationS: 120, orderSize: { type: 'constant', lots: 5 } },
        strategy: { type: 'adaptive', volatility: 'given', intensity: 'given' },
        latency: { orderNs: 0, feedNs: 0 },
        runs: 3,
        seriesPoints: 100,
      },
      seed: 8,
      digest: '97edfe37e75c67648ec80c6ba4dc633b045a26fcc61de122416f5e5c65edf09b',
    },
    {
      title: 'Sharing by size between an opening and a closing call, with a circuit breaker and fee tiers',
      spec: {
        market: { type: 'cont-stoikov-talreja', durationS: 120 },
        rules: {
          allocation: 'pro-rata',
          session: { type: 'auctions', openingS: 20, closingS: 15 },
          halts: [{ fromS: 40, toS: 45 }],
          breaker: { moveTicks: 5, windowS: 20, pauseS: 5 },
          interruption: 'auction',
        },
        fees: { makerBps: 0.1, tiers: [{ fromVolume: 5000, makerBps: -0.1 }] },
        runs: 8,
        seriesPoints: 100,
      },
      seed: 9,
      digest: '384f3a0fdf92af59cdb52b027f044893cd993960632e71b07a8ddbb622102508',
    },
    {
      title: 'Frequent batch auctions within a price band that follows the trades',
      spec: {
        market: { type: 'cont-stoikov-talreja', durationS: 120 },
        rules: { session: { type: 'batch', intervalMs: 500 }, band: { type: 'following', bandTicks: 6 } },
        strategy: { type: 'fixed', halfSpreadTicks: 2 },
        runs: 7,
        seriesPoints: 100,
      },
      seed: 10,
      digest: '669953f39ed0b08f16f76d48937be90cb0e0eca6e8ff3fa0fd0e69eeac029386',
    },
    {
      title: 'Queue estimators beside the true place of quotes one tick from the mid',
      spec: {
        market: { type: 'cont-stoikov-talreja', durationS: 120 },
        strategy: { type: 'fixed', halfSpreadTicks: 1 },
        measures: { queueEstimators: true },
        runs: 8,
        seriesPoints: 100,
      },
      seed: 14,
      digest: '5bd0a67c91e7a2fe69fe64b3034b34b07751ad4d8e2469c76f804d649ee63dc6',
    },
    {
      title: 'Drawn latencies: log-normal orders behind a speed bump, quick cancels, an empirical feed',
      spec: {
        market: { type: 'cont-stoikov-talreja', durationS: 120 },
        latency: {
          orderNs: { type: 'log-normal', medianNs: 20_000_000, sigma: 1 },
          cancelNs: 1_000_000,
          feedNs: { type: 'empirical', quantilesNs: [0, 5_000_000, 9_000_000, 300_000_000] },
          bumpNs: 350_000,
        },
        runs: 4,
        seriesPoints: 100,
      },
      seed: 13,
      digest: 'ecb6fd55df3705d819ffc2bb75db5bceb50b95ce246232ee3f5f6fd84b0f10d0',
    },
  ],
  load(market) {
    const { limitRatePerS, marketRatePerS, cancelRatePerS } = market;
    // Orders that arrivals and cancels alone would keep alive, both sides; market orders only lower it.
    const orders = 2 * limitRatePerS.reduce((sum, rate, i) => sum + rate / (cancelRatePerS[i] ?? 1), 0);
    const arrivals = 2 * (limitRatePerS.reduce((sum, rate) => sum + rate, 0) + marketRatePerS);
    return flowLoad(market, arrivals + orders * Math.max(...cancelRatePerS), orders, NS_PER_EVENT);
  },
  faults({ rules }, { durationS, limitRatePerS, cancelRatePerS }) {
    const [limits, cancels] = [limitRatePerS.length, cancelRatePerS.length];
    const found = ruleFaults(rules, durationS);
    if (limits === cancels) return found;
    const message = `Expected as many rates as limitRatePerS has (${limits}); got ${cancels}.`;
    return [{ pointer: '/market/cancelRatePerS', message }, ...found];
  },
};
