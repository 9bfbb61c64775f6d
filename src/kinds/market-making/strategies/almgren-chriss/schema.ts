/** A parent order along the trajectory of Almgren & Chriss: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { notNegative, positive, sigmaField } from '../fields.js';
import { parentFields, sliceField } from '../parent.js';

export const almgrenChrissSchema = Type.Object(
  {
    type: Type.Literal('almgren-chriss'),
    ...parentFields,
    slices: sliceField,
    riskAversion: notNegative(1e-5, 1_000, 'Risk aversion lambda; 0 trades evenly, as TWAP [1/(tick x lot)]'),
    sigmaTicksPerSqrtS: sigmaField,
    permanentImpact: notNegative(0.001, 1_000, 'Permanent impact gamma [ticks/lot]'),
    temporaryImpact: positive(0.5, 'Temporary impact eta of trading one lot a second [ticks x s/lot]'),
  },
  closed,
);
