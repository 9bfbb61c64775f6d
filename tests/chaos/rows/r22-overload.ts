/** R22: ten times the load that the threads can bear, from two clients. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, paced, wishes } from '../client.js';
import { ask } from '../http.js';
import type { Row } from '../row.js';

const QUEUE = 50;
/** Two threads that sleep 50 ms a job finish 40 jobs a second, whatever the machine does. */
const UNIT_MS = 50;
const CAPACITY_PER_S = 40;
const SECONDS = 4;
const MIN_GOODPUT = 0.9;

interface Refusals {
  readonly byStatus: Map<number, number>;
  readonly unexplained: string[];
}

export const overload: Row = {
  id: 'R22',
  fault: 'ten times the load: a queue of 50, 400 jobs a second from two addresses',
  mustSee:
    '429 for the client beyond its share, 503 when the queue is full, Retry-After; goodput >= 90 % of the peak',
  async run(lab) {
    const service = await lab.service({ localThreads: 2, env: { MMS_LIMITS_MAX_QUEUED_JOBS: `${QUEUE}` } });
    const client = new Client(() => service.url);
    await client.load(wishes(20, { unitMs: UNIT_MS }), 100);
    await client.settle();
    await client.load(wishes(SECONDS * CAPACITY_PER_S, { unitMs: UNIT_MS }, 1_000), CAPACITY_PER_S);
    await client.settle();
    const peak = goodput(await client.list());

    const refusals: Refusals = { byStatus: new Map(), unexplained: [] };
    const greedy = flood(service.url, client, '127.0.0.2', 10_000, refusals);
    await sleep(500);
    await Promise.all([greedy, flood(service.url, client, '127.0.0.3', 20_000, refusals)]);
    await client.settle();
    const listed = await client.verify();
    const under = goodput(listed.slice(0, listed.length - 20 - SECONDS * CAPACITY_PER_S));
    const [rate = 0, full = 0] = [429, 503].map((status) => refusals.byStatus.get(status));
    if (refusals.unexplained.length > 0) throw new Error(`${refusals.unexplained[0]}`);
    if (rate === 0 || full === 0) throw new Error(`${rate} x 429 and ${full} x 503`);
    if (under < MIN_GOODPUT * peak)
      throw new Error(`goodput ${under.toFixed(0)} jobs/s, ${peak.toFixed(0)} before`);
    const share = ((100 * under) / peak).toFixed(0);
    return `${rate} x 429, ${full} x 503, each with Retry-After; goodput ${under.toFixed(0)} jobs/s, ${share} % of the peak`;
  },
};

/** Sends at five times the capacity for some seconds, without a second try. */
async function flood(
  url: string,
  client: Client,
  from: string,
  seed: number,
  refusals: Refusals,
): Promise<void> {
  const startMs = performance.now();
  const all: Promise<void>[] = [];
  const count = 5 * CAPACITY_PER_S * SECONDS;
  for (let i = 0; i < count; i++) {
    await paced(startMs + (1000 * SECONDS * i) / count);
    all.push(once(url, client, from, seed + i, refusals));
  }
  await Promise.all(all);
}

async function once(
  url: string,
  client: Client,
  from: string,
  seed: number,
  refusals: Refusals,
): Promise<void> {
  const body = { kind: 'chaos', spec: { unitMs: UNIT_MS }, seed };
  const { status, headers, body: answer } = await ask(`${url}/simulate`, { method: 'POST', body, from });
  refusals.byStatus.set(status, (refusals.byStatus.get(status) ?? 0) + 1);
  if (status === 202) {
    client.entries.push({ wish: body, key: '', tries: 1, id: answer.task_id });
    return;
  }
  const code = { 429: 'E_RATE', 503: 'E_QUEUE_FULL' }[status];
  const isProblem = headers['content-type']?.startsWith('application/problem+json') ?? false;
  if (!isProblem || answer.code !== code || headers['retry-after'] === undefined)
    refusals.unexplained.push(`${status} ${JSON.stringify(answer)}`);
}

/** Jobs a second from the first start to the last end. */
function goodput(jobs: readonly { startedMs: number | null; finishedMs: number | null }[]): number {
  const firstMs = Math.min(...jobs.map(({ startedMs }) => startedMs!));
  const lastMs = Math.max(...jobs.map(({ finishedMs }) => finishedMs!));
  return (1000 * jobs.length) / (lastMs - firstMs);
}
