/** A strategy of the user's own file: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { sizeFields } from '../fields.js';

export const customSchema = Type.Object(
  {
    type: Type.Literal('custom'),
    file: Type.String({
      minLength: 1,
      maxLength: 1_000,
      description:
        'TypeScript file of the strategy, see: mms strategy new; a service takes none unless told to',
    }),
    source: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200_000,
        description:
          'The TypeScript itself, for a service that has no such file; `file` then only names it in errors, and it ' +
          'imports nothing but mms/strategy',
      }),
    ),
    parameters: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 100, description: 'Name that the file declares' }),
          value: Type.Union([Type.Number(), Type.Boolean(), Type.String({ maxLength: 1_000 })], {
            description: 'Its value; what is left out has the default of the file',
          }),
        },
        closed,
      ),
      { maxItems: 100, default: [], description: 'Parameters of the strategy, as its file declares them' },
    ),
    maxInventoryLots: sizeFields.maxInventoryLots,
  },
  closed,
);
