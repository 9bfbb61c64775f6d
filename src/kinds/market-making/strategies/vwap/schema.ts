/** A parent order along a profile of volume: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { parentFields, sliceField } from '../parent.js';

export const vwapSchema = Type.Object(
  {
    type: Type.Literal('vwap'),
    ...parentFields,
    slices: sliceField,
    volumeProfile: Type.Array(Type.Number({ minimum: 0, maximum: 1e9 }), {
      minItems: 1,
      maxItems: 1_000,
      default: [1.6, 1.1, 0.8, 0.7, 0.8, 1.2, 1.8],
      description:
        'Volume that is expected in equal pieces of the time, one after the other; only ratios count [1]',
    }),
  },
  closed,
);
