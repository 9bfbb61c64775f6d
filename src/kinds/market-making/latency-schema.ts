/** The part of the market-making schema that says how long messages take. */
import { Type } from 'typebox';
import { closed, group, named } from './schema-parts.js';

const MAX_NS = 60_000_000_000;
const DEFAULT_NS = 500_000;

const ns = (description: string, value = DEFAULT_NS) =>
  Type.Integer({ minimum: 0, maximum: MAX_NS, default: value, description: `${description} [ns]` });

const logNormal = Type.Object(
  {
    type: Type.Literal('log-normal'),
    medianNs: ns('Median'),
    sigma: Type.Number({
      minimum: 0,
      maximum: 5,
      default: 0.5,
      description: 'Standard deviation of the logarithm [1]',
    }),
  },
  closed,
);

const empirical = Type.Object(
  {
    type: Type.Literal('empirical'),
    quantilesNs: Type.Array(Type.Integer({ minimum: 0, maximum: MAX_NS }), {
      minItems: 1,
      maxItems: 10_000,
      description:
        'Equally likely quantiles from the smallest to the largest, ascending, or sorted samples; linear between them [ns]',
    }),
  },
  closed,
);

/** A number is a constant; an object draws each message's delay from a law. */
const law = (what: string) =>
  Type.Union([Type.Integer({ minimum: 0, maximum: MAX_NS }), logNormal, empirical], {
    description: `${what}: constant [ns], or drawn for each message by a law (log-normal, empirical)`,
  });
const lawOr = (value: number, what: string) => ({ ...law(what), default: value });

export const latency = group(
  {
    orderNs: lawOr(DEFAULT_NS, 'From the trader to the exchange'),
    // No default: it follows orderNs.
    cancelNs: Type.Optional(law('The same for cancels; as orderNs unless given')),
    feedNs: lawOr(DEFAULT_NS, 'From the exchange to the trader, for market data and own fills'),
    bumpNs: ns('Speed bump at the exchange, on top of that', 0),
    bumpOn: named(['all', 'taking'], 'Whom the bump delays: all messages, cancels too, or orders that take'),
  },
  'Delays. Each direction is a first-in first-out connection: no message overtakes another one',
);
