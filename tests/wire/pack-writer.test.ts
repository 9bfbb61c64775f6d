/** A pack's results have the very bytes that the plain encoder gives, whatever their shapes; 3 s. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnData, Table, TableDecl } from '../../src/contract/columns.js';
import type { Run, Summary } from '../../src/contract/kind.js';
import { MmsError } from '../../src/contract/problem.js';
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import { createRegistry, kindNames } from '../../src/kinds/registry.js';
import { digestTables } from '../../src/wire/digest.js';
import { columnType } from '../../src/wire/frames.js';
import { readEnds } from '../../src/wire/pack.js';
import { PackWriter } from '../../src/wire/pack-writer.js';
import { encodeResult } from '../../src/wire/result.js';
import { resultTables } from '../../src/wire/settle.js';
import { tablesArb } from '../support/wire-arbitraries.js';

interface Made {
  readonly decls: readonly TableDecl[];
  readonly tables: readonly Table[];
  readonly summary: Summary;
}

const plain = ({ decls, tables, summary }: Made): Uint8Array =>
  encodeResult({ digest: digestTables(decls, tables), tables, summary });

/** Writes all as one pack; null stands for a job without a result. */
function expectPlainBytes(jobs: readonly (Made | null)[]): void {
  const writer = new PackWriter(jobs.length);
  for (const job of jobs) {
    if (job) writer.addResult(job.decls, job.tables, job.summary);
    else writer.addProblem(new MmsError('E_JOB', 'none').problem);
  }
  const { lengths, bytes, problems } = readEnds(writer.tables(), jobs.length);
  let at = 0;
  jobs.forEach((job, i) => {
    const own = bytes.subarray(at, (at += lengths[i]!));
    expect(Buffer.compare(own, job ? plain(job) : new Uint8Array())).toBe(0);
    expect(problems.has(i)).toBe(job === null);
  });
  expect(at).toBe(bytes.length);
}

function declsOf(tables: readonly Table[], optional: boolean): TableDecl[] {
  return tables.map(({ name, columns }) => ({
    name,
    title: name,
    optional,
    columns: columns.map((data, c) => ({ name: `c${c}`, type: columnType(data), unit: '1', meaning: '' })),
  }));
}

/** The same declarations, other rows and numbers. */
function repeated(column: ColumnData, times: number): ColumnData {
  const Type = column.constructor as new (values: number[]) => ColumnData;
  return new Type(Array.from({ length: times }, () => [...column]).flat());
}

const summaryArb: fc.Arbitrary<Summary> = fc.record(
  {
    metrics: fc.array(
      fc.record({
        name: fc.string(),
        value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
        standardError: fc.constant(null),
        unit: fc.constant('1'),
        meaning: fc.string({ unit: 'binary', maxLength: 400 }),
      }),
      { maxLength: 20 },
    ),
    notes: fc.array(fc.string(), { maxLength: 3 }),
    documents: fc.constant([{ name: 'fit.yaml', text: 'a: 1' }]),
  },
  { requiredKeys: ['metrics', 'notes'] },
);

describe('PackWriter', () => {
  it('writes random tables as the plain encoder does, empty and optional ones included', () => {
    const jobArb = fc.tuple(tablesArb, fc.boolean(), fc.array(summaryArb, { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(jobArb, { minLength: 1, maxLength: 4 }), (kinds) => {
        const jobs = kinds.flatMap(([tables, optional, summaries]) => {
          const decls = declsOf(tables, optional);
          const longer = (times: number): Table[] =>
            tables.map(({ name, rows, columns }) => ({
              name,
              rows: rows * times,
              columns: columns.map((column) => repeated(column, times)),
            }));
          return [
            ...summaries.map((summary, i): Made => ({ decls, tables: longer(i), summary })),
            { decls, tables, summary: summaries[0]! },
            { decls, tables, summary: summaries.at(-1)! },
            null,
          ];
        });
        expectPlainBytes(jobs);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps bits that no codec keeps, and reads views on larger memories', () => {
    const wide = Float64Array.of(9, -0, 5e-324, 9);
    const tables = (data: ColumnData): Table[] => [{ name: 't', rows: data.length, columns: [data] }];
    const summary = { metrics: [], notes: [] };
    for (const data of [wide.subarray(1, 3), wide.subarray(1, 2), wide.subarray(4)])
      expectPlainBytes([{ decls: declsOf(tables(data), false), tables: tables(data), summary }]);
  });

  it('writes every quick example of every kind as the plain encoder does', async () => {
    const registry = createRegistry();
    let seen = 0;
    for (const name of kindNames()) {
      const kind = await registry.get(name);
      const { run } = (await import(`../../src/kinds/${name}/run.ts`)) as { run: Run };
      const jobs = kind.examples.flatMap((example): Made[] => {
        const spec = checkSpec(kind, example.spec);
        const { stepsPerUnit, nsPerStep } = kind.cost(spec);
        const to = kind.units(spec);
        if (to * stepsPerUnit * nsPerStep > 5e6 || kind.inputs?.(spec).length) return [];
        const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SLOTS));
        const chunk = run({ spec, seed: example.seed, from: 0, to, inputs: {}, control })!;
        const tables = resultTables(kind, spec, [chunk]);
        return [{ decls: kind.tables, tables, summary: kind.summarise(spec, tables, {}) }];
      });
      expectPlainBytes([...jobs, ...jobs]);
      seen += jobs.length;
    }
    expect(seen).toBeGreaterThanOrEqual(4);
  });
});
