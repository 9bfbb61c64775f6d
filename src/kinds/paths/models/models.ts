/**
 * The submitting sides of all price models, by the `type` in a spec; a new one is its folder and a line
 * here.
 */
import type { PathsSpec } from '../spec.js';
import { arithmeticBrownianModel } from './arithmetic-brownian/schema.js';
import { correlatedGbmModel } from './correlated-gbm/schema.js';
import { gbmModel } from './gbm/schema.js';
import { hestonModel } from './heston/schema.js';
import { mertonModel } from './merton/schema.js';
import type { PriceModel } from './model.js';
import type { ModelSpec, ModelSpecOf } from './open.js';
import { ornsteinUhlenbeckModel } from './ornstein-uhlenbeck/schema.js';
import { regimeSwitchingModel } from './regime-switching/schema.js';

/** In the order in which help shows them; the first one is the default. */
const MODELS: { readonly [T in ModelSpec['type']]: PriceModel<ModelSpecOf<T>> } = {
  gbm: gbmModel,
  'correlated-gbm': correlatedGbmModel,
  'arithmetic-brownian': arithmeticBrownianModel,
  'ornstein-uhlenbeck': ornsteinUhlenbeckModel,
  merton: mertonModel,
  heston: hestonModel,
  'regime-switching': regimeSwitchingModel,
};

export const MODEL_SCHEMAS = Object.values(MODELS).map(({ schema }) => schema);

export const MODEL_EXAMPLES = Object.values(MODELS).flatMap(({ examples }) => examples);

export function modelOf({ model }: PathsSpec): PriceModel<ModelSpec> {
  return MODELS[model.type] as PriceModel<ModelSpec>;
}
