/** Avellaneda & Stoikov as published, with the run's end as horizon: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { positive, sigmaField, sizeFields } from '../fields.js';

export const avellanedaStoikovSchema = Type.Object(
  {
    type: Type.Literal('avellaneda-stoikov'),
    gamma: positive(
      0.001,
      'Risk aversion of Avellaneda & Stoikov (2008), with inventory counted in quotes; small, because the time ' +
        'left begins with the whole run [1/tick]',
    ),
    k: positive(1.5, 'Decay of the fill rate with the distance from the mid [1/tick]'),
    sigmaTicksPerSqrtS: sigmaField,
    ...sizeFields,
  },
  closed,
);
