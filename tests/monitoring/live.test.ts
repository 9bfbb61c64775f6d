/**
 * Every query that the project gives out is asked of a real Prometheus that scrapes the real service, under
 * load and faults: each can be read and has a series; what the faults did shows; the log names no secret.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dealer } from 'zeromq';
import { childrenOf } from '../chaos/lab.js';
import {
  freshDir,
  isDone,
  joinNode,
  mms,
  nodesUntil,
  post,
  startService,
  statusUntil,
  type Service,
} from '../support/service.js';
import { SCRAPE_MS, startPrometheus, type Prometheus } from './prometheus.js';
import { promtool } from './promtool.js';
import { alertQueries, alerts, dashboardQueries, filled, judged, runbookQueries } from './queries.js';

/** In an address, in headers, in a body: none of it may ever be written down. */
const CANARY = 'canary-9d41c7';
/** Rates over two seconds, which are ten scrapes. */
const WINDOW = '2s';
const SCRAPES = 6;

const LARGE = { market: { type: 'cont-stoikov-talreja', durationS: 120 }, runs: 24 };
/** Runs until it is cancelled: the thread is busy at a scrape. */
const LONG = { market: { ...LARGE.market, durationS: 20_000 }, runs: 30 };
/** The strategy that `mms strategy new` begins, with a fault in it. */
const template = readFileSync('config/strategy/template.txt', 'utf8');
const CENTRE = '    const centre = ';
const source = template.replace(
  CENTRE,
  `    if (this.parameters) throw new Error('no price today');\n${CENTRE}`,
);
const parameters = [{ name: 'halfSpreadTicks', value: 2 }];
const FAILING = { strategy: { type: 'custom', file: 'sent.ts', source, parameters } };

let service: Service;
let prometheus: Prometheus;
const jobs: Record<string, string> = {};
/** Of the last scrape that came in time: on a busy machine one may not, and then nothing has a series. */
let scrapedS = 0;

async function until(wanted: () => Promise<boolean>): Promise<void> {
  while (!(await wanted())) await new Promise((next) => setTimeout(next, SCRAPE_MS / 2));
}

/** The value of a metric as the service prints it. */
async function scraped(line: RegExp): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(line.exec(text)?.[1] ?? NaN);
}

/** Somebody without a key. */
async function knock(router: string): Promise<void> {
  const stranger = new Dealer({ linger: 0 });
  stranger.connect(router);
  await until(async () => (await scraped(/refused_peers_total\{reason="handshake"\} (\d+)/)) > 0);
  stranger.close();
}

/** Jobs of several sorts and outcomes, and what goes wrong round them. */
async function loadAndFaults(dir: string): Promise<void> {
  const submit = async (spec: object, more: object = {}, headers: Record<string, string> = {}) => {
    const { status, body } = await post(
      `${service.url}/simulate`,
      { kind: 'market-making', spec, ...more },
      headers,
    );
    if (status >= 300) throw new Error(JSON.stringify(body));
    return body.task_id as string;
  };
  await post(`${service.url}/batches`, {
    jobs: Array.from({ length: 50 }, (_, seed) => ({ kind: 'paths', spec: { paths: 16, steps: 8 }, seed })),
  });
  jobs['large'] = await submit(LARGE, { seed: 1 }, { authorization: `Bearer ${CANARY}`, cookie: CANARY });
  await statusUntil(service.url, jobs['large'], ({ progress }) => progress > 0);
  const [local] = childrenOf(service.child.pid!);
  process.kill(local!, 'SIGKILL');
  jobs['failed'] = await submit(FAILING, { seed: 2 });
  jobs['expired'] = await submit({ ...LARGE, runs: 60 }, { seed: 3, timeoutS: 0.05 });
  jobs['cancelled'] = await submit(LONG, { seed: 4 });
  await until(async () => (await prometheus.value('mms_node_threads_busy')) === 1);
  await fetch(`${service.url}/jobs/${jobs['cancelled']}`, { method: 'DELETE' });
  await fetch(`${service.url}/simulate`, { method: 'POST', body: `{"password": "${CANARY}"` });
  await statusUntil(service.url, jobs['large'], isDone);
  await until(async () => (await scraped(/failed_total\{kind="market-making",code="E_JOB"\} (\d+)/)) > 0);
  const desk = await joinNode(service.join, { cwd: join(dir, 'keys') });
  await nodesUntil(service.url, (nodes) => nodes.length === 2);
  const both = async () => (await prometheus.value('sum(mms_nodes)')) === 2;
  await until(both);
  await desk.stop();
  jobs['again'] = await submit(LARGE, { seed: 1 });
  await knock(service.router);
  const store = ['--store', join(dir, 'mms.db')];
  const { code, stderr } = await mms(['backup', 'copy.db', ...store], { cwd: dir });
  if (code !== 0) throw new Error(stderr);
  // A result whose bytes are not those that were written, and one that never was.
  const database = new Sqlite(join(dir, 'mms.db'));
  database.prepare('UPDATE results SET bytes = zeroblob(length(bytes))').run();
  database.close();
  for (const id of [jobs['large'], jobs['failed']])
    expect((await fetch(`${service.url}/results/${id}`)).status).toBe(500);
}

