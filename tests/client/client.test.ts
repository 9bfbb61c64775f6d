/** The client for TypeScript against the service on a real socket, and the README's example as it stands. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, MmsProblem, type Client } from '../../src/client/index.js';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let server: string;
let client: Client;
beforeAll(async () => {
  api = await startApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  server = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  client = createClient(`${server}/`);
});
afterAll(() => api.close());

let seed = 0;
const small = () => ({ kind: 'paths', spec: { paths: 2000 }, seed: ++seed }) as const;
const long = () =>
  ({ kind: 'paths', spec: { sampling: 'stepped', steps: 2520, paths: 5_000_000 }, seed: ++seed }) as const;

it('submits, waits, and reads a result and its tables', async () => {
  const job = await client.submit(small(), { waitS: 20, idempotencyKey: `client-${seed}` });
  expect(job.state).toBe('done');
  expect((await client.job(job.id)).digest).toBe(job.digest);
  const { tables } = await client.result(job.id);
  const { name, rows } = tables[0]!;
  const { data } = await client.table(job.id, name);
  expect(Object.values(data).map(({ length }) => length)).toEqual(
    Array(tables[0]!.columns.length).fill(rows),
  );
  expect((await client.table(job.id, name, { from: 0, to: 1 })).rows).toBe(1);
  const csv = await (await fetch(client.tableUrl(job.id, name, 'csv', { to: 1 }))).text();
  expect(csv.trim().split('\n')).toHaveLength(2);
});

it('refuses what is no field of a kind, when it is compiled and when it runs', async () => {
  // @ts-expect-error a field's name is wrong
  const wrong = client.submit({ kind: 'paths', spec: { pahts: 1 } });
  const error = await wrong.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(MmsProblem);
  expect((error as MmsProblem).problem).toMatchObject({ code: 'E_SPEC', errors: [{ suggestion: 'paths' }] });
});

it('lists jobs over pages, and batches', async () => {
  const batch = await client.submitBatch([small(), small()], { waitS: 20 });
  expect((await client.batch(batch.batch_id)).counts).toMatchObject({ done: 2 });
  const ids: string[] = [];
  for await (const { id, kind } of client.jobs({ kind: 'paths' })) {
    expect(kind).toBe('paths');
    ids.push(id);
  }
  expect(ids).toEqual(expect.arrayContaining(batch.jobs.map(({ task_id }) => task_id)));
  expect((await client.kinds()).kinds.map(({ name }) => name)).toContain('paths');
  expect((await client.kind('paths')).tables.length).toBeGreaterThan(0);
});

it('runs a job to its end over its event stream', async () => {
  expect(await client.run(small())).toMatchObject({ state: 'done', progress: 1 });
});

describe('a watch', () => {
  it('goes on over connections that break after every event, and misses no state', async () => {
    let streams = 0;
    const breaking: typeof fetch = async (url, init) => {
      const answer = await fetch(url, init);
      const accepts = new Headers(init?.headers).get('accept');
      if (accepts !== 'text/event-stream' || answer.status === 204) return answer;
      streams++;
      // The blank event with the retry field, the next one, and then nothing more; and no waiting here.
      const reader = answer.body!.getReader();
      const cut = new ReadableStream<Uint8Array>({
        async start(out) {
          let text = '';
          while (!text.includes('data:')) {
            const { done, value } = await reader.read();
            if (done) break;
            text += new TextDecoder().decode(value);
          }
          out.enqueue(new TextEncoder().encode(text.replace(/^retry: \d+/, 'retry: 1')));
          await reader.cancel();
          out.close();
        },
      });
      return new Response(cut, { status: answer.status, headers: answer.headers });
    };
    const patient = createClient(server, { fetch: breaking });
    const job = await patient.submit({ ...long(), timeoutS: 2 });
    const states: string[] = [];
    for await (const { state } of patient.watch(job.id)) if (states.at(-1) !== state) states.push(state);
    expect(states.slice(-2)).toEqual(['running', 'expired']);
    expect(streams).toBeGreaterThan(2);
  });

  it('ends when it is told to, and when the service is gone for good', async () => {
    const job = await client.submit(long());
    const stop = new AbortController();
    const watching = (async () => {
      for await (const { state } of client.watch(job.id, stop.signal)) if (state === 'running') stop.abort();
    })();
    await expect(watching).rejects.toThrow(/abort/i);
    expect((await client.cancel(job.id)).state).toBe('cancelled');
    await expect(client.watch('01ARZ3NDEKTSV4RRFFQ69G5FAV').next()).rejects.toThrow('Not found');
  });
});

it('is used in the README as it is', async () => {
  const example = /```ts\n([^]*?)```/.exec(readFileSync('README.md', 'utf8'))![1]!;
  expect(example).toContain("'http://localhost:8080'");
  // Inside this package, whose own name then means it.
  const dir = resolve('build/readme');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'client.ts');
  writeFileSync(file, example.replace('http://localhost:8080', server));
  const run = promisify(execFile);
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'];
  await run('node_modules/.bin/tsc', ['--ignoreConfig', ...options, '--types', 'node', file]).catch(
    ({ stdout }: { stdout: string }) => expect.fail(stdout),
  );
  const { stdout } = await run(process.execPath, [file]);
  expect(stdout).toMatch(/^done: \d+ fills, the first at \d+ ticks\n$/);
});
