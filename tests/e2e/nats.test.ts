/** The real program on a real nats-server: server, service and a node are killed in the middle of a job. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NatsServer } from '../support/nats.js';
import { startNats } from '../support/nats.js';
import {
  freshDir,
  isDone,
  mms,
  post,
  startNodeProcess,
  startService,
  statusUntil,
} from '../support/service.js';

let nats: NatsServer;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());

const spec = { market: { type: 'cont-stoikov-talreja', durationS: 120 }, runs: 24 };

it('gives the same bytes as one process, whatever is killed on the way', async () => {
  const dir = freshDir();
  const args = ['--nats-url', nats.url, '--no-local-node'];
  const before = await startService({ dir, args });
  const [first, second] = [await startNodeProcess(before.router), await startNodeProcess(before.router)];
  const { body } = await post(`${before.url}/simulate`, { kind: 'market-making', spec, seed: 5 });
  await statusUntil(before.url, body.task_id, ({ progress }) => progress > 0.1);
  await first.stop('SIGKILL');
  await nats.kill();
  await nats.restart();
  await before.stop('SIGKILL');
  const after = await startService({ dir, args });
  const { digest } = await statusUntil(after.url, body.task_id, isDone);
  expect(await second.stop()).toBe(0);
  expect(await after.stop()).toBe(0);

  const flags = ['--spec', JSON.stringify(spec), '--seed', '5', '--json'];
  const { stdout } = await mms(['run', 'market-making', ...flags]);
  expect((JSON.parse(stdout) as { digest: string }).digest).toBe(digest);
});

it('says at the start what is wrong with the address', async () => {
  const { code, stderr } = await mms(['serve', '--nats-url', 'nats://192.0.2.1:4222']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/Expected a loopback address or tls:\/\/ for nats.url/);
  const joined = await mms(['node', '--router', 'nats://192.0.2.1:4222']);
  expect(joined).toMatchObject({ code: 2, stderr: expect.stringContaining('Expected tls://') });
});
