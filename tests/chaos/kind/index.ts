/** Job kind `chaos` of the test build: sleeps, answers what seed and unit say, goes wrong as it is told. */
import { Type } from 'typebox';
import { defineKind } from '../../../src/contract/kind.js';
import { ACTS, TABLE, type ChaosSpec } from './spec.js';

const count = (maximum: number, fallback: number, description: string) =>
  Type.Integer({ minimum: 0, maximum, default: fallback, description });

const schema = Type.Object(
  {
    units: Type.Integer({ minimum: 1, maximum: 100_000, default: 1, description: 'Independent units' }),
    unitMs: Type.Number({ minimum: 0, maximum: 60_000, default: 0, description: 'Sleep of a unit, ms' }),
    rowsPerUnit: Type.Integer({ minimum: 1, maximum: 10_000_000, default: 1, description: 'Rows of a unit' }),
    act: Type.Enum([...ACTS], { default: 'none', description: 'What goes wrong' }),
    atUnit: count(100_000, 0, 'Unit in which it goes wrong'),
    times: count(1_000, 0, 'How often it goes wrong; 0 means always'),
    marks: Type.String({ default: '', description: 'Folder that counts how often it went wrong' }),
    log: Type.String({ default: '', description: 'File of every start and end' }),
  },
  { additionalProperties: false },
);

export default defineKind<ChaosSpec>({
  name: 'chaos',
  version: 1,
  title: 'Chaos',
  description: 'Goes wrong where it is told to; part of the test build only.',
  schema,
  units: ({ units }) => units,
  cost: ({ units, unitMs, rowsPerUnit }) => ({
    stepsPerUnit: unitMs * 1e6 + 20_000 + 20 * rowsPerUnit,
    nsPerStep: 1,
    resultBytes: units * rowsPerUnit * 12,
    threadBytes: 1e6 + rowsPerUnit * 12,
  }),
  tables: [TABLE],
  summarise: (_spec, [table]) => ({
    metrics: [{ name: 'rows', value: table!.rows, standardError: null, unit: '1', meaning: 'Rows' }],
    notes: [],
  }),
  examples: [],
});
