/** Sweeps over HTTP with real hall and threads: submit, wait, follow, results in every form; 6 s. */
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackRows, type PackedRows } from '../../src/contract/packed-rows.js';
import type { SweepView } from '../../src/contract/sweep.js';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const request = {
  kind: 'paths',
  spec: { paths: 200, steps: 2, payoffs: [{ type: 'european', strike: 100 }] },
  seed: 7,
  axes: { 'model.sigmaPerSqrtYr': { from: 0.1, to: 0.4, n: 4 }, 'payoffs.0.strike': [90, 110, 100] },
  repeats: 3,
};
type Answer = SweepView & { readonly links: Record<string, string> };
const post = (payload: unknown, headers: Record<string, string> = {}) =>
  api.app.inject({ method: 'POST', url: '/v1/sweeps', headers, payload: payload as object });
const get = (url: string, headers: Record<string, string> = {}) => api.app.inject({ url, headers });
const submitted = async (over: object = {}): Promise<Answer> =>
  (await post({ ...request, ...over }, { prefer: 'wait=30' })).json();

describe('POST /v1/sweeps', () => {
  it('answers 202 with a place to look, and 200 once all has ended', async () => {
    const begun = await post(request);
    expect(begun.statusCode).toBe(202);
    const { id, state } = begun.json<Answer>();
    expect(begun.headers['location']).toMatch(new RegExp(`/v1/sweeps/${id}$`));
    expect(begun.headers['retry-after']).toBe('1');
    expect(state).toBe('running');
    const done = await post(request, { prefer: 'wait=30' });
    expect(done.statusCode).toBe(200);
    expect(done.json()).toMatchObject({ state: 'done', cellsDone: 12, jobs: { total: 36, done: 36 } });
    const list = (await get('/v1/sweeps?limit=1')).json<{ sweeps: Answer[]; next: string }>();
    expect(list.sweeps.map((sweep) => sweep.id)).toEqual([done.json<Answer>().id]);
    const next = (await get(list.next.replace(/^http:\/\/[^/]+/, ''))).json<{ sweeps: Answer[] }>();
    expect(next.sweeps.map((sweep) => sweep.id)).toEqual([id]);
    expect((await get('/v1/sweeps?state=cancelled')).json()).toEqual({ sweeps: [], next: null });
  });

  it('is safe to repeat with an Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'sweep-1' };
    const [first, again] = [await post(request, key), await post(request, key)];
    expect(again.json<Answer>().id).toBe(first.json<Answer>().id);
    const other = await post({ ...request, repeats: 2 }, key);
    expect([other.statusCode, other.json<{ code: string }>().code]).toEqual([422, 'E_IDEMPOTENCY']);
  });

  it.each([
    [[], 'E_BODY', ''],
    [{ ...request, client: 'me' }, 'E_SPEC', '/client'],
    [{ ...request, repeat: 2 }, 'E_SPEC', '/repeat'],
    [{ ...request, axes: {} }, 'E_SPEC', '/axes'],
    [{ ...request, axes: { sigma: [1] } }, 'E_SPEC', '/axes/sigma'],
    [{ ...request, axes: { steps: ['x'] } }, 'E_SPEC', '/axes/steps'],
    [{ ...request, spec: { pats: 1 } }, 'E_SPEC', '/spec/pats'],
    [{ ...request, kind: 'pahts' }, 'E_KIND', '/kind'],
  ])('refuses %#', async (body, code, pointer) => {
    const response = await post(body);
    const problem = response.json<{ code: string; errors?: { pointer: string }[] }>();
    expect([problem.code, problem.errors?.[0]!.pointer]).toEqual([code, pointer]);
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
  });
});

