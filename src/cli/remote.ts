/** `mms submit`, `mms status`, `mms cancel`: the same jobs on a running service. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { TERMINAL_STATES } from '../contract/job.js';
import { MmsError } from '../contract/problem.js';
import { formatValue, labelOf, unitSuffix } from '../report/format.js';
import { headline } from '../report/headline.js';
import { apiKeyOf } from './api-key.js';
import { createClient, DEFAULT_SERVER, type Client, type RemoteJob } from './client.js';
import { EXIT, exitCodeOf, problemLines, tellFailure } from './exit.js';
import type { Io } from './io.js';
import { readJobArgs, TIMEOUT_OPTION, type AddOptions } from './job-args.js';
import { createProgress, percent } from './progress.js';
import { addServerOptions, type ServerOptions } from './server-options.js';
import type { Services } from './services.js';

export interface RemoteOptions extends ServerOptions {
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly quiet?: boolean;
}

const POLL_MS = 250;
const SHOWN_METRICS = 11;

const addOptions: AddOptions = (command) => {
  addServerOptions(command)
    .option('--wait', 'follow the job to its end')
    .option(...TIMEOUT_OPTION)
    .option('--idempotency-key <text>', 'makes repeating this command safe (default: made up)')
    .option('--json', 'print the answer as JSON')
    .option('--quiet', 'only the id of the job');
};

/** Exit code 0 once the job is accepted; with --wait by how it ends. */
export async function submit(args: readonly string[], services: Services, io: Io): Promise<number> {
  const job = await readJobArgs('submit', args, services, io, addOptions);
  const options = job.options as RemoteOptions & { readonly idempotencyKey?: string };
  const { idempotencyKey = randomUUID() } = options;
  const stop = new AbortController();
  const forget = io.onInterrupt(() => stop.abort());
  try {
    const client = clientOf(options, io, stop.signal);
    const accepted = await client.post<RemoteJob>('/v1/jobs', job.request, idempotencyKey);
    if (!options.wait) return tellJob(accepted, client, options, io);
    return await follow(accepted, client, stop, options, io);
  } catch (error) {
    const { aborted } = stop.signal;
    const code = aborted ? EXIT.interrupted : tellFailure(io, error, job.flagFor);
    // Whoever gives up does not know whether the service has the job; its key is the way to find out.
    if (aborted || (error instanceof MmsError && error.problem.retryable))
      io.talk(`The same command with --idempotency-key ${idempotencyKey} runs nothing twice.\n`);
    return code;
  } finally {
    forget();
  }
}

/** Without an id: the newest jobs. */
export async function status(id: string | undefined, options: RemoteOptions, io: Io): Promise<number> {
  const stop = new AbortController();
  const client = clientOf(options, io, stop.signal);
  if (id === undefined) {
    const answer = await client.get<{ jobs?: RemoteJob[] } | RemoteJob[]>('/v1/jobs?limit=20');
    const jobs = Array.isArray(answer) ? answer : (answer.jobs ?? []);
    if (options.json) io.out(`${JSON.stringify(answer, null, 2)}\n`);
    else if (jobs.length === 0) io.talk('No jobs yet. Try: mms submit\n');
    else
      io.out(
        jobs
          .map(
            (job) => `${job.id}  ${job.state.padEnd(9)}  ${percent(job.progress).padStart(4)}  ${job.kind}\n`,
          )
          .join(''),
      );
    return EXIT.ok;
  }
  const job = await client.get<RemoteJob>(`/v1/jobs/${encodeURIComponent(id)}`);
  if (options.wait) return follow(job, client, stop, options, io);
  return tellJob(job, client, options, io);
}

export async function cancel(id: string, options: RemoteOptions, io: Io): Promise<number> {
  const client = clientOf(options, io);
  const job = await client.delete<RemoteJob>(`/v1/jobs/${encodeURIComponent(id)}`);
  if (options.json) io.out(`${JSON.stringify(job, null, 2)}\n`);
  else io.out(`${job.id}  ${job.state}\n`);
  return EXIT.ok;
}

/** `signal` ends its calls. */
export function clientOf(options: RemoteOptions, io: Io, signal?: AbortSignal): Client {
  const { patience, quiet, server = io.env.MMS_SERVER || DEFAULT_SERVER } = options;
  const apiKey = apiKeyOf(options.apiKeyFile, io.env);
  return createClient(server, {
    ...(apiKey !== undefined && { apiKey }),
    ...(patience !== undefined && { patienceS: patience }),
    ...(signal && { signal }),
    ...(quiet !== true && { tell: (line) => io.talk(`${line}\n`) }),
  });
}

/** Polls until the end. Ctrl-C stops following only: the job belongs to the service. */
async function follow(
  first: RemoteJob,
  client: Client,
  stop: AbortController,
  options: RemoteOptions,
  io: Io,
): Promise<number> {
  const forget = io.onInterrupt(() => stop.abort());
  const progress = await createProgress(first.kind, io, options.quiet === true || options.json === true);
  let job = first;
  try {
    while (!TERMINAL_STATES.includes(job.state)) {
      await pause(POLL_MS, undefined, { signal: stop.signal });
      job = await client.get<RemoteJob>(`/v1/jobs/${first.id}`);
      progress.update(job.progress);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    io.talk(`The job goes on; see it with: mms status ${first.id}, end it with: mms cancel ${first.id}\n`);
    return EXIT.interrupted;
  } finally {
    forget();
    progress.stop();
  }
  return tellJob(job, client, options, io);
}

function tellJob(job: RemoteJob, client: Client, options: RemoteOptions, io: Io): number {
  if (options.json) io.out(`${JSON.stringify(job, null, 2)}\n`);
  else if (options.quiet) io.out(`${job.id}\n`);
  else io.out(`${linesOf(job, client).join('\n')}\n`);
  if (job.problem) for (const line of problemLines(job.problem)) io.talk(`${line}\n`);
  if (job.state === 'done' || !TERMINAL_STATES.includes(job.state)) return EXIT.ok;
  return job.problem ? exitCodeOf(job.problem) : EXIT.failed;
}

function linesOf(job: RemoteJob, { server }: Client): string[] {
  const lines = [
    `${job.id}  ${job.state}  ${percent(job.progress).padStart(4)}  ${job.kind}, seed ${job.seed}`,
  ];
  for (const metric of headline(job.summary?.metrics ?? [], SHOWN_METRICS))
    lines.push(`  ${labelOf(metric.name).padEnd(20)}${formatValue(metric)}${unitSuffix(metric.unit)}`);
  if (job.digest) lines.push(`  digest              ${job.digest}`);
  if (job.state === 'done')
    lines.push(`  report              ${job.links?.report ?? `${server}/v1/jobs/${job.id}/report.html`}`);
  else if (!TERMINAL_STATES.includes(job.state))
    lines.push(`  follow it           mms status ${job.id} --wait`);
  return lines;
}
