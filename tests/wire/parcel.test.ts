/** Frames in one byte string: what was packed comes back, in place, and nothing else does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../../src/wire/codec.js';
import { packFrames, unpackFrames } from '../../src/wire/parcel.js';

const frames = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 });

describe('packFrames', () => {
  it('is undone by unpackFrames, with every frame begun at a multiple of 8', () => {
    fc.assert(
      fc.property(frames, (given) => {
        const back = unpackFrames(packFrames(given));
        expect(back.map((frame) => [...frame])).toEqual(given.map((frame) => [...frame]));
        expect(back.every(({ byteOffset }) => byteOffset % 8 === 0)).toBe(true);
      }),
    );
  });

  it('gives a WireError for bytes that are cut or longer', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 16 }), (given, by) => {
        const bytes = packFrames(given);
        const longer = new Uint8Array(bytes.length + by);
        longer.set(bytes);
        expect(() => unpackFrames(longer)).toThrow(WireError);
        expect(() => unpackFrames(bytes.subarray(0, Math.max(0, bytes.length - by)))).toThrow(WireError);
      }),
    );
  });

  it('gives frames or a WireError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          expect(unpackFrames(bytes).length).toBeGreaterThan(0);
        } catch (cause) {
          expect(cause).toBeInstanceOf(WireError);
        }
      }),
    );
  });
});
