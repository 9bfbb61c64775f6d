/** Random tables for the tests of everything that moves columns. */
import fc from 'fast-check';
import type { ColumnData, Table } from '../../src/contract/columns.js';

function columnArb(rows: number): fc.Arbitrary<ColumnData> {
  const size = { minLength: rows, maxLength: rows };
  return fc.oneof(
    fc.float64Array(size).map((a) => Float64Array.from(a)),
    fc.int32Array(size).map((a) => Int32Array.from(a)),
    fc.uint32Array(size).map((a) => Uint32Array.from(a)),
    fc.uint8Array(size).map((a) => Uint8Array.from(a)),
  );
}

export const tableArb: fc.Arbitrary<Table> = fc
  .tuple(fc.string({ maxLength: 20 }), fc.nat(20))
  .chain(([name, rows]) =>
    fc.array(columnArb(rows), { maxLength: 5 }).map((columns) => ({ name, rows, columns })),
  );

export const tablesArb = fc.array(tableArb, { maxLength: 4 });
