/** Cartea, Jaimungal & Penalva with a running inventory penalty: the fields. */
import { Type } from 'typebox';
import { closed } from '../../schema-parts.js';
import { notNegative, positive, rollingHorizon, sizeFields } from '../fields.js';

export const carteaJaimungalPenalvaSchema = Type.Object(
  {
    type: Type.Literal('cartea-jaimungal-penalva'),
    lambda: positive(1, 'Market orders of each side [1/s]'),
    kappa: positive(1.5, 'Decay of the fill probability with the distance from the mid [1/tick]'),
    phi: notNegative(0.001, 1_000, 'Running penalty per quote of inventory squared [ticks/s]'),
    terminalAlpha: notNegative(0.1, 1_000, 'Penalty per quote of inventory squared at the horizon [ticks]'),
    horizonS: rollingHorizon(600),
    ...sizeFields,
  },
  closed,
);
