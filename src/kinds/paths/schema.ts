/** The JSON schema of a paths spec: every field with its unit, bounds and default. */
import { Type, type TSchema } from 'typebox';
import { closed } from './models/fields.js';
import { MODEL_SCHEMAS } from './models/models.js';
import { PAYOFF_SCHEMAS } from './payoff-schema.js';

/** A union that the `type` of the object chooses, so that only the chosen branch is judged. */
function oneOf(branches: readonly TSchema[], rest: object): TSchema {
  return Type.Unsafe({
    type: 'object',
    discriminator: { propertyName: 'type' },
    required: ['type'],
    oneOf: branches,
    ...rest,
  });
}

const flag = (description: string) => Type.Boolean({ default: false, description });

export const schema = Type.Object(
  {
    model: oneOf(MODEL_SCHEMAS, { default: { type: 'gbm' }, description: 'Price model' }),
    horizonYr: Type.Number({
      default: 1,
      minimum: 0.000001,
      maximum: 100,
      description: 'Length of a path [yr]',
    }),
    sampling: Type.Unsafe<'stepped' | 'exact'>({
      type: 'string',
      enum: ['stepped', 'exact'],
      default: 'stepped',
      description:
        'stepped: every fixing is drawn, extremes and averages are taken over them; exact: the horizon in one draw and extremes in continuous time, where the model has such a sampler',
    }),
    steps: Type.Integer({
      default: 252,
      minimum: 1,
      maximum: 100_000,
      description: 'Fixings of a path, equally spaced; exact sampling does not use them [1]',
    }),
    paths: Type.Integer({
      default: 100_000,
      minimum: 1,
      maximum: 1_000_000_000,
      description: 'Number of paths [1]',
    }),
    points: Type.Unsafe<'pseudo' | 'sobol'>({
      type: 'string',
      enum: ['pseudo', 'sobol'],
      default: 'pseudo',
      description:
        'pseudo: independent normals; sobol: scrambled Sobol points in the order of a Brownian bridge, with errors from at least 16 randomisations',
    }),
    precision: Type.Unsafe<'f64' | 'f32-draws'>({
      type: 'string',
      enum: ['f64', 'f32-draws'],
      default: 'f64',
      description:
        'Normals in double precision, or faster in single precision; all that follows is in double precision',
    }),
    antithetic: flag('Draw paths in pairs with opposite normals; errors are taken over the pairs'),
    control: flag(
      'Correct payoffs by a control whose mean is known: the geometric average for an arithmetic one under gbm, the price at the horizon for others',
    ),
    ratePerYr: Type.Number({
      default: 0.05,
      minimum: -1,
      maximum: 1,
      description: 'Rate at which payoffs are discounted [1/yr]',
    }),
    payoffs: Type.Array(oneOf(PAYOFF_SCHEMAS, {}), {
      default: [],
      maxItems: 16,
      description:
        'Options on the price (on the basket where there are several), e.g. [{"type":"european","strike":100}]: european, asian, barrier, lookback',
    }),
    greeks: flag(
      'Also the Greeks of the payoffs: delta, gamma and vega under gbm, delta under merton, heston and regime-switching',
    ),
    levels: Type.Array(Type.Number({ minimum: -1e9, maximum: 1e9 }), {
      default: [],
      maxItems: 16,
      description: 'Barriers: the share of paths that reach each one [currency]',
    }),
    wholePaths: flag('Keep every path at every fixing as table paths; large'),
  },
  closed,
);
