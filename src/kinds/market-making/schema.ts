/** The JSON schema of a market-making spec: every field with its unit, bounds and default. */
import { Type } from 'typebox';
import { latency } from './latency-schema.js';
import { BUILT_IN_MARKET } from './markets/built-in.js';
import { MARKET_SCHEMAS } from './markets/models.js';
import { fees, rules } from './rules-schema.js';
import { closed, DAY_S, group, oneOf } from './schema-parts.js';
import { limits } from './limits-schema.js';
import { STRATEGY_SCHEMAS } from './strategies/schemas.js';

/** Finer than a millisecond would cost more than the events. */
const intervalS = (description: string) =>
  Type.Number({ minimum: 0.001, maximum: DAY_S, default: 1, description: `${description} [s]` });

export const schema = Type.Object(
  {
    market: oneOf(
      MARKET_SCHEMAS,
      BUILT_IN_MARKET,
      'Where prices come from; unless given, the built-in market, fitted to AMZN (config/markets/amzn.yaml)',
    ),
    instrument: group(
      {
        tickSize: Type.Number({
          exclusiveMinimum: 0,
          maximum: 1_000_000,
          default: 0.01,
          description: 'Price of one tick [currency]',
        }),
        lotSize: Type.Number({
          exclusiveMinimum: 0,
          maximum: 1_000_000,
          default: 1,
          description: 'Units of the asset in one lot; 1 for a replay [units]',
        }),
        multiplier: Type.Number({
          exclusiveMinimum: 0,
          maximum: 1_000_000_000,
          default: 1,
          description: 'Contract multiplier: currency = price x units x multiplier [1]',
        }),
      },
      'What is traded; on the command line and over HTTP also the name of an instrument',
    ),
    rules,
    strategy: oneOf(STRATEGY_SCHEMAS, { type: 'adaptive' }, 'How quotes are set'),
    limits,
    requote: group(
      {
        everyMs: Type.Number({
          minimum: 0.001,
          maximum: 3_600_000,
          default: 1_000,
          description: 'Timer between decisions [ms]',
        }),
        onFeedChange: Type.Boolean({
          default: true,
          description: 'Decide also whenever the received best bid or ask changes',
        }),
      },
      'When quotes are set; own fills always lead to a decision',
    ),
    latency,
    fees,
    measures: group(
      {
        samplingS: intervalS('Interval of the PnL increments behind the Sharpe ratio'),
        adverseS: intervalS('Delay after a fill at which adverse selection is measured'),
        factsBlockS: Type.Number({
          minimum: 0,
          maximum: 86_400,
          default: 0,
          description:
            'Length of the blocks of time in which stylised facts of the market are measured; 0 measures none [s]',
        }),
        queueEstimators: Type.Boolean({
          default: false,
          description:
            'Keep also what estimators that see level totals and trades only believe of the own place in the ' +
            'queue, and report their bias in fills and PnL',
        }),
      },
      'How results are measured',
    ),
    // No default: it depends on the market, see countRuns in spec.ts.
    runs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description:
          'Independent replications, each with its own random stream; 32 unless given; 1 for a replay, more where its latencies are drawn',
      }),
    ),
    antithetic: Type.Boolean({
      default: false,
      description:
        'Runs in pairs, the second of which meets the random numbers of the first turned over; errors then come from ' +
        'the means of the pairs, and the result says what the pairing gained or lost',
    }),
    seriesPoints: Type.Integer({
      minimum: 2,
      maximum: 50_000,
      default: 1_000,
      description: 'Rows of the time series of the first run',
    }),
  },
  closed,
);
