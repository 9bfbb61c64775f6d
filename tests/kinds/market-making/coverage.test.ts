/** Every market and every strategy stands in an example, so that the conformance suites run all of them. */
import { expect, it } from 'vitest';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import kind from '../../../src/kinds/market-making/index.js';

/** What needs files: tests/e2e/files.test.ts runs these in any chunks, threads and nodes. */
const NEEDS_FILES = ['replay', 'custom'];

const { properties } = kind.schema as {
  properties: Record<string, { oneOf: { properties: { type: { const: string } } }[] }>;
};
const typesOf = (field: string): string[] => properties[field]!.oneOf.map((one) => one.properties.type.const);

it.each(['market', 'strategy'])('each %s of the schema is in an example, or needs files', (field) => {
  const specs = kind.examples.map(({ spec }) => checkSpec(kind, spec) as unknown as Record<string, Typed>);
  const used = new Set(specs.map((spec) => spec[field]!.type));
  expect(typesOf(field).length).toBeGreaterThan(5);
  expect(typesOf(field).filter((type) => !used.has(type) && !NEEDS_FILES.includes(type))).toEqual([]);
});

interface Typed {
  readonly type: string;
}
