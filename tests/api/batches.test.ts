/** Batches over HTTP with real hall and threads: submit, wait, follow, cancel, repeat, refusals; 3 s. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.js';
import type { TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (payload: unknown, headers: Record<string, string> = {}) =>
  api.app.inject({
    method: 'POST',
    url: '/batches',
    headers: { ...JSON_TYPE, ...headers },
    payload: JSON.stringify(payload),
  });
const spec = { paths: 4, steps: 2 };
const small = (seed: number, more: object = {}) => ({ kind: 'paths', seed, spec: { ...spec, ...more } });
const jobs = (count: number, from = 0) => Array.from({ length: count }, (_, i) => small(from + i));
type Answer = { batch_id: string; jobs: { task_id: string; status: string }[] };

describe('POST /batches', () => {
  it('answers 202 with an id for every job, and each is a job as any other', async () => {
    const response = await post({ jobs: jobs(5) });
    expect(response.statusCode).toBe(202);
    const { batch_id: id, jobs: told } = response.json<Answer>();
    expect(response.headers['location']).toMatch(new RegExp(`/batches/${id}$`));
    expect(new Set(told.map(({ task_id: task }) => task)).size).toBe(5);
    const over = await post({ jobs: jobs(5) }, { prefer: 'wait=20' });
    expect(over.statusCode).toBe(200);
    const answer = over.json<Answer>();
    expect(answer).toMatchObject({ counts: { done: 5, queued: 0, running: 0 }, progress: 1 });

    const alone = await api.app.inject({
      method: 'POST',
      url: '/simulate',
      headers: { ...JSON_TYPE, prefer: 'wait=20' },
      payload: JSON.stringify(small(3)),
    });
    const status = await api.app.inject(`/status/${answer.jobs[3]!.task_id}`);
    expect(status.json()).toMatchObject({ state: 'done', seed: 3, digest: alone.json().digest });
    const result = await api.app.inject(`/results/${answer.jobs[3]!.task_id}`);
    expect(result.json().digest).toBe(alone.json().digest);
    const csv = await api.app.inject(`/results/${answer.jobs[3]!.task_id}/quantities.csv`);
    expect(csv.statusCode).toBe(200);
    const list = await api.app.inject('/jobs?limit=100');
    const ids = list.json<{ jobs: { id: string }[] }>().jobs.map((job) => job.id);
    for (const { task_id: task } of answer.jobs) expect(ids).toContain(task);
  });

  it('is safe to repeat with an Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'batch-1' };
    const first = await post({ jobs: jobs(2, 50) }, key);
    const again = await post({ jobs: jobs(2, 50) }, key);
    expect(again.json<Answer>().batch_id).toBe(first.json<Answer>().batch_id);
    const other = await post({ jobs: jobs(3, 50) }, key);
    expect([other.statusCode, other.json().code]).toEqual([422, 'E_IDEMPOTENCY']);
  });

  it.each([
    [[], 'E_BODY', ''],
    [{}, 'E_SPEC', '/jobs'],
    [{ jobs: [] }, 'E_SPEC', '/jobs'],
    [{ jobs: Array(1_001).fill(small(1)) }, 'E_SPEC', '/jobs'],
    [{ jobs: [small(1)], job: 1 }, 'E_SPEC', '/job'],
    [{ jobs: [small(1), 7] }, 'E_SPEC', '/jobs/1'],
    [{ jobs: [small(1), { kind: 'paths', sed: 1 }] }, 'E_SPEC', '/jobs/1/sed'],
    [{ jobs: [small(1), small(2, { steps: 'x' })] }, 'E_SPEC', '/jobs/1/spec/steps'],
    [{ jobs: [small(1), small(-2)] }, 'E_SPEC', '/jobs/1/seed'],
    [{ jobs: [{ kind: 'pahts' }] }, 'E_KIND', '/jobs/0/kind'],
    [{ jobs: [small(1), small(2, { paths: 1e9, steps: 1e5 })] }, 'E_COST', '/jobs/1/spec/paths'],
  ])('refuses %#', async (body, code, pointer) => {
    const before = (await api.app.inject('/jobs?limit=1000')).json<{ jobs: [] }>().jobs.length;
    const response = await post(body);
    expect(response.json().code).toBe(code);
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
    expect(response.json<{ errors: { pointer: string }[] }>().errors[0]!.pointer).toBe(pointer);
    const after = (await api.app.inject('/jobs?limit=1000')).json<{ jobs: [] }>().jobs.length;
    expect(after).toBe(before);
  });
});

describe('/batches/:id', () => {
  it('is followed and cancelled', async () => {
    const slow = { jobs: [small(1, { paths: 2_000_000, steps: 252 }), small(999)] };
    const { batch_id: id } = (await post(slow)).json<Answer>();
    expect((await api.app.inject(`/batches/${id}`)).json()).toMatchObject({ batch_id: id, finishedMs: null });
    const cancelled = await api.app.inject({ method: 'DELETE', url: `/batches/${id}` });
    expect(cancelled.statusCode).toBe(200);
    const over = (await api.app.inject(`/batches/${id}`)).json<{ counts: Record<string, number> }>();
    expect(over.counts['queued']! + over.counts['running']!).toBe(0);
    expect(over.counts['cancelled']).toBeGreaterThan(0);
  });

  it('is 404 for what is no batch', async () => {
    const [job] = (await post({ jobs: jobs(1) })).json<Answer>().jobs;
    for (const id of [job!.task_id, 'nonsense', '01BX5ZZKBKACTAV9WEVGEMM000']) {
      for (const method of ['GET', 'DELETE'] as const)
        expect((await api.app.inject({ method, url: `/batches/${id}` })).statusCode).toBe(404);
    }
  });
});
