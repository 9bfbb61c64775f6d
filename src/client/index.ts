/** The client for TypeScript: jobs of a running service, typed by its OpenAPI document; needs fetch alone. */
import { eventsOf } from './events.js';
import type { Batch, Catalogue, Job, JobPage, Kind, Problem, Requests, Result, TableData } from './types.js';

export type * from './types.js';

/** What a job may ask: discriminated by `kind`. */
export type SubmitRequest = Requests[keyof Requests];

export interface ClientOptions {
  /** API key of the service, where it asks for one. */
  readonly key?: string;
  /** Instead of the global one. */
  readonly fetch?: typeof fetch;
}

export interface SubmitOptions {
  /** Seconds to wait for the end before the answer comes; the service bounds it. */
  readonly waitS?: number;
  /** Makes the call safe to repeat: the same key and request give the same job. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface Rows {
  /** First row, counted from 0. */
  readonly from?: number;
  /** Row to stop before. */
  readonly to?: number;
}

export interface JobFilter {
  readonly state?: Job['state'];
  readonly kind?: string;
}

/** What the service refused or could not do; `problem` is its application/problem+json. */
export class MmsProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.title}: ${problem.detail}`);
    this.name = 'MmsProblem';
    this.problem = problem;
  }
}

/** Every call throws MmsProblem for what the service refuses, TypeError where it cannot be reached. */
export interface Client {
  submit(request: SubmitRequest, options?: SubmitOptions): Promise<Job>;
  /** Submits and follows to the end: done, failed, cancelled or expired. */
  run(request: SubmitRequest, options?: SubmitOptions): Promise<Job>;
  submitBatch(jobs: readonly SubmitRequest[], options?: SubmitOptions): Promise<Batch>;
  batch(id: string): Promise<Batch>;
  job(id: string): Promise<Job>;
  /** All jobs, newest first, a page at a time. */
  jobs(filter?: JobFilter): AsyncGenerator<Job>;
  /** The job now and after every change, to its end. Goes on by itself when the connection breaks. */
  watch(id: string, signal?: AbortSignal): AsyncGenerator<Job>;
  cancel(id: string): Promise<Job>;
  result(id: string): Promise<Result>;
  /** A table with its columns as arrays of numbers, by name. */
  table(id: string, name: string, rows?: Rows): Promise<TableData>;
  /** The address of a table in one of its forms. */
  tableUrl(id: string, name: string, form: 'csv' | 'json' | 'parquet', rows?: Rows): string;
  kinds(): Promise<Catalogue>;
  kind(name: string): Promise<Kind>;
}

const OVER: readonly Job['state'][] = ['done', 'failed', 'cancelled', 'expired'];
/** Connections that break one after the other, without an event between them, before a watch gives up. */
const MAX_BREAKS = 10;

/** `server` is its address, such as http://127.0.0.1:8080. */
export function createClient(server: string, options: ClientOptions = {}): Client {
  const base = `${server.replace(/\/+$/, '')}/v1`;
  const ask = (method: string, url: string, more: Asked = {}): Promise<Response> =>
    send(options, method, url, more);
  const get = async <T>(url: string): Promise<T> => (await (await ask('GET', url)).json()) as T;
  const post = async <T>(path: string, body: unknown, how: SubmitOptions = {}): Promise<T> => {
    const { waitS, idempotencyKey, signal } = how;
    const headers = {
      'content-type': 'application/json',
      ...(waitS !== undefined && { prefer: `wait=${Math.ceil(waitS)}` }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    };
    return (await (await ask('POST', base + path, { headers, body, signal })).json()) as T;
  };
  const jobUrl = (id: string): string => `${base}/jobs/${encodeURIComponent(id)}`;
  const client: Client = {
    submit: (request, how) => post<Job>('/jobs', request, how),
    async run(request, how) {
      const job = await client.submit(request, how);
      if (OVER.includes(job.state)) return job;
      let newest = job;
      for await (const view of client.watch(job.id, how?.signal)) newest = view;
      return newest;
    },
    submitBatch: (jobs, how) => post<Batch>('/batches', { jobs }, how),
    batch: (id) => get<Batch>(`${base}/batches/${encodeURIComponent(id)}`),
    job: (id) => get<Job>(jobUrl(id)),
    async *jobs(filter = {}) {
      let url: string | null = `${base}/jobs?${new URLSearchParams({ ...filter, limit: '200' }).toString()}`;
      while (url !== null) {
        const page: JobPage = await get<JobPage>(url);
        yield* page.jobs;
        url = page.next;
      }
    },
    watch: (id, signal) => watch(ask, jobUrl(id), signal),
    cancel: async (id) => (await (await ask('DELETE', jobUrl(id))).json()) as Job,
    result: (id) => get<Result>(`${jobUrl(id)}/result`),
    table: (id, name, rows) => get<TableData>(client.tableUrl(id, name, 'json', rows)),
    tableUrl(id, name, form, rows = {}) {
      const query = new URLSearchParams(
        Object.entries(rows).map(([end, row]) => [end, String(row)]),
      ).toString();
      return `${jobUrl(id)}/${encodeURIComponent(name)}.${form}${query && `?${query}`}`;
    },
    kinds: () => get<Catalogue>(`${base}/kinds`),
    kind: (name) => get<Kind>(`${base}/kinds/${encodeURIComponent(name)}`),
  };
  return client;
}

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

async function send(
  { key, fetch: given = fetch }: ClientOptions,
  method: string,
  url: string,
  { headers, body, signal }: Asked,
): Promise<Response> {
  const answer = await given(url, {
    method,
    headers: {
      accept: 'application/json',
      ...headers,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (answer.ok) return answer;
  const isProblem = (answer.headers.get('content-type') ?? '').startsWith('application/problem+json');
  if (isProblem) throw new MmsProblem((await answer.json()) as Problem);
  throw new TypeError(`${url} answered ${answer.status}, not as an MMS service would.`);
}

async function* watch(
  ask: (method: string, url: string, more: Asked) => Promise<Response>,
  url: string,
  signal?: AbortSignal,
): AsyncGenerator<Job> {
  let lastId = '';
  let waitMs = 1000;
  for (let breaks = 0; ; breaks++) {
    if (breaks > 0) await pause(waitMs, signal);
    try {
      const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
      const { status, body } = await ask('GET', url, { headers, signal });
      if (status === 204 || !body) return;
      for await (const { id, data, retryMs } of eventsOf(body)) {
        breaks = 0;
        lastId = id;
        waitMs = retryMs ?? waitMs;
        const job = JSON.parse(data) as Job;
        yield job;
        if (OVER.includes(job.state)) return;
      }
    } catch (error) {
      const isFinal = error instanceof MmsProblem && !error.problem.retryable;
      if (isFinal || signal?.aborted || breaks >= MAX_BREAKS) throw error;
    }
    if (breaks >= MAX_BREAKS) throw new TypeError(`${url} ended ${MAX_BREAKS} streams without an event.`);
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
