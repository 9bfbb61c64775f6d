/** Lines come out the same, however the file is cut into pieces, and are bounded. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../../src/data/line-reader.js';

const FILE = { path: '', label: 'text', pointer: null };

describe('LineReader', () => {
  it('tells every line with its number, whatever the pieces, and keeps nothing of them', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '7', '{', '\r '), maxLength: 8 });
    const lineEnd = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 60, size: 'max' }),
        lineEnd,
        fc.nat(20),
        fc.boolean(),
        (lines, end, size, last) => {
          // Empty lines at the end of a file are none of its lines.
          const told = lines.slice(0, lines.findLastIndex((text) => text !== '' && text !== '\r') + 1);
          const bytes = Buffer.from(lines.join(end) + (last ? end : ''));
          const got: [number, string][] = [];
          const reader = new LineReader(FILE, (text) => got.push([reader.line, text]));
          for (let at = 0; at < bytes.length; at += size + 1) {
            const lent = Uint8Array.from(bytes.subarray(at, at + size + 1));
            reader.feed(lent);
            lent.fill(0x21);
          }
          reader.end();
          expect(got).toEqual(told.map((text, i) => [i + 1, text]));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('refuses a line of more than 16 MiB', () => {
    const reader = new LineReader(FILE, () => undefined);
    const piece = Buffer.alloc(2 ** 23, 'x');
    reader.feed(Buffer.from('short\n'));
    reader.feed(piece);
    reader.feed(piece);
    expect(() => reader.feed(Buffer.from('x'))).toThrow(/^text:2: expected a line of at most 16777216 bytes/);
  });
});
