/** Redis is only a cache: it dies and comes back under load; every answer stays right, and health tells. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { freshDir, isDone, post, startService, statusUntil, type Service } from '../support/service.js';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function startRedis(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', freshDir()];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  child.once('error', () => {
    throw new Error('redis-server is not installed; run: apt-get install redis-server');
  });
  process.once('exit', () => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout }))
    if (/Ready to accept connections/.test(line)) break;
  child.stdout.resume();
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Value of mms_degraded{component="cache"} as Prometheus would read it. */
async function cacheDegraded(service: Service): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(/^mms_degraded\{component="cache"\} (\d)/m.exec(text)?.[1]);
}

/** Twenty jobs with four seeds, one after another as fast as the service answers. */
async function load(service: Service, digests: Map<number, string>): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const seed = 100 + (i % 4);
    const spec = { market: { type: 'cont-stoikov-talreja', durationS: 5 } };
    const { status, body } = await post(`${service.url}/simulate`, { kind: 'market-making', spec, seed });
    expect([200, 202]).toContain(status);
    const { digest } = await statusUntil(service.url, body.task_id, isDone);
    expect(digest).toBe(digests.get(seed) ?? digest);
    digests.set(seed, digest!);
  }
}

async function until(wanted: () => Promise<boolean>): Promise<void> {
  while (!(await wanted())) await new Promise((next) => setTimeout(next, 20));
}

describe('redis', () => {
  it('may be absent, come and die under load without a wrong answer', async () => {
    const port = await freePort();
    const service = await startService({ env: { MMS_REDIS_URL: `redis://127.0.0.1:${port}` } });
    const digests = new Map<number, string>();
    await load(service, digests);
    await until(async () => (await cacheDegraded(service)) === 1);

    const first = await startRedis(port);
    await until(async () => (await cacheDegraded(service)) === 0);
    const running = load(service, digests);
    await kill(first);
    await running;
    await until(async () => (await cacheDegraded(service)) === 1);
    const ready = (await (await fetch(`${service.url}/health/ready`)).json()) as {
      degraded: { component: string; reason: string }[];
    };
    expect(ready.degraded).toMatchObject([{ component: 'cache', reason: expect.stringMatching(/redis/i) }]);

    const second = await startRedis(port);
    await until(async () => (await cacheDegraded(service)) === 0);
    await load(service, digests);
    await kill(second);
    expect(await service.stop()).toBe(0);
  });
});
