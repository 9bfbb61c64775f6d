/** A parent order as a share of the volume: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { parentFields } from '../parent.js';

export const povSchema = Type.Object(
  {
    type: Type.Literal('pov'),
    ...parentFields,
    participation: Type.Number({
      minimum: 0.001,
      maximum: 0.9,
      default: 0.1,
      description: 'Share of all traded lots, own ones in a generated market included [1]',
    }),
  },
  closed,
);
