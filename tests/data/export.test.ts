/** Exports: text of a table reads back as the same bits, in CSV and in JSON. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DescribedTable } from '../../src/contract/columns.js';
import { tableToCsv } from '../../src/data/export-csv.js';
import { tableToJson } from '../../src/data/export-json.js';

function tableOf(f64: readonly number[], i32: readonly number[]): DescribedTable {
  const columns = [
    { name: 'pnl', type: 'f64', unit: 'currency', meaning: 'profit, "marked"' },
    { name: 'bidTicks', type: 'i32', unit: 'ticks', meaning: 'best bid' },
    { name: 'hash', type: 'u32', unit: '1', meaning: 'hash' },
    { name: 'side', type: 'u8', unit: '1', meaning: 'side' },
  ] as const;
  return {
    name: 'series',
    rows: f64.length,
    columns: [Float64Array.from(f64), Int32Array.from(i32), Uint32Array.from(i32), Uint8Array.from(i32)],
    decl: { name: 'series', title: 'First run', columns },
  };
}

const text = (chunks: Iterable<string>): string => [...chunks].join('');

/** The table again from its CSV text. */
function fromCsv(csv: string): DescribedTable {
  const lines = csv.trimEnd().split('\n').slice(1);
  const cells = lines.map((line) => line.split(',').map(Number));
  return tableOf(
    cells.map((row) => row[0] ?? NaN),
    cells.map((row) => row[1] ?? NaN),
  );
}

const rows = fc.array(
  fc.tuple(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  ),
  { maxLength: 40 },
);

describe('csv', () => {
  it('has the column names as header and keeps -1', () => {
    const csv = text(tableToCsv(tableOf([0.1, 1e-7, -0], [-1, 0, 300])));
    expect(csv).toBe('pnl,bidTicks,hash,side\n0.1,-1,4294967295,255\n1e-7,0,0,0\n-0,300,300,44\n');
  });

  it('of an empty table is the header', () => {
    expect(text(tableToCsv(tableOf([], [])))).toBe('pnl,bidTicks,hash,side\n');
  });

  it('reads back as the same bits', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const table = tableOf(pairs.map(([x]) => x), pairs.map(([, n]) => n)); // prettier-ignore
        expect(fromCsv(text(tableToCsv(table)))).toEqual(table);
      }),
    );
  });

  it('comes in bounded chunks, none of them lost', () => {
    const numbers = Array.from({ length: 10_000 }, (_, i) => i / 7);
    const chunks = [...tableToCsv(tableOf(numbers, numbers.map(Math.floor)))];
    expect(Math.max(...chunks.map((chunk) => chunk.split('\n').length))).toBeLessThan(2100);
    expect(fromCsv(chunks.join('')).columns[0]).toEqual(Float64Array.from(numbers));
  });
});

describe('json', () => {
  it('tells the declarations and holds one array per column', () => {
    const table = tableOf([0.5, -0], [-1, 7]);
    const document = JSON.parse(text(tableToJson(table))) as { data: Record<string, number[]> };
    expect(document).toMatchObject({
      name: 'series',
      title: 'First run',
      rows: 2,
      columns: table.decl.columns,
    });
    expect(document.data).toEqual({
      pnl: [0.5, -0],
      bidTicks: [-1, 7],
      hash: [4294967295, 7],
      side: [255, 7],
    });
  });

  it('reads back as the same bits, also in many chunks', () => {
    const long = Array.from({ length: 20_000 }, (_, i) => [i / 3, i] as [number, number]);
    fc.assert(
      fc.property(rows, (pairs) => {
        const table = tableOf(pairs.map(([x]) => x), pairs.map(([, n]) => n)); // prettier-ignore
        const { data } = JSON.parse(text(tableToJson(table))) as { data: Record<string, number[]> };
        expect(Object.values(data).map((values) => [...values])).toEqual(
          table.columns.map((column) => [...column]),
        );
      }),
      { examples: [[long]] },
    );
  });

  it('of an empty table is a document with empty arrays', () => {
    const { data } = JSON.parse(text(tableToJson(tableOf([], [])))) as { data: Record<string, number[]> };
    expect(data).toEqual({ pnl: [], bidTicks: [], hash: [], side: [] });
  });
});

it('a number that is not finite is refused: no result may hold one', () => {
  const table = tableOf([NaN], [0]);
  expect(() => text(tableToCsv(table))).toThrow('NaN');
  expect(() => text(tableToJson(table))).toThrow('NaN');
});
