/** Quotes that lean with the order-book imbalance: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { notNegative, sizeFields } from '../fields.js';

export const imbalanceSchema = Type.Object(
  {
    type: Type.Literal('imbalance'),
    halfSpreadTicks: notNegative(1, 1_000_000, 'Distance of each quote from the leaning centre [ticks]'),
    weight: notNegative(0.5, 10, 'How far the centre goes from the mid (0) to the size-weighted mid (1) [1]'),
    skewTicks: notNegative(0.2, 1_000, 'Move of the centre against each quote of inventory [ticks]'),
    pullAbove: notNegative(1, 1, 'Imbalance beyond which the threatened side is not quoted; 1 = never [1]'),
    ...sizeFields,
  },
  closed,
);
