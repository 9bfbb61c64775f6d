/** The way of a job over HTTP with real hall, store and threads: submit, follow, cancel, repeat, list. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobAnswer } from '../../src/api/view.js';
import { startApi } from '../support/api.js';
import type { TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

let seed = 0;
/** A job of a few milliseconds that no other test has asked for. */
const small = () => ({ kind: 'paths', spec: { paths: 2000 }, seed: ++seed });
/** A job of minutes: to be cancelled. */
const long = () => ({
  kind: 'paths',
  spec: { sampling: 'stepped', steps: 2520, paths: 5_000_000 },
  seed: ++seed,
});

function submit(payload: object, headers: Record<string, string> = {}, to = api) {
  return to.app.inject({ method: 'POST', url: '/simulate', payload, headers });
}

/** The answer with state done; the service itself says when. */
async function finish(payload: object): Promise<JobAnswer> {
  const answer = (await submit(payload, { prefer: 'wait=20' })).json<JobAnswer>();
  expect(answer.state).toBe('done');
  return answer;
}

/** Data of every 'status' event of a stream, which ends by itself. */
async function eventsOf(id: string, lastId?: string): Promise<{ ids: string[]; views: JobAnswer[] }> {
  const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
  const answer = await api.app.inject({ url: `/status/${id}`, headers });
  expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  const events = [...answer.body.matchAll(/^event: status\nid: (.*)\ndata: (.*)\n\n/gm)];
  return {
    ids: events.map(([, id]) => id ?? ''),
    views: events.map(([, , data]) => JSON.parse(data ?? '') as JobAnswer),
  };
}

describe('POST /simulate', () => {
  it('answers 202 with task_id, Location and links, and the job gets done', async () => {
    const answer = await submit(small());
    const job = answer.json<JobAnswer>();
    expect(answer.statusCode).toBe(202);
    expect(job.task_id).toMatch(/^[0-9A-Z]{26}$/);
    expect(answer.headers['location']).toBe(job.links['self']);
    expect(answer.headers['retry-after']).toBe('1');
    const { views, ids } = await eventsOf(job.task_id);
    expect(views.at(-1)).toMatchObject({ id: job.id, state: 'done', progress: 1 });
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.at(-1)).toBe('done-1');
    expect((await api.app.inject(`/status/${job.id}`)).json()).toEqual(views.at(-1));
  });

  it('waits for the end when it is asked to', async () => {
    const answer = await submit(small(), { prefer: 'respond-async, wait=20' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['preference-applied']).toBe('wait=20');
    const { state, summary, digest, links } = answer.json<JobAnswer>();
    expect([state, digest?.length, summary!.metrics.length > 0]).toEqual(['done', 64, true]);
    expect(links['result']).toMatch(/^http:\/\/localhost/);
  });

  it('answers a repeated question from the stored result, with the same digest', async () => {
    const question = small();
    const first = await finish(question);
    const again = await submit(question);
    expect(again.statusCode).toBe(200);
    expect(again.json()).toMatchObject({
      state: 'done',
      cached: true,
      digest: first.digest,
      summary: first.summary,
    });
  });

  it('fills in defaults, so that a spelt-out default is the same question', async () => {
    const { spec, seed } = small();
    const first = await finish({ kind: 'paths', spec, seed });
    const again = (
      await submit({ kind: 'paths', spec: { ...spec, model: { type: 'gbm', s0: 100 } }, seed })
    ).json<JobAnswer>();
    expect([again.cached, again.key]).toEqual([true, first.key]);
  });

  it('takes an Idempotency-Key once per body, however the body is written', async () => {
    const { kind, spec, seed } = small();
    const headers = { 'idempotency-key': `key-${seed}` };
    const first = (await submit({ kind, spec, seed }, headers)).json<JobAnswer>();
    expect((await submit({ seed, spec, kind }, headers)).json<JobAnswer>().id).toBe(first.id);
    const other = await submit({ kind, spec, seed: seed + 1 }, headers);
    expect([other.statusCode, other.json<{ code: string }>().code]).toEqual([422, 'E_IDEMPOTENCY']);
  });

  it('ends a job that has not ended timeoutS after its acceptance as expired', async () => {
    const job = (await submit({ ...long(), timeoutS: 0.2 })).json<JobAnswer>();
    expect(job.deadlineMs).toBe(job.createdMs + 200);
    const { views } = await eventsOf(job.id);
    expect(views.at(-1)).toMatchObject({ state: 'expired', problem: { code: 'E_EXPIRED' } });
    const result = await api.app.inject(`/results/${job.id}`);
    expect([result.statusCode, result.json<{ code: string }>().code]).toEqual([409, 'E_EXPIRED']);
    const refused = await submit({ ...small(), timeoutS: 0 });
    expect([refused.statusCode, refused.json<{ detail: string }>().detail]).toEqual([
      422,
      '/timeoutS: Expected a number of seconds from 0.001 to 1000000; got 0.',
    ]);
    const batch = await api.app.inject({
      method: 'POST',
      url: '/batches',
      payload: { jobs: [{ ...long(), timeoutS: 0.1 }] },
      headers: { prefer: 'wait=20' },
    });
    expect(batch.json<{ counts: object }>().counts).toMatchObject({ expired: 1 });
  });

  it('takes the short form and gives the same job for the same day', async () => {
    const body = { ticker: 'AMZN', date: '2024-01-15', mm_strategy: 'fixed' };
    const first = await submit(body, { prefer: 'wait=30' });
    expect(first.statusCode).toBe(200);
    const job = first.json<JobAnswer>();
    expect(job).toMatchObject({
      kind: 'market-making',
      state: 'done',
      spec: { strategy: { type: 'fixed' } },
    });
    expect((await submit(body)).json()).toMatchObject({ cached: true, digest: job.digest });
    const other = (await submit({ ...body, date: '2024-01-16' })).json<JobAnswer>();
    expect([other.cached, other.seed === job.seed]).toEqual([false, false]);
    await api.app.inject({ method: 'DELETE', url: `/jobs/${other.id}` });
  });

  it('refuses what is too large with the largest that is allowed', async () => {
    const answer = await submit({
      kind: 'paths',
      spec: { sampling: 'stepped', steps: 100_000, paths: 100_000_000 },
    });
    expect(answer.statusCode).toBe(422);
    const { code, detail } = answer.json<{ code: string; detail: string }>();
    expect(code).toBe('E_COST');
    expect(detail).toMatch(/The largest paths allowed is [\d,]+; this job has 100,000,000\.$/);
  });
});

