/** R18: messages between node and router arrive twice, again much later, or from an epoch that is over. */
import { join } from 'node:path';
import { decode } from '../../../src/wire/codec.js';
import { Client, wishes } from '../client.js';
import { metricsOf, until } from '../http.js';
import { openProxy } from '../proxy.js';
import type { Row } from '../row.js';

export const repeated: Row = {
  id: 'R18',
  fault: 'messages twice, replayed later, and of a node that is dead',
  mustSee: 'nothing ends twice, repetitions are counted; no chunk runs a second time',
  async run(lab) {
    const service = await lab.service();
    const proxy = await openProxy(lab, service.router);
    const log = join(lab.dir(), 'log');
    const old: Buffer[] = [];
    let replays = 0;
    let doubled = 0;
    proxy.change = (direction, { bytes, frames }) => {
      const { type } = decode(frames[0]!) as { type: string };
      if (type === 'hello' || type === 'bye') return [bytes];
      doubled++;
      if (direction === 'toNode') return [bytes, bytes];
      if (old.length < 400) old.push(bytes);
      const again = old[(doubled * 31) % old.length]!;
      replays++;
      return [bytes, bytes, again];
    };
    const first = await lab.node(proxy.address, 2, { id: 'first' });
    const client = new Client(() => service.url, 'half');
    await client.load([...wishes(100, { log }, 500), ...wishes(100, { units: 2, unitMs: 12, log })], 100);
    await client.settle();
    // The second node sends, by the proxy, what the first one said under its own epoch.
    await first.stop('SIGKILL');
    await lab.node(proxy.address, 2, { id: 'second' });
    await client.load(
      [...wishes(100, { log }, 1_500), ...wishes(100, { units: 2, unitMs: 12, log }, 1_000)],
      100,
    );
    await client.verify({ log, maxStarts: 1 });
    const counted = async (): Promise<number> =>
      (await metricsOf(service.url)).get('mms_router_dropped_messages_total') ?? 0;
    await until('repetitions are counted', async () => (await counted()) > 100);
    const mismatches = (await metricsOf(service.url)).get('mms_result_hash_mismatch_total') ?? 0;
    if (mismatches > 0) throw new Error(`${mismatches} hashes differed`);
    return `${doubled} messages doubled, ${replays} replayed; 400 jobs ended once; ${await counted()} counted`;
  },
};
