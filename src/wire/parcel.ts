/**
 * The frames of one message as one byte string, for carriers whose messages have no frames: a count, a length
 * for each, then the frames, each begun at a multiple of 8 so that columns can be read in place.
 */
import { WireError } from './codec.js';

const ALIGN = 8;
const MAX_FRAMES = 256 * 1024 + 1;

export function packFrames(frames: readonly Uint8Array[]): Uint8Array {
  const starts: number[] = [];
  let size = aligned(4 * (frames.length + 1));
  for (const frame of frames) {
    starts.push(size);
    size = aligned(size + frame.byteLength);
  }
  const bytes = new Uint8Array(size);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, frames.length, true);
  frames.forEach((frame, i) => {
    head.setUint32(4 * (i + 1), frame.byteLength, true);
    bytes.set(frame, starts[i]!);
  });
  return bytes;
}

/** The frames as views on `bytes`. Throws WireError when they do not fill it exactly. */
export function unpackFrames(bytes: Uint8Array): Uint8Array[] {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.byteLength < 4 ? 0 : head.getUint32(0, true);
  if (count < 1 || count > MAX_FRAMES || 4 * (count + 1) > bytes.byteLength) {
    throw new WireError(
      'frames',
      `expected 1..${MAX_FRAMES} frames; got ${count} in ${bytes.byteLength} bytes`,
    );
  }
  const frames: Uint8Array[] = [];
  let at = aligned(4 * (count + 1));
  for (let i = 1; i <= count; i++) {
    const size = head.getUint32(4 * i, true);
    if (at + size > bytes.byteLength) {
      throw new WireError(
        'frames',
        `frame ${i} of ${count}: expected ${size} bytes; the message ends before`,
      );
    }
    frames.push(bytes.subarray(at, at + size));
    at = aligned(at + size);
  }
  if (at !== bytes.byteLength) {
    throw new WireError('frames', `expected ${at} bytes of frames; got ${bytes.byteLength}`);
  }
  return frames;
}

function aligned(size: number): number {
  return Math.ceil(size / ALIGN) * ALIGN;
}