describe('an event stream that broke', () => {
  it('goes on behind the last event, and no change of state is missed', async () => {
    const { id } = await finish(small());
    const statesAfter = async (lastId?: string): Promise<string[]> =>
      (await eventsOf(id, lastId)).views.map(({ state, finishedMs, digest }) => {
        expect([finishedMs !== null, digest !== null]).toEqual(Array(2).fill(state === 'done'));
        return state;
      });
    expect(await statesAfter()).toEqual(['done']);
    expect(await statesAfter('queued-0')).toEqual(['running', 'done']);
    expect(await statesAfter('running-0.5')).toEqual(['done']);
    expect(await statesAfter('no id of ours')).toEqual(['done']);
  });

  it('ends with 204 for a client that had the end, so that a browser stops asking', async () => {
    const { id } = await finish(small());
    const headers = { accept: 'text/event-stream', 'last-event-id': 'done-1' };
    const answer = await api.app.inject({ url: `/v1/jobs/${id}`, headers });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
  });

  it('tells nothing twice while nothing changed', async () => {
    const { id, state } = (await submit(long())).json<JobAnswer>();
    const { views } = await new Promise<Awaited<ReturnType<typeof eventsOf>>>((resolve, reject) => {
      eventsOf(id, `${state}-0`).then(resolve, reject);
      setImmediate(() => void api.app.inject({ method: 'DELETE', url: `/v1/jobs/${id}` }));
    });
    expect(views.filter((view) => view.state === state && view.progress === 0)).toEqual([]);
    expect(views.at(-1)?.state).toBe('cancelled');
  });
});

