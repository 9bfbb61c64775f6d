/** Packs: small jobs of one kind on one way to a thread and back, whoever they belong to. */
import type { Table } from '../contract/columns.js';
import type { Kind } from '../contract/kind.js';
import type { Chunk, ChunkTransport } from '../contract/ports.js';
import { MmsError, type Problem } from '../contract/problem.js';
import { readEnds, type PackedEnds } from '../wire/pack.js';
import { chunkLimitMs, type JobSize, type Limits } from './limits.js';

/** A job that costs more travels alone: it could be cancelled, shared and lost alone. */
const MAX_JOB_NS = 2e6;
const MAX_RESULT_BYTES = 65_536;
/** The same for one of a sweep, whose neighbours keep all threads busy. */
const MAX_PART_NS = 1e9;
const MAX_PART_BYTES = 4 * 1024 ** 2;
/** Bounds of a pack: jobs, and nanoseconds that a thread is busy with it. */
const MAX_JOBS = 512;
const MAX_PACK_NS = 5e6;
/** Less than this is not shared among threads: the way of a pack costs about a tenth of it. */
const MIN_PACK_NS = 1e6;
/** What a job costs beside its own steps: its digest, summary and bytes. */
const NS_PER_JOB = 5_000;

/** True for a job that is worth a pack: one chunk, no files, a small result. */
export function isSmall({ units, nsPerUnit, cost }: JobSize, refs: number): boolean {
  return refs === 0 && units * nsPerUnit <= MAX_JOB_NS && cost.resultBytes <= MAX_RESULT_BYTES;
}

/**
 * True for a job of a sweep that travels whole, however it would be cut alone: its digest and summary, which
 * may take longer than its steps, are then made in its thread instead of here, one after the other.
 */
export function isWhole({ units, nsPerUnit, cost }: JobSize, refs: number): boolean {
  return refs === 0 && units * nsPerUnit <= MAX_PART_NS && cost.resultBytes <= MAX_PART_BYTES;
}

/** Whose jobs travel; `jobs` are the owner's own numbers. */
export interface PackOwner {
  packStarted(jobs: readonly number[]): void;
  packEnded(jobs: readonly number[], ends: PackedEnds, attempts: number): void;
  /** None of them has a result; with more than one nobody knows whose fault it is. */
  packFailed(jobs: readonly number[], problem: Problem, attempts: number): void;
}

/** Jobs of one kind and priority that may travel together. */
export interface PackOrder {
  readonly owner: PackOwner;
  readonly kind: Kind;
  readonly priority: number;
  readonly jobs: readonly number[];
  readonly specs: readonly unknown[];
  /** By job number. */
  readonly specOf: (job: number) => number;
  readonly seedOf: (job: number) => number;
  readonly costOf: (job: number) => number;
  readonly clientOf: (job: number) => string | null;
}

interface Pack {
  readonly id: string;
  readonly order: PackOrder;
  readonly jobs: readonly number[];
  started: boolean;
}

export class Packs {
  readonly #open = new Map<string, Pack>();
  readonly #transport: ChunkTransport;
  readonly #limits: Limits;
  /** Pack of each job that travels, by owner. */
  readonly #places = new Map<PackOwner, Map<number, Pack>>();
  readonly #name: string;
  #count = 0;

  /** `name` is of this process alone: what a former one sent must not answer for a pack of this. */
  constructor(transport: ChunkTransport, limits: Limits, name: string) {
    this.#name = name;
    this.#transport = transport;
    this.#limits = limits;
  }

  size(): number {
    return this.#open.size;
  }

  /** The kind of the jobs of a pack; undefined when it is not open. */
  kindOf(id: string): string | undefined {
    return this.#open.get(id)?.order.kind.name;
  }

