/** The spread of Avellaneda & Stoikov around the mid: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { positive, rollingHorizon, sigmaField, sizeFields } from '../fields.js';

export const symmetricSchema = Type.Object(
  {
    type: Type.Literal('symmetric'),
    gamma: positive(0.02, 'Risk aversion that sets the spread of Avellaneda & Stoikov (2008) [1/tick]'),
    k: positive(1.5, 'Decay of the fill rate with the distance from the mid [1/tick]'),
    horizonS: rollingHorizon(60),
    sigmaTicksPerSqrtS: sigmaField,
    ...sizeFields,
  },
  closed,
);
