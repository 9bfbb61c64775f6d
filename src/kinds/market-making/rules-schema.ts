/** The part of the market-making schema that says how the market trades and what trading costs. */
import { Type, type TSchema } from 'typebox';
import { closed, DAY_S, group, named, oneOf } from './schema-parts.js';

const seconds = (minimum: number, value: number, description: string) =>
  Type.Number({ minimum, maximum: DAY_S, default: value, description: `${description} [s]` });

const session = oneOf(
  [
    Type.Object({ type: Type.Literal('continuous') }, closed),
    Type.Object(
      {
        type: Type.Literal('auctions'),
        openingS: seconds(0, 60, 'Length of the opening call, at the start of the run; 0 for none'),
        closingS: seconds(0, 60, 'Length of the closing call, at the end of the run; 0 for none'),
      },
      closed,
    ),
    Type.Object(
      {
        type: Type.Literal('batch'),
        intervalMs: Type.Number({
          minimum: 1,
          maximum: 3_600_000,
          default: 100,
          description: 'Length of each call of the frequent batch auction [ms]',
        }),
      },
      closed,
    ),
  ],
  { type: 'continuous' },
  'Continuous trading, the same between an opening and a closing call auction, or batch auctions only',
);

const band = oneOf(
  [
    Type.Object({ type: Type.Literal('none') }, closed),
    ...['static', 'following'].map((type) =>
      Type.Object(
        {
          type: Type.Literal(type),
          bandTicks: Type.Integer({
            minimum: 1,
            maximum: 1_000_000_000,
            default: 100,
            description: 'New prices and trades lie at most so far from the middle of the band [ticks]',
          }),
        },
        closed,
      ),
    ),
  ],
  { type: 'none' },
  'Price band: none, around the mid at the start of the run, or around the last trade',
);

const halts = Type.Array(
  Type.Object(
    {
      fromS: Type.Number({ minimum: 0, maximum: DAY_S, description: 'Start of the halt [s]' }),
      toS: Type.Number({ exclusiveMinimum: 0, maximum: DAY_S, description: 'End of the halt [s]' }),
    },
    closed,
  ),
  { maxItems: 1_000, default: [], description: 'Halts by time, ascending: [{"fromS", "toS"}, ...]' },
);

const breaker = group(
  {
    moveTicks: Type.Integer({
      minimum: 0,
      maximum: 1_000_000_000,
      default: 0,
      description: 'A trade so far from another one within the window pauses trading; 0 for never [ticks]',
    }),
    windowS: seconds(0.001, 60, 'How far back the other trade may lie'),
    pauseS: seconds(0.001, 30, 'Length of the pause'),
  },
  'Circuit breaker',
);

export const rules = group(
  {
    allocation: named(
      ['price-time', 'pro-rata', 'top-pro-rata'],
      'Who trades at a price: the oldest order first; all by their size; the oldest, then all by size',
    ),
    session,
    halts,
    breaker,
    interruption: named(
      ['halt', 'auction'],
      'What halts and the circuit breaker do: take nothing but cancels, or gather orders for a call auction',
    ),
    band,
  },
  'How the market trades; for a generated market',
);

const bps = (value: number, what: string) =>
  Type.Number({ minimum: -100, maximum: 100, default: value, description: `${what} [bps of notional]` });
const perLot = (what: string) =>
  Type.Number({ minimum: -1_000_000, maximum: 1_000_000, default: 0, description: `${what} [currency/lot]` });
/** What a tier leaves out is as in the tier below. */
const optional = (schema: TSchema) => {
  const { default: _none, ...rest } = schema as TSchema & { default: unknown };
  return Type.Optional(Type.Unsafe(rest));
};

const MAKER = 'Fee of a resting order that is hit, or that trades in an auction; negative = rebate';
const TAKER = 'Fee of an aggressive order; used for the price of closing the last inventory';
const rates = {
  makerBps: bps(-0.2, MAKER),
  takerBps: bps(0.3, TAKER),
  makerPerLot: perLot('Maker fee per lot, on top'),
  takerPerLot: perLot('Taker fee per lot, on top'),
};

export const fees = group(
  {
    ...rates,
    tiers: Type.Array(
      Type.Object(
        {
          fromVolume: Type.Number({
            exclusiveMinimum: 0,
            maximum: 1e15,
            description: 'Volume from which on these rates hold [currency or lots]',
          }),
          ...Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, optional(rate)])),
        },
        closed,
      ),
      {
        maxItems: 50,
        default: [],
        description:
          'Rates from some own volume on, ascending: [{"fromVolume", "makerBps", ...}, ...]; what a tier leaves ' +
          'out is as in the one below',
      },
    ),
    tierBy: named(['notional', 'lots'], 'What counts as volume: traded value [currency] or lots'),
    startVolume: Type.Number({
      minimum: 0,
      maximum: 1e15,
      default: 0,
      description: 'Volume that counts before the run, e.g. of the last 30 days [currency or lots]',
    }),
  },
  'Trading fees',
);
