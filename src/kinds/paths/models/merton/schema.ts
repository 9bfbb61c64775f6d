/** Merton's jump diffusion: the submitting side. */
import { Type } from 'typebox';
import { MAX_STEP_JUMPS, merton } from '../../../../core/price/processes/merton.js';
import { closed, driftPerYr, number, reachFaults, sigmaPerSqrtYr, startPrice } from '../fields.js';
import type { PriceModel } from '../model.js';
import type { MertonSpec } from '../open.js';

export const mertonModel: PriceModel<MertonSpec> = {
  schema: Type.Object(
    {
      type: Type.Literal('merton'),
      s0: startPrice,
      driftPerYr,
      sigmaPerSqrtYr,
      jumpsPerYr: number(1, 0, 10_000, 'Mean number of jumps a year [1/yr]'),
      jumpLogMean: number(-0.1, -5, 5, 'Mean of the logarithm of a jump [1]'),
      jumpLogSd: number(0.15, 0, 5, 'Standard deviation of the logarithm of a jump [1]'),
    },
    closed,
  ),
  examples: [
    {
      title: 'A year of jumps, sampled exactly, with a call',
      spec: {
        model: { type: 'merton' },
        sampling: 'exact',
        paths: 20_000,
        payoffs: [{ type: 'european', strike: 100 }],
        greeks: true,
      },
      seed: 1,
      digest: 'df201e59539a35f66c5a34846e3f3bc9ab5ce8e93a20c1de52a9fd9d87d63e47',
    },
  ],
  nsPerStep: () => 35,
  faults(model, { horizonYr, sampling, steps }) {
    const perStep = (model.jumpsPerYr * horizonYr) / (sampling === 'exact' ? 1 : steps);
    if (perStep > MAX_STEP_JUMPS) {
      const message = `Expected at most ${MAX_STEP_JUMPS} jumps a step in the mean; got ${perStep.toPrecision(4)}. Take more steps.`;
      return [{ pointer: '/model/jumpsPerYr', message }];
    }
    const [law] = merton(model, horizonYr, 1_000_000).laws;
    return reachFaults('/model/sigmaPerSqrtYr', model.s0, law!.stateMean, law!.stateSd);
  },
  notes: () => [],
};