describe('the results of a sweep', () => {
  it('say the same as csv, json, parquet and rows', async () => {
    const { links, id } = await submitted();
    const at = (name: string): string => links[name]!.replace(/^http:\/\/[^/]+/, '');
    const csv = await get(at('csv'));
    expect(csv.headers).toMatchObject({
      'mms-partial': 'false',
      'mms-jobs-ended': '36',
      'mms-jobs-total': '36',
    });
    const [head, ...lines] = csv.body.trimEnd().split('\n');
    expect(head).toMatch(/^cell,model.sigmaPerSqrtYr,payoffs.0.strike,state,repeats,seeds,/);
    expect(lines).toHaveLength(12);
    expect(lines[5]).toMatch(/^5,0.2,100,done,3,7 /);

    const json = (await get(at('json'))).json<{ partial: boolean; rows: { figures: number[][] }[] }>();
    expect(json).toMatchObject({ partial: false, sweep: { id }, rows: { length: 12 } });
    const names = head!.split(',');
    expect(json.rows[5]!.figures[0]![0]).toBe(Number(lines[5]!.split(',')[6]));

    const file = await get(at('parquet'));
    const { buffer, byteOffset, byteLength } = file.rawPayload;
    const table = await parquetReadObjects({
      file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer,
    });
    expect(table).toHaveLength(12);
    const texts = table.map((row) => names.map((name) => row[name] ?? '').join(','));
    expect(texts).toEqual(lines);

    const rows = unpackRows((await get(`${at('rows')}?from=5&limit=2`)).json<PackedRows>());
    expect(rows.map(({ cell, values }) => [cell, values])).toEqual([
      [5, [0.2, 100]],
      [6, [0.3, 90]],
    ]);
    expect(rows).toEqual(await api.parts.hall.sweeps.rows(id, { from: 5, limit: 2 }));
    const job = (await get(`/v1/jobs/${rows[0]!.jobs[1]!.id}`)).json<{ summary: unknown; seed: number }>();
    expect(job.summary).toMatchObject({ metrics: rows[0]!.jobs[1]!.metrics });

    const page = await get(at('report'));
    expect(page.headers['content-security-policy']).toContain('sandbox');
    expect(page.body).toMatch(/^<!doctype html>[^]*model\.sigmaPerSqrtYr/i);

    const known = await get(at('csv'), { 'if-none-match': csv.headers['etag'] as string });
    expect([known.statusCode, known.body]).toEqual([304, '']);
    expect((await api.app.inject({ method: 'HEAD', url: at('csv') })).body).toBe('');
  });

  it('are valid while it runs, and say that they are partial', async () => {
    const slow = {
      spec: { paths: 400_000, steps: 252 },
      axes: { 'model.sigmaPerSqrtYr': [0.1, 0.2, 0.3] },
      seed: 99,
    };
    const { id } = (await post({ ...request, ...slow })).json<Answer>();
    const csv = await get(`/v1/sweeps/${id}/results.csv`);
    expect(csv.headers).toMatchObject({
      'mms-partial': 'true',
      'mms-jobs-total': '9',
      'cache-control': 'no-store',
    });
    expect(csv.body.trimEnd().split('\n')).toHaveLength(4);
    expect((await get(`/v1/sweeps/${id}/results.json`)).json()).toMatchObject({ partial: true });
    const events = get(`/v1/sweeps/${id}`, { accept: 'text/event-stream' });
    const cancelled = await api.app.inject({ method: 'DELETE', url: `/v1/sweeps/${id}` });
    expect(cancelled.json()).toMatchObject({ state: 'cancelled', progress: 1 });
    const { body } = await events;
    expect(body).toMatch(/event: status\nid: running-/);
    const last = body.trimEnd().split('\n\n').at(-1)!;
    expect(last).toMatch(/^event: status\nid: cancelled-1-\d+\ndata: \{.*"state":"cancelled"/);
    expect(last).not.toContain('"plan"');
    const lastId = /id: (\S+)/.exec(last)![1]!;
    const again = await get(`/v1/sweeps/${id}`, { accept: 'text/event-stream', 'last-event-id': lastId });
    expect(again.statusCode).toBe(204);
    const twice = await api.app.inject({ method: 'DELETE', url: `/v1/sweeps/${id}` });
    expect([twice.statusCode, twice.json<{ code: string }>().code]).toEqual([409, 'E_CONFLICT']);
    const retried = await api.app.inject({ method: 'POST', url: `/v1/sweeps/${id}/retry` });
    expect(retried.json()).toMatchObject({ state: 'running', jobs: { cancelled: 0 } });
    await api.app.inject({ method: 'DELETE', url: `/v1/sweeps/${id}` });
  });

  it('are nowhere for what is no sweep', async () => {
    for (const id of ['nonsense', '01BX5ZZKBKACTAV9WEVGEMM000']) {
      for (const at of ['', '/rows', '/results.csv', '/results.json', '/results.parquet', '/report.html'])
        expect((await get(`/v1/sweeps/${id}${at}`)).statusCode, at).toBe(404);
      for (const [method, at] of [
        ['DELETE', ''],
        ['POST', '/retry'],
      ] as const)
        expect((await api.app.inject({ method, url: `/v1/sweeps/${id}${at}` })).statusCode).toBe(404);
    }
    const { id } = await submitted();
    for (const query of ['from=-1', 'limit=0', 'limit=1001', 'form=1'])
      expect((await get(`/v1/sweeps/${id}/rows?${query}`)).statusCode, query).toBe(422);
  });
});
