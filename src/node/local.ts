/**
 * Compute inside this process, without sockets: the same pool behind the same port, for one run from the
 * command line.
 */
import type { Chunk, ChunkEvents, ChunkTransport, InputStore } from '../contract/ports.js';
import type { Problem } from '../contract/problem.js';
import { MmsError } from '../contract/problem.js';
import type { Table } from '../contract/columns.js';
import type { InputCache } from './inputs.js';
import { createInputCache } from './inputs.js';
import type { Pool, PoolAnswer } from './pool.js';
import { createPool } from './pool.js';

const CHUNKS_PER_THREAD = 2;
const MAX_CRASHES = 3;
const PROGRESS_MS = 100;

export interface LocalOptions {
  readonly threads: number;
  readonly kindsDir?: URL;
}

interface Running {
  readonly chunk: Chunk;
  told: number;
}

/** Threads start with the first chunk, and an idle transport does not keep the process alive. */
export function createLocalTransport(options: LocalOptions): ChunkTransport {
  return new LocalTransport(options);
}

class LocalTransport implements ChunkTransport {
  readonly #pool: Pool;
  readonly #cache: InputCache = createInputCache();
  /** Shared tables on their way, so that two chunks do not fetch one input twice. */
  readonly #fetching = new Map<string, Promise<readonly Table[]>>();
  readonly #running = new Map<string, Running>();
  #waiting: Chunk[] = [];
  #events: ChunkEvents | null = null;
  #inputs: InputStore | null = null;
  #timer: NodeJS.Timeout | null = null;
  #dispatches = 0;

  constructor(options: LocalOptions) {
    this.#pool = createPool(options);
  }

  connect(events: ChunkEvents, inputs: InputStore): void {
    this.#events = events;
    this.#inputs = inputs;
  }

  offer(chunks: readonly Chunk[]): void {
    this.#waiting.push(...chunks);
    // The sort is stable: equal priorities stay in the order of their offer.
    this.#waiting.sort((a, b) => b.priority - a.priority);
    this.#fill();
  }

  cancel(jobId: string): void {
    this.#waiting = this.#waiting.filter((chunk) => chunk.jobId !== jobId);
    for (const [id, { chunk }] of this.#running) {
      if (chunk.jobId !== jobId) continue;
      this.#running.delete(id);
      this.#pool.cancel(id);
    }
    this.#fill();
  }

  capacity(): number {
    return this.#pool.threads;
  }

  async close(): Promise<void> {
    this.#waiting = [];
    this.#running.clear();
    this.#stopTimer();
    await this.#pool.close();
  }

  #fill(): void {
    while (this.#waiting.length > 0 && this.#running.size < this.#pool.threads * CHUNKS_PER_THREAD) {
      void this.#compute(this.#waiting.shift()!);
    }
    if (this.#running.size === 0) this.#stopTimer();
    else this.#timer ??= setInterval(() => this.#tellProgress(), PROGRESS_MS).unref();
  }

  /** Runs a chunk to its one end, again after a crash; says nothing once its job was cancelled. */
  async #compute(chunk: Chunk): Promise<void> {
    const { jobId } = chunk;
    for (let attempt = 1; ; attempt++) {
      const id = `${++this.#dispatches}`;
      this.#running.set(id, { chunk, told: 0 });
      if (attempt === 1) this.#events?.started(jobId, chunk.chunk);
      const answer = await this.#attempt(id, chunk);
      if (!this.#running.delete(id) || answer.how === 'stopped') return this.#fill();
      if (answer.how === 'crash' && attempt < MAX_CRASHES) continue;
      if (answer.how === 'done') {
        this.#events?.done(jobId, chunk.chunk, answer.tables, attempt, answer.computeNs);
      } else {
        const problem = answer.how === 'error' ? answer.problem : poison(chunk);
        this.#events?.failed(jobId, chunk.chunk, problem, attempt);
      }
      return this.#fill();
    }
  }

  async #attempt(id: string, chunk: Chunk): Promise<PoolAnswer> {
    const { kind, spec, seed, from, to, pack } = chunk;
    let inputs;
    try {
      inputs = await this.#inputsOf(chunk);
    } catch (cause) {
      if (cause instanceof MmsError) return { how: 'error', problem: cause.problem };
      throw cause;
    }
    if (!this.#running.has(id)) return { how: 'stopped' };
    // Whoever runs a job on the own command line may wait for it as long as they like.
    const limitMs = Infinity;
    return this.#pool.run({ id, kind, spec, seed, from, to, limitMs, inputs, ...(pack && { pack }) });
  }

  async #inputsOf({ inputs }: Chunk): Promise<Record<string, readonly Table[]>> {
    const found: Record<string, readonly Table[]> = {};
    for (const [name, digest] of Object.entries(inputs)) {
      let tables = this.#cache.get(digest);
      if (!tables) {
        let fetching = this.#fetching.get(digest);
        if (!fetching) {
          fetching = this.#fetch(digest).finally(() => this.#fetching.delete(digest));
          this.#fetching.set(digest, fetching);
        }
        tables = await fetching;
      }
      found[name] = tables;
    }
    return found;
  }

  async #fetch(digest: string): Promise<readonly Table[]> {
    const data = await this.#inputs?.get(digest);
    if (data) return this.#cache.put(digest, data.tables);
    throw new MmsError(
      'E_INTERNAL',
      `Input ${digest.slice(0, 12)} is no longer in the store; submit the job again.`,
    );
  }

  #tellProgress(): void {
    for (const { id, done } of this.#pool.progress()) {
      const running = this.#running.get(id);
      if (!running || done <= running.told) continue;
      running.told = done;
      this.#events?.progress(running.chunk.jobId, running.chunk.chunk, done);
    }
  }

  #stopTimer(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}

function poison({ kind, from, to }: Chunk): Problem {
  const detail = `Units ${from}..${to - 1} of kind ${kind} crashed their thread ${MAX_CRASHES} times.`;
  return new MmsError('E_POISON', detail).problem;
}
