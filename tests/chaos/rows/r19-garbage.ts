/** R19: random, truncated, oversized and unknown frames arrive at the router by ZeroMQ and by plain TCP. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer } from 'zeromq';
import { encode } from '../../../src/wire/codec.js';
import { encodeMessage } from '../../../src/wire/messages.js';
import { Client, wishes } from '../client.js';
import { metricsOf, until } from '../http.js';
import { footprint } from '../lab.js';
import { createRandom } from '../random.js';
import type { Row } from '../row.js';

const MESSAGES = 3_000;
const MAX_GROWTH_MB = 96;

export const garbage: Row = {
  id: 'R19',
  fault: `${MESSAGES} hostile messages and 60 hostile TCP connections at the router`,
  mustSee: 'each is counted and dropped; the router lives, its memory stays bounded, jobs go on',
  async run(lab) {
    const service = await lab.service();
    await lab.node(service.router, 1);
    const client = new Client(() => service.url);
    await client.load(wishes(20), 100);
    await client.settle();
    const before = footprint(service.pid);
    const loaded = client.load(wishes(100, { unitMs: 10 }, 100), 40);
    await byZeroMq(service.router);
    await byTcp(service.router);
    await loaded;
    await client.verify();
    const dropped = async (): Promise<number> =>
      (await metricsOf(service.url)).get('mms_router_dropped_messages_total') ?? 0;
    await until('all are counted', async () => (await dropped()) >= MESSAGES);
    const after = footprint(service.pid);
    if (after.rssMb > before.rssMb + MAX_GROWTH_MB)
      throw new Error(`memory grew from ${before.rssMb} to ${after.rssMb} MB`);
    const reasons = [...(await metricsOf(service.url))]
      .flatMap(
        ([name, count]) =>
          /dropped_messages_total\{reason="(.*)"\}/
            .exec(name)
            ?.slice(1)
            .map((r) => `${r} ${count}`) ?? [],
      )
      .join(', ');
    return `dropped: ${reasons}; ${before.rssMb} -> ${after.rssMb} MB; 120 jobs done`;
  },
};

/** Messages that no node would send, over a socket that a node could have. */
async function byZeroMq(router: string): Promise<void> {
  const random = createRandom(19);
  const below = (n: number): number => Math.floor(random() * n);
  const noise = (size: number): Buffer => Buffer.from(Uint8Array.from({ length: size }, () => below(256)));
  const ref = { jobId: 'j', chunk: 0, attempt: 1 };
  const table = { name: 'rows', rows: 3, columns: [Float64Array.of(1, 2, 3)] };
  const done = {
    type: 'done',
    epoch: 1,
    ...ref,
    computeNs: 1,
    hash: 'ab'.repeat(32),
    tables: [table],
  } as const;
  const [head, column] = encodeMessage(done).map((frame) => Buffer.from(frame));
  const shapes: (() => Buffer[])[] = [
    () => [noise(below(2_000))],
    () => [head!.subarray(0, 1 + below(head!.length - 1)), column!],
    () => [head!, column!.subarray(0, below(column!.length))],
    () => [head!, ...Array.from({ length: 2 + below(300) }, () => column!)],
    () => [Buffer.from(encode({ type: 'rm', path: '/' }))],
    () => [Buffer.from(encode({ ...done, chunk: -1 })), column!],
    // Arrays that claim four billion elements each.
    () => [Buffer.concat(Array.from({ length: 1_000 }, () => Buffer.of(0xdd, 0xff, 0xff, 0xff, 0xff)))],
    () => [Buffer.alloc(100_000, 0x91)],
    () => [Buffer.alloc(0)],
  ];
  const dealer = new Dealer({ linger: 2_000, sendTimeout: 5_000 });
  dealer.connect(router);
  for (let i = 0; i < MESSAGES; i++) await dealer.send(shapes[i % shapes.length]!());
  for (let i = 0; i < 5; i++) await dealer.send([Buffer.alloc(5 * 1024 * 1024, 0xc0)]);
  await sleep(100);
  dealer.close();
}

const GREETING = Buffer.concat([
  Buffer.of(0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0),
  Buffer.from('NULL'.padEnd(20, '\0')),
  Buffer.alloc(32),
]);
const READY = Buffer.concat([
  Buffer.of(0x04, 41),
  Buffer.from('\x05READY\x0bSocket-Type\0\0\0\x06DEALER\x08Identity\0\0\0\0', 'latin1'),
]);

/** Bytes that no ZeroMQ would send. */
async function byTcp(router: string): Promise<void> {
  const random = createRandom(20);
  const { hostname, port } = new URL(router);
  const noise = Buffer.from(Uint8Array.from({ length: 5_000 }, () => Math.floor(random() * 256)));
  const huge = Buffer.concat([Buffer.of(0x02, 0, 0, 1, 0, 0, 0, 0, 0), noise]);
  const scripts = [
    [noise],
    [GREETING, noise],
    [GREETING.subarray(0, 20)],
    [GREETING, READY, huge],
    [Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ];
  for (let i = 0; i < 60; i++) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    for (const part of scripts[i % scripts.length]!) socket.write(part);
    setTimeout(() => socket.destroy(), 200);
  }
  await sleep(300);
}
