/** Everything is under /v1; each older name answers as the address that it stands for. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OTHER_NAMES } from '../../src/api/addresses.js';
import type { JobAnswer } from '../../src/api/view.js';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let job: JobAnswer;
let batchId: string;
beforeAll(async () => {
  api = await startApi();
  const payload = { kind: 'paths', spec: { paths: 1000 }, seed: 3 };
  const headers = { prefer: 'wait=20' };
  job = (await api.app.inject({ method: 'POST', url: '/v1/jobs', payload, headers })).json();
  const batch = await api.app.inject({
    method: 'POST',
    url: '/v1/batches',
    payload: { jobs: [payload] },
    headers,
  });
  batchId = batch.json<{ batch_id: string }>().batch_id;
});
afterAll(() => api.close());

const names = Object.entries(OTHER_NAMES).flatMap(([route, others]) => {
  const [method, url] = route.split(' ') as ['GET' | 'POST' | 'DELETE', string];
  return others.map((other) => ({ method, url, other }));
});

const filled = (url: string): string =>
  url
    .replace(':id', url.includes('batches') ? batchId : job.id)
    .replace(':table', 'quantities')
    .replace(':name', 'paths');

it.each(names)('$method $other answers as $url', async ({ method, url, other }) => {
  const payload = url.endsWith('/batches')
    ? { jobs: [{ kind: 'paths', spec: { paths: 1000 }, seed: 3 }] }
    : { kind: 'paths', spec: { paths: 1000 }, seed: 3 };
  const ask = async (address: string): Promise<{ status: number; body: string }> => {
    const body = method === 'POST' ? { payload } : {};
    const answer = await api.app.inject({
      method,
      url: filled(address),
      ...body,
      headers: { prefer: 'wait=20' },
    });
    // Each submission is a job of its own.
    const text = answer.body
      .replaceAll(/[0-9A-Z]{26}/g, 'ID')
      .replaceAll(/"(created|started|finished)Ms":\d+/g, '');
    return { status: answer.statusCode, body: text };
  };
  expect(await ask(other)).toEqual(await ask(url));
  expect((await ask(url)).status).not.toBe(404);
});

it('gives addresses under /v1 alone', async () => {
  const address = `http://localhost:80/v1/jobs/${job.id}`;
  expect(job.links).toEqual({ self: address, result: `${address}/result`, report: `${address}/report.html` });
  for (const link of Object.values(job.links))
    expect((await api.app.inject(link.replace('http://localhost:80', ''))).statusCode).toBe(200);
  const { tables } = (await api.app.inject(`/v1/jobs/${job.id}/result`)).json<{
    tables: { name: string; links: object }[];
  }>();
  for (const { name, links } of tables) {
    const table = `${address}/${name}`;
    expect(links).toEqual({ csv: `${table}.csv`, json: `${table}.json`, parquet: `${table}.parquet` });
  }
});
