/** The fields of a trader's limits besides its inventory. */
import { Type } from 'typebox';
import { group, named } from './schema-parts.js';

export const limits = group(
  {
    maxLoss: Type.Number({
      minimum: 0,
      maximum: 1e12,
      default: 0,
      description: 'Loss before fees at which the trader stops for good; 0 = none [currency]',
    }),
    onLoss: named(['flatten', 'stop'], 'What it then does: close its position at any price, or keep it'),
    messagesPerS: Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      default: 0,
      description: 'Orders and cancels per second on average; 0 = any number [1/s]',
    }),
    messageBurst: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 10,
      description: 'Messages that may go at once after a quiet time [1]',
    }),
  },
  'When the trader is held back',
);
