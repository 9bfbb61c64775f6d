/** The JSON schema of a stat-arb spec: every field with its unit, bounds and default. */
import { Type, type TSchema } from 'typebox';

const closed = { additionalProperties: false };

function oneOf(branches: readonly TSchema[], value: object, description: string): TSchema {
  return Type.Unsafe({
    type: 'object',
    discriminator: { propertyName: 'type' },
    required: ['type'],
    oneOf: branches,
    default: value,
    description,
  });
}

const group = (properties: Record<string, TSchema>, description: string) =>
  Type.Object(properties, { ...closed, default: {}, description });

const named = <Name extends string>(values: readonly Name[], description: string) =>
  Type.Unsafe<Name>({ type: 'string', enum: values, default: values[0], description });

const number = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Number({ default: value, minimum, maximum, description });
const above0 = (value: number, maximum: number, description: string) =>
  Type.Number({ default: value, exclusiveMinimum: 0, maximum, description });
const count = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum, maximum, description });

const observationsPerYr = above0(
  252,
  1e8,
  'Observations in a year, by which volatilities and Sharpe ratios are annualised [1/yr]',
);

const series = Type.Object(
  {
    type: Type.Literal('series'),
    observations: count(1_000, 40, 200_000, 'Observations of each run, formation included [1]'),
    observationsPerYr,
    startY: above0(100, 1e9, 'Price of y at the start, the spread apart [currency]'),
    startX: above0(100, 1e9, 'Price of x at the start [currency]'),
    driftPerYr: number(0.05, -10, 10, 'Drift of x [1/yr]'),
    sigmaPerSqrtYr: above0(0.25, 10, 'Volatility of x [1/sqrt(yr)]'),
    hedgeRatio: number(1, -100, 100, 'ln y = constant + hedgeRatio ln x + spread [1]'),
    halfLifeObs: above0(10, 1e6, 'Observations in which half of a distance from the mean goes [1]'),
    spreadSd: above0(0.02, 1, 'Stationary standard deviation of the spread of logarithms [1]'),
    cointegrated: Type.Boolean({
      default: true,
      description:
        'False: the spread is a walk with the same noise per step, so that nothing ties the prices',
    }),
  },
  closed,
);

const prices = (which: string) =>
  Type.Array(Type.Number(), {
    minItems: 1,
    maxItems: 100_000,
    description: `Prices of ${which}, oldest first [currency]`,
  });

const values = Type.Object(
  { type: Type.Literal('values'), yValues: prices('y'), xValues: prices('x'), observationsPerYr },
  closed,
);

const path = (which: string) =>
  Type.String({
    minLength: 1,
    maxLength: 1_000,
    description: `Bars of ${which}: csv or csv.gz with a header that has a date and a close`,
  });

const files = Type.Object(
  {
    type: Type.Literal('files'),
    yFile: path('y'),
    xFile: path('x'),
    column: named(['close', 'adjClose'], 'Price that is taken of each bar'),
    observationsPerYr,
  },
  closed,
);

const rates = (minimum: number, defaults: readonly number[], description: string) =>
  Type.Array(Type.Number({ minimum, maximum: 10_000 }), {
    minItems: 1,
    maxItems: 200,
    default: [...defaults],
    description,
  });

const flow = group(
  {
    limitRatePerS: rates(
      0,
      [1.85, 1.51, 1.09, 0.88, 0.77, 0.76, 0.7, 0.65, 0.61, 0.58],
      'Limit orders per side at distance 1, 2, ... ticks from the opposite best [1/s]',
    ),
    marketRatePerS: number(0.94, 0, 10_000, 'Market orders per side [1/s]'),
    cancelRatePerS: rates(
      0.001,
      [0.71, 0.81, 0.68, 0.56, 0.47, 0.47, 0.47, 0.47, 0.47, 0.47],
      'Cancels of each resting order at distance 1, 2, ...; as many as limitRatePerS [1/s per order]',
    ),
    orderSize: oneOf(
      [
        Type.Object(
          { type: Type.Literal('constant'), lots: count(1, 1, 1_000_000, 'Size of every order [lots]') },
          closed,
        ),
        Type.Object(
          { type: Type.Literal('geometric'), meanLots: number(10, 1, 100_000, 'Mean size [lots]') },
          closed,
        ),
      ],
      { type: 'geometric' },
      'Size of the orders of others',
    ),
  },
  'Order flow of each book, by Cont, Stoikov & Talreja (2010); default: Sky Perfect',
);

const venue = (which: string) =>
  group(
    {
      tickSize: above0(0.01, 1e6, 'Price of one tick [currency]'),
      startMidTicks: count(10_000, 1_000, 100_000_000, 'Best bid before the warm-up [ticks]'),
      orderNs: count(500_000, 0, 60_000_000_000, 'Time of a message to the exchange [ns]'),
      feedNs: count(500_000, 0, 60_000_000_000, 'Time of a message from it [ns]'),
      makerBps: number(0, -1_000, 1_000, 'Fee of resting orders, a rebate below 0 [bps]'),
      takerBps: number(0, -1_000, 1_000, 'Fee of taking orders [bps]'),
      informedDelayS: number(0, 0, 3_600, 'How late informed traders of this book hear of its value [s]'),
    },
    `The book of ${which}`,
  );

