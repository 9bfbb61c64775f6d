/** Heston's stochastic variance: the submitting side. */
import { Type } from 'typebox';
import { heston, keepsFeller } from '../../../../core/price/processes/heston.js';
import { closed, driftPerYr, number, reachFaults, startPrice } from '../fields.js';
import type { PriceModel } from '../model.js';
import type { HestonSpec } from '../open.js';

export const hestonModel: PriceModel<HestonSpec> = {
  schema: Type.Object(
    {
      type: Type.Literal('heston'),
      s0: startPrice,
      driftPerYr,
      startVariancePerYr: number(0.04, 0, 100, 'Variance at the start [1/yr]'),
      kappaPerYr: number(2, 1e-6, 1_000, 'Speed at which the variance returns to its mean [1/yr]'),
      longVariancePerYr: number(0.04, 1e-9, 100, 'Variance in the long run [1/yr]'),
      xiPerYr: number(0.3, 1e-6, 100, 'Volatility of variance xi [1/yr]'),
      rho: number(-0.7, -1, 1, 'Correlation of the drivers of price and variance [1]'),
    },
    closed,
  ),
  examples: [
    {
      title: 'A year of stochastic variance that touches nought, in 32 steps, with a call',
      spec: {
        model: {
          type: 'heston',
          driftPerYr: 0,
          startVariancePerYr: 0.0175,
          kappaPerYr: 1.5768,
          longVariancePerYr: 0.0398,
          xiPerYr: 0.5751,
          rho: -0.5711,
        },
        steps: 32,
        paths: 15_000,
        ratePerYr: 0,
        payoffs: [{ type: 'european', strike: 100 }],
        control: true,
      },
      seed: 1,
      digest: '58e00aae0b93c2c4a4d02e40bd54d22e6a04d584eef29686cfa20313b9883866',
    },
  ],
  nsPerStep: () => 80,
  faults(model, { horizonYr }) {
    const [law] = heston(model, horizonYr, 1).laws;
    return reachFaults('/model/longVariancePerYr', model.s0, law!.stateMean, law!.stateSd);
  },
  notes(model) {
    if (keepsFeller(model)) return [];
    const { kappaPerYr: kappa, longVariancePerYr: theta, xiPerYr: xi } = model;
    return [
      `Feller's condition 2 kappa theta >= xi^2 does not hold (${(2 * kappa * theta).toPrecision(4)} against ` +
        `${(xi * xi).toPrecision(4)}): the variance reaches 0, as the scheme allows. Take more steps where the bias matters.`,
    ];
  },
};
