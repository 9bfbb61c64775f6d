/** A small pure kind and its run(), for tests of the hall: rows follow from spec, seed and unit alone. */
import { Type } from 'typebox';
import type { Table } from '../../src/contract/columns.js';
import { defineKind, type Kind } from '../../src/contract/kind.js';
import type { Chunk, Kinds } from '../../src/contract/ports.js';
import { MmsError } from '../../src/contract/problem.js';

export interface ToySpec {
  readonly units: number;
  readonly stepsPerUnit: number;
  readonly factor: number;
  readonly file?: string;
}

const limits = { maximum: 1e12, minimum: 1 };
const schema = Type.Object(
  {
    units: Type.Integer({ ...limits, default: 4 }),
    stepsPerUnit: Type.Number({ ...limits, default: 10e6 }),
    factor: Type.Number({ default: 1 }),
    file: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

export const toyKind = defineKind<ToySpec>({
  name: 'toy',
  version: 1,
  title: 'Toy',
  description: 'Multiplies unit numbers.',
  schema,
  units: (spec) => spec.units,
  cost: (spec) => ({
    stepsPerUnit: spec.stepsPerUnit,
    nsPerStep: 1,
    resultBytes: spec.units * 12,
    threadBytes: 1024,
  }),
  inputs: ({ file }) =>
    file === undefined
      ? []
      : [{ name: 'day', importer: 'toy', files: { rows: file }, pointers: { rows: '/file' } }],
  tables: [
    {
      name: 'runs',
      title: 'Runs',
      columns: [
        { name: 'unit', type: 'i32', unit: '1', meaning: 'Unit number' },
        { name: 'value', type: 'f64', unit: '1', meaning: 'seed + factor x unit' },
      ],
    },
  ],
  summarise: (_spec, tables, inputs) => ({
    metrics: [{ name: 'rows', value: tables[0]!.rows, standardError: null, unit: '1', meaning: 'Rows' }],
    notes: inputs['day']?.notes ?? [],
  }),
  examples: [],
});

/** The tables of one chunk. */
export function runToy(chunk: Chunk): Table[] {
  const { factor } = chunk.spec as ToySpec;
  const units = Array.from({ length: chunk.to - chunk.from }, (_, i) => chunk.from + i);
  const values = Float64Array.from(units, (unit) => chunk.seed + factor * unit);
  return [{ name: 'runs', rows: units.length, columns: [Int32Array.from(units), values] }];
}

export const toyKinds: Kinds = {
  names: () => ['toy'],
  get: async (name) => {
    if (name !== 'toy') throw new MmsError('E_KIND', `Expected toy; got "${name}".`);
    return toyKind as Kind;
  },
};
