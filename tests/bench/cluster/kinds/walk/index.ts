/** Job kind `walk`, for the bench alone: independent units of any length with a result of 32 bytes each. */
import { defineKind } from '../../../../../src/contract/kind.js';
import { NS_PER_STEP, NUMBERS } from '../../kernel.js';
import type { WalkSpec } from './run.js';

const size = (maximum: number, description: string): object => ({
  type: 'integer',
  minimum: 1,
  maximum,
  default: 1,
  description,
});

/** Nanoseconds of a unit beside its steps. */
const NS_PER_UNIT = 20;

/** More units than a chunk of the shortest ones has. */
const CHUNK_UNITS = 1_000_000;

export default defineKind<WalkSpec>({
  name: 'walk',
  version: 1,
  title: 'Random walks',
  description: 'Independent random walks: last place, mean, lowest and highest.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      units: size(10_000_000, 'Walks [1]'),
      steps: size(1_000_000_000, 'Steps of a walk [1]'),
    },
  },
  units: ({ units }) => units,
  sizeField: 'units',
  cost: ({ units, steps }) => ({
    stepsPerUnit: steps + NS_PER_UNIT / NS_PER_STEP,
    nsPerStep: NS_PER_STEP,
    resultBytes: 8 * NUMBERS.length * units,
    threadBytes: 8 * NUMBERS.length * Math.min(units, CHUNK_UNITS),
  }),
  tables: [
    {
      name: 'walks',
      title: 'A row per walk',
      columns: NUMBERS.map((name) => ({ name, type: 'f64', unit: '1', meaning: `The walk's ${name} place` })),
    },
  ],
  summarise: () => ({ metrics: [], notes: [] }),
  examples: [],
});
