/** Chunks of the fixture kinds, and a transport's events gathered so that a test can wait for them. */
import type { Table } from '../../src/contract/columns.js';
import type { InputData } from '../../src/contract/kind.js';
import type { Chunk, ChunkEvents, InputStore } from '../../src/contract/ports.js';
import type { Problem } from '../../src/contract/problem.js';

export const FIXTURE_KINDS = new URL('fixture-kinds/', import.meta.url);

/** `count` chunks of 3 units each. */
export function chunksOf(jobId: string, kind: string, count: number, rest: Partial<Chunk> = {}): Chunk[] {
  return Array.from({ length: count }, (_, chunk) => ({
    jobId,
    kind,
    chunk,
    kindVersion: 1,
    spec: {},
    seed: 7,
    from: 3 * chunk,
    to: 3 * chunk + 3,
    inputs: {},
    priority: 0,
    costNs: 1e6,
    limitMs: 60_000,
    ...rest,
  }));
}

export interface Done {
  readonly tables: readonly Table[];
  readonly attempts: number;
}

/** Every end by `job/chunk`; a second end of one chunk is kept in `repeated`. */
export class Gathered implements ChunkEvents {
  readonly begun = new Set<string>();
  readonly progressed = new Map<string, number>();
  readonly ended = new Map<string, Done | { problem: Problem; attempts: number }>();
  readonly repeated: string[] = [];
  #waiting: { ready: () => boolean; resolve: () => void }[] = [];

  started(jobId: string, chunk: number): void {
    this.begun.add(`${jobId}/${chunk}`);
    this.#check();
  }

  progress(jobId: string, chunk: number, done: number): void {
    this.progressed.set(`${jobId}/${chunk}`, done);
    this.#check();
  }

  done(jobId: string, chunk: number, tables: readonly Table[], attempts: number): void {
    this.#end(`${jobId}/${chunk}`, { tables, attempts });
  }

  failed(jobId: string, chunk: number, problem: Problem, attempts: number): void {
    this.#end(`${jobId}/${chunk}`, { problem, attempts });
  }

  /** Resolves as soon as `ready` holds; it is asked after every event. */
  until(ready: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ ready, resolve });
      this.#check();
    });
  }

  /** Ends of one job: `ok` columns of the second column joined in chunk order, or the problem codes. */
  values(jobId: string, count: number): number[] {
    return Array.from({ length: count }, (_, i) => this.ended.get(`${jobId}/${i}`)).flatMap((end) =>
      end && 'tables' in end ? [...end.tables[0]!.columns[1]!] : [],
    );
  }

  code(jobId: string, chunk = 0): string | undefined {
    const end = this.ended.get(`${jobId}/${chunk}`);
    return end && 'problem' in end ? end.problem.code : undefined;
  }

  #end(key: string, end: Done | { problem: Problem; attempts: number }): void {
    if (this.ended.has(key)) this.repeated.push(key);
    this.ended.set(key, end);
    this.#check();
  }

  #check(): void {
    const ready = this.#waiting.filter((waiter) => waiter.ready());
    this.#waiting = this.#waiting.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }
}

/** What the echo fixture must give for `count` chunks of 3 units. */
export function echoValues(count: number, bias = 0): number[] {
  return Array.from({ length: 3 * count }, (_, unit) => 7_000 + unit + bias);
}

export function inputStore(
  known: Readonly<Record<string, InputData>> = {},
): InputStore & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    put: () => Promise.reject(new Error('this store is read-only')),
    get: (digest) => {
      asked.push(digest);
      return Promise.resolve(known[digest] ?? null);
    },
  };
}
