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
    digest: 'c8156c20117faa618a0eba028e71459fade0867fb890ca120d01824ecd42dc36',
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
    digest: '852fcff96ac3a4c52f70018ee7d211eae361bef503b3db954e12a5388ad92223',
  },
];
