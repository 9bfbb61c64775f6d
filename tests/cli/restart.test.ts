/** The command line and a service that dies under it: commands go on, and nothing runs twice. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mms, startService, type Service } from '../support/service.js';

const SPEC = ['market-making', '--durationS', '20', '--warmupS', '5', '--runs', '2'];
const LONG = ['market-making', '--durationS', '200', '--warmupS', '5', '--runs', '40'];

interface Listed {
  readonly id: string;
  readonly seed: number;
  readonly state: string;
}

/**
 * Passes on every byte to `port`, but not the answers to the first POSTs, which lose their connection when
 * the service answers: `left` says how many more.
 */
async function createThief(
  port: number,
  posts: number,
): Promise<{ server: Server; url: string; left: number }> {
  const thief = { left: posts, server: null as unknown as Server, url: '' };
  thief.server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let isPost = false;
    near.on('data', (bytes) => {
      isPost ||= bytes.toString('latin1').startsWith('POST');
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!isPost || thief.left === 0) return void near.write(bytes);
      thief.left--;
      near.destroy();
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(thief.server, 'listening');
  thief.url = `http://127.0.0.1:${(thief.server.address() as AddressInfo).port}`;
  return thief;
}

describe('the command line', () => {
  let service: Service;
  const again = async (): Promise<void> => {
    const { dir, url } = service;
    service = await startService({ dir, args: ['--port', new URL(url).port] });
  };
  const jobs = async (seed: number): Promise<Listed[]> => {
    const response = await fetch(`${service.url}/jobs?limit=1000`);
    return ((await response.json()) as { jobs: Listed[] }).jobs.filter((job) => job.seed === seed);
  };
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(async () => {
    await service.stop();
  });

  it('submits to a service that comes back, and follows the job through a kill -9', async () => {
    const { url } = service;
    await service.stop('SIGKILL');
    let follows = false;
    let waits: (line: string) => void;
    const waiting = new Promise<string>((resolve) => (waits = resolve));
    const sent = mms(['submit', ...LONG, '--seed', '41', '--wait', '--json', '--server', url], {
      heard: (stderr) => waits(stderr),
    });
    const line = /^http:\S+ does not answer \(ECONNREFUSED\); trying again in \d\.\d s, for \d+ s at most\./;
    expect(await waiting).toMatch(line);
    await again();
    while (!follows) follows = (await jobs(41)).some(({ state }) => state !== 'queued');
    await service.stop('SIGKILL');
    await again();
    const { code, stdout } = await sent;
    expect(code).toBe(0);
    const known = await jobs(41);
    expect(known.map(({ id, state }) => [id, state])).toEqual([[JSON.parse(stdout).id, 'done']]);
  });

  it('makes one job of a POST whose answers were lost', async () => {
    const thief = await createThief(Number(new URL(service.url).port), 2);
    const { code, stdout } = await mms(['submit', ...SPEC, '--seed', '42', '--quiet', '--server', thief.url]);
    thief.server.close();
    expect([code, thief.left]).toEqual([0, 0]);
    expect((await jobs(42)).map(({ id }) => `${id}\n`)).toEqual([stdout]);
  });

  it('names the key of a POST that it gives up, with which the job is found and not made again', async () => {
    const thief = await createThief(Number(new URL(service.url).port), Infinity);
    const args = ['submit', ...SPEC, '--seed', '43', '--quiet', '--patience', '0.2', '--server'];
    const { code, stderr } = await mms([...args, thief.url]);
    thief.server.close();
    expect([code, stderr]).toEqual([3, expect.stringContaining('error: No service answers at')]);
    const [, key] = /--idempotency-key (\S+) runs nothing twice/.exec(stderr)!;
    const found = await mms([...args, service.url, '--idempotency-key', key!]);
    expect((await jobs(43)).map(({ id }) => `${id}\n`)).toEqual([found.stdout]);
  });

  it('repeats no request that is refused for good', async () => {
    const refused = await mms(['status', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '--server', service.url]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.not.stringContaining('trying again')]);
    const bad = await mms(['status', '--patience', 'long']);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringMatching(/^error: --patience: .*got "long"/)]);
  });

  it('ends at once by Ctrl-C while it waits, with and without a job', async () => {
    const interrupt = {
      heard: (stderr: string, child: ChildProcess) => void (/\n./.test(stderr) || child.kill('SIGINT')),
    };
    const args = ['--server', service.url, '--patience', '600'];
    const following = mms(
      ['submit', ...LONG, '--runs', '4000', '--seed', '44', '--wait', ...args],
      interrupt,
    );
    while ((await jobs(44)).length === 0);
    await service.stop('SIGKILL');
    const { code, stderr } = await following;
    // The service may have died before its answer was on the way.
    const told = /trying again.*\nThe (job goes on; see it|same command with --idempotency-key)/;
    expect([code, stderr]).toEqual([130, expect.stringMatching(told)]);
    expect((await mms(['status', ...args], interrupt)).signal).toBe('SIGINT');
  });
});
