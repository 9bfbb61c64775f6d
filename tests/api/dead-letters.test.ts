/** The routes of dead letters over a real hall whose transport the test moves; 2 s. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { createServer } from '../../src/api/server.js';
import type { JobAnswer } from '../../src/api/view.js';
import { MmsError } from '../../src/contract/problem.js';
import { createIds } from '../../src/ops/ids.js';
import { createHealth } from '../../src/ops/health.js';
import { startApi, type TestApi } from '../support/api.js';
import { endOf, openTestHall, toy, type TestHall } from '../support/hall-parts.js';

let api: TestApi;
let test: TestHall;
let app: FastifyInstance;
beforeAll(async () => {
  api = await startApi();
  test = await openTestHall({ newId: createIds() });
  app = await createServer({ ...api.parts, hall: test.hall, health: createHealth() });
});
afterAll(async () => {
  await app.close();
  await api.close();
});

it('lists what died, page by page, and sends it again', async () => {
  const dead: string[] = [];
  for (const seed of [1, 2]) {
    const { job } = await test.hall.submit(toy({ units: 1 }, { seed }));
    test.transport.events.failed(job.id, 0, new MmsError('E_POISON', 'It crashed.').problem, 3);
    await endOf(test.hall, job.id);
    dead.unshift(job.id);
  }
  const first = (await app.inject('/dead-letters?limit=1')).json<{ jobs: JobAnswer[]; next: string }>();
  expect(first.jobs).toMatchObject([
    { id: dead[0], attempts: 3, problem: { code: 'E_POISON', detail: 'It crashed.' } },
  ]);
  const { pathname, search } = new URL(first.next);
  expect((await app.inject(pathname + search)).json()).toMatchObject({ jobs: [{ id: dead[1] }] });

  const again = await app.inject({ method: 'POST', url: `/jobs/${dead[0]}/requeue` });
  expect(again.statusCode).toBe(202);
  const job = again.json<JobAnswer>();
  expect(job).toMatchObject({ state: 'queued', requeueOf: dead[0], seed: 2 });
  expect(again.headers['location']).toBe(job.links['self']);
  const repeated = await app.inject({ method: 'POST', url: `/jobs/${dead[0]}/requeue`, payload: {} });
  expect(repeated.json<JobAnswer>().id).toBe(job.id);
  expect((await app.inject('/dead-letters')).json()).toMatchObject({ jobs: [{ id: dead[1] }], next: null });

  test.transport.finishAll();
  await endOf(test.hall, job.id);
  const done = await app.inject({ method: 'POST', url: `/jobs/${dead[0]}/requeue` });
  expect([done.statusCode, done.json<JobAnswer>().state]).toEqual([200, 'done']);
});

it('says what was wrong with a request', async () => {
  const unknown = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const cases = [
    ['GET', '/dead-letters?limit=0', 422, 'E_SPEC'],
    ['GET', '/dead-letters?state=failed', 422, 'E_SPEC'],
    ['POST', `/jobs/${unknown}/requeue`, 404, 'E_NOT_FOUND'],
    ['POST', '/jobs/x/requeue', 404, 'E_NOT_FOUND'],
  ] as const;
  for (const [method, url, status, code] of cases) {
    const answer = await app.inject({ method, url });
    expect([url, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([url, status, code]);
  }
  const { job } = await test.hall.submit(toy({ units: 1 }, { seed: 9 }));
  const running = await app.inject({ method: 'POST', url: `/jobs/${job.id}/requeue` });
  expect([running.statusCode, running.json<{ code: string }>().code]).toEqual([409, 'E_CONFLICT']);
});
