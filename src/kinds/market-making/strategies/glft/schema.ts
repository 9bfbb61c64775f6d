/** Gueant, Lehalle & Fernandez-Tapia, exact or asymptotic: the fields. */
import { Type } from 'typebox';
import { closed, named } from '../../schema-parts.js';
import { intensityFields, positive, rollingHorizon, sizeFields, volatilityFields } from '../fields.js';

export const glftSchema = Type.Object(
  {
    type: Type.Literal('glft'),
    solution: named(
      ['asymptotic', 'exact'],
      'Quotes far from any horizon in closed form, or the exact ones with horizon and inventory limit; exact ' +
        'takes volatility and intensity as given',
    ),
    gamma: positive(0.02, 'Risk aversion, with inventory counted in quotes [1/tick]'),
    A: positive(1, 'Fill rate of a quote at the mid; first guess when online [1/s]'),
    k: positive(
      1.5,
      'Decay of the fill rate with the distance from the mid; first guess when online [1/tick]',
    ),
    horizonS: rollingHorizon(600),
    ...volatilityFields,
    ...intensityFields(['given', 'online']),
    ...sizeFields,
  },
  closed,
);
