/** Ornstein-Uhlenbeck process: the submitting side. */
import { Type } from 'typebox';
import { closed, number, startPrice } from '../fields.js';
import type { PriceModel } from '../model.js';
import type { OrnsteinUhlenbeckSpec } from '../open.js';

const LN_2 = 0.6931471805599453;

export const ornsteinUhlenbeckModel: PriceModel<OrnsteinUhlenbeckSpec> = {
  schema: Type.Object(
    {
      type: Type.Literal('ornstein-uhlenbeck'),
      s0: startPrice,
      kappaPerYr: number(2, 1e-9, 1e6, 'Speed at which the process returns to its mean [1/yr]'),
      meanPrice: number(100, -1e9, 1e9, 'Mean that the price returns to [currency]'),
      sigmaCurrencyPerSqrtYr: number(20, 1e-9, 1e9, 'Volatility [currency/sqrt(yr)]'),
    },
    closed,
  ),
  examples: [
    {
      title: 'A year of a spread that returns to nought',
      spec: {
        model: { type: 'ornstein-uhlenbeck', s0: 0.5, meanPrice: 0, sigmaCurrencyPerSqrtYr: 0.3 },
        steps: 12,
        paths: 20_000,
        levels: [0],
      },
      seed: 1,
      digest: 'ea030e0ea7f298eb85370c5dc41672b351265a75532bd73eaf47be72353cb06e',
    },
  ],
  nsPerStep: () => 12,
  faults: () => [],
  notes: ({ kappaPerYr, sigmaCurrencyPerSqrtYr }) => [
    `Half-life of a deviation ${(LN_2 / kappaPerYr).toPrecision(4)} yr, stationary standard deviation ` +
      `${(sigmaCurrencyPerSqrtYr / Math.sqrt(2 * kappaPerYr)).toPrecision(4)} currency.`,
  ],
};
