/** R4: jobs that end their thread, and jobs that kill the whole process of their node. */
import { join } from 'node:path';
import { Client, wishes } from '../client.js';
import { metricsOf } from '../http.js';
import type { Wish } from '../history.js';
import type { Row } from '../row.js';

/** Twice in company and three times alone: first the pack that a job came in, then the job by itself. */
const MAX_STARTS = 2 * (2 + 3);

export const crash: Row = {
  id: 'R4',
  fault: 'jobs that end their thread or kill their node, always or only once',
  mustSee: 'E_POISON after three crashes alone; done where it happened once; no other job is harmed',
  async run(lab) {
    const service = await lab.service({ localThreads: 2 });
    const client = new Client(() => service.url, 'half');
    const log = join(lab.dir(), 'log');
    const marks = lab.dir();
    const bad = (['exit', 'kill'] as const).flatMap((act, i): Wish[] => [
      { spec: { act, log }, seed: 10 + i, ends: 'E_POISON' },
      { spec: { act, log, times: 1, marks }, seed: 20 + i },
    ]);
    // At once; those that are always wrong have no key: they share row and pack with some that are right.
    await client.load([...wishes(31, { log }, 200), ...bad, ...wishes(30, { log }, 300)], 5_000);
    await client.load(wishes(60, { unitMs: 20, log }, 100), 30);
    const listed = await client.verify({ withinMs: 60_000, log, maxStarts: MAX_STARTS });
    const poisoned = listed.filter(({ state }) => state === 'failed');
    const restarts = (await metricsOf(service.url)).get('mms_node_restarts_total') ?? 0;
    if (restarts < 3) throw new Error(`expected at least 3 restarts of the node; got ${restarts}`);
    const attempts = poisoned.map((job) => job.attempts).join(' and ');
    return `${poisoned.length} jobs E_POISON after ${attempts} attempts, ${listed.length - poisoned.length} done, ${restarts} restarts of the node`;
  },
};
