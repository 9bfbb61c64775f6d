/** A large paths job on two nodes: progress by one call, a stored result of fixed size, tables by URL. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import {
  isDone,
  post,
  startNodeProcess,
  startService,
  statusUntil,
  type StatusBody,
} from '../support/service.js';

it('computes, tells its progress, stores and serves as much for many paths as for few', async () => {
  const service = await startService({ args: ['--no-local-node'] });
  const nodes = [await startNodeProcess(service.router), await startNodeProcess(service.router)];
  const run = async (paths: number): Promise<{ id: string; seen: number[]; digest: string }> => {
    const spec = { steps: 400, paths, payoffs: [{ type: 'european', strike: 100 }] };
    const { body } = await post(`${service.url}/simulate`, { kind: 'paths', spec, seed: 7 });
    const seen: number[] = [];
    const done = (status: StatusBody): boolean => {
      seen.push(status.progress);
      return isDone(status);
    };
    const { digest } = await statusUntil(service.url, body.task_id, done);
    return { id: body.task_id, seen, digest: digest! };
  };
  const few = await run(100_000);
  const many = await run(1_000_000);
  expect(many.seen.some((progress) => progress > 0 && progress < 1)).toBe(true);
  expect(many.seen).toEqual([...many.seen].sort((a, b) => a - b));
  const csv = await (await fetch(`${service.url}/results/${many.id}/quantities.csv`)).text();
  const [head, terminal] = csv.split('\n').map((line) => line.split(','));
  const row = Object.fromEntries(head!.map((name, i) => [name, Number(terminal![i])]));
  expect(row.paths).toBe(1_000_000);
  expect(Math.abs(row.mean! - 105.12711) / row.meanError!).toBeLessThan(4);
  for (const node of nodes) await node.stop();
  expect(await service.stop()).toBe(0);
  const store = new Database(join(service.dir, 'mms.db'), { readonly: true });
  const size = (digest: string): number =>
    store
      .prepare('SELECT length(bytes) FROM results JOIN jobs USING (key) WHERE digest = ?')
      .pluck()
      .get(digest) as number;
  expect(size(many.digest)).toBeLessThan(1.1 * size(few.digest));
  store.close();
}, 60_000);
