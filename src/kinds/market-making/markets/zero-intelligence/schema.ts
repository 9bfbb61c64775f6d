/** Smith, Farmer, Gillemot & Krishnamurthy (2003): the submitting side. */
import { Type } from 'typebox';
import { ruleFaults } from '../../rule-faults.js';
import { closed } from '../../schema-parts.js';
import { flowFields, flowLoad, orderSize, ratePerS } from '../flow-fields.js';
import type { MarketModel } from '../model.js';
import type { ZeroIntelligenceSpec } from './open.js';

const NS_PER_EVENT = 150;

const schema = Type.Object(
  {
    type: Type.Literal('zero-intelligence'),
    ...flowFields,
    alphaPerS: ratePerS(
      0,
      0.2,
      'Limit orders per side and tick of distance from the opposite best. The mean spread is about mu/alpha ' +
        '(0.28 + 1.86 epsilon^(3/4)), epsilon = delta/mu: 3 ticks by default',
    ),
    muPerS: ratePerS(0, 1, 'Market orders per side'),
    deltaPerS: ratePerS(0.001, 0.1, 'Cancels of each resting order'),
    windowTicks: Type.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 40,
      description: 'Largest distance of limit orders; the paper has none, so several spreads [ticks]',
    }),
    orderSize,
  },
  closed,
);

export const zeroIntelligence: MarketModel<ZeroIntelligenceSpec> = {
  schema,
  examples: [
    {
      title: 'A minute of zero intelligence, seven runs',
      spec: {
        market: { type: 'zero-intelligence', durationS: 60 },
        strategy: { type: 'fixed', halfSpreadTicks: 1 },
        runs: 7,
        seriesPoints: 50,
      },
      seed: 11,
      digest: '221bcd6982c95281b1838a79a16787f26270e35c8b6ef32c6286eab30c57492d',
    },
  ],
  load(market) {
    const limits = 2 * market.alphaPerS * market.windowTicks;
    // In the long run as many orders are cancelled as arrive, or fewer.
    return flowLoad(market, 2 * limits + 2 * market.muPerS, limits / market.deltaPerS, NS_PER_EVENT);
  },
  faults: ({ rules }, { durationS }) => ruleFaults(rules, durationS),
};
