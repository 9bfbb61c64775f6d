/** A constant half spread around the mid: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { sizeFields } from '../fields.js';

export const fixedSchema = Type.Object(
  {
    type: Type.Literal('fixed'),
    halfSpreadTicks: Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      default: 1,
      description: 'Distance of each quote from the mid; prices are rounded away from it [ticks]',
    }),
    ...sizeFields,
  },
  closed,
);
