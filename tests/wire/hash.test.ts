/** The hash of an answer tells any two different answers apart and is the same on both sides of the wire. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/contract/columns.js';
import { HASH, hashTables } from '../../src/wire/hash.js';
import { decodeNodeMessage, encodeMessage } from '../../src/wire/messages.js';
import { tablesArb } from '../support/wire-arbitraries.js';

const one = (...columns: Table['columns']): Table => ({ name: 't', rows: columns[0]!.length, columns });

describe('hashTables', () => {
  it('is what the router would get from the frames that arrive', () => {
    fc.assert(
      fc.property(tablesArb, (tables) => {
        const hash = hashTables(tables);
        expect(hash).toMatch(HASH);
        const head = { type: 'done', epoch: 1, jobId: 'j', chunk: 0, attempt: 1, computeNs: 1 } as const;
        const back = decodeNodeMessage(encodeMessage({ ...head, hash, tables }));
        expect(back.type === 'done' && [back.hash, hashTables(back.tables)]).toEqual([hash, hash]);
      }),
      { numRuns: 50 },
    );
  });

  it('differs for one bit, one name, one type, and another cut of the same bytes', () => {
    const f64 = Float64Array.of(0, 1);
    const answers = [
      [],
      [one(f64)],
      [one(Float64Array.of(-0, 1))],
      [{ ...one(f64), name: 'u' }],
      [one(new Uint8Array(f64.buffer))],
      [one(Float64Array.of(0)), one(Float64Array.of(1))],
      [one(Float64Array.of(0), Float64Array.of(1))],
      [one(Int32Array.of(1))],
      [one(Uint32Array.of(1))],
    ];
    expect(new Set(answers.map(hashTables)).size).toBe(answers.length);
  });
});