beforeAll(async () => {
  const dir = freshDir();
  await mms(['keys', 'new', 'keys', 'desk'], { cwd: dir });
  service = await startService({
    dir,
    // Nobody listens there: the second cache is degraded from the start.
    env: { MMS_REDIS_URL: `redis://user:${CANARY}@127.0.0.1:1`, MMS_LOG_LEVEL: 'trace' },
    args: [
      ...['--threads', '1', '--keys', 'keys', '--data-dir', dir],
      ...['--set', 'data.allowCode=true', 'cache.bytes=0'],
    ],
  });
  prometheus = await startPrometheus(service.url);
  const scrapes = async () => (await prometheus.value('count_over_time(up{job="mms"}[1m])')) ?? 0;
  await until(async () => (await scrapes()) >= 2);
  await loadAndFaults(dir);
  const soFar = await scrapes();
  await until(async () => (await scrapes()) >= soFar + SCRAPES);
  await until(async () => (scrapedS = (await prometheus.value('timestamp(up{job="mms"} == 1)')) ?? 0) > 0);
}, 90_000);

afterAll(async () => {
  await prometheus?.stop();
  await service?.stop('SIGKILL');
});

describe('a Prometheus that scrapes a service under load and faults', () => {
  it('has a series for every query of every panel, alert and runbook', async () => {
    const queries = [
      ...dashboardQueries(),
      ...alertQueries().map(({ where, expr }) => ({ where, expr: judged(expr) })),
      ...runbookQueries(),
    ];
    expect(queries.length).toBeGreaterThan(120);
    const found = await Promise.all(
      queries.map(async ({ where, expr }) => {
        const asked = filled(expr, WINDOW);
        return { where, asked, series: await prometheus.count(asked, scrapedS) };
      }),
    );
    expect(found.filter(({ series }) => series === 0)).toEqual([]);
  });

  it('tells a name that nobody reports, and a query that cannot be read', async () => {
    expect(await prometheus.count(judged('mms_typo_total > 0'))).toBe(0);
    await expect(prometheus.count('sum(mms_ready')).rejects.toThrow(/parse error/);
  });

  it('runs every rule, and fires for what is wrong', async () => {
    const fired = (names: string, more = ''): Promise<number> =>
      prometheus.count(`ALERTS{alertname=~"${names}"${more}}`, scrapedS);
    const rules = await prometheus.rules();
    expect(rules.map(({ name }) => name)).toEqual(alerts().map(({ alert }) => alert));
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(await fired('MmsPartDegraded', ',component="cache"')).toBe(1);
    expect(await fired('MmsPeersRefused', ',alertstate="firing"')).toBe(1);
    expect(await fired('MmsHashMismatch', ',alertstate="firing"')).toBe(1);
    expect(await fired('MmsDown|MmsNotReady|MmsInsecure', ',alertstate="firing"')).toBe(0);
  });

  it.each([
    'mms_jobs_accepted_total{kind="paths"} == 50',
    'mms_jobs_finished_total{kind="market-making",outcome="done"} == 2',
    'mms_jobs_finished_total{kind="market-making",outcome="failed"} == 1',
    'mms_jobs_finished_total{kind="market-making",outcome="cancelled"} == 1',
    'mms_jobs_finished_total{kind="market-making",outcome="expired"} == 1',
    'mms_jobs_failed_total{kind="market-making",code="E_JOB"} == 1',
    'mms_sim_steps_total{kind="paths"} > 0',
    'mms_sim_steps_total{kind="market-making"} > 1e5',
    'mms_compute_seconds_total{kind="market-making"} > 0.1',
    'mms_job_run_seconds_count{kind="market-making"} >= 1',
    'mms_job_queue_seconds_count >= 51',
    'max_over_time(mms_queue_oldest_seconds[1m]) > 0',
    'max_over_time(mms_queue_depth[1m]) > 0',
    'max_over_time(mms_jobs_running[1m]) > 0',
    'max_over_time(mms_node_threads_busy[1m]) == 1',
    'max_over_time(mms_nodes{state="ready"}[1m]) == 2',
    'mms_nodes{state="ready"} == 1',
    'mms_node_threads{state="ready"} == 1',
    'mms_node_restarts_total == 1',
    'mms_chunk_attempts_total{reason="again"} > 0',
    'mms_chunks_finished_total{outcome="done"} > 1',
    'mms_degraded{component="cache"} == 1',
    'mms_degraded{component="nodes"} == 0',
    'mms_cache_requests_total{result="store"} == 1',
    'mms_cache_requests_total{result="miss"} > 0',
    'mms_router_refused_peers_total{reason="handshake"} > 0',
    'mms_store_commit_seconds_count > 3',
    'mms_db_bytes > 1e4',
    'mms_db_wal_bytes > 1e4',
    'mms_disk_free_bytes > 1e6',
    'time() - mms_backup_timestamp_seconds < 60',
    'mms_http_request_seconds_count{route=~".*simulate|.*jobs",method="POST",status="202"} > 2',
    'mms_event_loop_lag_seconds >= 0',
    'mms_insecure == 0',
    'mms_result_hash_mismatch_total > 0',
    'mms_http_request_seconds_count{status="500"} > 0',
    'process_cpu_seconds_total > 0.1',
    'process_resident_memory_bytes > 1e7',
    'time() - process_start_time_seconds < 120',
    'mms_build_info == 1',
  ])('shows %s', async (condition) => {
    expect(await prometheus.count(condition, scrapedS)).toBeGreaterThan(0);
  });

  it('gets metrics that promtool has nothing against, in a bounded number of series', async () => {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    expect(promtool(['check', 'metrics'], text)).toBe('');
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(series.length).toBeLessThan(2_000);
    expect(text).not.toMatch(/[0-9A-Z]{26}/);
  });
});