const books = Type.Object(
  {
    type: Type.Literal('books'),
    durationS: above0(3_600, 86_400, 'Simulated time of each run, formation included [s]'),
    warmupS: number(60, 0, 86_400, 'Flow before the run, in which the books forget how they were seeded [s]'),
    sampleS: number(
      1,
      0.01,
      3_600,
      'Distance of the samples of both mids, which form the pair and decide [s]',
    ),
    cointegrated: Type.Boolean({
      default: true,
      description:
        'False: the spread of the values is a walk with the same noise, so that nothing ties the books',
    }),
    valueSigmaTicksPerSqrtS: above0(0.3, 1e6, 'Volatility of the value of x [ticks/sqrt(s)]'),
    ratioTicks: number(1, -1e6, 1e6, 'Ticks that the value of y moves with a tick of x [1]'),
    halfLifeS: above0(60, 1e6, 'Half-life of the spread of the values [s]'),
    spreadSdTicks: above0(6, 1e6, 'Its stationary standard deviation [ticks of y]'),
    informedRatePerS: number(
      1,
      0,
      1_000,
      'Arrivals at each book of traders who know its value and take what is offered better [1/s]',
    ),
    informedEdgeTicks: number(0.5, 0, 1e6, 'How much better it must be [ticks]'),
    flow,
    venueY: venue('y'),
    venueX: venue('x'),
    lots: count(5, 1, 1_000_000, 'Lots of y in a position [lots]'),
    orders: named(
      ['take', 'make'],
      'take: both legs send immediate-or-cancel orders at once; make: leg y rests at its best price and x hedges its fills',
    ),
    slippageTicks: count(
      2,
      0,
      1_000_000,
      'How much worse than the price seen a taking order may trade [ticks]',
    ),
  },
  closed,
);

const exit = (unit: string) =>
  number(
    0,
    -100,
    100,
    `Distance from the mean, on the side of the position, at which it is closed [${unit}]`,
  );
const stop = (unit: string) =>
  number(0, 0, 1e9, `Distance at which a position is given up; 0: never [${unit}]`);

const zscore = Type.Object(
  {
    type: Type.Literal('zscore'),
    entry: above0(2, 100, 'Distance from the mean at which a position is opened [sd]'),
    exit: exit('sd'),
    stop: stop('sd'),
    window: count(
      0,
      0,
      100_000,
      'Spreads that give mean and deviation, the newest ones; 0: those of the formation [1]',
    ),
  },
  closed,
);

const bertram = Type.Object({ type: Type.Literal('bertram') }, closed);

const bands = Type.Object(
  {
    type: Type.Literal('bands'),
    entry: above0(
      0.03,
      1e9,
      'Distance from the mean of the formation at which a position is opened [spread]',
    ),
    exit: number(0, -1e9, 1e9, 'Distance at which it is closed, on the side of the position [spread]'),
    stop: stop('spread'),
  },
  closed,
);

const leadLag = Type.Object(
  {
    type: Type.Literal('lead-lag'),
    entryTicks: above0(
      3,
      1e6,
      'Books only: how much better than what x says of it y must be offered, or bid, to be dealt [ticks of y]',
    ),
    exitTicks: number(0, -1e6, 1e6, 'Distance at which the position is closed, on its side [ticks of y]'),
    isHedged: Type.Boolean({ default: true, description: 'Whether x, the leader, is dealt against y' }),
  },
  closed,
);

const pair = group(
  {
    scale: named(['log', 'price'], 'The spread is one of logarithms of prices, or of prices'),
    method: named(
      ['ols', 'total', 'kalman', 'given'],
      'Hedge ratio: least squares, total least squares, a Kalman filter that goes on while trading, or `ratio`',
    ),
    ratio: number(1, -1e9, 1e9, 'Hedge ratio of the method given: the spread is y - ratio x [1]'),
    stateNoise: number(
      1e-5,
      0,
      1,
      'Kalman: variance that intercept and slope gain per observation, over that of the noise; 0: least squares [1]',
    ),
    lags: count(-1, -1, 100, 'Lagged differences in the tests for cointegration; -1: chosen by AIC [1]'),
    formationShare: number(
      0.5,
      0.01,
      1,
      'Share of the observations, the first ones, that give ratio, tests and bands; the rest is traded. 1: all are used for both, in sample [1]',
    ),
  },
  'How the two prices belong together',
);

export const schema = Type.Object(
  {
    source: oneOf([series, values, files, books], { type: 'series' }, 'Where the two prices come from'),
    pair,
    strategy: oneOf(
      [zscore, bertram, bands, leadLag],
      { type: 'zscore' },
      'When the spread is bought and sold',
    ),
    legs: group(
      {
        yMultiplier: above0(1, 1e9, 'Units of y in a lot, 1000 for a future of 1,000 g [units]'),
        xMultiplier: above0(1, 1e9, 'Units of x in a lot [units]'),
        capital: above0(100_000, 1e12, 'Value of leg y that a position aims at [currency]'),
      },
      'What is dealt in',
    ),
    execution: group(
      {
        delayObs: count(
          1,
          0,
          1_000,
          'Observations from a decision to its deal; 0: at the price that decided [1]',
        ),
        costBps: number(1, 0, 10_000, 'Cost of a deal, of each leg [bps]'),
        costPerLot: number(0, 0, 1e6, 'Cost of a deal, of each leg and lot [currency]'),
      },
      'How deals are done over price series; books have their own latencies, fees and orders',
    ),
    runs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'Independent simulated pairs; 32 unless given, 16 of books. Given prices have one',
      }),
    ),
    seriesPoints: count(1_000, 2, 50_000, 'Rows of the time series of the first run'),
  },
  closed,
);
