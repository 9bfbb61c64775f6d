/** Nodes and the server die by SIGKILL, and every accepted job still ends with the same bytes. */
import { describe, expect, it } from 'vitest';
import {
  freshDir,
  isDone,
  mms,
  post,
  startNodeProcess,
  startService,
  statusUntil,
} from '../support/service.js';

const request = {
  kind: 'market-making',
  spec: { market: { type: 'generated', durationS: 120 }, runs: 48 },
  seed: 5,
};
const flags = ['--market', 'generated', '--durationS', '120', '--runs', '48', '--seed', '5'];

/** Digest of the same job run in one process by the command line. */
async function digestInProcess(threads: number): Promise<string> {
  const { code, stdout, stderr } = await mms([
    'run',
    'market-making',
    ...flags,
    '--threads',
    String(threads),
    '--json',
  ]);
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { digest: string }).digest;
}

describe('loss', () => {
  it('gives the same bytes on one thread, two threads, and two nodes of which one is killed', async () => {
    const one = await digestInProcess(1);
    expect(await digestInProcess(2)).toBe(one);

    const service = await startService({ args: ['--no-local-node'] });
    const [first, second] = [await startNodeProcess(service.router), await startNodeProcess(service.router)];
    const { body } = await post(`${service.url}/simulate`, request);
    await statusUntil(service.url, body.task_id, (status) => status.progress > 0.1);
    await first.stop('SIGKILL');
    const status = await statusUntil(service.url, body.task_id, isDone);
    expect(status.digest).toBe(one);
    await second.stop();
    expect(await service.stop()).toBe(0);
  });

  it('finishes after a restart what was accepted before the server was killed', async () => {
    const dir = freshDir();
    const before = await startService({ dir });
    const { status, body } = await post(`${before.url}/simulate`, request);
    expect(status).toBe(202);
    await before.stop('SIGKILL');
    const after = await startService({ dir });
    const ended = await statusUntil(after.url, body.task_id, isDone);
    expect(ended.digest).toBe(await digestInProcess(2));
    await after.stop();
  });
});
