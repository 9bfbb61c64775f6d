/** R8: Redis is absent, dies, stands still, speaks nonsense, forgets, or lies by one bit. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { startRedis } from '../../support/redis.js';
import { Client, quantile, wishes } from '../client.js';
import { metricsOf, until } from '../http.js';
import { missingPrograms } from '../machine.js';
import type { Lab, Service } from '../lab.js';
import type { Row } from '../row.js';

/** An answer of a Redis that stands still is waited for 50 ms, once a second. */
const MAX_PENALTY_MS = 50;
const SPEC = { rowsPerUnit: 50 };

export const redis: Row = {
  id: 'R8',
  fault: 'Redis down at the start, dead, stopped, nonsense, a wrong type, forgotten, one bit flipped',
  mustSee:
    'every job right; <= 50 ms lost, then it is left alone; a lying value is noticed; mms_degraded says so',
  missing: () => missingPrograms({ 'redis-server': 'redis-server' }),
  async run(lab) {
    const port = await lab.port();
    const env = { MMS_REDIS_URL: `redis://127.0.0.1:${port}`, MMS_CACHE_BYTES: '0' };
    const service = await lab.service({ localThreads: 1, env });
    const client = new Client(() => service.url);
    const seen: string[] = [];
    await client.load(wishes(10, SPEC), 100);
    await client.settle();
    await degraded(service, 1);
    seen.push('down: degraded');

    const server = await startRedis(port);
    lab.atEnd(() => server.kill());
    await degraded(service, 0);
    await client.load(wishes(10, SPEC, 100), 100);
    await client.settle();
    const hand = new Redis(port);
    hand.on('error', () => undefined);
    lab.atEnd(() => hand.disconnect());
    seen.push(await lies(service, client, hand));

    await degraded(service, 0);
    server.process.kill('SIGSTOP');
    const [usual, still] = [await firstAnswer(client, 300), await firstAnswer(client, 301)];
    server.process.kill('SIGCONT');
    const penalty = Math.max(0, usual - still);
    if (penalty > 2 * MAX_PENALTY_MS)
      throw new Error(`a Redis that stands still cost ${penalty.toFixed(0)} ms`);
    seen.push(`stopped: ${usual.toFixed(0)} ms, then ${still.toFixed(0)} ms`);
    await degraded(service, 0);
    await server.kill();
    await client.load(wishes(10, SPEC, 400), 100);
    await degraded(service, 1);
    await client.verify();
    seen.push(await nonsense(lab));
    return seen.join('; ');
  },
};

async function degraded(service: Service, value: number): Promise<void> {
  await until(`mms_degraded{cache} is ${value}`, async () => {
    const metrics = await metricsOf(service.url);
    return metrics.get('mms_degraded{component="cache"}') === value;
  });
}

/** Milliseconds of one POST whose key Redis is asked for. */
async function firstAnswer(client: Client, seed: number): Promise<number> {
  await client.submit({ spec: SPEC, seed });
  return client.ackMs.at(-1)!;
}

/** A flipped bit, nothing, or a wrong type under the keys of results; the same questions come again. */
async function lies(service: Service, client: Client, hand: Redis): Promise<string> {
  // On a busy machine an answer of Redis may take more than 50 ms, and then it is left alone for a while.
  const ask = async (): Promise<void> => {
    await client.load(wishes(10, SPEC, 100), 100);
    await client.settle();
  };
  await until('10 results are in Redis', async () => {
    await ask();
    return (await hand.keys('mms:result:*')).length === 10;
  });
  const keys = await hand.keys('mms:result:*');
  const mismatches = async (): Promise<number> =>
    (await metricsOf(service.url)).get('mms_result_hash_mismatch_total') ?? 0;
  const before = await mismatches();
  for (const [i, key] of keys.entries()) {
    const value = (await hand.getBuffer(key))!;
    const at = Math.floor((value.length * (i + 1)) / (keys.length + 1));
    value[at] = value[at]! ^ (1 << (i % 8));
    await hand.set(key, value);
  }
  await until('every flipped bit is noticed', async () => {
    await ask();
    return (await mismatches()) - before >= keys.length;
  });
  const noticed = (await mismatches()) - before;
  if (noticed !== keys.length) throw new Error(`${noticed} of ${keys.length} flipped bits were noticed`);
  await hand.flushall();
  await until('forgotten results are in Redis again', async () => {
    await ask();
    return (await hand.keys('mms:result:*')).length > 0;
  });
  const [wrong] = await hand.keys('mms:result:*');
  await hand.del(wrong!);
  await hand.lpush(wrong!, 'a list');
  await ask();
  return `${noticed} of ${keys.length} flipped bits noticed; forgotten and wrong type: right answers`;
}

/** Something that is no Redis listens at the address. */
async function nonsense(lab: Lab): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(Buffer.from('\x00\xff$-7\r\n*99999999\r\nHTTP/1.1 200 OK\r\n\r\n')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  lab.atEnd(() => server.close());
  const { port } = server.address() as AddressInfo;
  const env = { MMS_REDIS_URL: `redis://127.0.0.1:${port}`, MMS_CACHE_BYTES: '0' };
  const service = await lab.service({ localThreads: 1, env });
  const client = new Client(() => service.url);
  await client.load(wishes(20, SPEC), 100);
  await degraded(service, 1);
  await client.verify();
  const p99 = quantile(client.ackMs, 0.99);
  await service.stop('SIGKILL');
  return `nonsense: 20 jobs right, p99 of a POST ${p99.toFixed(0)} ms`;
}
