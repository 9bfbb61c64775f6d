/** A large spec as the tables of an input, so that it goes to a node once instead of with every chunk. */
import { createHash } from 'node:crypto';
import type { Table } from '../contract/columns.js';
import { decode, encode, WireError } from './codec.js';

/** A spec that is no larger travels in its work: asking for it would take longer than sending it. */
export const INLINE_SPEC_BYTES = 16 * 1024;

/** The same spec has the same digest for every router, and no input has it. */
export interface SharedSpec {
  readonly digest: string;
  readonly tables: readonly Table[];
}

/** Encodes the spec; null when it is small. */
export function shareSpec(spec: unknown): SharedSpec | null {
  const bytes = encode(spec);
  if (bytes.length <= INLINE_SPEC_BYTES) return null;
  const digest = `spec:${createHash('sha256').update(bytes).digest('hex')}`;
  return { digest, tables: [{ name: 'spec', rows: bytes.length, columns: [bytes] }] };
}

/** The spec in what shareSpec made of it. Throws WireError where that was damaged. */
export function readSpec(tables: readonly Table[]): unknown {
  const [bytes] = tables[0]?.columns ?? [];
  if (!(bytes instanceof Uint8Array)) throw new WireError('shape', 'expected a spec as one column of bytes');
  return decode(bytes);
}
