/** Whatever arrives at the router's socket is counted and dropped; the router lives and goes on working. */
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Dealer } from 'zeromq';
import { encode } from '../../src/wire/codec.js';
import { encodeMessage, PROTOCOL } from '../../src/wire/messages.js';
import { Cluster } from '../support/cluster.js';
import { chunksOf, echoValues } from '../support/fixture-chunks.js';
import { seeded } from '../sim/random.js';

let cluster: Cluster;
let dealer: Dealer;

beforeEach(async () => {
  cluster = await Cluster.start();
  dealer = new Dealer({ linger: 0 });
  dealer.connect(cluster.router.address);
});

afterEach(async () => {
  dealer.close();
  await cluster.stop();
});

const hello = {
  type: 'hello',
  protocol: PROTOCOL,
  version: '1.0.0',
  node: 'raw',
  session: 1,
  host: 'h',
  threads: 1,
  kinds: ['echo'],
  kept: [],
} as const;

const doneHead = { type: 'done', epoch: 1, jobId: 'j', chunk: 0, attempt: 1, computeNs: 1 } as const;

/** Says HELLO and waits for the answer: everything sent before has been read by then. */
async function ask(session: number): Promise<Uint8Array[]> {
  await dealer.send(encodeMessage({ ...hello, session }) as Buffer[]);
  return dealer.receive();
}

async function stillWorks(): Promise<void> {
  cluster.spawn('honest');
  cluster.router.offer(chunksOf('job', 'echo', 3, { kind: 'echo' }));
  await cluster.events.until(() => cluster.events.ended.size === 3);
  expect(cluster.events.values('job', 3)).toEqual(echoValues(3));
}

describe('the router under bad messages', () => {
  it('drops and counts them by reason', async () => {
    const { meter } = cluster;
    const deep = Buffer.concat([Buffer.alloc(17, 0x91), Buffer.of(1)]);
    const bomb = Buffer.concat(Array.from({ length: 20 }, () => Buffer.of(0xdd, 0x02, 0, 0, 0)));
    const table: readonly [string, Buffer[]][] = [
      ['empty', [Buffer.alloc(0)]],
      ['reserved', [Buffer.of(0xc1)]],
      ['truncated', [Buffer.of(0xd9, 5, 1)]],
      ['trailing', [Buffer.of(1, 2)]],
      ['extension', [Buffer.of(0xd4, 1, 0)]],
      ['overclaims', [bomb]],
      ['too-deep', [deep]],
      ['shape', [Buffer.from(encode(42))]],
      ['shape', [Buffer.from(encode({ ...hello, threads: -1 }))]],
      ['shape', [Buffer.from(encode({ ...hello, kinds: ['../../etc'] }))]],
      [
        'shape',
        [Buffer.from(encode({ type: 'done', epoch: 1, jobId: 'j', chunk: 0, attempt: 1, computeNs: NaN }))],
      ],
      ['shape', [Buffer.from(encode({ ...doneHead, hash: 'Z'.repeat(64), tables: [] }))]],
      ['type', [Buffer.from(encode({ type: 'constructor' }))]],
      ['type', [Buffer.from(encode({ type: 'work' }))]],
      ['frames', [Buffer.from(encode({ type: 'bye', epoch: 1 })), Buffer.alloc(8)]],
      ['stale', [Buffer.from(encode({ type: 'bye', epoch: 1 }))]],
    ];
    for (const [, frames] of table) await dealer.send(frames);
    await ask(1);
    for (const reason of new Set(table.map(([reason]) => reason))) {
      expect([reason, meter.dropped(reason)]).toEqual([reason, table.filter(([r]) => r === reason).length]);
    }
    await stillWorks();
  });

  it('lives through 20,000 random and mutated messages', async () => {
    const random = seeded(1);
    const byte = (): number => Math.floor(random() * 256);
    const honest = Buffer.from(encodeMessage(hello)[0]!);
    for (let i = 0; i < 20_000; i++) {
      const frame = i % 2 ? Buffer.from(honest) : Buffer.from(Array.from({ length: byte() }, byte));
      if (i % 2) frame[Math.floor(random() * frame.length)] = byte();
      await dealer.send(random() < 0.1 ? [frame, Buffer.alloc(byte())] : [frame]);
    }
    await dealer.send(encodeMessage({ ...hello, session: 1_000_000_000 }) as Buffer[]);
    const dropped = [...cluster.meter.counts].filter(([name]) => name.includes('dropped'));
    expect(dropped.length).toBeGreaterThan(3);
    // Mutated HELLOs that are still true ones have made this socket a node; it never beats and is forgotten.
    await cluster.joined(0);
    await stillWorks();
  });

  it('ignores a forged answer for a chunk that is not open, and one of a foreign epoch', async () => {
    const hash = '0'.repeat(64);
    const done = {
      type: 'done',
      jobId: 'job',
      chunk: 0,
      attempt: 1,
      computeNs: 1,
      hash,
      tables: [],
    } as const;
    await ask(1);
    cluster.router.offer(chunksOf('job', 'spin', 1));
    for (const epoch of [0, 1, 2 ** 50]) await dealer.send(encodeMessage({ ...done, epoch }) as Buffer[]);
    await ask(2);
    expect(cluster.meter.dropped('stale')).toBe(3);
    expect(cluster.events.ended.size).toBe(0);
  });

  it('lives through bytes that are not ZeroMQ at all', async () => {
    const { port } = new URL(cluster.router.address.replace('tcp:', 'http:'));
    const raw = createConnection(Number(port), '127.0.0.1');
    raw.on('error', () => undefined);
    await once(raw, 'connect');
    raw.resume();
    raw.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    raw.end();
    await once(raw, 'close');
    await stillWorks();
  });
});

describe('a frame over the limit', () => {
  it('ends the connection that sent it before it is read', async () => {
    // ZMTP: greeting with the NULL mechanism, READY, then a long frame that claims 2^40 bytes.
    const { port } = new URL(cluster.router.address.replace('tcp:', 'http:'));
    const raw = createConnection(Number(port), '127.0.0.1');
    raw.on('error', () => undefined);
    await once(raw, 'connect');
    const greeting = Buffer.alloc(64);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]);
    greeting.write('NULL', 12);
    const property = Buffer.concat([
      Buffer.of(11),
      Buffer.from('Socket-Type'),
      Buffer.of(0, 0, 0, 6),
      Buffer.from('DEALER'),
    ]);
    const ready = Buffer.concat([Buffer.of(5), Buffer.from('READY'), property]);
    raw.write(Buffer.concat([greeting, Buffer.of(4, ready.length), ready]));
    raw.write(Buffer.of(2, 0, 0, 1, 0, 0, 0, 0, 0));
    raw.resume();
    await once(raw, 'close');
    expect(process.memoryUsage().rss).toBeLessThan(2 ** 31);
    await stillWorks();
  });
});
