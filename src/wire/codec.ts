/** MessagePack in and out: encoding is plain, decoding is bounded and scanned before anything is built. */
import { Decoder, Encoder } from '@msgpack/msgpack';
import { scan } from './scan.js';

/** Largest MessagePack header; columns travel beside it as raw frames. */
export const MAX_HEADER_BYTES = 64 * 1024 * 1024;

/**
 * Bytes from outside that are not what they should be; `reason` is a metric label: short, without user
 * data.
 */
export class WireError extends Error {
  readonly reason: string;

  constructor(reason: string, detail: string) {
    super(detail);
    this.name = 'WireError';
    this.reason = reason;
  }
}

const encoder = new Encoder({ maxDepth: 32 });
const decoder = new Decoder();

/** MessagePack of plain data. -0 becomes 0, so anything that is hashed travels as a raw frame instead. */
export function encode(value: unknown): Uint8Array {
  return encoder.encode(value);
}

/** As encode, without a copy: the bytes are good until the next call of either. */
export function encodeShared(value: unknown): Uint8Array {
  return encoder.encodeSharedRef(value);
}

/**
 * The value in `bytes`. Throws WireError when they are too many, overclaim, nest too deep, or are not
 * MessagePack.
 */
export function decode(bytes: Uint8Array, maxBytes = MAX_HEADER_BYTES): unknown {
  if (bytes.length > maxBytes) {
    throw new WireError('too-large', `expected at most ${maxBytes} bytes of header; got ${bytes.length}`);
  }
  const fault = scan(bytes);
  if (fault) throw new WireError(fault, `the bytes are not one bounded MessagePack value (${fault})`);
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new WireError('malformed', `the bytes are not MessagePack: ${(cause as Error).message}`);
  }
}
