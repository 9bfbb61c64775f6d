/**
 * What every transport between hall and nodes must do, with real processes and sockets: each chunk ends once
 * whatever dies; order, cancel, progress, crashes, poison, inputs, large answers, restart, drain, versions.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { InputStore } from '../../src/contract/ports.js';
import type { Carrier } from '../support/cluster.js';
import { Cluster, exitOf } from '../support/cluster.js';
import { Gathered, chunksOf, echoValues, inputStore } from '../support/fixture-chunks.js';

export function conformance(name: string, carrier: Carrier): void {
  let cluster: Cluster;
  afterEach(() => cluster.stop());

  /** A service with one-thread nodes of these names, all joined. */
  async function open(nodes: readonly string[], store: InputStore = inputStore()) {
    cluster = await Cluster.start(undefined, store, carrier);
    const children = nodes.map((id) => cluster.spawn(id));
    await cluster.joined(nodes.length);
    return { ...cluster, router: cluster.router, events: cluster.events, children };
  }

  describe(`${name}: chunks`, () => {
    it('end once each, on both nodes, with their own rows', async () => {
      const { router, events } = await open(['one', 'two']);
      expect(router.capacity()).toBe(2);
      router.offer(chunksOf('job', 'echo', 60, { spec: { ms: 2 } }));
      await events.until(() => events.ended.size === 60);
      expect(events.values('job', 60)).toEqual(echoValues(60));
      expect(events.begun.size).toBe(60);
      expect(events.repeated).toEqual([]);
      expect([...events.ended.values()].every(({ attempts }) => attempts === 1)).toBe(true);
      expect(router.nodes().every(({ chunksDone }) => chunksDone > 0)).toBe(true);
    });

    it('wait for a node; the more urgent go first, and a small job does not wait for a large one', async () => {
      const { router, events } = await open([]);
      router.offer(chunksOf('large', 'echo', 200, { priority: 5, spec: { ms: 1 } }));
      router.offer(chunksOf('small', 'echo', 2, { priority: 5, spec: { ms: 1 } }));
      router.offer(chunksOf('urgent', 'echo', 2, { priority: 9, spec: { ms: 1 } }));
      cluster.spawn('late');
      await events.until(() => events.ended.size === 204);
      const order = [...events.ended.keys()];
      expect(order.indexOf('urgent/1')).toBeLessThan(4);
      expect(order.indexOf('small/1')).toBeLessThan(100);
    });

    it('may give a result and take a spec and an input larger than a message of the carrier', async () => {
      const tables = [{ name: 'x', rows: 400_000, columns: [new Float64Array(400_000).fill(0.5)] }];
      const store = inputStore({ abc: { digest: 'abc', tables, notes: [] } });
      const { router, events } = await open(['one'], store);
      const spec = { note: 'x'.repeat(1_500_000) };
      router.offer(chunksOf('job', 'echo', 1, { from: 0, to: 300_000, spec, inputs: { x: 'abc' } }));
      await events.until(() => events.ended.size === 1);
      const values = events.values('job', 1);
      expect(values).toHaveLength(300_000);
      expect(values.every((value, unit) => value === 7_000 + unit + 200_000)).toBe(true);
    });

    it('share a large spec of their job, and two such jobs do not mix theirs', async () => {
      const { router, events } = await open(['one', 'two']);
      const [low, high] = [1, 2].map((bias) => ({ bias, data: new Array<number>(5_000).fill(0.5) }));
      router.offer([
        ...chunksOf('low', 'echo', 12, { spec: low }),
        ...chunksOf('high', 'echo', 12, { spec: high }),
      ]);
      await events.until(() => events.ended.size === 24);
      expect(events.values('low', 12)).toEqual(echoValues(12, 1));
      expect(events.values('high', 12)).toEqual(echoValues(12, 2));
    });

    it('take their inputs once to each node, and a lost input is an error of its job', async () => {
      const tables = [{ name: 'x', rows: 3, columns: [Float64Array.of(1, 2, 3)] }];
      const store = inputStore({ abc: { digest: 'abc', tables, notes: [] } });
      const { router, events } = await open(['one'], store);
      router.offer(chunksOf('job', 'echo', 12, { inputs: { x: 'abc' } }));
      router.offer(chunksOf('gone', 'echo', 1, { inputs: { x: 'missing' } }));
      await events.until(() => events.ended.size === 13);
      expect(events.values('job', 12)).toEqual(echoValues(12, 6));
      expect(store.asked).toEqual(['abc', 'missing']);
      expect(events.code('gone')).toBe('E_INTERNAL');
    });

    it('stop when their job is cancelled, running or not, tell progress before and nothing after', async () => {
      const { router, events } = await open(['one']);
      router.offer(chunksOf('job', 'spin', 100));
      await events.until(() => events.progressed.get('job/0') === 0.5);
      const startMs = performance.now();
      router.cancel('job');
      router.offer(chunksOf('next', 'echo', 2));
      await events.until(() => events.ended.size === 2);
      expect(performance.now() - startMs).toBeLessThan(1_000);
      expect([...events.ended.keys()].sort()).toEqual(['next/0', 'next/1']);
    });
  });

  describe(`${name}: failures`, () => {
    it('of the kind itself are final at once, and a dead thread is not', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mms-crash-'));
      const { router, events } = await open(['one']);
      router.offer(chunksOf('wrong', 'throws', 1));
      // One after the other: a thread that dies takes with it what waits behind.
      await events.until(() => events.ended.size === 1);
      router.offer(chunksOf('crash', 'crash', 1, { spec: { marker: join(folder, 'died') } }));
      await events.until(() => events.ended.size === 2);
      rmSync(folder, { recursive: true });
      expect(events.ended.get('wrong/0')).toMatchObject({ attempts: 1, problem: { code: 'E_JOB' } });
      expect(events.ended.get('crash/0')).toMatchObject({ attempts: 2 });
      expect(events.code('crash')).toBeUndefined();
    });

    it('of a killed node send its work elsewhere and are counted', async () => {
      const { router, events, children } = await open(['victim', 'other']);
      // Longer than a beat, by which the router sees what a node has: the second in hand then still is there.
      router.offer(chunksOf('job', 'echo', 6, { spec: { ms: 700 } }));
      await events.until(() => router.nodes().some(({ id, busy }) => id === 'victim' && busy > 0));
      children[0]!.kill('SIGKILL');
      await events.until(() => events.ended.size === 6);
      expect(events.values('job', 6)).toEqual(echoValues(6));
      expect(events.repeated).toEqual([]);
      expect(Math.max(...[...events.ended.values()].map((end) => end.attempts))).toBe(2);
    });

    it('of a node that stands still are mended when it wakes', async () => {
      const { router, events, children } = await open(['sleeper', 'other']);
      router.offer(chunksOf('job', 'echo', 40, { spec: { ms: 10 } }));
      await events.until(() => events.ended.size >= 5);
      children[0]!.kill('SIGSTOP');
      await events.until(() => events.ended.size === 40);
      await cluster.joined(1);
      children[0]!.kill('SIGCONT');
      await cluster.joined(2);
      router.offer(chunksOf('more', 'echo', 20, { spec: { ms: 10 } }));
      await events.until(() => events.ended.size === 60);
      expect(events.values('job', 40)).toEqual(echoValues(40));
      expect(events.repeated).toEqual([]);
    });

    it('that kill the process three times while alone are poison; the neighbours finish', async () => {
      const { router, events } = await open([]);
      // What a supervisor does: a dead node is followed by a new one.
      const keep = (n: number): void =>
        void cluster.spawn(`node-${n}`).once('exit', () => n < 7 && keep(n + 1));
      keep(0);
      router.offer([
        ...chunksOf('bad', 'crash', 1, { spec: { process: true } }),
        ...chunksOf('good', 'echo', 10),
      ]);
      await events.until(() => events.ended.size === 11);
      expect(events.ended.get('bad/0')).toMatchObject({ problem: { code: 'E_POISON' } });
      // Two deaths in company and three alone at most.
      expect(events.ended.get('bad/0')!.attempts).toBeOneOf([3, 4, 5]);
      expect(events.values('good', 10)).toEqual(echoValues(10));
    });
  });

  describe(`${name}: comings and goings`, () => {
    it('a node that drains finishes what runs, gives the rest to others and exits 0', async () => {
      const { router, events, children } = await open(['leaver']);
      router.offer(chunksOf('job', 'echo', 20, { spec: { ms: 20 } }));
      await events.until(() => events.ended.size >= 2);
      children[0]!.kill('SIGTERM');
      expect(await exitOf(children[0]!)).toEqual({ code: 0, signal: null });
      await cluster.joined(0);
      expect(events.ended.size).toBeLessThan(20);
      cluster.spawn('stayer');
      await events.until(() => events.ended.size === 20);
      expect(events.values('job', 20)).toEqual(echoValues(20));
      expect([...events.ended.values()].every(({ attempts }) => attempts === 1)).toBe(true);
    });

    it('a service that starts anew finishes what it offers anew, with the nodes that were there', async () => {
      const { router, events, children } = await open(['one']);
      const job = chunksOf('job', 'echo', 20, { spec: { ms: 20 } });
      router.offer(job);
      await events.until(() => events.ended.size >= 3);
      await router.close();
      cluster.events = new Gathered();
      await cluster.open(router.address);
      cluster.router.offer(job);
      await cluster.events.until(() => cluster.events.ended.size === 20);
      expect(cluster.events.values('job', 20)).toEqual(echoValues(20));
      expect(cluster.events.repeated).toEqual([]);
      await cluster.joined(1);
      expect(children[0]!.exitCode).toBeNull();
    });

    it('a node of another version is refused with a sentence that says what to do', async () => {
      await open([]);
      const child = cluster.spawn('old', 1, '0.9.0');
      let said = '';
      child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
      expect(await exitOf(child)).toEqual({ code: 2, signal: null });
      expect(said).toBe(
        'Expected engine version 1.0.0; the node runs 0.9.0. Install MMS 1.0.0 on the node.\n',
      );
      expect(cluster.router.capacity()).toBe(0);
    });
  });
}
