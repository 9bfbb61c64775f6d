/** Large specs that a node keeps by digest, decoded once for all chunks that share them; bounded in bytes. */
import { LRUCache } from 'lru-cache';
import type { Table } from '../contract/columns.js';
import { readSpec } from '../wire/shared-spec.js';

/** Encoded; decoded they take about twice as much. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface KeptSpec {
  readonly spec: unknown;
}

export interface SpecCache {
  get(digest: string): KeptSpec | null;
  /** Decodes the spec and keeps it while there is room. Throws WireError on damaged bytes. */
  put(digest: string, tables: readonly Table[]): KeptSpec;
}

export function createSpecCache(maxBytes = MAX_BYTES): SpecCache {
  const kept = new LRUCache<string, KeptSpec>({ maxSize: maxBytes });
  return {
    get: (digest) => kept.get(digest) ?? null,
    put(digest, tables) {
      const spec = { spec: readSpec(tables) };
      kept.set(digest, spec, { size: Math.max(1, tables[0]!.rows) });
      return spec;
    },
  };
}
