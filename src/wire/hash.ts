/**
 * The hash by which two answers to one chunk are compared. The thread that computed the columns takes it,
 * so it costs the router nothing.
 */
import { createHash } from 'node:crypto';
import type { Table } from '../contract/columns.js';
import { encodeTables } from './frames.js';

/** What a hash looks like on the wire. */
export const HASH = /^[0-9a-f]{64}$/;

/**
 * SHA-256 hex over the header of the tables as JSON and then their raw frames: the lengths stand in front
 * of the bytes, so no two answers share a framing. Throws MmsError E_INTERNAL on ragged tables.
 */
export function hashTables(tables: readonly Table[]): string {
  const { header, frames } = encodeTables(tables);
  const hash = createHash('sha256').update(JSON.stringify(header));
  for (const frame of frames) hash.update(frame);
  return hash.digest('hex');
}
