/** Shortens a finding: pieces are left out while the same fault remains (Zeller & Hildebrandt 2002). */
import type { Decoder } from './decoder.js';
import { judge, keyOf } from './fuzz.js';

/** At most `maxTries` decodings. */
export async function shrink(
  decoder: Decoder,
  bytes: Uint8Array,
  what: string,
  maxTries = 2_000,
): Promise<Uint8Array> {
  let best = bytes;
  let tries = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let at = 0; at < best.length && tries < maxTries; tries++) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      const fault = await judge(decoder, shorter);
      if (fault !== null && keyOf(fault) === keyOf(what)) best = new Uint8Array(shorter);
      else at += size;
    }
  }
  return best;
}

/** Bytes as one line that a reader and a shell both take. */
export function show(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  const isPlain = /^[\x20-\x7e\n\t]*$/.test(text);
  const shown = isPlain ? JSON.stringify(text) : `hex ${Buffer.from(bytes).toString('hex')}`;
  return shown.length > 400 ? `${shown.slice(0, 400)}... (${bytes.length} bytes)` : shown;
}
