/** The schemas of all strategies; a new one is its folder, a line here and one in create.ts. */
import { adaptiveSchema } from './adaptive/schema.js';
import { fixedSchema } from './fixed/schema.js';

/** In the order in which help shows them. */
export const STRATEGY_SCHEMAS = [fixedSchema, adaptiveSchema];
