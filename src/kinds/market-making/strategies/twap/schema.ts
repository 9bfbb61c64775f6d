/** A parent order in equal slices of time: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { parentFields, sliceField } from '../parent.js';

export const twapSchema = Type.Object(
  {
    type: Type.Literal('twap'),
    ...parentFields,
    slices: sliceField,
  },
  closed,
);
