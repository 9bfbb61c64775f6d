/** Operation over HTTP: metrics after real work, no ids in labels, health that tells the truth, pages. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobAnswer } from '../../src/api/view.js';
import { PROBLEMS } from '../../src/contract/problem.js';
import { startApi } from '../support/api.js';
import type { TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('metrics', () => {
  it('count requests by route pattern and jobs by kind, and pass promtool', async () => {
    const payload = { kind: 'paths', spec: { paths: 1000 }, seed: 1 };
    const headers = { prefer: 'wait=20' };
    const { id } = (
      await api.app.inject({ method: 'POST', url: '/simulate', payload, headers })
    ).json<JobAnswer>();
    await api.app.inject(`/status/${id}`);
    await api.app.inject(`/nothing/${id}`);
    const { body } = await api.app.inject('/metrics');
    expect(body).toContain('mms_http_request_seconds_count{route="/status/:id",method="GET",status="200"} 1');
    expect(body).toContain('mms_http_request_seconds_count{route="unknown",method="GET",status="404"} 1');
    expect(body).toContain('mms_jobs_accepted_total{kind="paths"} 1');
    expect(body).toContain('mms_jobs_finished_total{kind="paths",outcome="done"} 1');
    expect(body).toContain('mms_ready 1');
    expect(body).not.toContain(id);
    expect(execFileSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' })).toBe('');
  });

  it('report a degraded part while it is degraded, and 0 afterwards', async () => {
    let why: string | null = 'Redis does not answer.';
    api.parts.health.observe('redis', () => why);
    expect((await api.app.inject('/metrics')).body).toContain('mms_degraded{component="redis"} 1');
    expect((await api.app.inject('/health/ready')).json()).toMatchObject({
      ready: true,
      degraded: [{ component: 'redis' }],
    });
    why = null;
    expect((await api.app.inject('/metrics')).body).toContain('mms_degraded{component="redis"} 0');
  });
});

describe('health', () => {
  it('is alive and not ready once the process stops', async () => {
    api.parts.health.stopping();
    expect((await api.app.inject('/health/ready')).statusCode).toBe(503);
    expect((await api.app.inject('/health/live')).json()).toMatchObject({ status: 'ok', version: '1.2.3' });
  });
});

describe('pages', () => {
  it('explain every problem of the catalogue', async () => {
    for (const [code, { title }] of Object.entries(PROBLEMS)) {
      const page = await api.app.inject(`/problems/${code}`);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.body).toContain(title);
      expect(page.body).toContain('What to do:');
    }
  });

  it('lead from the front page to pages that exist', async () => {
    const { body } = await api.app.inject('/');
    const links = [...body.matchAll(/href="([^"]+)"/g)].map(([, href]) => href ?? '');
    expect(links.length).toBeGreaterThan(5);
    for (const link of links.filter((href) => href !== '/health/ready')) {
      expect((await api.app.inject(link)).statusCode, link).toBe(200);
    }
  });
});
