/** Every example of every kind on two nodes gives its digest: no model depends on where it is computed. */
import { expect, it } from 'vitest';
import { createRegistry, kindNames } from '../../src/kinds/registry.js';
import { isDone, post, startNodeProcess, startService, statusUntil } from '../support/service.js';

it('gives the digest of each example on two nodes', async () => {
  const service = await startService({ args: ['--no-local-node'] });
  const nodes = [await startNodeProcess(service.router), await startNodeProcess(service.router)];
  const registry = createRegistry();
  const jobs: { title: string; digest: string; id: string }[] = [];
  for (const kind of kindNames()) {
    for (const { title, spec, seed, digest } of (await registry.get(kind)).examples) {
      const { status, body } = await post(`${service.url}/simulate`, { kind, spec, seed });
      expect({ title, status }).toEqual({ title, status: 202 });
      jobs.push({ title, digest, id: body.task_id });
    }
  }
  expect(jobs.length).toBeGreaterThan(5);
  for (const { title, digest, id } of jobs) {
    const status = await statusUntil(service.url, id, isDone);
    expect({ title, digest: status.digest }).toEqual({ title, digest });
  }
  for (const node of nodes) await node.stop();
  expect(await service.stop()).toBe(0);
}, 60_000);
