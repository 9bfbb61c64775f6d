/** `mms dead` and `mms requeue`: the jobs that a service lost with what ran them, and the way back. */
import type { Problem } from '../contract/problem.js';
import type { Client, RemoteJob } from './client.js';
import { badInput, EXIT } from './exit.js';
import type { Io } from './io.js';
import { clientOf, type RemoteOptions } from './remote.js';

export interface RequeueOptions extends RemoteOptions {
  readonly all?: boolean;
}

interface Page {
  readonly jobs: readonly RemoteJob[];
  readonly next: string | null;
}

/** One line a job: id, kind, attempts, reason. */
export async function dead(options: RemoteOptions, io: Io): Promise<number> {
  const jobs = await allOf(clientOf(options, io));
  if (options.json) io.out(`${JSON.stringify(jobs, null, 2)}\n`);
  else if (jobs.length === 0) io.talk('No dead letters.\n');
  else io.out(jobs.map((job) => `${lineOf(job)}\n`).join(''));
  return EXIT.ok;
}

/** One job by its id, or with --all every dead letter; prints the old and the new id. */
export async function requeue(id: string | undefined, options: RequeueOptions, io: Io): Promise<number> {
  if ((id === undefined) === (options.all !== true))
    throw badInput('Expected the id of a job, or --all for every job that `mms dead` shows.');
  const client = clientOf(options, io);
  const ids = id === undefined ? (await allOf(client)).map((job) => job.id) : [id];
  const made: RemoteJob[] = [];
  for (const old of ids) {
    const job = await client.post<RemoteJob>(`/v1/jobs/${encodeURIComponent(old)}/requeue`, {});
    made.push(job);
    if (!options.json) io.out(`${old}  requeued as  ${job.id}\n`);
  }
  if (options.json) io.out(`${JSON.stringify(made, null, 2)}\n`);
  else if (ids.length === 0) io.talk('No dead letters.\n');
  return EXIT.ok;
}

async function allOf(client: Client): Promise<RemoteJob[]> {
  const jobs: RemoteJob[] = [];
  let path: string | null = '/v1/dead-letters?limit=1000';
  while (path !== null) {
    const page: Page = await client.get<Page>(path);
    jobs.push(...page.jobs);
    path = page.next === null ? null : pathOf(page.next);
  }
  return jobs;
}

/** The service may be known by another address here. */
function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

function lineOf({ id, kind, attempts, problem }: RemoteJob): string {
  const { code, detail } = problem as Problem;
  return `${id}  ${kind}  ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}  ${code}  ${detail}`;
}
