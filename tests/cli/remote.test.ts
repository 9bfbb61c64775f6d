/** `mms submit`, `status` and `cancel` against the real service, and against what is no service at all. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mms, startService, type Service } from '../support/service.js';

const QUICK = ['market-making', '--durationS', '20', '--warmupS', '5', '--runs', '2', '--seed', '3'];

describe('against a service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(async () => {
    await service.stop();
  });
  const ask = (args: readonly string[]): ReturnType<typeof mms> =>
    mms(args, { env: { MMS_SERVER: service.url } });

  it('submits, waits, and gets the digest that mms run gets', async () => {
    const { code, stdout, stderr } = await ask(['submit', ...QUICK, '--wait', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const job = JSON.parse(stdout);
    expect(job.state).toBe('done');
    const local = await mms(['run', ...QUICK, '--json', '--no-report']);
    expect(job.digest).toBe(JSON.parse(local.stdout).digest);

    const shown = await ask(['status', job.id]);
    expect(shown.stdout).toContain(`${job.id}  done  100%  market-making, seed 3`);
    expect(shown.stdout).toMatch(/PnL +\S+ ± \S+ currency/);
    expect((await ask(['status'])).stdout).toContain(job.id);
  });

  it('repeats a submission under one idempotency key without a second job', async () => {
    const args = ['submit', ...QUICK, '--gamma', '0.5', '--idempotency-key', 'abc', '--quiet'];
    const first = await ask(args);
    expect((await ask(args)).stdout).toBe(first.stdout);
    const other = await ask(args.map((arg) => (arg === '0.5' ? '0.6' : arg)));
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/Idempotency-Key|idempotency/i);
  });

  it('cancels; a cancelled job ends with exit code 1', async () => {
    const long = ['market-making', '--durationS', '600', '--runs', '400', '--seed', '9'];
    const { stdout } = await ask(['submit', ...long, '--quiet']);
    const id = stdout.trim();
    const cancelled = await ask(['cancel', id]);
    expect([cancelled.code, cancelled.stdout]).toEqual([0, `${id}  cancelled\n`]);
    expect((await ask(['status', id])).code).toBe(1);
  });

  it('ends a job at its deadline, with exit code 1, as mms run does', async () => {
    const long = ['market-making', '--durationS', '600', '--runs', '400', '--seed', '10', '--timeout', '0.2'];
    const sent = await ask(['submit', ...long, '--wait']);
    expect([sent.code, sent.stdout]).toEqual([1, expect.stringContaining('  expired')]);
    const run = await mms(['run', ...long, '--no-report']);
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('0.2 s after it was accepted')]);
    const bad = await ask(['submit', ...QUICK, '--timeout', 'soon']);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringMatching(/^error: --timeout: .*got "soon"/)]);
  });

  it('shows no dead letters where there are none, and requeues what was cancelled', async () => {
    expect(await ask(['dead'])).toMatchObject({ code: 0, stdout: '', stderr: 'No dead letters.\n' });
    expect(await ask(['requeue', '--all'])).toMatchObject({ code: 0, stderr: 'No dead letters.\n' });
    const long = ['market-making', '--durationS', '600', '--runs', '400', '--seed', '11'];
    const id = (await ask(['submit', ...long, '--quiet'])).stdout.trim();
    await ask(['cancel', id]);
    const again = await ask(['requeue', id, '--json']);
    const [job] = JSON.parse(again.stdout) as { id: string; requeueOf: string }[];
    expect([again.code, job!.requeueOf]).toEqual([0, id]);
    expect((await ask(['requeue', id])).stdout).toBe(`${id}  requeued as  ${job!.id}\n`);
    expect((await ask(['cancel', job!.id])).code).toBe(0);
    const neither = await ask(['requeue']);
    expect([neither.code, neither.stderr]).toEqual([2, expect.stringContaining('--all')]);
  });

  it('names the flag of a field that the service refuses', async () => {
    const { code, stderr } = await ask(['submit', 'market-making', '--gamma', '-1']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: --gamma: .*got -1/)]);
    const unknown = await ask(['status', '01ARZ3NDEKTSV4RRFFQ69G5FAV']);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('01ARZ3NDEKTSV4RRFFQ69G5FAV'),
    ]);
  });
});

describe('where no service is', () => {
  let stranger: Server;
  let url: string;
  beforeAll(async () => {
    stranger = createServer((request, response) => {
      response.statusCode = request.url?.startsWith('/v1/jobs?') ? 502 : 200;
      response.end('<html>a proxy</html>');
    }).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  });
  afterAll(() => void stranger.close());

  it('says what to do when nothing listens, exit 3', async () => {
    // Port 1 of the loopback has no service on any ordinary machine.
    for (const args of [['submit', ...QUICK], ['status'], ['cancel', 'x']]) {
      const { code, stderr } = await mms([...args, '--server', 'http://127.0.0.1:1']);
      expect(code).toBe(3);
      expect(stderr).toMatch(/^error: No service answers at http:\/\/127\.0\.0\.1:1 .*mms serve/);
    }
  });

  it('does not take a stranger for the service', async () => {
    const html = await mms(['status', 'x', '--server', url]);
    expect([html.code, html.stderr]).toEqual([3, expect.stringContaining('not as an MMS service')]);
    const gateway = await mms(['status', '--server', url, '--patience', '0.2']);
    expect([gateway.code, gateway.stderr]).toEqual([3, expect.stringContaining('502')]);
  });
});
