/** R3: a node is stopped for five seconds (a gray failure) and goes on as if nothing had been. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, wishes } from '../client.js';
import { ask, metricsOf, until } from '../http.js';
import type { Row } from '../row.js';

const STOPPED_MS = 5_000;

export const nodeStopped: Row = {
  id: 'R3',
  fault: 'SIGSTOP of a node for 5 s, then SIGCONT',
  mustSee:
    'the job ends while the node stands still; its late answer changes nothing; it joins again and works',
  async run(lab) {
    const service = await lab.service();
    const gray = await lab.node(service.router, 1, { id: 'gray' });
    await lab.node(service.router, 1, { id: 'well' });
    const client = new Client(() => service.url);
    const nodes = async (): Promise<{ id: string; chunksDone: number }[]> =>
      (await ask(`${service.url}/nodes`)).body.nodes;
    const { id } = await client.submit({ spec: { units: 30, unitMs: 100 }, seed: 3 });
    await until('both work', async () => (await nodes()).every(({ chunksDone }) => chunksDone > 0));
    gray.signal('SIGSTOP');
    const stoppedMs = performance.now();
    await until(
      'the job is done',
      async () => (await ask(`${service.url}/status/${id}`)).body.state === 'done',
    );
    const doneMs = Math.round(performance.now() - stoppedMs);
    if (doneMs > STOPPED_MS) throw new Error(`the job took ${doneMs} ms, longer than the node stood still`);
    await sleep(STOPPED_MS - doneMs);
    gray.signal('SIGCONT');
    const joinedMs = await until('gray is back', async () =>
      (await nodes()).some((node) => node.id === 'gray'),
    );
    const metrics = await metricsOf(service.url);
    const dropped = metrics.get('mms_router_dropped_messages_total') ?? 0;
    if (dropped === 0) throw new Error('no late message was counted');
    await client.load(wishes(20, { unitMs: 50 }, 100), 100);
    await until('gray works', async () =>
      (await nodes()).some((node) => node.id === 'gray' && node.chunksDone > 0),
    );
    await client.verify();
    if ((metrics.get('mms_result_hash_mismatch_total') ?? 0) > 0) throw new Error('a hash differed');
    const back = Math.round(joinedMs);
    return `done ${doneMs} ms after SIGSTOP; ${dropped} late messages counted; joined ${back} ms after SIGCONT`;
  },
};
