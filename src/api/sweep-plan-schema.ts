/** OpenAPI's schema of a sweep's plan, and of the documents of its results. */
import { SWEEP_SCHEMA } from '../contract/sweep-schema.js';
import type { JsonSchema } from './fields.js';

export const SWEEP_STATES = ['running', 'done', 'partial', 'cancelled'];

const { seed, design, repeats, commonRandomNumbers, priority } = SWEEP_SCHEMA.properties;
const nullableText: JsonSchema = { type: ['string', 'null'] };
const open: JsonSchema = { type: 'object', additionalProperties: true };

export const SWEEP_PLAN: JsonSchema = {
  type: 'object',
  required: ['kind', 'spec', 'seed', 'design', 'axes', 'cells', 'repeats', 'commonRandomNumbers', 'metric'],
  properties: {
    kind: { type: 'string' },
    spec: open,
    ...{ seed, design, repeats, commonRandomNumbers, priority },
    axes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'values', 'range'],
        properties: {
          path: { type: 'string' },
          values: { type: ['array', 'null'], items: {} },
          range: { ...open, type: ['object', 'null'] },
        },
      },
    },
    cells: { type: 'integer', minimum: 1 },
    metric: {
      type: 'object',
      required: ['name', 'sense'],
      properties: { name: nullableText, sense: { type: 'string', enum: ['max', 'min'] } },
    },
    name: nullableText,
  },
};

/** A document of a sweep's rows whose members are told in words. */
export const rowsDocument = (description: string): JsonSchema => ({ ...open, description });
