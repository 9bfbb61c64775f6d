/** The service from door to door: both request forms, status, tables, cache, cancel, drain. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDone, post, startService, statusUntil, type Service } from '../support/service.js';

const small = {
  kind: 'market-making',
  spec: { market: { type: 'cont-stoikov-talreja', durationS: 20 }, runs: 4 },
  seed: 11,
};
/** Long enough to be running when it is cancelled, on any machine. */
const long = {
  kind: 'market-making',
  spec: { market: { type: 'cont-stoikov-talreja', durationS: 600 }, runs: 400 },
  seed: 1,
};

describe('mms serve', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(async () => {
    await service.stop('SIGKILL');
  });

  it('runs a job from POST /simulate to its tables and answers the second time from the cache', async () => {
    const first = await post(`${service.url}/simulate`, small);
    expect(first.status).toBe(202);
    expect(first.headers.get('location')).toBe(`${service.url}/v1/jobs/${first.body.task_id}`);
    const status = await statusUntil(service.url, first.body.task_id, isDone);
    expect(status.progress).toBe(1);
    expect(status.digest).toMatch(/^[0-9a-f]{64}$/);

    const csv = await fetch(`${service.url}/results/${first.body.task_id}/runs.csv`);
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect((await csv.text()).trim().split('\n')).toHaveLength(1 + small.spec.runs);
    const json = (await (await fetch(`${service.url}/results/${first.body.task_id}/fills.json`)).json()) as {
      rows: number;
    };
    expect(json.rows).toBeGreaterThan(0);

    const second = await post(`${service.url}/simulate`, small);
    expect(second.status).toBe(200);
    expect(second.body.cached).toBe(true);
    expect(second.body.digest).toBe(status.digest);
  });

  it('takes the short form, for a market maker and for arbitrage, and refuses an unknown strategy', async () => {
    const short = { ticker: 'AAPL', date: '2024-01-15', mm_strategy: 'adaptive' };
    const accepted = await post(`${service.url}/simulate`, short);
    expect(accepted.status).toBe(202);
    await statusUntil(service.url, accepted.body.task_id, isDone);
    const arbitrage = await post(`${service.url}/simulate`, { ...short, arb_strategy: 'statistical' });
    expect(arbitrage.status).toBe(202);
    const done = await statusUntil(service.url, arbitrage.body.task_id, isDone);
    expect(done.problem).toBeNull();
    const refused = await post(`${service.url}/simulate`, { ...short, arb_strategy: 'triangular' });
    expect(refused.status).toBe(422);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body.errors[0].pointer).toBe('/arb_strategy');
  });

  it('resolves an instrument by its name, and refuses an unknown one', async () => {
    const spec = { ...small.spec, instrument: 'cme-eurodollar-2005' };
    const named = await post(`${service.url}/simulate`, { ...small, spec });
    expect(named.status).toBe(202);
    const status = await statusUntil(service.url, named.body.task_id, isDone);
    const values = {
      instrument: { tickSize: 0.005, lotSize: 1, multiplier: 2500 },
      fees: { makerBps: 0, takerBps: 0 },
      rules: { allocation: 'top-pro-rata' },
    };
    const spelt = await post(`${service.url}/simulate`, { ...small, spec: { ...small.spec, ...values } });
    // The name is gone before the job gets its key: the same job, answered from the cache.
    expect([spelt.status, spelt.body.digest]).toEqual([200, status.digest]);
    const unknown = await post(`${service.url}/simulate`, { ...small, spec: { ...spec, instrument: 'cme' } });
    expect(unknown.status).toBe(422);
    expect(unknown.body.errors[0].pointer).toBe('/spec/instrument');
  });

  it('names the misspelt key and the nearest known one', async () => {
    const answer = await post(`${service.url}/simulate`, {
      kind: 'market-making',
      spec: { strategy: { type: 'adaptive', gama: 1 } },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]).toMatchObject({ pointer: '/spec/strategy/gama', suggestion: 'gamma' });
  });

  it('cancels a running job within a second', async () => {
    const { body } = await post(`${service.url}/simulate`, long);
    await statusUntil(service.url, body.task_id, (status) => status.state === 'running');
    const asked = performance.now();
    const answer = await fetch(`${service.url}/jobs/${body.task_id}`, { method: 'DELETE' });
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { state: string }).state).toBe('cancelled');
    // The threads are free again only if the next job runs: it must be done soon after.
    const next = await post(`${service.url}/simulate`, { ...small, seed: 12 });
    await statusUntil(
      service.url,
      next.body.task_id,
      (status) => status.state === 'running' || isDone(status),
    );
    expect(performance.now() - asked).toBeLessThan(1_000);
    await statusUntil(service.url, next.body.task_id, isDone);
  });

  it('drains on SIGTERM and exits with 0', async () => {
    const own = await startService();
    const { body } = await post(`${own.url}/simulate`, small);
    expect(body.task_id).toHaveLength(26);
    expect(await own.stop('SIGTERM')).toBe(0);
  });
});
