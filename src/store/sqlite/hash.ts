/** SQLite has no checksums: a flipped bit in a blob would come back as it is. */
import { hash } from 'node:crypto';

/** Hex SHA-256 of what stands in a blob, written and read beside it. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