  /** Sends the jobs on their way, in as many packs as the threads can share. */
  offer(order: PackOrder): void {
    const { jobs, costOf } = order;
    const costs = jobs.map((job) => costOf(job) + NS_PER_JOB);
    const total = costs.reduce((sum, cost) => sum + cost, 0);
    const share = total / (2 * Math.max(1, this.#transport.capacity()));
    const target = Math.min(MAX_PACK_NS, Math.max(MIN_PACK_NS, share));
    const chunks: Chunk[] = [];
    let from = 0;
    let cost = 0;
    for (let i = 0; i < jobs.length; i++) {
      cost += costs[i]!;
      if (cost < target && i - from + 1 < MAX_JOBS && i < jobs.length - 1) continue;
      chunks.push(this.#pack(order, jobs.slice(from, i + 1), cost));
      from = i + 1;
      cost = 0;
    }
    this.#transport.offer(chunks);
  }

  /** Each in a pack of its own: then a crash is its own. */
  offerAlone(order: PackOrder): void {
    const { jobs, costOf } = order;
    this.#transport.offer(jobs.map((job) => this.#pack(order, [job], costOf(job))));
  }

  #pack(order: PackOrder, jobs: readonly number[], costNs: number): Chunk {
    const { owner, kind, priority, specs, specOf, seedOf, clientOf } = order;
    // Jobs of several clients travel together; who comes first pays for all, and everybody is first at times.
    const client = clientOf(jobs[0]!);
    const pack: Pack = { id: `pack-${this.#name}-${++this.#count}`, order, jobs, started: false };
    this.#open.set(pack.id, pack);
    let places = this.#places.get(owner);
    if (!places) this.#places.set(owner, (places = new Map()));
    for (const job of jobs) places.set(job, pack);
    // Only the specs that this pack needs travel with it.
    const used = new Map<number, number>();
    const own: number[] = [];
    for (const job of jobs) {
      const spec = specOf(job);
      let at = used.get(spec);
      if (at === undefined) used.set(spec, (at = used.size));
      own.push(at);
    }
    return {
      jobId: pack.id,
      chunk: 0,
      kind: kind.name,
      kindVersion: kind.version,
      spec: null,
      seed: 0,
      from: 0,
      to: jobs.length,
      inputs: {},
      priority,
      ...(client !== null && { client }),
      costNs,
      limitMs: chunkLimitMs(costNs, this.#limits),
      pack: { specs: [...used.keys()].map((spec) => specs[spec]), specOf: own, seeds: jobs.map(seedOf) },
    };
  }

  started(id: string): boolean {
    const pack = this.#open.get(id);
    if (!pack) return false;
    if (!pack.started) pack.order.owner.packStarted(pack.jobs);
    pack.started = true;
    return true;
  }

  done(id: string, tables: readonly Table[], attempts: number): boolean {
    const pack = this.#close(id);
    if (!pack) return false;
    const { owner } = pack.order;
    if (!pack.started) owner.packStarted(pack.jobs);
    let ends: PackedEnds;
    try {
      ends = readEnds(tables, pack.jobs.length);
    } catch (error) {
      if (!(error instanceof MmsError)) throw error;
      owner.packFailed(pack.jobs, error.problem, attempts);
      return true;
    }
    owner.packEnded(pack.jobs, ends, attempts);
    return true;
  }

  failed(id: string, problem: Problem, attempts: number): boolean {
    const pack = this.#close(id);
    if (!pack) return false;
    this.#transport.cancel(id);
    if (pack.jobs.length === 1) pack.order.owner.packFailed(pack.jobs, problem, attempts);
    else this.offerAlone({ ...pack.order, jobs: pack.jobs });
    return true;
  }

  /** Takes jobs off their way; the others of their packs set out again. Those that do not travel are none. */
  drop(owner: PackOwner, jobs: readonly number[]): void {
    const gone = new Set(jobs);
    for (const pack of new Set(jobs.map((job) => this.#places.get(owner)?.get(job)))) {
      if (!pack) continue;
      this.#cancel(pack);
      const others = pack.jobs.filter((job) => !gone.has(job));
      if (others.length > 0) this.offer({ ...pack.order, jobs: others });
    }
  }

  /** Takes all jobs of an owner off their way. */
  dropAll(owner: PackOwner): void {
    for (const pack of new Set(this.#places.get(owner)?.values())) this.#cancel(pack);
  }

  /** Takes back what has not started, or everything. */
  stop(everything: boolean): void {
    for (const pack of [...this.#open.values()]) if (everything || !pack.started) this.#cancel(pack);
  }

  #cancel(pack: Pack): void {
    this.#close(pack.id);
    this.#transport.cancel(pack.id);
  }

  #close(id: string): Pack | null {
    const pack = this.#open.get(id);
    if (!pack) return null;
    this.#open.delete(id);
    const places = this.#places.get(pack.order.owner)!;
    for (const job of pack.jobs) places.delete(job);
    if (places.size === 0) this.#places.delete(pack.order.owner);
    return pack;
  }
}
