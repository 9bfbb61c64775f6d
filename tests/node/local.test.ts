/** The in-process transport with real threads: results, errors, crashes, cancel, inputs, and a clean end. */
import { execFile } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChunkTransport } from '../../src/contract/ports.js';
import { createLocalTransport } from '../../src/node/local.js';
import { FIXTURE_KINDS, Gathered, chunksOf, echoValues, inputStore } from '../support/fixture-chunks.js';

const transports: ChunkTransport[] = [];
afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.close()));
});

function open(threads = 2, store = inputStore()) {
  const transport = createLocalTransport({ threads, kindsDir: FIXTURE_KINDS });
  const events = new Gathered();
  transport.connect(events, store);
  transports.push(transport);
  return { transport, events };
}

describe('createLocalTransport', () => {
  it('ends every chunk once with its own rows', async () => {
    const { transport, events } = open();
    transport.offer(chunksOf('job', 'echo', 40));
    await events.until(() => events.ended.size === 40);
    expect(events.values('job', 40)).toEqual(echoValues(40));
    expect(events.repeated).toEqual([]);
    expect(events.begun.size).toBe(40);
  });

  it('gives the more urgent job its turn first', async () => {
    const { transport, events } = open(1);
    transport.offer(chunksOf('low', 'echo', 10));
    transport.offer(chunksOf('high', 'echo', 1, { priority: 5 }));
    await events.until(() => events.ended.size === 11);
    expect([...events.ended.keys()].indexOf('high/0')).toBeLessThan(4);
  });

  it('makes a thrown error final, with a first line that names no path', async () => {
    const { transport, events } = open();
    transport.offer(chunksOf('job', 'throws', 1));
    await events.until(() => events.ended.size === 1);
    const end = events.ended.get('job/0')!;
    expect(end).toMatchObject({ attempts: 1, problem: { code: 'E_JOB' } });
    expect('problem' in end && end.problem.detail).toBe(
      'Units 0..2 of kind throws failed: no such level in <path>',
    );
  });

  it('names table, column and row of a number that is not finite', async () => {
    const { transport, events } = open();
    transport.offer(chunksOf('job', 'nan', 1));
    await events.until(() => events.ended.size === 1);
    expect(events.code('job')).toBe('E_NONFINITE');
    const end = events.ended.get('job/0')!;
    expect('problem' in end && end.problem.detail).toContain(
      'gave NaN in column priceUsd of table path, row 2',
    );
  });

  it('calls a chunk poison after three dead threads, and spares the chunks beside it', async () => {
    const { transport, events } = open();
    transport.offer([...chunksOf('bad', 'crash', 1), ...chunksOf('good', 'echo', 20, { spec: { ms: 5 } })]);
    await events.until(() => events.ended.size === 21);
    expect(events.ended.get('bad/0')).toMatchObject({ attempts: 3, problem: { code: 'E_POISON' } });
    expect(events.values('good', 20)).toEqual(echoValues(20));
  });

  it('stops a running job at once and says no more of it', async () => {
    const { transport, events } = open(1);
    transport.offer(chunksOf('job', 'spin', 3));
    await events.until(() => events.progressed.get('job/0') === 0.5);
    const startMs = performance.now();
    transport.cancel('job');
    transport.offer(chunksOf('next', 'echo', 1));
    await events.until(() => events.ended.has('next/0'));
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect([...events.ended.keys()]).toEqual(['next/0']);
  });

  it('replaces a thread that does not listen, and runs the next chunk', async () => {
    const { transport, events } = open(1);
    transport.offer(chunksOf('deaf', 'deaf', 1));
    await events.until(() => events.progressed.has('deaf/0'));
    transport.cancel('deaf');
    transport.offer(chunksOf('next', 'echo', 1));
    await events.until(() => events.ended.has('next/0'));
    expect([...events.ended.keys()]).toEqual(['next/0']);
  });

  it('fetches an input once and shares it with all threads', async () => {
    const tables = [{ name: 'x', rows: 3, columns: [Float64Array.of(1, 2, 3)] }];
    const store = inputStore({ abc: { digest: 'abc', tables, notes: [] } });
    const { transport, events } = open(2, store);
    transport.offer(chunksOf('job', 'echo', 10, { inputs: { x: 'abc' } }));
    transport.offer(chunksOf('gone', 'echo', 1, { inputs: { x: 'missing' } }));
    await events.until(() => events.ended.size === 11);
    expect(events.values('job', 10)).toEqual(echoValues(10, 6));
    expect(store.asked).toEqual(['abc', 'missing']);
    expect(events.code('gone')).toBe('E_INTERNAL');
    expect(tables[0]!.columns[0]).toEqual(Float64Array.of(1, 2, 3));
  });

  it('lets its process end by itself when nothing is left to do', async () => {
    const script = `
      const { createLocalTransport } = await import(${JSON.stringify(dist('node/local.js'))});
      const transport = createLocalTransport({ threads: 2, kindsDir: new URL(${JSON.stringify(FIXTURE_KINDS.href)}) });
      transport.connect({ started() {}, progress() {}, failed() {}, done: () => console.log('done') }, {});
      transport.offer([${JSON.stringify(chunksOf('job', 'echo', 1)[0])}]);`;
    const { code, stdout } = await runScript(script);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'done\n' });
  });
});

function dist(path: string): string {
  return new URL(`../../dist/${path}`, import.meta.url).href;
}

function runScript(script: string): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve) => {
    const args = ['--input-type=module', '-e', script];
    const child = execFile(process.execPath, args, { timeout: 20_000 }, (_error, stdout) => {
      resolve({ code: child.exitCode, stdout });
    });
  });
}
