/** R16: what passes between router and node is half a second late, breaks within frames, or trickles. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, wishes } from '../client.js';
import { openProxy } from '../proxy.js';
import { createRandom } from '../random.js';
import type { Row } from '../row.js';

const RESETS = 10;

export const badNetwork: Row = {
  id: 'R16',
  fault: `0.5 s of delay each way, ${RESETS} resets in the middle of frames, 10 KB/s`,
  mustSee: 'slower, and right: every job done with its digest',
  async run(lab) {
    const service = await lab.service();
    const proxy = await openProxy(lab, service.router);
    await lab.node(proxy.address, 2);
    const client = new Client(() => service.url);
    const seen: string[] = [];

    proxy.delayMs = 500;
    await client.load(wishes(12, { rowsPerUnit: 100 }, 1), 100);
    seen.push(`delay: ${Math.round(await client.settle())} ms for 12 jobs`);
    proxy.delayMs = 0;

    const random = createRandom(16);
    const rows = { units: 4, unitMs: 10, rowsPerUnit: 20_000 };
    const loaded = client.load(wishes(80, rows, 100), 20);
    for (let reset = 0; reset < RESETS; reset++) {
      const passed = proxy.passed();
      while (proxy.passed() < passed + 400_000 * random()) await sleep(1);
      proxy.reset();
      await sleep(300);
    }
    await loaded;
    seen.push(`${RESETS} resets: ${Math.round(await client.settle())} ms after the last`);

    proxy.bytesPerS = 10_000;
    await client.load(wishes(8, { rowsPerUnit: 200 }, 1_000), 100);
    seen.push(`10 KB/s: ${Math.round(await client.settle())} ms for 20 KB of results`);
    const listed = await client.verify();
    const again = listed.filter(({ attempts }) => attempts > 1).length;
    return `${seen.join('; ')}; ${listed.length} jobs done, ${again} of them at a later attempt`;
  },
};
