/** The JSON schema of a calibrate spec: every field with its unit, bounds and default. */
import { Type, type TSchema } from 'typebox';
import { SERIES_DATA_SCHEMAS, SERIES_MODEL_SCHEMAS } from './series/schema.js';

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

const path = (description: string) => Type.String({ minLength: 1, maxLength: 1_000, description });
const ticks = (minimum: number, value: number, description: string) =>
  Type.Integer({ minimum, maximum: 1_000, default: value, description: `${description} [ticks]` });

const part = {
  fromS: Type.Number({
    minimum: 0,
    maximum: 1e9,
    default: 0,
    description: 'Start of the sample, after the first row of the file [s]',
  }),
  toS: Type.Number({
    minimum: 0,
    maximum: 1e9,
    default: 0,
    description: 'End of the sample, after the first row of the file; 0: its end [s]',
  }),
  windows: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 4,
    description:
      'Equal pieces of the sample that are fitted for themselves too, to see whether it is steady [1]',
  }),
};

const fileOf = (type: string, description: string) =>
  Type.Object({ type: Type.Literal(type), file: path(description), ...part }, closed);

const simulated = Type.Object(
  {
    type: Type.Literal('simulated'),
    durationS: Type.Number({
      exclusiveMinimum: 0,
      maximum: 86_400,
      default: 600,
      description: 'Length of each sample [s]',
    }),
    samples: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 20,
      description: 'Independent samples from known parameters, each fitted for itself [1]',
    }),
  },
  closed,
);

const lobster = Type.Object(
  {
    type: Type.Literal('lobster'),
    messages: path('LOBSTER message file, csv or csv.gz'),
    orderbook: path('LOBSTER orderbook file of the same rows, csv or csv.gz'),
    ...part,
  },
  closed,
);

const intensity = Type.Object(
  {
    type: Type.Literal('intensity'),
    fromTicks: ticks(-1, -1, 'Nearest reach that is fitted; -1: the mean half spread'),
    toTicks: ticks(0, 0, 'Farthest reach that is fitted; 0: where 99 % of the market orders end'),
    widthTicks: ticks(1, 1, 'Width of a class of reach'),
  },
  closed,
);

const contStoikovTalreja = Type.Object(
  {
    type: Type.Literal('cont-stoikov-talreja'),
    maxDistanceTicks: Type.Integer({
      minimum: 1,
      maximum: 200,
      default: 60,
      description: 'Farthest distance from the opposite best that gets a rate [ticks]',
    }),
    leastOrders: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 50,
      description: 'Distances are pooled until so many limit orders were seen among them [1]',
    }),
  },
  closed,
);

const hawkes = Type.Object(
  {
    type: Type.Literal('hawkes'),
    events: Type.Unsafe<'trades' | 'trade-sides' | 'orders'>({
      type: 'string',
      enum: ['trades', 'trade-sides', 'orders'],
      default: 'trades',
      description:
        'trades: market orders, one type; trade-sides: those of buyers and of sellers; orders: limit orders, ' +
        'market orders and cancels of each side, with one decay, which a simulation takes',
    }),
    maxDistanceTicks: Type.Integer({
      minimum: 1,
      maximum: 200,
      default: 30,
      description: 'Of orders: limit orders and cancels up to this distance from the opposite best [ticks]',
    }),
    starts: Type.Integer({
      minimum: 1,
      maximum: 5,
      default: 2,
      description: 'Starts of the search that are followed to their maximum [1]',
    }),
  },
  closed,
);

const queueReactive = Type.Object(
  {
    type: Type.Literal('queue-reactive'),
    levels: Type.Integer({
      minimum: 1,
      maximum: 10,
      default: 3,
      description: 'Queues on each side of the reference price [1]',
    }),
    maxQueue: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 10,
      description: 'Sizes of a queue beyond this, in average event sizes, are one class [1]',
    }),
  },
  closed,
);

export const schema = Type.Object(
  {
    data: oneOf(
      [
        simulated,
        lobster,
        fileOf('trades', 'CSV of trades: trade_id, exchange_ms, price, qty, buyer_is_maker; plain or gz'),
        fileOf(
          'depth',
          'Binance capture: depth snapshot and differences with trades, JSON lines, plain or gz',
        ),
        fileOf('orders', 'Bitstamp order events as CSV, plain or gz'),
        ...SERIES_DATA_SCHEMAS,
      ],
      { type: 'simulated' },
      'Where events come from',
    ),
    model: oneOf(
      [hawkes, intensity, contStoikovTalreja, queueReactive, ...SERIES_MODEL_SCHEMAS],
      { type: 'hawkes' },
      'What is fitted',
    ),
    tickSize: Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      default: 0,
      description: 'Price of one tick; 0: the largest that divides all prices of the file [currency]',
    }),
  },
  closed,
);
