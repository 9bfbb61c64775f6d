/** What all execution strategies share: the parent order's fields, its spec and its options. */
import { Type } from 'typebox';
import { LOTS_MAX, named, timeS } from '../schema-parts.js';

export const parentFields = {
  side: named(['buy', 'sell'], 'What the parent order does'),
  parentLots: Type.Integer({
    minimum: 1,
    maximum: LOTS_MAX,
    default: 500,
    description: 'Size of the parent order, never exceeded [lots]',
  }),
  withinS: timeS(1_200, 'Time in which the parent order is worked; what is left then crosses at once'),
  children: named(
    ['limit', 'market'],
    'Child orders: posted at the own best price, crossing at the end of their slice; or crossing at its start',
  ),
};

export const sliceField = Type.Integer({
  minimum: 1,
  maximum: 100_000,
  default: 20,
  description: 'Slices into which the time is cut [1]',
});
