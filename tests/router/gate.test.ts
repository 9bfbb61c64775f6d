/** A router with keys and real nodes: who gets in, who does not, and what the wire shows. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Dealer } from 'zeromq';
import { loadRouterKeys } from '../../src/router/gate.js';
import type { RouterKeys } from '../../src/router/gate.js';
import { clientOptions, newKeyPair } from '../../src/wire/curve.js';
import { ALLOWED_FILE, allowedLine, keyFileText, SERVER_KEY_FILE } from '../../src/wire/key-files.js';
import { Cluster } from '../support/cluster.js';
import type { Link } from '../support/cluster.js';
import { chunksOf, echoValues, inputStore } from '../support/fixture-chunks.js';

let cluster: Cluster;
let dir: string;
let keys: RouterKeys;

/** A key file of a new node; its line is what the list of allowed nodes would hold. */
function newNode(name: string): { link: Link; line: string } {
  const pair = newKeyPair();
  const keyFile = join(dir, `${name}.key`);
  writeFileSync(keyFile, keyFileText(name, pair), { mode: 0o600 });
  return { link: { keyFile, serverKey: keys.pair.publicKey }, line: allowedLine(name, pair.publicKey) };
}

const allow = (text: string): void => writeFileSync(join(dir, ALLOWED_FILE), text);

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mms-gate-'));
  writeFileSync(join(dir, SERVER_KEY_FILE), keyFileText('server', newKeyPair()), { mode: 0o600 });
  allow('');
  keys = loadRouterKeys(dir);
  cluster = new Cluster();
  await cluster.open(undefined, inputStore(), keys);
});

afterEach(async () => {
  await cluster.stop();
  rmSync(dir, { recursive: true });
});

/** Resolves when the child's output holds `text`. */
function said(child: ChildProcess, text: string): Promise<void> {
  let all = '';
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (part: Buffer) => {
      all += part.toString();
      if (all.includes(text)) resolve();
    });
    child.once('exit', () => reject(new Error(`The node ended without "${text}":\n${all}`)));
  });
}

const refused = (reason: string): number =>
  cluster.meter.counts.get(`mms_router_refused_peers_total{${reason}}`) ?? 0;

async function computes(job: string, chunks = 6): Promise<void> {
  const { router, events } = cluster;
  const before = events.ended.size;
  router.offer(chunksOf(job, 'echo', chunks));
  await events.until(() => events.ended.size === before + chunks);
  expect(events.values(job, chunks)).toEqual(echoValues(chunks));
}

