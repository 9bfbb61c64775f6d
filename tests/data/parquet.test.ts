/** Parquet files read back by a reader of their own: the same bits as the table, with its types. */
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import type { DescribedTable } from '../../src/contract/columns.js';
import { columnsToParquet, tableToParquet } from '../../src/data/parquet.js';

const columns = [
  { name: 'tNs', type: 'f64', unit: 'ns', meaning: 'time' },
  { name: 'pnl', type: 'f64', unit: 'currency', meaning: 'profit, "marked"' },
  { name: 'bidTicks', type: 'i32', unit: 'ticks', meaning: 'best bid' },
  { name: 'hash', type: 'u32', unit: '1', meaning: 'hash' },
  { name: 'side', type: 'u8', unit: '1', meaning: 'side' },
] as const;

function tableOf(rows: readonly (readonly [number, number, number])[]): DescribedTable {
  const i32 = rows.map(([, , n]) => n);
  return {
    name: 'series',
    rows: rows.length,
    columns: [
      Float64Array.from(rows, ([t]) => t),
      Float64Array.from(rows, ([, x]) => x),
      Int32Array.from(i32),
      Uint32Array.from(i32),
      Uint8Array.from(i32),
    ],
    decl: { name: 'series', title: 'First run', columns },
  };
}

function bytesOf(pieces: Iterable<Uint8Array>): ArrayBuffer {
  const bytes = Buffer.concat([...pieces]);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}

const typesOf = (file: ArrayBuffer): (string | undefined)[] =>
  parquetMetadata(file)
    .schema.slice(1)
    .map(({ type }) => type);

it('reads back as the same bits in the same types', async () => {
  const row = fc.tuple(
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
      const table = tableOf(rows);
      const file = bytesOf(tableToParquet(table));
      expect(typesOf(file)).toEqual(['INT64', 'DOUBLE', 'INT32', 'INT64', 'INT32']);
      const read = await parquetReadObjects({ file });
      expect(read.length).toBe(rows.length);
      for (const [i, got] of read.entries()) {
        const [tNs, pnl, bidTicks, hash, side] = table.columns.map((column) => column[i]!);
        expect(got).toEqual({ tNs: BigInt(tNs!), pnl, bidTicks, hash: BigInt(hash!), side });
      }
    }),
    { examples: [[[[0, -0, 0]]], [[]]] },
  );
});

it('keeps doubles where a nanosecond is not whole', async () => {
  const file = bytesOf(tableToParquet(tableOf([[0.5, 0, 0]]))); // prettier-ignore
  expect(typesOf(file)[0]).toBe('DOUBLE');
  expect((await parquetReadObjects({ file }))[0]).toMatchObject({ tNs: 0.5 });
});

it('comes in bounded row groups, none of them lost, and tells unit and meaning', async () => {
  const rows = 70_000;
  const table = tableOf(Array.from({ length: rows }, (_, i) => [i * 1000, i / 7, i]));
  const pieces = [...tableToParquet(table)];
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 * 2 ** 20);
  const file = bytesOf(pieces);
  const { row_groups, key_value_metadata } = parquetMetadata(file);
  expect(row_groups.length).toBe(6);
  expect(pieces.length).toBe(7);
  const told = Object.fromEntries(key_value_metadata!.map(({ key, value }) => [key, value]));
  expect(told).toEqual({ title: 'First run', columns: JSON.stringify(columns) });
  const last = (await parquetReadObjects({ file, rowStart: rows - 1, rowEnd: rows }))[0];
  expect(last).toMatchObject({ tNs: BigInt((rows - 1) * 1000), pnl: (rows - 1) / 7, bidTicks: rows - 1 });
});

it('takes text and nothing', async () => {
  const file = bytesOf(
    columnsToParquet(
      [
        { name: 'state', type: 'STRING', data: ['done', 'é', 'done'] },
        { name: 'sharpe', type: 'DOUBLE', data: [1.5, null, -0], nullable: true },
        { name: 'seed', type: 'INT64', data: [2 ** 53 - 1, null, 1], nullable: true },
      ],
      3,
    ),
  );
  expect(await parquetReadObjects({ file })).toEqual([
    { state: 'done', sharpe: 1.5, seed: 2n ** 53n - 1n },
    { state: 'é', sharpe: null, seed: null },
    { state: 'done', sharpe: -0, seed: 1n },
  ]);
});

it.each([NaN, Infinity])('refuses %d, which no result may hold', (value) => {
  expect(() => [...tableToParquet(tableOf([[0, value, 0]]))]).toThrow(`pnl holds ${value}`);
});
