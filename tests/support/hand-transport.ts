/** A chunk transport moved by hand: the test decides which chunk starts, ends or fails, and when. */
import type { Table } from '../../src/contract/columns.js';
import type { Chunk, ChunkEvents, ChunkTransport, InputStore, Pack } from '../../src/contract/ports.js';
import { MmsError } from '../../src/contract/problem.js';
import { endsTables } from '../../src/wire/pack.js';
import { settle } from '../../src/wire/settle.js';
import { runToy, toyKind, type ToySpec } from './toy-kind.js';

export interface HandTransport extends ChunkTransport {
  /** Offered chunks that have neither come back nor been cancelled, in the order of their offers. */
  readonly pending: Chunk[];
  /** Ids of all cancelled jobs, in order. */
  readonly cancelled: string[];
  readonly events: ChunkEvents;
  readonly inputs: InputStore;
  start(chunk: Chunk): void;
  finish(chunk: Chunk, attempts?: number): void;
  fail(chunk: Chunk, detail?: string): void;
  /** Finishes everything that is pending, in order. */
  finishAll(): void;
}

/** The jobs of a pack, each to its end. */
export function runToys({ specs, specOf, seeds }: Pack): Table[] {
  const results = seeds.map((seed, job) => {
    const spec = specs[specOf[job]!] as ToySpec;
    const tables = runToy({ spec, seed, from: 0, to: spec.units } as unknown as Chunk);
    return settle(toyKind, spec, [tables], {}).bytes;
  });
  const lengths = Uint32Array.from(results, ({ length }) => length);
  return endsTables(lengths, new Uint8Array(Buffer.concat(results)), []);
}

export function createHandTransport(): HandTransport {
  let events: ChunkEvents | null = null;
  let inputs: InputStore | null = null;
  const pending: Chunk[] = [];
  const cancelled: string[] = [];
  const take = (chunk: Chunk): void => {
    const at = pending.indexOf(chunk);
    if (at < 0) throw new Error(`Chunk ${chunk.jobId}/${chunk.chunk} is not pending`);
    pending.splice(at, 1);
  };
  return {
    pending,
    cancelled,
    get events() {
      return events!;
    },
    get inputs() {
      return inputs!;
    },
    connect(to, store) {
      events = to;
      inputs = store;
    },
    offer: (chunks) => void pending.push(...chunks),
    cancel(jobId) {
      cancelled.push(jobId);
      for (let i = pending.length - 1; i >= 0; i--) if (pending[i]!.jobId === jobId) pending.splice(i, 1);
    },
    capacity: () => 1,
    start: (chunk) => events!.started(chunk.jobId, chunk.chunk),
    finish(chunk, attempts = 1) {
      take(chunk);
      events!.done(
        chunk.jobId,
        chunk.chunk,
        chunk.pack ? runToys(chunk.pack) : runToy(chunk),
        attempts,
        1000,
      );
    },
    fail(chunk, detail = 'it broke') {
      take(chunk);
      events!.failed(chunk.jobId, chunk.chunk, new MmsError('E_JOB', detail).problem, 1);
    },
    finishAll() {
      while (pending.length > 0) this.finish(pending[0]!);
    },
    close: async () => {},
  };
}
