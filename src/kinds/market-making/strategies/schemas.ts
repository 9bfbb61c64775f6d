/** The schemas of all strategies; a new one is its folder, a line here and one in create.ts. */
import { adaptiveSchema } from './adaptive/schema.js';
import { almgrenChrissSchema } from './almgren-chriss/schema.js';
import { avellanedaStoikovSchema } from './avellaneda-stoikov/schema.js';
import { carteaJaimungalPenalvaSchema } from './cartea-jaimungal-penalva/schema.js';
import { customSchema } from './custom/schema.js';
import { fixedSchema } from './fixed/schema.js';
import { glftSchema } from './glft/schema.js';
import { imbalanceSchema } from './imbalance/schema.js';
import { povSchema } from './pov/schema.js';
import { symmetricSchema } from './symmetric/schema.js';
import { twapSchema } from './twap/schema.js';
import { vwapSchema } from './vwap/schema.js';

/** In the order in which help shows them. */
export const STRATEGY_SCHEMAS = [
  fixedSchema,
  symmetricSchema,
  avellanedaStoikovSchema,
  adaptiveSchema,
  glftSchema,
  carteaJaimungalPenalvaSchema,
  imbalanceSchema,
  twapSchema,
  vwapSchema,
  povSchema,
  almgrenChrissSchema,
  customSchema,
];
