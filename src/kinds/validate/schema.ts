/** The JSON schema of a validate spec. */
import { Type } from 'typebox';
import { CHECK_IDS } from '../../core/proof/check.js';

export const schema = Type.Object(
  {
    only: Type.Array(Type.Union(CHECK_IDS.map((id) => Type.Literal(id))), {
      default: [],
      uniqueItems: true,
      description: `Checks to run, of ${CHECK_IDS.join(', ')}; none means all of them`,
    }),
  },
  { additionalProperties: false },
);
