/** Geometric Brownian motion: the submitting side. */
import { Type } from 'typebox';
import { gbm } from '../../../../core/price/processes/brownian.js';
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
      digest: 'dd4b5894aae3e21fdc84f7f638448432120f512f5ec81cb9e0aa38ca82f13904',
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
      digest: 'e860eece85feb020ec6117570731327f86d47f89e5355ae4ba105d142be4901d',
    },
  ],
  nsPerStep: () => 20,
  faults(model, { horizonYr }) {
    const [law] = gbm(model, horizonYr, 1).laws;
    return reachFaults('/model/sigmaPerSqrtYr', model.s0, law!.stateMean, law!.stateSd);
  },
  notes: () => [],
};
