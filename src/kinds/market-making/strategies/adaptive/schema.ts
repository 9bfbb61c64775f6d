/** Avellaneda & Stoikov with a rolling horizon: the fields. */
import { Type } from 'typebox';
import { closed, named, timeS } from '../../schema-parts.js';
import { sizeFields } from '../fields.js';

const positive = (value: number, description: string) =>
  Type.Number({ minimum: 1e-6, maximum: 1_000, default: value, description });

export const adaptiveSchema = Type.Object(
  {
    type: Type.Literal('adaptive'),
    gamma: positive(
      0.02,
      'Risk aversion of Avellaneda & Stoikov (2008), with inventory counted in quotes [1/tick]',
    ),
    k: positive(1.5, 'Decay of the fill rate with the distance from the mid [1/tick]'),
    horizonS: timeS(60, 'Rolling horizon: time left = the smaller of this and the time to the end'),
    volatility: named(
      ['online', 'given'],
      'Volatility of the mid: estimated from the feed while running, or as given',
    ),
    sigmaTicksPerSqrtS: Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      default: 0.5,
      description: 'Volatility of the mid when given, the first guess when online [ticks/sqrt(s)]',
    }),
    volatilityHalfLifeS: timeS(60, 'Half-life of the online estimate'),
    ...sizeFields,
  },
  closed,
);
