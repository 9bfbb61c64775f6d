/** Inputs that once broke a decoder, in tests/fuzz/corpus/<decoder>/: each is tried before all others. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Decoder } from './decoder.js';

export function corpusOf(
  root: string,
  { name }: Decoder,
): { readonly file: string; readonly bytes: Uint8Array }[] {
  const dir = join(root, name);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .sort()
    .map((file) => ({ file, bytes: new Uint8Array(readFileSync(join(dir, file))) }));
}

/** Writes a finding under the hash of its bytes; returns its path. */
export function keep(root: string, { name }: Decoder, bytes: Uint8Array): string {
  const dir = join(root, name);
  mkdirSync(dir, { recursive: true });
  const path = join(dir, createHash('sha256').update(bytes).digest('hex').slice(0, 12));
  writeFileSync(path, bytes);
  return path;
}