describe('a service that begins to ask for API keys', () => {
  it('is scraped with the key that its configuration names, and by nobody else', async () => {
    const keyFile = join(service.dir, 'prometheus-key');
    const args = ['key', 'create', '--name', 'prometheus', '--out', keyFile];
    await mms([...args, '--store', join(service.dir, 'mms.db')], { cwd: service.dir });
    await until(async () => (await prometheus.value('up{job="mms"}')) === 0);
    const known = await startPrometheus(service.url, keyFile);
    await until(async () => (await known.value('up{job="mms"}')) === 1);
    expect(await known.value('mms_http_unauthorized_total{reason="missing"}')).toBeGreaterThan(0);
    await known.stop();
  });
});

describe('the log of that service', () => {
  const lines = (): Record<string, unknown>[] =>
    service.log.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const of = (msg: string, jobId?: string) =>
    lines().filter((line) => line['msg'] === msg && (jobId === undefined || line['jobId'] === jobId));

  it('has a line for each change of the state of a job, with its request, attempts and nodes', () => {
    const [accepted] = of('job accepted', jobs['large']);
    expect(accepted).toMatchObject({ kind: 'market-making', units: LARGE.runs, level: 'info' });
    const asked = of('request').find(({ reqId }) => reqId === accepted!['reqId']);
    expect(asked).toMatchObject({ jobId: jobs['large'], method: 'POST', status: 202 });
    expect(of('chunk sent again').filter(({ jobId }) => jobId === jobs['large'])).toContainEqual(
      expect.objectContaining({ nodeId: 'local', attempt: 2, chunk: expect.any(Number) }),
    );
    expect(of('job done', jobs['large'])).toMatchObject([{ ranS: expect.any(Number), attempts: 2 }]);
    expect(of('job failed', jobs['failed'])).toMatchObject([{ level: 'warn', code: 'E_JOB' }]);
    expect(of('job expired', jobs['expired'])).toHaveLength(1);
    expect(of('job cancelled', jobs['cancelled'])).toHaveLength(1);
    expect(of('job accepted').filter((line) => line['jobs'] === 50)).toHaveLength(1);
  });

  it('has a line for each change of a node and of a part', () => {
    const ids = (msg: string) => of(msg).map(({ nodeId }) => nodeId);
    const [other] = ids('node joined').filter((id) => id !== 'local');
    expect(ids('node joined')).toContain('local');
    expect(ids('node gone')).toContain(other);
    expect(of('the local node ended; it is started again')).toMatchObject([{ signal: 'SIGKILL' }]);
    expect(of('degraded').map(({ component }) => component)).toContain('cache');
  });

  it('names no secret, and its lines have an end', () => {
    expect(service.log.length).toBeGreaterThan(50);
    expect(service.log.filter((line) => line.includes(CANARY))).toEqual([]);
    expect(service.log.filter((line) => line.length > 1_500)).toEqual([]);
  });
});
