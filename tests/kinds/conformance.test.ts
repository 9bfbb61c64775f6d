/** What every job kind must keep, run over all folders of src/kinds: a new kind is tested by existing. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTROL_CANCEL, CONTROL_PROGRESS, CONTROL_SLOTS } from '../../src/core/control.js';
import type { Table } from '../../src/contract/columns.js';
import type { Example, Kind, Run } from '../../src/contract/kind.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import { digestTables } from '../../src/wire/digest.js';
import { resultTables } from '../../src/wire/settle.js';
import { splitInto } from '../../src/jobs/split.js';
import { createRegistry, kindNames } from '../../src/kinds/registry.js';

const folder = resolve(import.meta.dirname, '../../src/kinds');
const registry = createRegistry();

interface Loaded {
  readonly kind: Kind;
  readonly run: Run;
}

async function load(name: string): Promise<Loaded> {
  const { run } = (await import(`../../src/kinds/${name}/run.ts`)) as { run: Run };
  return { kind: await registry.get(name), run };
}

/** Runs an example in so many chunks, in this thread, and returns the joined tables. */
function runInChunks({ kind, run }: Loaded, example: Example, chunks: number): Table[] {
  const spec = checkSpec(kind, example.spec);
  const parts = splitInto(kind.units(spec), chunks, 1).map(({ from, to }) => {
    const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SLOTS));
    const tables = run({ spec, seed: example.seed, from, to, inputs: {}, control });
    expect(control[CONTROL_PROGRESS]).toBeGreaterThanOrEqual(0);
    expect(control[CONTROL_PROGRESS]).toBeLessThanOrEqual(10_000);
    return tables!;
  });
  return resultTables(kind, spec, parts);
}

/** Names of all properties of a JSON schema, at any depth. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(fieldsOf)];
}

/** Objects inside a JSON schema that would let an unknown key pass. */
function openObjects(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const node = schema as Record<string, unknown>;
  const isUnion = 'oneOf' in node; // its branches are looked at below
  const open = node.type === 'object' && !isUnion && node.additionalProperties !== false ? [path || '/'] : [];
  return [...open, ...Object.entries(node).flatMap(([key, value]) => openObjects(value, `${path}/${key}`))];
}

/** Leaves of a JSON schema that do not tell what they are. */
function silentLeaves(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const node = schema as Record<string, unknown>;
  const properties = (node.properties ?? {}) as Record<string, Record<string, unknown>>;
  const silent = Object.entries(properties).flatMap(([name, value]) =>
    'const' in value || typeof value.description === 'string' ? [] : [`${path}/${name}`],
  );
  return [
    ...silent,
    ...Object.entries(node).flatMap(([key, value]) => silentLeaves(value, `${path}/${key}`)),
  ];
}

describe.each(kindNames())('kind %s', (name) => {
  it('has at least one example, and each gives its digest in 1 and in 7 chunks', async () => {
    const loaded = await load(name);
    expect(loaded.kind.examples.length).toBeGreaterThan(0);
    for (const example of loaded.kind.examples) {
      for (const chunks of [1, 7]) {
        const tables = runInChunks(loaded, example, chunks);
        expect({ title: example.title, chunks, digest: digestTables(loaded.kind.tables, tables) }).toEqual({
          title: example.title,
          chunks,
          digest: example.digest,
        });
      }
    }
  });

  it('has an example with several units, so that cutting it means something', async () => {
    const { kind } = await load(name);
    const most = Math.max(...kind.examples.map((example) => kind.units(checkSpec(kind, example.spec))));
    expect(most).toBeGreaterThanOrEqual(7);
  });

  it('does not change the spec and gives other bytes for another seed', async () => {
    const loaded = await load(name);
    const example = loaded.kind.examples[0]!;
    const before = structuredClone(example.spec);
    runInChunks(loaded, example, 1);
    expect(example.spec).toEqual(before);
    const other = runInChunks(loaded, { ...example, seed: example.seed + 1 }, 1);
    expect(digestTables(loaded.kind.tables, other)).not.toBe(example.digest);
  });

  it('stops when it is told to', async () => {
    const { kind, run } = await load(name);
    const spec = checkSpec(kind, kind.examples[0]!.spec);
    const control = new Int32Array(CONTROL_SLOTS);
    control[CONTROL_CANCEL] = 1;
    const task = { spec, seed: 1, from: 0, to: kind.units(spec), inputs: {}, control };
    expect(run(task)).toBeNull();
  });

  it('summarises with finite metrics that say what they are, the same way twice', async () => {
    const loaded = await load(name);
    for (const example of loaded.kind.examples) {
      const spec = checkSpec(loaded.kind, example.spec);
      const tables = runInChunks(loaded, example, 1);
      const summary = loaded.kind.summarise(spec, tables, {});
      expect(loaded.kind.summarise(spec, tables, {})).toEqual(summary);
      expect(summary.metrics.length).toBeGreaterThan(0);
      for (const metric of summary.metrics) {
        expect(metric.meaning).not.toBe('');
        if (metric.value !== null) expect(Number.isFinite(metric.value)).toBe(true);
        if (metric.standardError !== null) expect(metric.standardError).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('estimates a cost that is finite, positive, and no smaller than its result', async () => {
    const loaded = await load(name);
    for (const example of loaded.kind.examples) {
      const spec = checkSpec(loaded.kind, example.spec);
      const cost = loaded.kind.cost(spec);
      for (const value of Object.values(cost)) expect(Number.isFinite(value) && value > 0).toBe(true);
      const bytes = runInChunks(loaded, example, 1)
        .flatMap((table) => table.columns)
        .reduce((sum, column) => sum + column.byteLength, 0);
      expect(cost.resultBytes).toBeGreaterThanOrEqual(bytes / 2);
    }
  });

  it('has a closed schema whose fields are described here and in its README', async () => {
    const { kind } = await load(name);
    expect(kind.name).toBe(name);
    expect(openObjects(kind.schema)).toEqual([]);
    expect(silentLeaves(kind.schema)).toEqual([]);
    const readme = readFileSync(join(folder, name, 'README.md'), 'utf8');
    expect([...new Set(fieldsOf(kind.schema))].filter((field) => !readme.includes(field))).toEqual([]);
  });

  it('declares every column with unit and meaning, under names that are used once', async () => {
    const { kind } = await load(name);
    const names = kind.tables.map((table) => table.name);
    expect(new Set(names).size).toBe(names.length);
    for (const table of kind.tables) {
      const columns = table.columns.map((column) => column.name);
      expect(new Set(columns).size).toBe(columns.length);
      expect(table.columns.filter((column) => !column.unit || !column.meaning)).toEqual([]);
    }
  });
});
