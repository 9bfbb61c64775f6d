/** Stored results by key: cache first, then store; none is believed before its digest is computed again. */
import type { Kind } from '../contract/kind.js';
import type { JobResult, JobStore, Meter, ResultBytes, ResultCache } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { decodeResult } from '../wire/result.js';
import { digestTables } from '../wire/digest.js';
import { joinTables } from '../wire/settle.js';

export interface FoundResult {
  readonly result: JobResult;
  readonly bytes: ResultBytes;
}

export interface Results {
  /** Null on a miss. Bytes whose digest does not match are counted and count as a miss. */
  find(kind: Kind, key: string): Promise<FoundResult | null>;
}

export function createResults(store: JobStore, cache: ResultCache, meter: Meter): Results {
  const read = (kind: Kind, bytes: ResultBytes | null): JobResult | null => {
    if (!bytes) return null;
    const result = verify(kind, bytes);
    if (!result) meter.count('mms_result_hash_mismatch_total');
    return result;
  };
  return {
    async find(kind, key) {
      const cachedBytes = await cache.get(key);
      const cached = read(kind, cachedBytes);
      if (cached) return { result: cached, bytes: cachedBytes! };
      const bytes = await store.resultByKey(key);
      const result = read(kind, bytes);
      if (!result) return null;
      meter.count('mms_cache_requests_total', { result: 'store' });
      cache.set(key, bytes!);
      return { result, bytes: bytes! };
    },
  };
}

/** The result in `bytes`, or null when it cannot be read, or has another shape or digest than it should. */
export function verify(kind: Kind, bytes: ResultBytes): JobResult | null {
  try {
    const { digest, tables, summary } = decodeResult(bytes);
    const joined = joinTables(kind.tables, [tables]);
    if (digestTables(kind.tables, joined) !== digest) return null;
    return { digest, summary, tables: joined.map((table, t) => ({ ...table, decl: kind.tables[t]! })) };
  } catch (error) {
    if (error instanceof MmsError) return null;
    throw error;
  }
}
