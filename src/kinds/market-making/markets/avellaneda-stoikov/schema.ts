/** The toy market of Avellaneda & Stoikov (2008): the submitting side. */
import { Type } from 'typebox';
import { noRuleFaults } from '../../rule-faults.js';
import { closed } from '../../schema-parts.js';
import { flowFields } from '../flow-fields.js';
import type { MarketModel } from '../model.js';
import type { AvellanedaStoikovSpec } from './open.js';

const NS_PER_STEP = 150;

const schema = Type.Object(
  {
    type: Type.Literal('avellaneda-stoikov'),
    durationS: flowFields.durationS,
    startMidTicks: flowFields.startMidTicks,
    stepMs: Type.Number({
      minimum: 0.001,
      maximum: 60_000,
      default: 500,
      description: 'Step dt of the mid; in each one an own order is filled at most once [ms]',
    }),
    midSigmaTicksPerSqrtS: Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      default: 0.2,
      description:
        'Volatility sigma of the mid [ticks/sqrt(s)]. Defaults here: the published values with a tick of 1 and ' +
        '100 s as their unit of time',
    }),
    fillRatePerS: Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      default: 1.4,
      description: 'A: fills per second of an order at the mid [1/s]',
    }),
    fillDecayPerTick: Type.Number({
      minimum: 0,
      maximum: 1_000,
      default: 1.5,
      description: 'k: the fill rate at distance d is A exp(-k d) [1/tick]',
    }),
  },
  closed,
);

export const avellanedaStoikov: MarketModel<AvellanedaStoikovSpec> = {
  schema,
  examples: [
    {
      title: 'A parent order worked in eight antithetic runs',
      spec: {
        market: { type: 'avellaneda-stoikov', durationS: 300 },
        strategy: { type: 'twap', withinS: 200 },
        latency: { orderNs: { type: 'log-normal', medianNs: 1_000_000, sigma: 0.5 } },
        antithetic: true,
        runs: 8,
        seriesPoints: 50,
      },
      seed: 40,
      digest: 'ed12aefa823d13fc7b5b68986b68206cea6b031d18dc0be02a5c5a204a58ec18',
    },
    {
      title: 'Avellaneda-Stoikov quotes in their own market, without latency',
      spec: {
        market: { type: 'avellaneda-stoikov', durationS: 300 },
        latency: { orderNs: 0, feedNs: 0 },
        runs: 7,
        seriesPoints: 50,
      },
      seed: 16,
      digest: '9aaa810f80c57d2c50baa7af0b2138377e0f573c119286023efa95c57087cb63',
    },
  ],
  load: ({ durationS, stepMs }) => ({
    // Each step may bring news and a new quote.
    steps: (4 * durationS * 1000) / stepMs,
    seconds: durationS,
    threadBytes: 0,
    nsPerStep: NS_PER_STEP,
  }),
  faults: ({ rules }) => noRuleFaults(rules, 'this market has no book'),
};
