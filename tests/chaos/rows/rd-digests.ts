/** RD: ten thousand jobs, a third computed again: lost answers, killed nodes, a killed server. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { decode } from '../../../src/wire/codec.js';
import { Client, wishes } from '../client.js';
import { startsOf } from '../history.js';
import { openProxy } from '../proxy.js';
import { createRandom } from '../random.js';
import type { Row } from '../row.js';

const JOBS = 10_000;
const MIN_AGAIN = 0.3;
const LOST = 0.36;
const THREADS = 24;
const KILLS = 4;

export const digests: Row = {
  id: 'RD',
  fault: `${JOBS} jobs; ${LOST * 100} % of the answers lost on the way, nodes killed ${KILLS} times, the server once`,
  mustSee: `all done with the digest that was computed here; >= ${MIN_AGAIN * 100} % of the jobs computed more than once`,
  async run(lab) {
    const at = { dir: lab.dir(), port: await lab.port(), routerPort: await lab.port() };
    let service = await lab.service(at);
    const proxy = await openProxy(lab, service.router);
    const random = createRandom(30);
    let lost = 0;
    proxy.change = (direction, { bytes, frames }) => {
      if (direction === 'toNode' || (decode(frames[0]!) as { type: string }).type !== 'done') return [bytes];
      if (random() >= LOST) return [bytes];
      lost++;
      return [];
    };
    const nodes = [await lab.node(proxy.address, THREADS), await lab.node(proxy.address, THREADS)];
    const { url } = service;
    const client = new Client(() => url, 'half');
    const log = join(lab.dir(), 'log');
    const loaded = client.load(wishes(JOBS, { rowsPerUnit: 3, log }), 400);
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(4_000);
      await nodes[kill % 2]!.stop('SIGKILL');
      nodes[kill % 2] = await lab.node(proxy.address, THREADS);
      if (kill !== 1) continue;
      await service.stop('SIGKILL');
      service = await lab.service(at);
    }
    await loaded;
    const listed = await client.verify({ withinMs: 60_000, counts: false, log, maxStarts: 20 });
    const starts = [...startsOf(readFileSync(log, 'utf8').split('\n')).values()];
    const again = starts.filter((count) => count > 1).length / JOBS;
    if (again < MIN_AGAIN)
      throw new Error(`only ${(100 * again).toFixed(1)} % of the jobs were computed again`);
    const runs = starts.reduce((sum, count) => sum + count, 0);
    const most = Math.max(...starts);
    return (
      `${listed.length} digests equal, ${(100 * again).toFixed(1)} % of the jobs computed more than once, ` +
      `${runs} computations (one job up to ${most}), ${lost} answers lost`
    );
  },
};
