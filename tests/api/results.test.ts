/** Results over HTTP: summary, every table as csv and json with the stored bytes, the report, caching. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobAnswer } from '../../src/api/view.js';
import { startApi } from '../support/api.js';
import type { TestApi } from '../support/api.js';

interface ResultAnswer {
  readonly digest: string;
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    readonly columns: readonly { readonly name: string }[];
    readonly links: { readonly csv: string; readonly json: string };
  }[];
}

let api: TestApi;
let job: JobAnswer;
beforeAll(async () => {
  api = await startApi();
  const payload = {
    kind: 'paths',
    spec: { paths: 3000, steps: 4, wholePaths: true, payoffs: [{ type: 'european', strike: 100 }] },
    seed: 5,
  };
  const answer = await api.app.inject({
    method: 'POST',
    url: '/simulate',
    payload,
    headers: { prefer: 'wait=20' },
  });
  job = answer.json();
});
afterAll(() => api.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  api.app.inject({ url: url.replace(/^http:\/\/[^/]+/, ''), headers });

describe('GET /results/:id', () => {
  it('tells the summary and, for each declared table, columns, rows and addresses', async () => {
    const result = (await get(job.links['result']!)).json<ResultAnswer>();
    const kind = await api.parts.kinds.get('paths');
    expect(result.tables.map(({ name }) => name)).toEqual(kind.tables.map(({ name }) => name));
    expect(result.tables.every(({ rows }) => rows > 0)).toBe(true);
    expect(result).toMatchObject({ id: job.id, digest: job.digest, summary: job.summary });
  });

  it.each(['csv', 'json'])('leaves others their turns while it writes a large table as %s', async (form) => {
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    const { body } = await get(`/results/${job.id}/paths.${form}`);
    isOver = true;
    // 15,000 rows are 8 pieces of csv, three columns of them 6 of json.
    expect(body.length).toBeGreaterThan(200_000);
    expect(turns).toBeGreaterThanOrEqual(6);
  });

  it('gives rows of a table by number, and names rows that it does not have', async () => {
    const url = `/results/${job.id}/quantities`;
    const whole = (await get(`${url}.csv`)).body.trimEnd().split('\n');
    const part = await get(`${url}.csv?from=1&to=3`);
    expect(part.body.trimEnd().split('\n')).toEqual([whole[0], whole[2], whole[3]]);
    expect((await get(`${url}.csv?from=2`)).body.trimEnd().split('\n')).toEqual([
      whole[0],
      ...whole.slice(3),
    ]);
    expect((await get(`${url}.csv?to=0`)).body.trimEnd()).toBe(whole[0]);
    const { data } = (await get(`${url}.json?from=1&to=2`)).json<{ data: Record<string, number[]> }>();
    expect(Object.values(data).every(({ length }) => length === 1)).toBe(true);
    const known = String(part.headers['etag']);
    expect((await get(`${url}.csv?from=1&to=3`, { 'if-none-match': known })).statusCode).toBe(304);
    expect((await get(`${url}.csv?from=1&to=2`, { 'if-none-match': known })).statusCode).toBe(200);
    for (const [query, pointer] of [
      ['from=-1', '/from'],
      ['from=2&to=1', '/from'],
      [`to=${whole.length}`, '/to'],
      ['to=1e3', '/to'],
      ['form=1', '/form'],
      ['from=1&from=2', '/from'],
    ]) {
      const answer = (await get(`${url}.csv?${query}`)).json<{
        code: string;
        errors: { pointer: string }[];
      }>();
      expect([query, answer.code, answer.errors[0]!.pointer]).toEqual([query, 'E_SPEC', pointer]);
    }
  });

  it('gives every table as csv and as json with exactly the numbers of the result', async () => {
    const { tables } = await api.parts.hall.result(job.id);
    const { tables: shown } = (await get(job.links['result']!)).json<ResultAnswer>();
    for (const [t, { links, columns, rows }] of shown.entries()) {
      const stored = tables[t]!;
      const csv = await get(links.csv);
      expect(csv.headers['content-type']).toContain('text/csv');
      const [head, ...lines] = csv.body.trimEnd().split('\n');
      expect(head).toBe(columns.map(({ name }) => name).join(','));
      expect(lines).toHaveLength(rows);
      const numbers = lines.map((line) => line.split(',').map(Number));
      const { data } = (await get(links.json)).json<{ data: Record<string, number[]> }>();
      for (const [c, { name }] of columns.entries()) {
        const expected = Array.from(stored.columns[c]!);
        expect(numbers.map((row) => row[c])).toEqual(expected);
        expect(data[name]).toEqual(expected);
      }
    }
  });

  it('gives the report as a page that may load nothing', async () => {
    const report = await get(job.links['report']!);
    expect([report.statusCode, report.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(report.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox allow-scripts/);
    expect(report.body).toContain(job.digest!.slice(0, 8));
  });

  it('need not be sent twice: each form has its own ETag', async () => {
    const tags = new Set<string>();
    for (const url of ['', '/report.html', '/quantities.csv', '/quantities.json']) {
      const first = await get(`/results/${job.id}${url}`);
      const etag = first.headers['etag'] as string;
      expect(first.headers['cache-control']).toContain('immutable');
      const again = await get(`/results/${job.id}${url}`, { 'if-none-match': `"x", ${etag}` });
      expect([again.statusCode, again.body]).toEqual([304, '']);
      tags.add(etag);
    }
    expect(tags.size).toBe(4);
  });

  it('names the tables there are when asked for another', async () => {
    const answer = await get(`/results/${job.id}/fils.csv`);
    expect(answer.statusCode).toBe(404);
    expect(answer.json<{ detail: string }>().detail).toContain('quantities');
    expect(answer.headers['etag']).toBeUndefined();
  });

  it('answers HEAD like GET without a body', async () => {
    const answer = await api.app.inject({ method: 'HEAD', url: `/results/${job.id}/quantities.csv` });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(answer.headers['content-type']).toContain('text/csv');
  });
});
