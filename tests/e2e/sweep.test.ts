/** Sweeps on the real program: the server dies in the middle, one node and two, cancel and retry; 15 s. */
import { describe, expect, it } from 'vitest';
import type { SweepRequest, SweepView } from '../../src/contract/sweep.js';
import { sweepToCsv } from '../../src/data/export-sweep.js';
import { createHall } from '../../src/jobs/hall.js';
import { openTestHall } from '../support/hall-parts.js';
import { createRegistry } from '../../src/kinds/registry.js';
import { createLocalTransport } from '../../src/node/local.js';
import { freshDir, post, startNodeProcess, startService, type Service } from '../support/service.js';

const request: SweepRequest = {
  kind: 'market-making',
  spec: { market: { type: 'cont-stoikov-talreja', durationS: 30 }, runs: 1 },
  seed: 5,
  axes: {
    'strategy.gamma': { from: 0.01, to: 1, n: 15, scale: 'log' },
    'latency.orderNs': [0, 20_000_000],
  },
  repeats: 4,
};
const JOBS = 15 * 2 * 4;

const getJson = async <T>(url: string): Promise<T> => (await fetch(url)).json() as Promise<T>;
const csvOf = async ({ url }: Service, id: string): Promise<string> =>
  (await fetch(`${url}/v1/sweeps/${id}/results.csv`)).text();

async function until(
  { url }: Service,
  id: string,
  isThere: (view: SweepView) => boolean,
): Promise<SweepView> {
  for (;;) {
    const view = await getJson<SweepView>(`${url}/v1/sweeps/${id}`);
    if (isThere(view)) return view;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const isOver = ({ finishedMs }: SweepView): boolean => finishedMs !== null;

/** The CSV of the same sweep in this process. */
async function csvInProcess(): Promise<string> {
  const transport = createLocalTransport({ threads: 1 });
  const { parts } = await openTestHall();
  const hall = await createHall({ ...parts, kinds: createRegistry(), transport });
  const view = await hall.sweeps.submit(request);
  await new Promise<void>((resolve) => {
    hall.sweeps.watch(view.id, ({ finishedMs }) => finishedMs !== null && resolve());
  });
  let csv = '';
  for await (const piece of sweepToCsv(view, (page) => hall.sweeps.rows(view.id, page))) csv += piece;
  await transport.close();
  return csv;
}

describe('a sweep of the service', () => {
  it('goes on after the server was killed, computes no job twice, has the bytes of one process', async () => {
    const expected = csvInProcess();
    const dir = freshDir();
    const before = await startService({ dir });
    const { status, body } = await post(`${before.url}/v1/sweeps`, request);
    expect(status).toBe(202);
    const { id } = body as unknown as SweepView;
    const seen = await until(before, id, ({ progress }) => progress > 0.2);
    expect(isOver(seen)).toBe(false);
    await before.stop('SIGKILL');

    const after = await startService({ dir });
    const again = await getJson<SweepView>(`${after.url}/v1/sweeps/${id}`);
    expect(again.jobs.done).toBeGreaterThanOrEqual(seen.jobs.done);
    const end = await until(after, id, isOver);
    expect(end).toMatchObject({ state: 'done', jobs: { total: JOBS, done: JOBS, cached: 0 } });
    const { jobs } = await getJson<{ jobs: { attempts: number; key: string }[] }>(
      `${after.url}/v1/jobs?limit=1000`,
    );
    expect(jobs).toHaveLength(JOBS);
    expect(new Set(jobs.map(({ key }) => key)).size).toBe(JOBS);
    expect(jobs.every(({ attempts }) => attempts === 1)).toBe(true);
    // What had ended before was not computed by this process: it finished the others alone.
    const metrics = await (await fetch(`${after.url}/metrics`)).text();
    const counter = /^mms_jobs_finished_total\{kind="market-making",outcome="done"\} (\d+)$/m;
    const finished = Number(counter.exec(metrics)?.[1]);
    expect(finished).toBeGreaterThan(0);
    expect(finished).toBeLessThanOrEqual(JOBS - seen.jobs.done);
    expect(await csvOf(after, id)).toBe(await expected);
    expect(await after.stop()).toBe(0);
  });

  it('has the same bytes on two nodes of which one dies, and after a cancel and a retry', async () => {
    const expected = csvInProcess();
    const service = await startService({ args: ['--no-local-node'] });
    const nodes = [await startNodeProcess(service.router), await startNodeProcess(service.router)];
    const { body } = await post(`${service.url}/v1/sweeps`, request);
    const { id } = body as unknown as SweepView;
    await until(service, id, ({ progress }) => progress > 0.1);
    await nodes[0]!.stop('SIGKILL');
    await until(service, id, ({ progress }) => progress > 0.3);
    const cancelled = (await (
      await fetch(`${service.url}/v1/sweeps/${id}`, { method: 'DELETE' })
    ).json()) as SweepView;
    expect(cancelled).toMatchObject({ state: 'cancelled', progress: 1 });
    expect(cancelled.jobs.cancelled).toBeGreaterThan(0);
    const { body: retried } = await post(`${service.url}/v1/sweeps/${id}/retry`, {});
    expect(retried).toMatchObject({ state: 'running', jobs: { done: cancelled.jobs.done } });
    expect(await until(service, id, isOver)).toMatchObject({ state: 'done', jobs: { done: JOBS } });
    expect(await csvOf(service, id)).toBe(await expected);
    await nodes[1]!.stop();
    expect(await service.stop()).toBe(0);
  });
});
