/** The JSON schema of a market-making spec: every field with its unit, bounds and default. */
import { Type } from 'typebox';
import { fees, rules } from './rules-schema.js';
import { closed, group, oneOf } from './schema-parts.js';

const S = (max: number, value: number, description: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: max, default: value, description: `${description} [s]` });
/** Finer than a millisecond would cost more than the events. */
const intervalS = (description: string) =>
  Type.Number({ minimum: 0.001, maximum: 86_400, default: 1, description: `${description} [s]` });
const LOTS_MAX = 1_000_000;

const orderSize = oneOf(
  [
    Type.Object(
      {
        type: Type.Literal('constant'),
        lots: Type.Integer({
          minimum: 1,
          maximum: LOTS_MAX,
          default: 1,
          description: 'Size of every order [lots]',
        }),
      },
      closed,
    ),
    Type.Object(
      {
        type: Type.Literal('geometric'),
        meanLots: Type.Number({
          minimum: 1,
          maximum: 100_000,
          default: 10,
          description: 'Mean size; sizes are 1, 2, ... with geometric weights [lots]',
        }),
      },
      closed,
    ),
  ],
  { type: 'geometric' },
  'Size of the background orders',
);

const rates = (minimum: number, values: readonly number[], description: string) =>
  Type.Array(Type.Number({ minimum, maximum: 10_000 }), {
    minItems: 1,
    maxItems: 200,
    default: [...values],
    description,
  });

const generated = Type.Object(
  {
    type: Type.Literal('generated'),
    durationS: S(86_400, 1_800, 'Simulated time of each run'),
    warmupS: Type.Number({
      minimum: 0,
      maximum: 86_400,
      default: 60,
      description: 'Flow before the run starts, in which the book forgets how it was seeded [s]',
    }),
    startMidTicks: Type.Integer({
      minimum: 1_000,
      maximum: 100_000_000,
      default: 10_000,
      description: 'Best bid before the warm-up; the best ask is one tick above it [ticks]',
    }),
    limitRatePerS: rates(
      0,
      [1.85, 1.51, 1.09, 0.88, 0.77, 0.76, 0.7, 0.65, 0.61, 0.58],
      'Limit orders per side at distance 1, 2, ... ticks from the opposite best [1/s]. Default: Cont, ' +
        'Stoikov & Talreja (2010), Sky Perfect, for 1..5, and their power law 1.92 i^-0.52 beyond',
    ),
    marketRatePerS: Type.Number({
      minimum: 0,
      maximum: 10_000,
      default: 0.94,
      description: 'Market orders per side [1/s]',
    }),
    cancelRatePerS: rates(
      0.001,
      [0.71, 0.81, 0.68, 0.56, 0.47, 0.47, 0.47, 0.47, 0.47, 0.47],
      'Cancels of each resting order at distance 1, 2, ... from the opposite best; the last rate holds ' +
        'beyond. As many entries as limitRatePerS [1/s per order]',
    ),
    orderSize,
  },
  closed,
);

const path = (what: string) => Type.String({ minLength: 1, maxLength: 1_000, description: what });

const replay = Type.Object(
  {
    type: Type.Literal('replay'),
    messages: path('LOBSTER message file, csv or csv.gz'),
    orderbook: path('LOBSTER orderbook file of the same rows, csv or csv.gz'),
  },
  closed,
);

const quoteLots = Type.Integer({
  minimum: 1,
  maximum: LOTS_MAX,
  default: 10,
  description: 'Size of each quote [lots]',
});
const maxInventoryLots = Type.Integer({
  minimum: 1,
  maximum: 1_000_000_000,
  default: 100,
  description: 'Position that is never exceeded, long or short, orders on their way included [lots]',
});

const fixed = Type.Object(
  {
    type: Type.Literal('fixed'),
    halfSpreadTicks: Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      default: 1,
      description: 'Distance of each quote from the mid; prices are rounded away from it [ticks]',
    }),
    quoteLots,
    maxInventoryLots,
  },
  closed,
);

const adaptive = Type.Object(
  {
    type: Type.Literal('adaptive'),
    gamma: Type.Number({
      minimum: 1e-6,
      maximum: 1_000,
      default: 0.02,
      description: 'Risk aversion of Avellaneda & Stoikov (2008), with inventory counted in quotes [1/tick]',
    }),
    k: Type.Number({
      minimum: 1e-6,
      maximum: 1_000,
      default: 1.5,
      description: 'Decay of the fill rate with the distance from the mid [1/tick]',
    }),
    horizonS: S(86_400, 60, 'Rolling horizon: time left = the smaller of this and the time to the end'),
    volatility: Type.Unsafe<'online' | 'given'>({
      type: 'string',
      enum: ['online', 'given'],
      default: 'online',
      description: 'Volatility of the mid: estimated from the feed while running, or as given',
    }),
    sigmaTicksPerSqrtS: Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      default: 0.5,
      description: 'Volatility of the mid when given, the first guess when online [ticks/sqrt(s)]',
    }),
    volatilityHalfLifeS: S(86_400, 60, 'Half-life of the online estimate'),
    quoteLots,
    maxInventoryLots,
  },
  closed,
);

const latency = (what: string) =>
  Type.Integer({ minimum: 0, maximum: 60_000_000_000, default: 500_000, description: `${what} [ns]` });

export const schema = Type.Object(
  {
    market: oneOf([generated, replay], { type: 'generated' }, 'Where prices come from'),
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
    strategy: oneOf([fixed, adaptive], { type: 'adaptive' }, 'How quotes are set'),
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
    latency: group(
      {
        orderNs: latency('From the trader to the exchange'),
        feedNs: latency('From the exchange to the trader, for market data and own fills'),
      },
      'Constant delays',
    ),
    fees,
    measures: group(
      {
        samplingS: intervalS('Interval of the PnL increments behind the Sharpe ratio'),
        adverseS: intervalS('Delay after a fill at which adverse selection is measured'),
      },
      'How results are measured',
    ),
    // No default: it depends on the market, see countRuns in spec.ts.
    runs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description:
          'Independent replications, each with its own random stream; 32 for a generated market unless given, ' +
          'always 1 for a replay',
      }),
    ),
    seriesPoints: Type.Integer({
      minimum: 2,
      maximum: 50_000,
      default: 1_000,
      description: 'Rows of the time series of the first run',
    }),
  },
  closed,
);
