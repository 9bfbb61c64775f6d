/** The JSON Schema of a sweep's request: one truth for HTTP, OpenAPI and the command line. */
import { MAX_SWEEP_AXES, MAX_SWEEP_CELLS, MAX_SWEEP_REPEATS } from './sweep.js';

/** Points of one axis. */
const MAX_POINTS = 100_000;

const scale = {
  type: 'string',
  enum: ['linear', 'log'],
  default: 'linear',
  description: 'How points lie between the ends; log needs ends above 0',
} as const;

const axis = {
  description: 'A list of values as they stand in the spec, or a range of numbers',
  anyOf: [
    {
      type: 'array',
      minItems: 1,
      maxItems: MAX_POINTS,
      items: {},
      description: 'Values; objects such as {"type": "fixed"} choose variants',
    },
    {
      type: 'object',
      additionalProperties: false,
      required: ['from', 'to'],
      description: 'A range of numbers, its ends included',
      properties: {
        from: { type: 'number', description: 'Lower end' },
        to: { type: 'number', description: 'Upper end' },
        n: {
          type: 'integer',
          minimum: 2,
          maximum: MAX_POINTS,
          description: 'Points on a grid; none where the design draws',
        },
        scale,
        integer: { type: 'boolean', default: false, description: 'Whole numbers only' },
      },
    },
  ],
} as const;

/** Plain JSON Schema (draft 2020-12), as TypeBox would write it; the types are those of SweepRequest. */
export const SWEEP_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'axes'],
  properties: {
    kind: { type: 'string', description: 'A job kind, e.g. market-making' },
    spec: {
      type: 'object',
      default: {},
      description:
        "The base, by the kind's schema: a sound spec by itself, of which each axis replaces a value",
    },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 1,
      description: 'Seed of the sweep: draws, permutations and the seeds of all jobs follow from it',
    },
    axes: {
      type: 'object',
      minProperties: 1,
      maxProperties: MAX_SWEEP_AXES,
      additionalProperties: axis,
      description:
        'By dotted path into the spec, e.g. strategy.gamma or payoffs.0.strike; or seed. The last one runs quickest on a grid',
    },
    design: {
      type: 'string',
      enum: ['grid', 'random', 'latin-hypercube'],
      default: 'grid',
      description:
        'Every combination of points, or cells drawn at random, or one in each stratum of each axis',
    },
    cells: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_SWEEP_CELLS,
      description: 'Cells of a random or latin-hypercube design; a grid counts its own',
    },
    repeats: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_SWEEP_REPEATS,
      default: 1,
      description: 'Jobs per cell, each with another seed',
    },
    commonRandomNumbers: {
      type: 'boolean',
      default: true,
      description: 'Repeat r has the same seed in every cell; false gives each cell seeds of its own',
    },
    metric: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      description: "What cells are ranked by; unless given, the kind's own choice",
      properties: {
        name: {
          type: 'string',
          minLength: 1,
          maxLength: 100,
          description: 'A metric of the summary, e.g. pnl',
        },
        sense: { type: 'string', enum: ['max', 'min'], default: 'max', description: 'Which end is best' },
      },
    },
    name: { type: 'string', minLength: 1, maxLength: 200, description: 'A line for people' },
    priority: { type: 'integer', minimum: 0, maximum: 9, default: 5, description: 'Of all its jobs' },
  },
} as const;
