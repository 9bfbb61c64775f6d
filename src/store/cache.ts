/** The result cache: least recently used bytes in memory, in front of Redis where one is configured. */
import { LRUCache } from 'lru-cache';
import type { Meter, ResultBytes, ResultCache } from '../contract/ports.js';
import { openRedis, type RedisCache } from './redis/cache.js';

export interface CacheOptions {
  /** Bytes of results kept in memory; 0 keeps none. */
  readonly maxBytes: number;
  /** redis://host:port, or null for memory alone. */
  readonly redisUrl: string | null;
  readonly meter: Meter;
}

/** Counts mms_cache_requests_total{result: memory | redis | miss}. Whoever reads verifies the bytes. */
export function createCache({ maxBytes, redisUrl, meter }: CacheOptions): ResultCache {
  const memory =
    maxBytes > 0 ? new LRUCache<string, ResultBytes>({ maxSize: maxBytes, sizeCalculation: sizeOf }) : null;
  const redis: RedisCache | null = redisUrl === null ? null : openRedis(redisUrl);
  const told = (result: string, bytes: ResultBytes | null): ResultBytes | null => {
    meter.count('mms_cache_requests_total', { result });
    return bytes;
  };
  return {
    async get(key) {
      const near = memory?.get(key);
      if (near) return told('memory', near);
      const far = (await redis?.get(key)) ?? null;
      if (!far) return told('miss', null);
      memory?.set(key, far);
      return told('redis', far);
    },
    set(key, bytes) {
      memory?.set(key, bytes);
      redis?.set(key, bytes);
    },
    degraded: () => redis?.degraded() ?? null,
    close: async () => {
      memory?.clear();
      await redis?.close();
    },
  };
}

/** An empty value would count nothing; lru-cache wants at least 1. */
function sizeOf(bytes: ResultBytes): number {
  return Math.max(1, bytes.byteLength);
}
