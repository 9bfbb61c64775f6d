/** Mutually exciting order flow: the submitting side. */
import { Type } from 'typebox';
import { HAWKES_TYPES } from '../../../../core/flow/hawkes-flow.js';
import { meanRates, spectralRadius } from '../../../../core/flow/hawkes-moments.js';
import { ruleFaults, type Fault } from '../../rule-faults.js';
import { closed } from '../../schema-parts.js';
import { flowFields, flowLoad, orderSize, ratesPerS } from '../flow-fields.js';
import type { MarketModel } from '../model.js';
import type { HawkesSpec } from './open.js';

const NS_PER_EVENT = 250;
const TYPES = HAWKES_TYPES.length;
const NAMES = HAWKES_TYPES.join(', ');

/** Rows: what is caused; columns: what causes it; both in the order of HAWKES_TYPES. */
const BRANCHING = [
  [0.3, 0.05, 0.1, 0.6, 0.2, 0.05],
  [0.05, 0.3, 0.6, 0.1, 0.05, 0.2],
  [0.01, 0, 0.3, 0.02, 0, 0.01],
  [0, 0.01, 0.02, 0.3, 0.01, 0],
  [0.25, 0.05, 0.05, 0.3, 0.2, 0.05],
  [0.05, 0.25, 0.3, 0.05, 0.05, 0.2],
];

const schema = Type.Object(
  {
    type: Type.Literal('hawkes'),
    ...flowFields,
    baselineRatePerS: Type.Array(Type.Number({ minimum: 0, maximum: 10_000 }), {
      minItems: TYPES,
      maxItems: TYPES,
      default: [3.34, 3.34, 0.46, 0.46, 0.21, 0.21],
      description:
        `Rates without excitation of ${NAMES}; of cancels per resting order of the side [1/s]. Default: with ` +
        'the excitation below about the mean rates of Cont, Stoikov & Talreja (2010), Sky Perfect',
    }),
    branching: Type.Array(
      Type.Array(Type.Number({ minimum: 0, maximum: 100 }), { minItems: TYPES, maxItems: TYPES }),
      {
        minItems: TYPES,
        maxItems: TYPES,
        default: BRANCHING,
        description:
          `Row i, column j: mean number of events i that an event j causes directly, in the order ${NAMES}. ` +
          'Its spectral radius must be below 1',
      },
    ),
    decayPerS: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1_000_000,
      default: 10,
      description: 'Decay beta of the excitation: it falls by exp(-beta t) [1/s]',
    }),
    distanceWeights: ratesPerS(
      0,
      [1.85, 1.51, 1.09, 0.88, 0.77, 0.76, 0.7, 0.65, 0.61, 0.58],
      'Weights of the distances 1, 2, ... ticks of limit orders from the opposite best. Default: as the limit ' +
        'orders of cont-stoikov-talreja [1]',
    ),
    orderSize,
  },
  closed,
);

export const hawkes: MarketModel<HawkesSpec> = {
  schema,
  examples: [
    {
      title: 'A minute of mutually exciting order flow, seven runs',
      spec: { market: { type: 'hawkes', durationS: 60 }, runs: 7, seriesPoints: 50 },
      seed: 12,
      digest: '010d8e0d803a25aec98c560063791a7dbf78f0fa9ae48f19991180ecf2fba9c3',
    },
    {
      title: 'The same flow between call auctions and across a halt',
      spec: {
        market: { type: 'hawkes', durationS: 60, decayPerS: 2 },
        rules: {
          session: { type: 'auctions', openingS: 10, closingS: 5 },
          halts: [{ fromS: 20, toS: 30 }],
        },
        runs: 2,
        seriesPoints: 50,
      },
      seed: 13,
      digest: '181a0236c61b557fb2c1e2f88ea299c9ab17338c826c2daaa9c0d63c6290b854',
    },
  ],
  load(market) {
    const { baselineRatePerS, branching } = market;
    const cancelRate = Math.max(1e-3, (baselineRatePerS[4]! + baselineRatePerS[5]!) / 2);
    // In the long run as many orders are cancelled as arrive, or fewer.
    const arrivals = meanRates([...baselineRatePerS.slice(0, 4), 0, 0], branching).slice(0, 4);
    const limits = arrivals[0]! + arrivals[1]!;
    const eventsPerS = arrivals.reduce((sum, rate) => sum + rate, limits);
    return flowLoad(market, eventsPerS, limits / cancelRate, NS_PER_EVENT);
  },
  faults({ rules }, { durationS, baselineRatePerS, branching }) {
    const found: Fault[] = [];
    const radius = spectralRadius(branching);
    if (radius >= 1) {
      const message =
        `Expected a spectral radius below 1, or events breed without end; got ${Number(radius.toPrecision(4))}. ` +
        'Make its numbers smaller.';
      found.push({ pointer: '/market/branching', message });
    }
    [4, 5].forEach((type) => {
      if (baselineRatePerS[type]! >= 0.001) return;
      const message = `Expected at least 0.001 for ${HAWKES_TYPES[type]!}, or orders pile up; got ${baselineRatePerS[type]!}.`;
      found.push({ pointer: `/market/baselineRatePerS/${type}`, message });
    });
    return [...found, ...ruleFaults(rules, durationS)];
  },
};
