/** Avellaneda & Stoikov with a rolling horizon: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { intensityFields, positive, rollingHorizon, sizeFields, volatilityFields } from '../fields.js';

export const adaptiveSchema = Type.Object(
  {
    type: Type.Literal('adaptive'),
    gamma: positive(
      0.02,
      'Risk aversion of Avellaneda & Stoikov (2008), with inventory counted in quotes [1/tick]',
    ),
    k: positive(
      1.5,
      'Decay of the fill rate with the distance from the mid; first guess when online [1/tick]',
    ),
    horizonS: rollingHorizon(60),
    ...volatilityFields,
    ...intensityFields(['online', 'given']),
    ...sizeFields,
  },
  closed,
);
