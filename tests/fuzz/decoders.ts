/** All decoders under fuzzing. */
import { BATCH_BODIES } from './batches-decoder.js';
import { CONFIG } from './config-decoder.js';
import { DATA_DECODERS } from './data-decoders.js';
import type { Decoder } from './decoder.js';
import { HTTP_BODIES } from './http-decoder.js';
import { JSON_GUARD } from './json-decoder.js';
import { NODE_MESSAGES, RESULTS, ROUTER_MESSAGES } from './wire-decoders.js';

export const DECODERS: readonly Decoder[] = [
  HTTP_BODIES,
  BATCH_BODIES,
  JSON_GUARD,
  NODE_MESSAGES,
  ROUTER_MESSAGES,
  RESULTS,
  CONFIG,
  ...DATA_DECODERS,
];
