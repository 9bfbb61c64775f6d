/** Fields that every strategy has. */
import { Type } from 'typebox';
import { LOTS_MAX } from '../schema-parts.js';

export const sizeFields = {
  quoteLots: Type.Integer({
    minimum: 1,
    maximum: LOTS_MAX,
    default: 10,
    description: 'Size of each quote [lots]',
  }),
  maxInventoryLots: Type.Integer({
    minimum: 1,
    maximum: 1_000_000_000,
    default: 100,
    description: 'Position that is never exceeded, long or short, orders on their way included [lots]',
  }),
};
