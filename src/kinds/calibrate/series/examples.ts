/** Examples of price models: known parameters, simulated and found again. */
import type { Example } from '../../../contract/kind.js';

export const SERIES_EXAMPLES: readonly Example[] = [
  {
    title: 'A price with drift and volatility',
    spec: { data: { type: 'simulated-series', observations: 1000, samples: 7 }, model: { type: 'gbm' } },
    seed: 6,
    digest: 'eda229a2ff9abd2fb13563afef6936a92d8d93435513b077b0562c60ffe39ba4',
  },
  {
    title: 'A level that returns to its mean',
    spec: {
      data: { type: 'simulated-series', observations: 1000, samples: 2 },
      model: { type: 'ornstein-uhlenbeck' },
    },
    seed: 7,
    digest: '745fd25b608451c5df3ded79bac3e52d08222099f8dce9a697f2b47d2044c003',
  },
  {
    title: 'Jumps in a price',
    spec: {
      data: { type: 'simulated-series', observations: 800, samples: 2 },
      model: { type: 'merton', starts: 1 },
    },
    seed: 8,
    digest: 'f980a75774e086051446522b00b8b3e308f1f4665ee7e621d65c8524a61f7974',
  },
  {
    title: 'Volatility that clusters',
    spec: {
      data: { type: 'simulated-series', observations: 1000, samples: 2 },
      model: { type: 'garch', starts: 1 },
    },
    seed: 9,
    digest: '988c36d18f45c68ea2ba850099a39f6ae3d23faca8e6f0fca8e8906fa48905ad',
  },
  {
    title: 'Quiet and wild days',
    spec: {
      data: { type: 'simulated-series', observations: 600, samples: 2 },
      model: { type: 'markov-switching', starts: 1 },
    },
    seed: 10,
    digest: '8c5fa5b895967b9826fe998c6af6f7e2e49323c92fe1ed16a1ae86242aff9b89',
  },
  {
    title: 'A smile at three maturities',
    spec: {
      data: { type: 'simulated-series', observations: 21, samples: 2 },
      model: { type: 'heston', starts: 1 },
    },
    seed: 11,
    digest: '8c4facccb3764b2c123be44dbb780bf71f18ffdfba3fea66a448fb6c44e923a1',
  },
];