describe('a router with keys', () => {
  it('lets in a node that it allows, and the one that shows its own key', async () => {
    const { link, line } = newNode('desk');
    allow(line);
    cluster.spawn('desk', 1, '1.0.0', link);
    const own = { serverKey: keys.pair.publicKey, keyFile: join(dir, SERVER_KEY_FILE) };
    cluster.spawn('local', 1, '1.0.0', own);
    await cluster.joined(2);
    await computes('job');
  });

  it('refuses an unknown key with one line, and lets it in once the list has it, without a restart', async () => {
    const { link, line } = newNode('late');
    const child = cluster.spawn('late', 1, '1.0.0', link);
    await said(child, "does not allow this node's key");
    expect(refused('key')).toBe(1);
    expect(cluster.log).toEqual([
      expect.stringMatching(/from 127\.0\.0\.1: its key [0-9a-f]{64} is not in /),
    ]);
    allow(line);
    await cluster.joined(1);
    await computes('job');
  });

  it('changes keys while work goes on: the new one beside the old, then the old one is out', async () => {
    const [old, next] = [newNode('old'), newNode('next')];
    allow(old.line);
    const first = cluster.spawn('old', 1, '1.0.0', old.link);
    await cluster.joined(1);
    const { router, events } = cluster;
    router.offer(chunksOf('job', 'echo', 40, { spec: { ms: 5 } }));
    appendFileSync(join(dir, ALLOWED_FILE), next.line);
    cluster.spawn('next', 1, '1.0.0', next.link);
    await cluster.joined(2);
    first.kill('SIGTERM');
    await cluster.joined(1);
    allow(next.line);
    await events.until(() => events.ended.size === 40);
    expect(events.values('job', 40)).toEqual(echoValues(40));
    expect([...events.ended.values()].every(({ attempts }) => attempts === 1)).toBe(true);
    await said(cluster.spawn('old', 1, '1.0.0', old.link), "does not allow this node's key");
    expect(router.nodes().map(({ id }) => id)).toEqual(['next']);
  });

  it('refuses a node without keys, which says so, and one that calls another server', async () => {
    await said(cluster.spawn('plain'), 'asks for keys: join with the line that mms serve prints');
    const { link, line } = newNode('astray');
    allow(line);
    const astray = { ...link, serverKey: newKeyPair().publicKey };
    await said(cluster.spawn('astray', 1, '1.0.0', astray), 'is --server-key the one');
    expect(refused('handshake')).toBeGreaterThan(1);
    expect(cluster.log).toEqual(['refused a peer that is no node, has no key, or calls another server key']);
    expect(cluster.router.nodes()).toEqual([]);
  });

  it('admits nobody while its list cannot be read', async () => {
    const { link, line } = newNode('desk');
    allow(`${line}rubbish\n`);
    await said(cluster.spawn('desk', 1, '1.0.0', link), "does not allow this node's key");
    expect(refused('list')).toBe(1);
    expect(cluster.log[0]).toContain('line 2: Expected a public key');
  });

  it('counts every refusal and logs one line for a crowd of them', async () => {
    const crowd = Array.from({ length: 30 }, () => {
      const dealer = new Dealer({
        ...clientOptions({ pair: newKeyPair(), serverKey: keys.pair.publicKey }),
        linger: 0,
      });
      const gone = new Promise((resolve) => dealer.events.on('handshake:error:auth', resolve));
      dealer.connect(cluster.router.address);
      return { dealer, gone };
    });
    await Promise.all(crowd.map(({ gone }) => gone));
    for (const { dealer } of crowd) dealer.close();
    expect(refused('key')).toBe(30);
    expect(cluster.log).toHaveLength(1);
    const { link, line } = newNode('honest');
    allow(line);
    cluster.spawn('honest', 1, '1.0.0', link);
    await cluster.joined(1);
    await computes('job');
  });
});

describe('the wire', () => {
  /** A proxy in front of the router that keeps every byte of both ways. */
  async function tap(address: string): Promise<{ server: Server; address: string; bytes: () => Buffer }> {
    const parts: Buffer[] = [];
    const target = Number(new URL(address.replace('tcp:', 'http:')).port);
    const server = createServer((near) => {
      const far = createConnection(target, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('data', (data: Buffer) => void (parts.push(data), to.write(data)));
        from.on('error', () => undefined);
        from.on('close', () => to.destroy());
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { server, address: `tcp://127.0.0.1:${port}`, bytes: () => Buffer.concat(parts) };
  }

  /** All bytes of a node's life through the tap, its work's spec holding a word to look for. */
  async function recorded(link: Link): Promise<Buffer> {
    const { server, address, bytes } = await tap(cluster.router.address);
    cluster.spawn('tapped', 1, '1.0.0', { ...link, address });
    await cluster.joined(1);
    const { router, events } = cluster;
    router.offer(chunksOf('canary-job', 'echo', 3, { spec: { note: 'canary-spec' } }));
    await events.until(() => events.ended.size === 3);
    server.close();
    return bytes();
  }

  const SHOWN = ['canary-job', 'canary-spec', 'hello', 'tapped', 'work'];

  it('shows words without keys and none with keys', async () => {
    const { link, line } = newNode('tapped');
    allow(line);
    const secret = await recorded(link);
    await cluster.stop();
    cluster = await Cluster.start();
    const plain = await recorded({});
    expect(secret.length).toBeGreaterThan(plain.length / 2);
    for (const word of SHOWN) expect([word, plain.includes(word)]).toEqual([word, true]);
    for (const word of SHOWN) expect([word, secret.includes(word)]).toEqual([word, false]);
  });
});

describe('a garbled connection', () => {
  it('is made anew: a node outlives a stranger in the place of its router', async () => {
    const { link, line } = newNode('patient');
    allow(line);
    // A plain ZeroMQ server: to a node with keys it speaks the wrong mechanism, after which ZeroMQ gives up.
    const stranger = new Cluster();
    await stranger.open();
    const { address } = stranger.router;
    const child = cluster.spawn('patient', 1, '1.0.0', { ...link, address });
    await said(child, 'has no keys: start mms serve with --keys');
    await stranger.router.close();
    await cluster.router.close();
    await cluster.open(address, inputStore(), keys);
    await cluster.joined(1);
    await computes('job');
  });
});
