/** A name for what a chunk computes: what an earlier service left is only taken for the same chunk. */
import { createHash } from 'node:crypto';
import type { Chunk } from '../../contract/ports.js';
import { encode } from '../../wire/codec.js';

/** 16 hexadecimal digits over all that decides the answer. */
export function chunkDigest({ kind, kindVersion, spec, seed, from, to, inputs, pack }: Chunk): string {
  const bytes = encode([kind, kindVersion, spec, seed, from, to, inputs, pack ?? null]);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
