/** A job store in memory, for runs inside one process: SQLite's promises except surviving the process. */
import { TERMINAL_STATES, type JobEnd, type JobRecord } from '../contract/job.js';
import type { InputData } from '../contract/kind.js';
import type { JobStore, ResultBytes, StoredJob } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';

/** Everything stays until close(); a service that runs for days uses the SQLite store. */
export function createMemoryStore(): JobStore {
  return new MemoryStore();
}

class MemoryStore implements JobStore {
  /** In the order of acceptance. */
  readonly #jobs = new Map<string, StoredJob>();
  readonly #idByIdempotencyKey = new Map<string, string>();
  readonly #results = new Map<string, ResultBytes>();
  readonly #inputs = new Map<string, InputData>();

  async accept(record: JobRecord): Promise<void> {
    const { id, idempotencyKey } = record;
    const before = this.#jobs.has(id) ? this.#live(id) : null;
    if (idempotencyKey !== null) {
      const owner = this.#idByIdempotencyKey.get(idempotencyKey) ?? id;
      if (owner !== id) throw new MmsError('E_STORE', `The idempotency key of ${id} belongs to ${owner}.`);
      this.#idByIdempotencyKey.set(idempotencyKey, id);
    }
    const { state, startedMs } = before ?? { state: 'queued', startedMs: null };
    this.#jobs.set(id, { record, state, startedMs, end: null });
  }

  markRunning(id: string, startedMs: number): void {
    const job = this.#jobs.get(id);
    if (job?.state === 'queued') this.#jobs.set(id, { ...job, state: 'running', startedMs });
  }

  async finish(id: string, end: JobEnd, result: ResultBytes | null): Promise<void> {
    const job = this.#live(id);
    if (result) this.#results.set(job.record.key, result);
    this.#jobs.set(id, { ...job, state: end.state, end });
    const needed = new Set(
      [...this.#jobs.values()].flatMap((j) => (j.end ? [] : Object.values(j.record.inputs))),
    );
    for (const digest of this.#inputs.keys()) if (!needed.has(digest)) this.#inputs.delete(digest);
  }

  async load(id: string): Promise<StoredJob | null> {
    return this.#jobs.get(id) ?? null;
  }

  async list(filter: Parameters<JobStore['list']>[0]): Promise<readonly StoredJob[]> {
    const { state, kind, limit, before } = filter;
    const newestFirst = [...this.#jobs.values()].reverse();
    const start = before === undefined ? 0 : newestFirst.findIndex((job) => job.record.id === before) + 1;
    if (before !== undefined && start === 0) return [];
    const fits = (job: StoredJob) =>
      (state ?? job.state) === job.state && (kind ?? job.record.kind) === job.record.kind;
    return newestFirst.slice(start).filter(fits).slice(0, limit);
  }

  async unfinished(): Promise<readonly StoredJob[]> {
    return [...this.#jobs.values()].filter((job) => !TERMINAL_STATES.includes(job.state));
  }

  async byIdempotencyKey(key: string): Promise<StoredJob | null> {
    const id = this.#idByIdempotencyKey.get(key);
    return id === undefined ? null : this.load(id);
  }

  async resultByKey(key: string): Promise<ResultBytes | null> {
    return this.#results.get(key) ?? null;
  }

  async put(data: InputData): Promise<void> {
    this.#inputs.set(data.digest, data);
  }

  async get(digest: string): Promise<InputData | null> {
    return this.#inputs.get(digest) ?? null;
  }

  fault(): string | null {
    return null;
  }

  async close(): Promise<void> {
    for (const map of [this.#jobs, this.#idByIdempotencyKey, this.#results, this.#inputs]) map.clear();
  }

  #live(id: string): StoredJob {
    const job = this.#jobs.get(id);
    if (!job) throw new MmsError('E_STORE', `Job ${id} is unknown to the store.`);
    if (job.end) throw new MmsError('E_STORE', `Job ${id} is ${job.state}; a terminal state never changes.`);
    return job;
  }
}
