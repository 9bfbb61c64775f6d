/** Fields and costs that all markets made by an order-flow model share. */
import { Type } from 'typebox';
import { closed, DAY_S, LOTS_MAX, oneOf, timeS } from '../schema-parts.js';
import type { FlowFields } from './flow-market.js';
import type { MarketLoad } from './model.js';

export const flowFields = {
  durationS: timeS(1_800, 'Simulated time of each run'),
  warmupS: Type.Number({
    minimum: 0,
    maximum: DAY_S,
    default: 60,
    description: 'Flow before the run starts, in which the book forgets how it was seeded [s]',
  }),
  startMidTicks: Type.Integer({
    minimum: 1_000,
    maximum: 100_000_000,
    default: 10_000,
    description: 'Best bid before the warm-up; the best ask is one tick above it [ticks]',
  }),
};

export const orderSize = oneOf(
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

export const ratePerS = (minimum: number, value: number, description: string) =>
  Type.Number({ minimum, maximum: 10_000, default: value, description: `${description} [1/s]` });

/** Rates by distance or level. */
export const ratesPerS = (minimum: number, values: readonly number[], description: string) =>
  Type.Array(Type.Number({ minimum, maximum: 10_000 }), {
    minItems: 1,
    maxItems: 200,
    default: [...values],
    description,
  });

const BYTES_PER_ORDER = 64;
/** News of the best prices and own orders add about two fifths to the flow (measured: Sky Perfect). */
const NEWS = 1.4;

/** `orders` is about how many are alive. */
export function flowLoad(
  fields: FlowFields,
  eventsPerS: number,
  orders: number,
  nsPerStep: number,
): MarketLoad {
  const seconds = fields.durationS + fields.warmupS;
  return {
    steps: NEWS * eventsPerS * seconds,
    seconds,
    threadBytes: orders * 4 * BYTES_PER_ORDER,
    nsPerStep,
  };
}
