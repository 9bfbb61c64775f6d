/** Results in Redis: shared between servers, never needed; a slow or dead Redis is a miss and a sentence. */
import { MmsError } from '../../contract/problem.js';
import { Redis } from 'ioredis';
import type { ResultBytes } from '../../contract/ports.js';

/** Longest wait for one answer. */
const COMMAND_TIMEOUT_MS = 50;
/** After a failure nothing is asked for this long, so that a dead Redis costs nothing per request. */
const BREAK_MS = 1_000;
/** Longest pause between two attempts to connect. */
const MAX_RECONNECT_MS = 1_000;
/** Redis takes values up to 512 MiB, but a large one outlasts the timeout. */
const MAX_VALUE_BYTES = 16 * 1024 * 1024;
const PREFIX = 'mms:result:';

export interface RedisCache {
  /** Null on a miss and on any failure; never throws, never waits longer than 50 ms. */
  get(key: string): Promise<ResultBytes | null>;
  /** Best effort. */
  set(key: string, bytes: ResultBytes): void;
  /** Null when healthy, otherwise one sentence. */
  degraded(): string | null;
  close(): Promise<void>;
}

/** Connects in the background and for ever again; results never go stale, so space is Redis' own matter. */
export function openRedis(url: string): RedisCache {
  if (!/^rediss?:\/\/[^/]/.test(url)) {
    throw new MmsError(
      'E_CONFIG',
      'redis.url: Expected redis://HOST:PORT or rediss://HOST:PORT; got something else.',
    );
  }
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(MAX_RECONNECT_MS, 50 * attempt),
  });
  const place = safeName(url);
  let failure: string | null = 'not connected yet';
  let closedUntilMs = 0;

  let probe: NodeJS.Timeout | null = null;

  const fail = (error: unknown): void => {
    failure = error instanceof Error ? error.message || error.name : String(error);
    closedUntilMs = performance.now() + BREAK_MS;
    probe ??= setTimeout(ask, BREAK_MS).unref();
  };
  const recover = (): void => {
    failure = null;
    closedUntilMs = 0;
  };
  // Health would go on telling of a failure that is over, until somebody wants a result.
  const ask = (): void => {
    probe = null;
    if (redis.status === 'ready') redis.ping().then(recover, fail);
  };
  // Ready means that Redis answered a command: only then is a former failure over.
  redis.on('ready', recover);
  redis.on('error', fail);
  redis.on('close', () => fail('the connection is closed'));

  const usable = (): boolean => redis.status === 'ready' && performance.now() >= closedUntilMs;
  return {
    async get(key) {
      if (!usable()) return null;
      try {
        const bytes = await redis.getBuffer(PREFIX + key);
        recover();
        // A copy of its own: the answer is a slice of a larger network buffer.
        return bytes && new Uint8Array(bytes);
      } catch (error) {
        fail(error);
        return null;
      }
    },
    set(key, bytes) {
      if (!usable() || bytes.byteLength > MAX_VALUE_BYTES) return;
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      redis.set(PREFIX + key, value).catch(fail);
    },
    degraded: () =>
      failure === null ? null : `Redis at ${place} does not serve: ${failure}. Results come from the store.`,
    async close() {
      if (probe) clearTimeout(probe);
      redis.removeAllListeners('close');
      redis.disconnect();
    },
  };
}

/** The address without user and password. */
function safeName(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'its address';
}
