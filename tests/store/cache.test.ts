/** The result cache in memory and over a real Redis that is killed, frozen, restarted and lies. */
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { ResultCache } from '../../src/contract/ports.js';
import { createCache } from '../../src/store/cache.js';
import { endOf, openTestHall, toy } from '../support/hall-parts.js';
import { freePort, startRedis, type RedisServer } from '../support/redis.js';

const counts = new Map<string, number>();
const meter = {
  count: (_name: string, { result }: Readonly<Record<string, string>> = {}) =>
    void counts.set(result!, (counts.get(result!) ?? 0) + 1),
  gauge: () => {},
  observe: () => {},
};
const bytes = (...values: number[]) => Uint8Array.from(values);
const cleanUp: (() => Promise<unknown>)[] = [];
const open = (redisUrl: string | null, maxBytes = 1e6): ResultCache => {
  const cache = createCache({ maxBytes, redisUrl, meter });
  cleanUp.push(() => cache.close());
  return cache;
};
const redis = async (port?: number): Promise<RedisServer> => {
  const server = await startRedis(port);
  cleanUp.push(() => server.kill());
  return server;
};
afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
  counts.clear();
});

/** Asks again and again, each time after a turn of the event loop, until the answer fits. */
async function until<T>(ask: () => T | Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (const start = performance.now(); performance.now() - start < 10_000;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    await new Promise(setImmediate);
  }
  throw new Error('This did not come true within 10 s');
}
const healthy = (cache: ResultCache) =>
  until(
    () => cache.degraded(),
    (sentence) => sentence === null,
  );

describe.each(['memory', 'redis'])('a cache in %s', (kind) => {
  // Without room in memory every answer must come from Redis.
  const make = async () => {
    if (kind === 'memory') return open(null);
    const cache = open((await redis()).url, 0);
    await healthy(cache);
    return cache;
  };

  it('gives back what was set, and null for the rest', async () => {
    const cache = await make();
    expect(await cache.get('a')).toBeNull();
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    cache.set('a', all);
    cache.set('view', all.subarray(3, 6));
    cache.set('empty', new Uint8Array(0));
    expect([...(await cache.get('a'))!]).toEqual([...all]);
    expect([...(await cache.get('view'))!]).toEqual([3, 4, 5]);
    expect((await cache.get('empty'))!.length).toBe(0);
    cache.set('a', bytes(9));
    expect([...(await cache.get('a'))!]).toEqual([9]);
    expect(await cache.get('b')).toBeNull();
    expect(counts).toEqual(
      new Map([
        ['miss', 2],
        [kind, 4],
      ]),
    );
    expect(cache.degraded()).toBeNull();
  });
});

describe('memory', () => {
  it('is bounded by bytes, and forgets what was used longest ago', async () => {
    const cache = open(null, 1000);
    for (const key of ['a', 'b', 'c']) cache.set(key, new Uint8Array(400).fill(1));
    expect(await cache.get('a')).toBeNull();
    expect(await cache.get('b')).not.toBeNull();
    cache.set('huge', new Uint8Array(1001));
    expect(await cache.get('huge')).toBeNull();
    expect(await cache.get('c')).not.toBeNull();
  });
});

describe('a Redis that fails', () => {
  it('is refused at the start when its address is none', () => {
    expect(() => open('localhost:6379', 1000)).toThrow(/redis\.url: Expected redis:/);
  });

  it('is a miss at once when it was never there, and is used when it comes', async () => {
    const port = await freePort();
    const cache = open(`redis://user:secret@127.0.0.1:${port}`, 0);
    const start = performance.now();
    for (let i = 0; i < 100; i++) expect(await cache.get('a')).toBeNull();
    cache.set('a', bytes(1));
    expect(performance.now() - start).toBeLessThan(500);
    const sentence = cache.degraded()!;
    expect(sentence).toMatch(/^Redis at 127\.0\.0\.1:\d+ does not serve: .* Results come from the store\.$/);
    expect(sentence).not.toContain('secret');
  });

  it('costs nothing when it is killed, and is used again when it is back', async () => {
    const server = await redis();
    const cache = open(server.url, 0);
    await healthy(cache);
    cache.set('a', bytes(1));
    expect(await cache.get('a')).not.toBeNull();
    await server.kill();
    await until(
      () => cache.degraded(),
      (sentence) => sentence !== null,
    );
    expect(await cache.get('a')).toBeNull();
    cache.set('a', bytes(2));
    await redis(server.port);
    await healthy(cache);
    cache.set('a', bytes(3));
    expect([...(await cache.get('a'))!]).toEqual([3]);
  });

  it('costs one timeout of 50 ms when it is frozen, then nothing, and recovers when it thaws', async () => {
    const server = await redis();
    const cache = open(server.url, 0);
    await healthy(cache);
    cache.set('a', bytes(1));
    await cache.get('a');
    server.process.kill('SIGSTOP');
    const start = performance.now();
    for (let i = 0; i < 50; i++) expect(await cache.get('a')).toBeNull();
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(cache.degraded()).toContain('does not serve');
    server.process.kill('SIGCONT');
    // Health must tell so although nobody asks for a result meanwhile.
    await until(
      () => cache.degraded(),
      (sentence) => sentence === null,
    );
    expect([...(await cache.get('a'))!]).toEqual([1]);
  });

  it('is not believed: wrong bytes and wrong types are computed anew', async () => {
    const server = await redis();
    const cache = open(server.url, 0);
    await healthy(cache);
    const { hall, transport, counts: hallCounts, parts } = await openTestHall({ cache });
    const { job } = await hall.submit(toy());
    transport.finishAll();
    const { digest } = await endOf(hall, job.id);
    const client = new Redis(server.url);
    const [key] = await client.keys('*');
    const good = (await client.getBuffer(key!))!;
    good[good.length - 1]! ^= 1;
    for (const lie of [good, Buffer.from('nonsense'), Buffer.alloc(0)]) {
      await client.set(key!, lie);
      // The own store still has the true bytes; a server without them computes.
      expect((await hall.submit(toy())).job).toMatchObject({ cached: true, digest });
      await client.set(key!, lie);
      const other = await openTestHall({ cache });
      expect((await other.hall.submit(toy())).how).toBe('new');
      expect(other.counts.get('mms_result_hash_mismatch_total')).toBe(1);
    }
    expect(hallCounts.get('mms_result_hash_mismatch_total')).toBe(3);
    await client.del(key!);
    await client.lpush(key!, 'a list');
    expect(await cache.get(job.key)).toBeNull();
    expect(cache.degraded()).toContain('WRONGTYPE');
    expect((await parts.store.load(job.id))!.state).toBe('done');
    client.disconnect();
  });

  it('shares results between servers, and the second keeps them in its own store', async () => {
    const server = await redis();
    const cache = open(server.url, 0);
    await healthy(cache);
    const first = await openTestHall({ cache });
    const { job } = await first.hall.submit(toy());
    first.transport.finishAll();
    const { digest } = await endOf(first.hall, job.id);
    const second = await openTestHall({ cache });
    const answer = await second.hall.submit(toy());
    expect(answer).toMatchObject({ how: 'cached', job: { digest } });
    await server.kill();
    expect((await second.hall.result(answer.job.id)).digest).toBe(digest);
  });
});