describe('cancelling', () => {
  it.each(['/jobs', '/status'])('ends a running job by DELETE %s/:id within a second', async (prefix) => {
    const { id } = (await submit(long())).json<JobAnswer>();
    const started = new Promise<void>((resolve) => {
      const unwatch = api.parts.hall.watch(id, ({ state, progress }) => {
        if (state !== 'running' || progress === 0) return;
        unwatch();
        resolve();
      });
    });
    const notReady = await api.app.inject(`/results/${id}`);
    expect([notReady.statusCode, notReady.json<{ code: string }>().code]).toEqual([409, 'E_NOT_READY']);
    expect(notReady.headers['retry-after']).toBe('1');
    await started;
    const stream = eventsOf(id);
    const before = performance.now();
    const answer = await api.app.inject({ method: 'DELETE', url: `${prefix}/${id}` });
    expect(performance.now() - before).toBeLessThan(1000);
    expect([answer.statusCode, answer.json<JobAnswer>().state]).toEqual([200, 'cancelled']);
    expect((await stream).views.at(-1)?.state).toBe('cancelled');
    const result = await api.app.inject(`/results/${id}`);
    expect([result.statusCode, result.json<{ code: string }>().code]).toEqual([409, 'E_CANCELLED']);
    expect((await api.app.inject({ method: 'DELETE', url: `/jobs/${id}` })).json()).toMatchObject({
      state: 'cancelled',
    });
  });

  it('does not touch a job that is done', async () => {
    const { id } = await finish(small());
    const answer = await api.app.inject({ method: 'DELETE', url: `/jobs/${id}` });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([409, 'E_CONFLICT']);
    expect((await api.app.inject(`/status/${id}`)).json<JobAnswer>().state).toBe('done');
  });

  it('answers a waiting client with the cancelled job', async () => {
    const waiting = submit({ ...long(), priority: 9 }, { prefer: 'wait=20' });
    let running: JobAnswer[] = [];
    while (running.length === 0) {
      await new Promise(setImmediate);
      running = (await api.app.inject('/jobs?limit=1&kind=paths')).json<{ jobs: JobAnswer[] }>().jobs;
      running = running.filter(({ state }) => state === 'queued' || state === 'running');
    }
    await api.app.inject({ method: 'DELETE', url: `/jobs/${running[0]!.id}` });
    expect((await waiting).json<JobAnswer>().state).toBe('cancelled');
  });
});

describe('GET /jobs', () => {
  it('pages through all jobs, newest first, by the links it gives', async () => {
    for (let i = 0; i < 5; i++) await finish(small());
    const seen: string[] = [];
    let url: string | null = '/jobs?state=done&kind=paths&limit=2';
    while (url !== null && seen.length < 100) {
      const answer = await api.app.inject(url);
      const page: { jobs: JobAnswer[]; next: string | null } = answer.json();
      if (page.next) expect(answer.headers['link']).toBe(`<${page.next}>; rel="next"`);
      seen.push(...page.jobs.map(({ id }) => id));
      url = page.next && page.next.replace(/^http:\/\/[^/]+/, '');
    }
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });
});

describe('a service at its limits', () => {
  it('answers 503 with Retry-After when the queue is full, and 503 once it drains', async () => {
    const full = await startApi({ 'limits.maxQueuedJobs': 1 });
    try {
      const { id } = (await submit(long(), {}, full)).json<JobAnswer>();
      const refused = await submit(long(), {}, full);
      expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([503, 'E_QUEUE_FULL']);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      await full.app.inject({ method: 'DELETE', url: `/jobs/${id}` });
      expect((await full.app.inject('/health/ready')).statusCode).toBe(200);

      await full.parts.hall.drain(0);
      const late = await submit(small(), {}, full);
      expect([late.statusCode, late.json<{ code: string }>().code]).toEqual([503, 'E_DRAINING']);
      const ready = await full.app.inject('/health/ready');
      expect(ready.statusCode).toBe(503);
      expect(ready.json()).toMatchObject({ ready: false, reasons: [{ component: 'hall' }] });
      expect((await full.app.inject('/health/live')).statusCode).toBe(200);
    } finally {
      await full.close();
    }
  });

  it('answers 503 when all event streams are in use, and ends open ones when it closes', async () => {
    const one = await startApi({ 'limits.maxWatchers': 1 });
    const { id } = (await submit(long(), {}, one)).json<JobAnswer>();
    const headers = { accept: 'text/event-stream' };
    const stream = one.app.inject({ url: `/status/${id}`, headers });
    // The stream counts as open once its request was routed, which one further request proves.
    await one.app.inject('/health/live');
    const second = await one.app.inject({ url: `/status/${id}`, headers });
    expect([second.statusCode, second.json<{ code: string }>().code]).toEqual([503, 'E_BUSY']);
    expect(await one.parts.metrics.text()).toContain('mms_http_watchers 1');
    await one.app.inject({
      method: 'DELETE',
      url: `/jobs/${(await submit(long(), {}, one)).json<JobAnswer>().id}`,
    });
    await one.close();
    expect((await stream).body).toContain('event: status');
  });
});
