/** Router and nodes as real processes: kills, stops, restarts, drains, cancels, inputs, versions. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cluster, exitOf } from '../support/cluster.js';
import { chunksOf, echoValues, inputStore } from '../support/fixture-chunks.js';

let cluster: Cluster;
afterEach(() => cluster.stop());

describe('a cluster of real processes', () => {
  beforeEach(async () => {
    cluster = await Cluster.start();
  });

  it('computes every chunk once, on both nodes', async () => {
    cluster.spawn('one');
    cluster.spawn('two');
    await cluster.joined(2);
    const { router, events } = cluster;
    expect(router.capacity()).toBe(2);
    router.offer(chunksOf('job', 'echo', 60, { spec: { ms: 2 } }));
    await events.until(() => events.ended.size === 60);
    expect(events.values('job', 60)).toEqual(echoValues(60));
    expect(router.nodes().every(({ chunksDone }) => chunksDone > 0)).toBe(true);
    expect(router.nodes().reduce((sum, { chunksDone }) => sum + chunksDone, 0)).toBe(60);
  });

  it('runs the work of a killed node elsewhere', async () => {
    const victim = cluster.spawn('victim');
    cluster.spawn('other');
    await cluster.joined(2);
    const { router, events } = cluster;
    router.offer(chunksOf('job', 'echo', 60, { spec: { ms: 10 } }));
    await events.until(() => events.ended.size >= 10);
    victim.kill('SIGKILL');
    await events.until(() => events.ended.size === 60);
    expect(events.values('job', 60)).toEqual(echoValues(60));
    expect(events.repeated).toEqual([]);
    const attempts = [...events.ended.values()].map((end) => end.attempts);
    expect(Math.max(...attempts)).toBe(2);
  });

  it('reroutes the work of a node that stands still, and takes it back when it wakes', async () => {
    const sleeper = cluster.spawn('sleeper');
    cluster.spawn('other');
    await cluster.joined(2);
    const { router, events } = cluster;
    router.offer(chunksOf('job', 'echo', 40, { spec: { ms: 10 } }));
    await events.until(() => events.ended.size >= 5);
    sleeper.kill('SIGSTOP');
    await events.until(() => events.ended.size === 40);
    expect(events.values('job', 40)).toEqual(echoValues(40));
    await cluster.joined(1);
    sleeper.kill('SIGCONT');
    await cluster.joined(2);
    router.offer(chunksOf('more', 'echo', 20, { spec: { ms: 10 } }));
    await events.until(() => events.ended.size === 60);
    expect(events.repeated).toEqual([]);
  });

  it('stops a running job on its node within a second, and the node goes on', async () => {
    cluster.spawn('one');
    await cluster.joined(1);
    const { router, events } = cluster;
    router.offer(chunksOf('job', 'spin', 4));
    await events.until(() => events.progressed.get('job/0') === 0.5);
    const startMs = performance.now();
    router.cancel('job');
    router.offer(chunksOf('next', 'echo', 2));
    await events.until(() => events.ended.size === 2);
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect([...events.ended.keys()].sort()).toEqual(['next/0', 'next/1']);
  });

  it('lets a node drain: running work is finished, waiting work goes to the others, the process exits 0', async () => {
    const leaver = cluster.spawn('leaver');
    await cluster.joined(1);
    const { router, events } = cluster;
    router.offer(chunksOf('job', 'echo', 20, { spec: { ms: 20 } }));
    await events.until(() => events.ended.size >= 2);
    leaver.kill('SIGTERM');
    expect(await exitOf(leaver)).toEqual({ code: 0, signal: null });
    await cluster.joined(0);
    expect(events.ended.size).toBeLessThan(20);
    cluster.spawn('stayer');
    await events.until(() => events.ended.size === 20);
    expect(events.values('job', 20)).toEqual(echoValues(20));
    expect([...events.ended.values()].every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it('joins a node again after the router was restarted on the same address', async () => {
    const child = cluster.spawn('one');
    await cluster.joined(1);
    const { address } = cluster.router;
    await cluster.router.close();
    await cluster.open(address);
    await cluster.joined(1);
    cluster.router.offer(chunksOf('job', 'echo', 3));
    await cluster.events.until(() => cluster.events.ended.size === 3);
    expect(cluster.events.values('job', 3)).toEqual(echoValues(3));
    expect(child.exitCode).toBeNull();
  });

  it('gives up a chunk that kills its process three times while alone, and finishes its neighbours', async () => {
    const { router, events } = cluster;
    // What a supervisor does: a dead node is followed by a new one.
    const keep = (n: number): void =>
      void cluster.spawn(`node-${n}`).once('exit', () => n < 6 && keep(n + 1));
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

  it('survives a thread that dies: the chunk runs again on the same node', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mms-crash-'));
    cluster.spawn('one');
    const { router, events } = cluster;
    router.offer(chunksOf('job', 'crash', 1, { spec: { marker: join(folder, 'died') } }));
    await events.until(() => events.ended.size === 1);
    rmSync(folder, { recursive: true });
    expect(events.ended.get('job/0')).toMatchObject({ attempts: 2 });
    expect(events.code('job')).toBeUndefined();
  });

  it('refuses a node of another version with a sentence that says what to do', async () => {
    const child = cluster.spawn('old', 1, '0.9.0');
    let said = '';
    child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
    expect(await exitOf(child)).toEqual({ code: 2, signal: null });
    expect(said).toBe('Expected engine version 1.0.0; the node runs 0.9.0. Install MMS 1.0.0 on the node.\n');
  });
});

describe('inputs of a cluster', () => {
  it('travel once to each node, and a lost input is an error of its job', async () => {
    const tables = [{ name: 'x', rows: 3, columns: [Float64Array.of(1, 2, 3)] }];
    const store = inputStore({ abc: { digest: 'abc', tables, notes: [] } });
    cluster = await Cluster.start(undefined, store);
    cluster.spawn('one');
    const { router, events } = cluster;
    router.offer(chunksOf('job', 'echo', 12, { inputs: { x: 'abc' } }));
    router.offer(chunksOf('gone', 'echo', 1, { inputs: { x: 'missing' } }));
    await events.until(() => events.ended.size === 13);
    expect(events.values('job', 12)).toEqual(echoValues(12, 6));
    expect(store.asked).toEqual(['abc', 'missing']);
    expect(events.code('gone')).toBe('E_INTERNAL');
  });
});

describe('openRouter', () => {
  it('says which address is taken and what to do', async () => {
    cluster = await Cluster.start();
    const { address } = cluster.router;
    await expect(new Cluster().open(address)).rejects.toThrow(
      `Expected a free address for the router; ${address} says: Address already in use. Choose another port.`,
    );
  });
});
