/**
 * Our side: a real `mms serve` with its own store, and nodes as processes. The program is the built one with
 * the bench's kind beside the others (see the Makefile).
 */
import { join, resolve } from 'node:path';
import { digestTables } from '../../../src/wire/digest.js';
import { Child, freshDir } from './children.js';
import { type Clients, expectStatus, type Request } from './http.js';
import { walkRange } from './kernel.js';
import walkKind from './kinds/walk/index.js';

const MAIN = resolve('build/cluster/dist/main.js');
/** Raised where the bench, as one client, would meet them. */
const LIMITS = {
  MMS_LIMITS_MAX_QUEUED_JOBS: '1000000',
  MMS_LIMITS_MAX_REQUESTS_PER_MIN: '1000000000',
  MMS_LOG_LEVEL: 'warn',
};
/** How often it is asked whether all is done. */
const LOOK_MS = 5;

/** What a client sees of a job. */
export interface Job {
  readonly id: string;
  readonly state: string;
  readonly seed: number;
  readonly digest: string | null;
  readonly attempts: number;
  readonly startedMs: number | null;
  readonly finishedMs: number | null;
}

export class Service {
  readonly url: string;
  readonly router: string;
  readonly dir: string;
  readonly child: Child;

  private constructor(url: string, router: string, dir: string, child: Child) {
    this.url = url;
    this.router = router;
    this.dir = dir;
    this.child = child;
  }

  static async start(...flags: readonly string[]): Promise<Service> {
    const dir = freshDir();
    const places = ['--port', '0', '--router', 'tcp://127.0.0.1:0', '--store', join(dir, 'mms.db')];
    const child = new Child(process.execPath, [MAIN, 'serve', ...places, ...flags], dir, LIMITS);
    const [http, router] = await Promise.all([
      child.match(/listens on (http:\/\/\S+)/),
      child.match(/--router (tcp:\/\/\S+)/),
    ]);
    return new Service(http[1]!, router[1]!, dir, child);
  }

  /** Resolves when so many nodes have joined. */
  async joined(clients: Clients, nodes: number): Promise<void> {
    for (;;) {
      const answer = await clients.first.send({ method: 'GET', path: '/nodes' });
      if (expectStatus<{ nodes: unknown[] }>(answer, 200).nodes.length === nodes) return;
      await pause(LOOK_MS);
    }
  }
}

/** `mms node`: another process with threads for a router. */
export async function startNode(router: string, threads: number): Promise<Child> {
  const child = new Child(process.execPath, [MAIN, 'node', '--router', router, '--threads', `${threads}`]);
  await child.match(/joined/);
  return child;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A submission as its users write it. */
export function submission(seed: number, units: number, steps: number): object {
  return { kind: 'walk', seed, spec: { units, steps } };
}

export function post(seed: number, units: number, steps: number, waitS = 0): Request {
  const headers = waitS > 0 ? `Prefer: wait=${waitS}\r\n` : '';
  return { method: 'POST', path: '/simulate', body: submission(seed, units, steps), headers };
}

/** Many submissions in one body. */
export function postBatch(jobs: readonly object[]): Request {
  return { method: 'POST', path: '/batches', body: { jobs } };
}

/** The digest that the result of a job must have, computed here without any of the plumbing. */
export function digestOf(seed: number, units: number, steps: number): string {
  const columns = walkRange(seed, steps, 0, units);
  return digestTables(walkKind.tables, [{ name: 'walks', rows: units, columns }]);
}

/** Jobs that have ended since the service started. */
export async function finishedOf(clients: Clients): Promise<number> {
  const { body } = await clients.first.send({ method: 'GET', path: '/metrics' });
  const counts = [...body.matchAll(/^mms_jobs_finished_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Resolves when so many jobs have ended. */
export async function untilFinished(clients: Clients, jobs: number): Promise<void> {
  while ((await finishedOf(clients)) < jobs) await pause(LOOK_MS);
}

/** The newest jobs. */
export async function newestJobs(clients: Clients, count: number): Promise<Job[]> {
  const jobs: Job[] = [];
  let path = `/jobs?limit=${Math.min(1000, count)}`;
  while (jobs.length < count) {
    const answer = await clients.first.send({ method: 'GET', path });
    const page = expectStatus<{ jobs: Job[]; next: string | null }>(answer, 200);
    jobs.push(...page.jobs);
    if (page.next === null) break;
    path = page.next.replace(/^http:\/\/[^/]+/, '');
  }
  return jobs.slice(0, count);
}

/** Every one of the newest jobs is done, has been computed once per seed, and its result is the right one. */
export async function checkJobs(
  clients: Clients,
  first: number,
  count: number,
  steps: number,
): Promise<void> {
  const jobs = await newestJobs(clients, count);
  const seeds = new Set<number>();
  for (const { id, state, seed, digest } of jobs) {
    seeds.add(seed);
    if (state !== 'done' || digest !== digestOf(seed, 1, steps))
      throw new Error(`job ${id} of seed ${seed} is ${state} with digest ${digest}`);
  }
  for (let seed = first; seed < first + count; seed++)
    if (!seeds.has(seed)) throw new Error(`no job of seed ${seed} among the newest ${count}`);
}
