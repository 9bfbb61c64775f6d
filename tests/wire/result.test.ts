/** A result survives its byte form bit for bit at any alignment; every damaged form is one clear error. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/contract/columns.js';
import { MmsError } from '../../src/contract/problem.js';
import { decodeTables, requireLittleEndian } from '../../src/wire/frames.js';
import { decodeResult, encodeResult, encodeTables } from '../../src/wire/result.js';
import { tablesArb } from '../support/wire-arbitraries.js';

const summary = {
  metrics: [
    { name: 'pnl', value: -1.5, standardError: null, unit: 'currency', meaning: 'profit and loss' },
    {
      name: 'calmar',
      value: 3,
      standardError: 0.5,
      unit: '1',
      meaning: 'ratio',
      interval: [2, 4] as const,
      flag: 'small sample: 2 runs',
    },
  ],
  notes: ['first', 'second'],
};

function rawBytes(tables: readonly Table[]): number[][] {
  return encodeTables(tables).frames.map((frame) => [...frame]);
}

describe('encodeResult and decodeResult', () => {
  it('give the same bits back, -0, NaN payloads and infinities included, from any byte offset', () => {
    fc.assert(
      fc.property(tablesArb, fc.integer({ min: 0, max: 15 }), (tables, offset) => {
        const bytes = encodeResult({ digest: 'ab'.repeat(32), tables, summary });
        const shifted = new Uint8Array(bytes.length + offset);
        shifted.set(bytes, offset);
        const back = decodeResult(shifted.subarray(offset));
        expect(back.summary).toEqual(summary);
        expect(back.digest).toBe('ab'.repeat(32));
        expect(back.tables.map((t) => [t.name, t.rows, t.columns.length])).toEqual(
          tables.map((t) => [t.name, t.rows, t.columns.length]),
        );
        expect(rawBytes(back.tables)).toEqual(rawBytes(tables));
        back.tables.forEach((table, i) => {
          table.columns.forEach((c, j) => expect(c.constructor).toBe(tables[i]!.columns[j]!.constructor));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('reads a Buffer that starts anywhere, whose own slice() would be a view', () => {
    const tables = [{ name: 't', rows: 2, columns: [Float64Array.of(1, -0), Int32Array.of(3, 4)] }];
    const bytes = encodeResult({ digest: 'd', tables, summary });
    for (let offset = 0; offset < 8; offset++) {
      const pool = Buffer.alloc(bytes.length + offset);
      pool.set(bytes, offset);
      const back = decodeResult(pool.subarray(offset)).tables;
      expect(rawBytes(back)).toEqual(rawBytes(tables));
      expect(rawBytes(decodeTables(encodeTables(tables).header, framesIn(pool, offset, tables)))).toEqual(
        rawBytes(tables),
      );
    }
  });

  it('starts every frame on a multiple of 8 bytes, so that columns are read in place', () => {
    const tables = [{ name: 't', rows: 3, columns: [new Uint8Array(3), new Float64Array([1, 2, 3])] }];
    const bytes = encodeResult({ digest: '', tables, summary });
    const column = decodeResult(bytes).tables[0]!.columns[1]!;
    expect(column.buffer).toBe(bytes.buffer);
    expect(column.byteOffset % 8).toBe(0);
  });

  it('refuses every truncation and every extension with E_CORRUPT_RESULT', () => {
    const tables = [{ name: 't', rows: 2, columns: [new Float64Array([1, 2]), new Int32Array([3, 4])] }];
    const bytes = encodeResult({ digest: 'd', tables, summary });
    for (let n = 0; n < bytes.length; n++) expectCorrupt(bytes.slice(0, n));
    expectCorrupt(Uint8Array.of(...bytes, 0, 0, 0, 0, 0, 0, 0, 0));
  });

  it('never answers a flipped header byte with anything but a result or E_CORRUPT_RESULT', () => {
    const tables = [{ name: 't', rows: 2, columns: [new Float64Array([1, 2])] }];
    const bytes = encodeResult({ digest: 'd', tables, summary });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const damaged = bytes.slice();
        damaged[at]! ^= mask;
        try {
          decodeResult(damaged);
        } catch (error) {
          expect((error as MmsError).problem?.code).toBe('E_CORRUPT_RESULT');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses a table whose column has another length than its rows', () => {
    const tables = [{ name: 'fills', rows: 2, columns: [new Float64Array(3)] }];
    expect(() => encodeTables(tables)).toThrow(/Table fills: expected 2 rows in column 0; got 3/);
  });

  it('refuses a big-endian host', () => {
    expect(() => requireLittleEndian(0)).toThrow(/little-endian/);
  });
});

/** The frames of tables one after the other in one Buffer, from `offset` on. */
function framesIn(pool: Buffer, offset: number, tables: readonly Table[]): Uint8Array[] {
  let at = offset;
  return encodeTables(tables).frames.map((frame) => {
    pool.set(frame, at);
    at += frame.byteLength;
    return pool.subarray(at - frame.byteLength, at);
  });
}

function expectCorrupt(bytes: Uint8Array): void {
  let code: string | undefined = 'nothing thrown';
  try {
    decodeResult(bytes);
  } catch (error) {
    code = error instanceof MmsError ? error.problem.code : String(error);
  }
  expect(code).toBe('E_CORRUPT_RESULT');
}
