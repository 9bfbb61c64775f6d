/** Geometric Brownian motion: the submitting side. */
import { Type } from 'typebox';
import { gbm } from '../../../../core/price/processes/brownian.js';
import { isFused } from '../../layout.js';
import { closed, driftPerYr, reachFaults, sigmaPerSqrtYr, startPrice } from '../fields.js';
import type { PriceModel } from '../model.js';
import type { GbmSpec } from '../open.js';

export const gbmModel: PriceModel<GbmSpec> = {
  schema: Type.Object({ type: Type.Literal('gbm'), s0: startPrice, driftPerYr, sigmaPerSqrtYr }, closed),
  examples: [
    {
      title: 'A year of the default law, sampled exactly',
      spec: { sampling: 'exact' },
      seed: 1,
      digest: 'dba68f5c2205b89ba9ff891a585b712ae6b28ea7e8e0f5e804d1f491b831a636',
    },
    {
      title: 'Options on a volatile price over 13 weekly fixings, with Greeks, pairs and controls',
      spec: {
        model: { type: 'gbm', s0: 0.5, driftPerYr: 0.01, sigmaPerSqrtYr: 0.7 },
        horizonYr: 0.25,
        steps: 13,
        paths: 15_000,
        antithetic: true,
        control: true,
        ratePerYr: 0.01,
        greeks: true,
        levels: [0.4, 0.6],
        payoffs: [
          { type: 'european', strike: 0.5 },
          { type: 'asian', option: 'put', strike: 0.5 },
          { type: 'barrier', strike: 0.5, direction: 'down', knock: 'out', barrier: 0.4 },
          { type: 'lookback', option: 'put', style: 'floating' },
        ],
      },
      seed: 1,
      digest: 'c14ac7f1ca48d034bc43f24b0c12c905de3f492a5308a2ee26d45422abba8048',
    },
    {
      title: 'An Asian call by scrambled Sobol points, with its control',
      spec: {
        steps: 16,
        points: 'sobol',
        paths: 32_768,
        control: true,
        payoffs: [{ type: 'asian', strike: 100 }],
      },
      seed: 1,
      digest: '6344edd4ec79040822dbe25b0ddd8192a098dee49ed49ad9d9914a18726fd147',
    },
    {
      title: 'Two months of daily steps in antithetic pairs',
      spec: { steps: 42, horizonYr: 0.166, paths: 20_000, antithetic: true, levels: [110] },
      seed: 1,
      digest: '05403c7d6cd72fbccece6bdda26fce16f236c9d047743dd3cce614f7a2c05d93',
    },
    {
      title: 'A year of daily steps in single-precision draws',
      spec: { paths: 16_000, precision: 'f32-draws', payoffs: [{ type: 'asian', strike: 100 }] },
      seed: 1,
      digest: 'dc1a0dc840104fa299e56e43244f12223d3415c9cdb8072c7834cc15e9e3f268',
    },
  ],
  nsPerStep: (_, spec) => (isFused(spec) ? 6 : 20),
  faults(model, { horizonYr }) {
    const [law] = gbm(model, horizonYr, 1).laws;
    return reachFaults('/model/sigmaPerSqrtYr', model.s0, law!.stateMean, law!.stateSd);
  },
  notes: () => [],
};
