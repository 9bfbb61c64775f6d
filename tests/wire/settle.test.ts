/** Chunks join into one result whose bytes do not depend on the cut; what is malformed is refused by name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/contract/columns.js';
import type { Chunk } from '../../src/contract/ports.js';
import { verify } from '../../src/jobs/results.js';
import { digestTables } from '../../src/wire/digest.js';
import { encodeResult } from '../../src/wire/result.js';
import { joinTables, settle } from '../../src/wire/settle.js';
import { splitInto } from '../../src/jobs/split.js';
import { runToy, toyKind } from '../support/toy-kind.js';

const chunksOf = (units: number, chunks: number, seed: number): Table[][] =>
  splitInto(units, chunks, 1).map((range) =>
    runToy({ ...range, seed, spec: { factor: 0.1 } } as unknown as Chunk),
  );
const spec = { units: 1, stepsPerUnit: 1, factor: 0.1 };
const settled = (chunks: readonly Table[][]) => settle(toyKind, spec, chunks, {});
const table = (...columns: Table['columns']): Table => ({ name: 'runs', rows: columns[0]!.length, columns });
const units = Int32Array.of(0, 1);

describe('settle', () => {
  it('gives the same bytes for every cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        (n, chunks, seed) => {
          const whole = settled(chunksOf(n, 1, seed));
          const cut = settled(chunksOf(n, chunks, seed));
          expect(cut.digest).toBe(whole.digest);
          expect(Buffer.from(cut.bytes).equals(whole.bytes)).toBe(true);
          expect(cut.summary.metrics[0]!.value).toBe(n);
        },
      ),
    );
  });

  it('joins a large result in its own memory to the bytes of the plain encoder, for every cut', () => {
    // 12 bytes a row: both sides of the size from which on it is placed, and a header beyond its room.
    for (const [n, notes] of [
      [87_381, []],
      [87_382, []],
      [200_003, ['x'.repeat(9_000)]],
      [200_003, Array.from({ length: 9 }, () => 'x'.repeat(9_000))],
    ] as const) {
      const summary = { metrics: [], notes };
      const kind: typeof toyKind = { ...toyKind, summarise: () => summary };
      const [tables] = chunksOf(n, 1, 3);
      const digest = digestTables(kind.tables, tables!);
      const plain = encodeResult({ digest, tables: tables!, summary });
      for (const chunks of [1, 7]) {
        const cut = settle(kind, spec, chunksOf(n, chunks, 3), {});
        expect(cut.digest).toBe(digest);
        expect(Buffer.compare(cut.bytes, plain)).toBe(0);
        expect(verify(kind as never, cut.bytes)?.digest).toBe(digest);
      }
    }
  });

  it('encodes what verify finds again, and verify notices every flipped bit of the columns', () => {
    const { bytes, digest } = settled(chunksOf(9, 2, 5));
    expect(verify(toyKind as never, bytes)).toMatchObject({
      digest,
      summary: { metrics: [{ name: 'rows', value: 9 }] },
    });
    const columns = 40 + 72;
    for (let bit = (bytes.length - columns) * 8; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      // The 4 bytes that pad 9 x i32 to a multiple of 8 belong to no number.
      const padding = bit >> 3 >= bytes.length - 76 && bit >> 3 < bytes.length - 72;
      expect(verify(toyKind as never, flipped) === null).toBe(!padding);
    }
  });

  it.each<[string, Table[][]]>([
    ['expected 1 tables; got 0', [[]]],
    ['expected table "runs"; got "walks"', [[{ ...table(units, Float64Array.of(1, 2)), name: 'walks' }]]],
    ['expected 2 columns in runs; got 1', [[table(units)]]],
    ['expected runs.value as f64; got Int32Array', [[table(units, units)]]],
    ['expected 2 rows in runs.value; got 3', [[table(units, Float64Array.of(1, 2, 3))]]],
    [
      'Chunk 1: expected 2 rows in runs.unit',
      [[table(units, Float64Array.of(1, 2))], [{ ...table(units.subarray(1), Float64Array.of(1)), rows: 2 }]],
    ],
  ])('refuses a malformed chunk: %s', (message, chunks) => {
    expect(() => joinTables(toyKind.tables, chunks)).toThrow(message);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s with its place', (value) => {
    const chunks = [[table(units, Float64Array.of(1, 2))], [table(units, Float64Array.of(3, value))]];
    expect(() => settled(chunks)).toThrow(
      `a finite number in row 3 of runs.value; the job computed ${value}`,
    );
  });
});
