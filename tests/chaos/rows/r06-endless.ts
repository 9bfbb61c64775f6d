/** R6: kernels that never end, and one that is cancelled. */
import { Client, wishes } from '../client.js';
import { ask, until } from '../http.js';
import type { Row } from '../row.js';

const OVERRUN_S = 1;
const MAX_LATE_MS = 500;

export const endless: Row = {
  id: 'R6',
  fault: 'an endless loop that ignores its cancel flag',
  mustSee: 'E_TIMEOUT within 0.5 s of its limit, at once final; its thread is replaced; DELETE ends one, too',
  async run(lab) {
    const service = await lab.service({ localThreads: 2, env: { MMS_LIMITS_OVERRUN_S: `${OVERRUN_S}` } });
    const client = new Client(() => service.url);
    // The first job pays for the start of the threads.
    await client.submit({ spec: {}, seed: 1 });
    await client.settle();
    for (const seed of [2, 3]) await client.submit({ spec: { act: 'loop' }, seed, ends: 'E_TIMEOUT' });
    await client.settle();
    const { id } = await client.submit({ spec: { act: 'loop' }, seed: 4, ends: 'cancelled' });
    const status = `${service.url}/status/${id}`;
    await until('it runs', async () => (await ask(status)).body.state === 'running');
    const deleted = await ask(`${service.url}/jobs/${id}`, { method: 'DELETE' });
    if (deleted.body.state !== 'cancelled')
      throw new Error(`DELETE answers ${deleted.status} ${deleted.text}`);
    await client.load(wishes(20, { unitMs: 10 }, 100), 100);
    const listed = await client.verify();
    const over = listed.filter(({ problem }) => problem?.code === 'E_TIMEOUT');
    const limitMs = 1000 * OVERRUN_S;
    const late = over.map(({ startedMs, finishedMs }) => finishedMs! - startedMs! - limitMs);
    if (Math.min(...late) < 0 || Math.max(...late) > MAX_LATE_MS)
      throw new Error(`ended ${late.join(' and ')} ms after the limit of ${limitMs} ms`);
    if (over.some(({ attempts }) => attempts !== 1)) throw new Error('it was tried again');
    return `2 x E_TIMEOUT ${late.join(' and ')} ms after the limit, attempts 1; 1 cancelled; 21 others done`;
  },
};
