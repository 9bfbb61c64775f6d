/** The scan agrees with the decoder on honest bytes and refuses bombs before anything is allocated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, WireError } from '../../src/wire/codec.js';
import { MAX_DEPTH, scan } from '../../src/wire/scan.js';

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 20, noNullPrototype: true },
    ),
  ),
})).value;

const nested = (depth: number): Uint8Array => Uint8Array.of(...Array<number>(depth).fill(0x91), 0xc0);

describe('scan', () => {
  it('accepts whatever the encoder writes, and the decoder gives it back', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const bytes = encode(value);
        expect(scan(bytes)).toBeNull();
        // JSON's own comparison: -0 becomes 0 in MessagePack too.
        expect(JSON.stringify(decode(bytes))).toBe(JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });

  it('accepts every long form: str8..32, bin8..32, array16..32, map16..32', () => {
    for (const n of [40, 300, 70_000]) {
      for (const value of ['x'.repeat(n), new Uint8Array(n), Array<number>(n).fill(1)]) {
        expect(scan(encode(value))).toBeNull();
      }
      const map = Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]));
      expect(scan(encode(map))).toBeNull();
    }
  });

  it('refuses every truncation', () => {
    fc.assert(
      fc.property(plain, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value, part) => {
        const bytes = encode(value);
        expect(scan(bytes.subarray(0, Math.floor(bytes.length * part)))).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('lets no random bytes reach the decoder that make it throw anything but WireError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it('refuses nesting beyond the limit and takes nesting at it', () => {
    expect(scan(nested(MAX_DEPTH))).toBeNull();
    expect(scan(nested(MAX_DEPTH + 1))).toBe('too-deep');
  });

  it('refuses 5,000 bytes of nested array headers and 100 bytes of huge ones without allocating', () => {
    const headers = (n: number, ...head: number[]): Uint8Array =>
      Uint8Array.from(Array.from({ length: n }, () => head).flat());
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    expect(scan(headers(1_000, 0xdd, 0x7f, 0xff, 0xff, 0xff))).toBe('overclaims');
    expect(scan(headers(20, 0xdd, 0x02, 0, 0, 0))).toBe('overclaims');
    expect(scan(headers(20, 0xdf, 0xff, 0xff, 0xff, 0xff))).toBe('overclaims');
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(8e6);
  });

  it('bounds the bytes of a header', () => {
    expect(() => decode(encode('x'.repeat(100)), 50)).toThrow(/at most 50 bytes of header; got 102/);
  });
});
