/** The decoders that bundle into one script, so that a bug can be planted in them. */
import { JSON_GUARD } from './json-decoder.js';
import { NODE_MESSAGES, RESULTS, ROUTER_MESSAGES } from './wire-decoders.js';
import { CONFIG } from './config-decoder.js';

export { fuzz } from './fuzz.js';
export const SMALL_DECODERS = [JSON_GUARD, NODE_MESSAGES, ROUTER_MESSAGES, RESULTS, CONFIG];
