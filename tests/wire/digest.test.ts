/** The digest can be recomputed from its description and notices every change. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableDecl } from '../../src/contract/columns.js';
import { digestTables } from '../../src/wire/digest.js';

const column = (name: string, type: 'f64' | 'i32' | 'u32' | 'u8') => ({
  name,
  type,
  unit: '1',
  meaning: name,
});
const decls: TableDecl[] = [
  { name: 'runs', title: 'Runs', columns: [column('pnl', 'f64'), column('fills', 'i32')] },
  { name: 'flags', title: 'Flags', columns: [column('flag', 'u8')] },
];
const make = (pnl: number[], fills: number[], flags: number[]) => [
  { name: 'runs', rows: pnl.length, columns: [Float64Array.from(pnl), Int32Array.from(fills)] },
  { name: 'flags', rows: flags.length, columns: [Uint8Array.from(flags)] },
];

describe('digestTables', () => {
  it('is the SHA-256 of the framing that its docstring tells', () => {
    const f64 = Buffer.alloc(16);
    f64.writeDoubleLE(1.5, 0);
    f64.writeDoubleLE(-0, 8);
    const i32 = Buffer.alloc(8);
    i32.writeInt32LE(-7, 0);
    i32.writeInt32LE(9, 4);
    const byHand = createHash('sha256')
      .update('table runs 2\ncolumn pnl f64 16\n')
      .update(f64)
      .update('column fills i32 8\n')
      .update(i32)
      .update('table flags 1\ncolumn flag u8 1\n')
      .update(Buffer.from([3]))
      .digest('hex');
    expect(digestTables(decls, make([1.5, -0], [-7, 9], [3]))).toBe(byHand);
  });

  it('reads only the view, not the whole buffer behind it', () => {
    const wide = Float64Array.from([9, 1, 2, 9]);
    const tables = make([1, 2], [1, 2], []);
    const seen = [{ ...tables[0]!, columns: [wide.subarray(1, 3), tables[0]!.columns[1]!] }, tables[1]!];
    expect(digestTables(decls, seen)).toBe(digestTables(decls, tables));
  });

  it('tells -0 from 0 and changes with any single element', () => {
    expect(digestTables(decls, make([0], [0], []))).not.toBe(digestTables(decls, make([-0], [0], [])));
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.nat(), fc.integer(), (values, at, other) => {
        const index = at % values.length;
        fc.pre(values[index] !== other);
        const changed = values.with(index, other);
        const pnl = values.map(() => 0);
        expect(digestTables(decls, make(pnl, values, []))).not.toBe(
          digestTables(decls, make(pnl, changed, [])),
        );
      }),
    );
  });

  it('refuses tables that are not the declared ones', () => {
    expect(() => digestTables(decls, make([], [], []).slice(0, 1))).toThrow('2 tables are declared, 1 came');
    expect(() => digestTables(decls, make([], [], []).reverse())).toThrow('not "runs"');
  });
});
