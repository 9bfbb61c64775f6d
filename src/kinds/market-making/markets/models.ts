/** The submitting sides of all markets, by the `type` in a spec; a new one is its folder and a line here. */
import type { Spec } from '../spec.js';
import { agents } from './agents/schema.js';
import { avellanedaStoikov } from './avellaneda-stoikov/schema.js';
import { contStoikovTalreja } from './cont-stoikov-talreja/schema.js';
import { hawkes } from './hawkes/schema.js';
import type { MarketModel } from './model.js';
import type { MarketSpec, MarketSpecOf } from './open.js';
import { queueReactive } from './queue-reactive/schema.js';
import { replay } from './replay/schema.js';
import { zeroIntelligence } from './zero-intelligence/schema.js';

/** In the order in which help shows them; the first one is the default. */
const MODELS: { readonly [T in MarketSpec['type']]: MarketModel<MarketSpecOf<T>> } = {
  'cont-stoikov-talreja': contStoikovTalreja,
  'zero-intelligence': zeroIntelligence,
  hawkes,
  'queue-reactive': queueReactive,
  agents,
  'avellaneda-stoikov': avellanedaStoikov,
  replay,
};

export const MARKET_SCHEMAS = Object.values(MODELS).map(({ schema }) => schema);

export const MARKET_EXAMPLES = Object.values(MODELS).flatMap(({ examples }) => examples);

export function modelOf({ market }: Spec): MarketModel<MarketSpec> {
  return MODELS[market.type] as MarketModel<MarketSpec>;
}
