/** NATS JetStream keeps the contract of a transport, and what only a queue of its own can promise. */
import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openNatsRouter } from '../../src/router/nats/transport.js';
import type { Carrier } from '../support/cluster.js';
import { Cluster, exitOf } from '../support/cluster.js';
import { Gathered, chunksOf, echoValues } from '../support/fixture-chunks.js';
import type { NatsServer } from '../support/nats.js';
import { startNats } from '../support/nats.js';
import { conformance } from './conformance.js';

let server: NatsServer;
let clusters = 0;
beforeAll(async () => {
  server = await startNats();
});
afterAll(() => server.stop());

const carrier: Carrier = (options, address) =>
  // A name for each test: what one leaves in the queue is not the next one's.
  openNatsRouter({ ...options, url: address ?? `${server.url}/test-${++clusters}`, leaseMs: 1_000 });

conformance('NATS JetStream', carrier);

describe('NATS JetStream: the queue', () => {
  let cluster: Cluster;
  afterEach(() => cluster.stop());

  it('loses nothing when its server is killed under load and comes back', async () => {
    cluster = await Cluster.start(undefined, undefined, carrier);
    cluster.spawn('one');
    await cluster.joined(1);
    const { router, events } = cluster;
    router.offer(chunksOf('job', 'echo', 100, { spec: { ms: 10 } }));
    await events.until(() => events.ended.size >= 20);
    await server.kill();
    await server.restart();
    await events.until(() => events.ended.size === 100);
    expect(events.values('job', 100)).toEqual(echoValues(100));
    expect(events.repeated).toEqual([]);
    // Nobody is blamed for a connection that was made anew.
    expect([...events.ended.values()].every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it('lets nodes go on while no service is there; the next one takes what they computed', async () => {
    cluster = await Cluster.start(undefined, undefined, carrier);
    const child = cluster.spawn('one');
    await cluster.joined(1);
    const { router, events } = cluster;
    const job = chunksOf('job', 'echo', 12, { spec: { ms: 20 } });
    router.offer(job);
    await events.until(() => events.ended.size >= 2);
    await router.close();
    const nc = await connect({ servers: server.url });
    const jsm = await jetstreamManager(nc);
    const waiting = async (): Promise<number> =>
      (await jsm.streams.info(`mms-test-${clusters}-ends`)).state.messages;
    while ((await waiting()) < 12) await nc.flush();
    await nc.close();
    child.kill('SIGTERM');
    expect(await exitOf(child)).toEqual({ code: 0, signal: null });
    cluster.events = new Gathered();
    await cluster.open(router.address);
    cluster.router.offer(job);
    await cluster.events.until(() => cluster.events.ended.size === 12);
    expect(cluster.events.values('job', 12)).toEqual(echoValues(12));
    expect(cluster.router.nodes()).toEqual([]);
  });

  it('takes nothing of an earlier service for a chunk that computes something else', async () => {
    cluster = await Cluster.start(undefined, undefined, carrier);
    const { router } = cluster;
    router.offer(chunksOf('job', 'echo', 5));
    const nc = await connect({ servers: server.url });
    const jsm = await jetstreamManager(nc);
    const stream = `mms-test-${clusters}-work`;
    while ((await jsm.streams.info(stream)).state.messages < 5) await nc.flush();
    await router.close();
    await cluster.open(router.address);
    cluster.router.offer(chunksOf('job', 'echo', 5, { spec: { bias: 1 } }));
    cluster.spawn('one');
    await cluster.events.until(() => cluster.events.ended.size === 5);
    expect(cluster.events.values('job', 5)).toEqual(echoValues(5, 1));
    await nc.close();
  });

  it('belongs to one service, and says what to do about a second', async () => {
    cluster = await Cluster.start(undefined, undefined, carrier);
    const { address, joinAddress } = cluster.router;
    await expect(new Cluster(carrier).open(address)).rejects.toThrow(
      `Expected no other mms serve at ${joinAddress}; one is connected there. Stop it, or give this one another name: nats://HOST:PORT/NAME.`,
    );
  });

  it('says where no server is, and what is no address', async () => {
    cluster = await Cluster.start(undefined, undefined, carrier);
    const absent = new Cluster(carrier).open('nats://secret@127.0.0.1:1/x');
    await expect(absent).rejects.toThrow(
      /^Expected a NATS server at nats:\/\/\*\*\*@127.0.0.1:1\/x; .*nats-server -js/,
    );
    await expect(new Cluster(carrier).open('nats://:')).rejects.toThrow(/^Expected nats:\/\/HOST:PORT/);
  });
});
