/** Arithmetic Brownian motion: the submitting side. */
import { Type } from 'typebox';
import { closed, number, startPrice } from '../fields.js';
import type { PriceModel } from '../model.js';
import type { ArithmeticBrownianSpec } from '../open.js';

export const arithmeticBrownianModel: PriceModel<ArithmeticBrownianSpec> = {
  schema: Type.Object(
    {
      type: Type.Literal('arithmetic-brownian'),
      s0: startPrice,
      driftCurrencyPerYr: number(0, -1e9, 1e9, 'Drift [currency/yr]'),
      sigmaCurrencyPerSqrtYr: number(20, 1e-9, 1e9, 'Volatility [currency/sqrt(yr)]'),
    },
    closed,
  ),
  examples: [
    {
      title: 'A month of a price that may fall below nought, sampled exactly',
      spec: {
        model: { type: 'arithmetic-brownian', s0: 5 },
        horizonYr: 0.08,
        sampling: 'exact',
        paths: 20_000,
        payoffs: [{ type: 'european', option: 'put', strike: 0 }],
      },
      seed: 1,
      digest: 'e2a3c98f8814b63828ca6a246162f3f6ddde5353d2c3db28033856e11edf4d52',
    },
  ],
  nsPerStep: () => 12,
  faults: () => [],
  notes: () => [],
};
