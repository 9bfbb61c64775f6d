/** R1: the server is killed twenty times at random moments under load. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, quantile, wishes } from '../client.js';
import type { Row } from '../row.js';
import { createRandom } from '../random.js';

const KILLS = 20;
const READY_MS = 2_000;
/** On a machine that is busy with other things, as many times what the first start took there. */
const MAX_SLOWER = 3;

export const serverKilled: Row = {
  id: 'R1',
  fault: 'kill -9 of the server at 20 random points under load',
  mustSee: 'every acknowledged job ends once with its digest; a POST may be repeated; ready again in 2 s',
  async run(lab) {
    const at = { dir: lab.dir(), port: await lab.port(), routerPort: await lab.port() };
    let service = await lab.service(at);
    const firstMs = Math.round(service.readyMs);
    await lab.node(service.router, 2);
    const { url } = service;
    const client = new Client(() => url, 'half');
    const random = createRandom(1);
    let isOver = false;
    const load = (async () => {
      for (let i = 0; !isOver; i++) {
        const large = wishes(20, { units: 2, unitMs: 5 }, 1 + 60 * i);
        await client.load([...wishes(20, {}, 21 + 60 * i), ...large, ...wishes(20, {}, 41 + 60 * i)], 250);
      }
    })();
    const readyMs: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(random() * 500);
      await service.stop('SIGKILL');
      service = await lab.service(at);
      readyMs.push(service.readyMs);
    }
    isOver = true;
    await load;
    const listed = await client.verify({ counts: false });
    const [median, slowest] = [0.5, 1].map((share) => Math.round(quantile(readyMs, share)));
    const boundMs = Math.max(READY_MS, MAX_SLOWER * firstMs);
    if (slowest! > boundMs)
      throw new Error(`ready again after ${median} ms, at worst ${slowest}, the first time ${firstMs} ms`);
    const repeated = client.entries.filter(({ tries }) => tries > 1).length;
    return `${KILLS} kills, ${listed.length} jobs all done, ${repeated} POSTs repeated, ready after ${median} ms, at worst ${slowest}, the first time ${firstMs}`;
  },
};
