/** Nodes and the server die by SIGKILL, and every accepted job still ends with the same bytes. */
import { describe, expect, it } from 'vitest';
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import { digestTables } from '../../src/wire/digest.js';
import { joinTables } from '../../src/wire/settle.js';
import { splitInto } from '../../src/jobs/split.js';
import { run } from '../../src/kinds/market-making/run.js';
import { createRegistry } from '../../src/kinds/registry.js';
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
  spec: { market: { type: 'cont-stoikov-talreja', durationS: 120 }, runs: 48 },
  seed: 5,
};
/** A single unit that takes seconds. */
const ONE_LONG_RUN = {
  kind: 'market-making',
  spec: { market: { type: 'cont-stoikov-talreja', durationS: 20_000 }, runs: 1 },
  seed: 6,
};
const flags = ['--market', 'cont-stoikov-talreja', '--durationS', '120', '--runs', '48', '--seed', '5'];

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

/** Digest of the same job computed in this thread, cut into so many chunks. */
async function digestInChunks(chunks: number): Promise<string> {
  const kind = await createRegistry().get(request.kind);
  const spec = checkSpec(kind, request.spec);
  const control = new Int32Array(CONTROL_SLOTS);
  const parts = splitInto(kind.units(spec), chunks, 1).map(({ from, to }) =>
    run({ spec: spec as never, seed: request.seed, from, to, inputs: {}, control })!,
  );
  expect(parts).toHaveLength(chunks);
  return digestTables(kind.tables, joinTables(kind.tables, parts));
}

describe('loss', () => {
  it('gives the same bytes on 1 and 2 threads, in 1 and 7 chunks, and on two nodes of which one is killed', async () => {
    const one = await digestInProcess(1);
    expect(await digestInProcess(2)).toBe(one);
    expect(await digestInChunks(1)).toBe(one);
    expect(await digestInChunks(7)).toBe(one);

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

  it('goes on, after a restart, with what a node had begun for the server that was killed', async () => {
    const dir = freshDir();
    const args = ['--no-local-node'];
    const before = await startService({ dir, args });
    const node = await startNodeProcess(before.router);
    const { body } = await post(`${before.url}/simulate`, ONE_LONG_RUN);
    const { progress } = await statusUntil(before.url, body.task_id, (status) => status.progress > 0.2);
    await before.stop('SIGKILL');
    const after = await startService({ dir, args, bind: before.router });
    const resumed = await statusUntil(after.url, body.task_id, (status) => status.progress > 0);
    expect(resumed.progress).toBeGreaterThanOrEqual(progress);
    expect(await statusUntil(after.url, body.task_id, isDone)).toMatchObject({ state: 'done' });
    await node.stop();
    await after.stop();
  });
});
