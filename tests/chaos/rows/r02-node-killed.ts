/** R2: one of two nodes is killed in the middle of a job. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../client.js';
import { ask, until } from '../http.js';
import type { Row } from '../row.js';

const MAX_AGAIN_MS = 3_000;

export const nodeKilled: Row = {
  id: 'R2',
  fault: 'kill -9 of a node in the middle of a job',
  mustSee: 'what it had in hand starts elsewhere in <= 3 s; same digest, attempts 2 in the status',
  async run(lab) {
    const service = await lab.service();
    const log = join(lab.dir(), 'log');
    const [victim] = [await lab.node(service.router, 1), await lab.node(service.router, 1)];
    const client = new Client(() => service.url);
    const wish = { spec: { units: 40, unitMs: 100, log }, seed: 2 };
    const { id } = await client.submit(wish);
    await until(
      'a tenth is done',
      async () => (await ask(`${service.url}/status/${id}`)).body.progress > 0.1,
    );
    const killedMs = Date.now();
    await victim.stop('SIGKILL');
    const [job] = await client.verify({ log, maxStarts: 2 });
    if (job!.attempts !== 2) throw new Error(`expected attempts 2; got ${job!.attempts}`);
    const starts = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('start'))
      .map((line) => line.split(' '));
    const firsts = new Set<string>();
    const again = starts.filter(([, , from]) => firsts.size === firsts.add(from!).size);
    if (again.length === 0) throw new Error('no chunk started again: the node had nothing in hand');
    const worstMs = Math.max(...again.map((words) => Number(words[5]) - killedMs));
    if (worstMs > MAX_AGAIN_MS) throw new Error(`a chunk started again only after ${worstMs} ms`);
    return `${again.length} chunks started again after at most ${worstMs} ms, attempts 2, digest as computed here`;
  },
};
