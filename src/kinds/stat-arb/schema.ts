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
    observations: count(1_000, 40, 1_000_000, 'Observations of each run, formation included [1]'),
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
    source: oneOf([series, values, files], { type: 'series' }, 'Where the two prices come from'),
    pair,
    strategy: oneOf([zscore, bertram, bands], { type: 'zscore' }, 'When the spread is bought and sold'),
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
      'How deals are done',
    ),
    runs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'Independent simulated pairs; 32 unless given. Given prices have one',
      }),
    ),
    seriesPoints: count(1_000, 2, 50_000, 'Rows of the time series of the first run'),
  },
  closed,
);
