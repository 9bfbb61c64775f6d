/** The hall's working side: live jobs, what the transport tells of them, and the one way to their end. */
import { LRUCache } from 'lru-cache';
import { memberId } from '../contract/batch.js';
import type { JobEnd, JobView } from '../contract/job.js';
import type { InputData } from '../contract/kind.js';
import type * as Ports from '../contract/ports.js';
import { MmsError, type Problem } from '../contract/problem.js';
import type { Removal } from '../contract/retention.js';
import { decodeResult } from '../wire/result.js';
import { cancelled, Deadlines, expired, later, type Stop } from './deadlines.js';
import { createFloor } from './floor.js';
import { advance, notBefore } from './lifecycle.js';
import type { JobSize } from './limits.js';
import { chunksOf, noteDone, noteProgress, type LiveJob } from './live.js';
import { isSmall, Packs, type PackOrder, type PackOwner } from './packs.js';
import type { HallParts } from './parts.js';
import { createResults, type FoundResult } from './results.js';
import { settle } from '../wire/settle.js';
import { Tell } from './tell.js';
import { defaultReproduceLine, viewOfLive, viewOfStored, type ReproduceLine } from './views.js';
import { createWatchers } from './watchers.js';

/** Ended jobs kept in memory; older ones come from the store. */
const MAX_ENDED_IN_MEMORY = 1_000;
const NO_RESULT = { problem: null, digest: null, summary: null, attempts: 0 };

interface Ending {
  readonly end: JobEnd;
  readonly bytes: Ports.ResultBytes | null;
  /** Present where nobody else holds the bytes: the store may have their memory for a while. */
  readonly keep?: (bytes: Ports.ResultBytes) => void;
}

export class Works implements Ports.ChunkEvents {
  readonly floor = createFloor();
  readonly results;
  readonly watchers;
  readonly tell: Tell;
  readonly packs: Packs;
  readonly deadlines: Deadlines;
  readonly #parts: HallParts;
  readonly #reproduce: ReproduceLine;
  readonly #ended = new LRUCache<string, JobView>({ max: MAX_ENDED_IN_MEMORY });
  /** Small jobs that were launched in this turn of the event loop. */
  #small: LiveJob[] = [];
  /** Tells of the end of a batch's job that was a live job of its own. */
  onMemberEnd: (batchId: string, view: JobView) => void = () => undefined;
  #offering = true;
  #wakeDrain: (() => void) | null = null;

  constructor(parts: HallParts) {
    this.#parts = parts;
    this.tell = new Tell(parts);
    this.#reproduce = parts.reproduceLine ?? defaultReproduceLine;
    this.results = createResults(parts.store, parts.cache, parts.meter);
    this.watchers = createWatchers<JobView>(parts.clock);
    this.deadlines = new Deadlines(parts.later ?? later);
    this.packs = new Packs(parts.transport, parts.limits, parts.newId());
    parts.transport.connect(this, parts.store);
  }

  // ---- what a client may see

  view(id: string): JobView | null {
    const live = this.floor.get(id);
    return live ? this.viewOf(live) : (this.#ended.get(id) ?? null);
  }

  viewOf(live: LiveJob): JobView {
    return viewOfLive(live, this.#reproduce);
  }

  viewOfStored(stored: Ports.StoredJob): JobView {
    return viewOfStored(stored, this.#reproduce);
  }

  // ---- the way in

  /** Offers a leader's chunks; a follower waits until its leader has ended. */
  launch(live: LiveJob): void {
    if (!this.#offering || live.ending || this.floor.leader(live.record.key) !== live) return;
    if (live.chunks > 1 || !isSmall(sizeOf(live), Object.keys(live.record.inputs).length)) {
      this.floor.enqueue(live);
      return this.#offer();
    }
    if (this.#small.push(live) === 1) setImmediate(() => this.#offerSmall());
  }

  /** Small jobs of one turn of the event loop travel together; one that is alone goes as any other. */
  #offerSmall(): void {
    const jobs = this.#small.filter((live) => !live.ending);
    this.#small = [];
    const alike = new Map<string, LiveJob[]>();
    for (const live of jobs) {
      const name = `${live.record.priority} ${live.record.kind}`;
      const known = alike.get(name);
      if (known) known.push(live);
      else alike.set(name, [live]);
    }
    for (const lives of alike.values()) {
      if (lives.length === 1) this.floor.enqueue(lives[0]!);
      else this.offerPacks(orderOf(lives, this.#ownerOf(lives)));
    }
    this.#offer();
  }

  offerPacks(order: PackOrder): void {
    if (this.#offering) this.packs.offer(order);
  }

  /** What packs tell of live jobs. */
  #ownerOf(lives: readonly LiveJob[]): PackOwner {
    return {
      packStarted: (jobs) => {
        for (const job of jobs) this.#start(lives[job]!, false);
      },
      packEnded: (jobs, { lengths, bytes, problems }, attempts) => {
        let at = 0;
        jobs.forEach((job, i) => {
          const live = lives[job]!;
          const own = bytes.slice(at, (at += lengths[i]!));
          if (live.ending) return;
          live.attempts = Math.max(live.attempts, attempts);
          const problem = problems.get(i);
          if (!problem) this.tell.stepped(live);
          live.ending = this.#end(live, async () =>
            problem ? this.#without(live, 'failed', problem) : this.#settled(live, own),
          );
        });
      },
      packFailed: (jobs, problem, attempts) => {
        for (const job of jobs) this.#fail(lives[job]!, problem, attempts);
      },
    };
  }

  /** A result that its thread has finished. */
  #settled({ record, attempts }: LiveJob, bytes: Uint8Array): Ending {
    const { digest, summary } = decodeResult(bytes);
    this.#parts.cache.set(record.key, bytes);
    const finishedMs = this.#parts.clock.nowMs();
    return { end: { state: 'done', finishedMs, problem: null, digest, summary, attempts }, bytes };
  }

  /** Answers a job from a result that came to be meanwhile, or launches it. */
  async resume(live: LiveJob): Promise<void> {
    if (live.ending || this.floor.leader(live.record.key) !== live) return;
    const found = await this.results.find(live.kind, live.record.key);
    if (live.ending || !this.#offering) return;
    if (!found) return this.launch(live);
    live.ending = this.#end(live, async () => this.cachedEnding(found));
  }

  /** The end of a job whose result is there already; its bytes may stand with a batch or in a cache. */
  cachedEnding({ result, bytes }: FoundResult): Ending {
    const { digest, summary } = result;
    const end = {
      ...NO_RESULT,
      state: 'done',
      finishedMs: this.#parts.clock.nowMs(),
      digest,
      summary,
    } as const;
    return { end, bytes };
  }

  #offer(): void {
    if (!this.#offering) return;
    for (const live of this.floor.takeOffers())
      this.#parts.transport.offer(chunksOf(live, this.#parts.limits));
  }

  // ---- what the transport tells; events of jobs that have ended find nothing

  started = (id: string): void => {
    const live = this.#open(id);
    if (live) this.#start(live, true);
    else this.packs.started(id);
  };

  /** `mark`: the start is noted on disk; a job of a pack is over before that would tell anybody anything. */
  #start(live: LiveJob, mark: boolean): void {
    const { id } = live.record;
    if (live.state !== 'queued' || live.ending) return;
    const { clock, store } = this.#parts;
    live.state = advance(live.state, 'running');
    live.startedMs = notBefore(live.record.createdMs, clock.nowMs());
    live.startedAtMs = clock.monotonicMs();
    this.floor.noteRunning();
    if (mark) store.markRunning(id, live.startedMs);
    this.tell.started(id, 1, (live.startedAtMs - live.acceptedAtMs) / 1e3);
    if (this.watchers.has(id)) this.watchers.state(this.viewOf(live), false);
  }

  progress = (id: string, chunk: number, done: number): void => {
    const live = this.#open(id);
    if (!live) return;
    noteProgress(live, chunk, done);
    this.watchers.progress(id, () => this.viewOf(live));
  };

  done: Ports.ChunkEvents['done'] = (id, chunk, tables, attempts, computeNs) => {
    const kind = this.floor.get(id)?.kind.name ?? this.packs.kindOf(id);
    if (kind) this.tell.computed(kind, computeNs);
    if (this.packs.done(id, tables, attempts)) return;
    this.started(id);
    const live = this.#open(id);
    if (!live || !noteDone(live, chunk, tables, attempts)) return;
    this.floor.chunkBack();
    this.tell.stepped(live);
    if (live.openChunks === 0) live.ending = this.#end(live, () => this.#settle(live));
    else this.watchers.progress(id, () => this.viewOf(live));
    this.#offer();
  };

  failed: Ports.ChunkEvents['failed'] = (id, _chunk, problem, attempts) => {
    if (this.packs.failed(id, problem, attempts)) return;
    const live = this.#open(id);
    if (!live) return;
    this.#parts.transport.cancel(id);
    this.#fail(live, problem, attempts);
  };

  #fail(live: LiveJob, problem: Problem, attempts: number): void {
    if (live.ending) return;
    live.attempts = Math.max(live.attempts, attempts);
    live.ending = this.#end(live, async () => this.#without(live, 'failed', problem));
  }

  #open(id: string): LiveJob | null {
    const live = this.floor.get(id);
    return live && !live.ending ? live : null;
  }

  // ---- the way out

  /** Ends a live job now, unless it is on its way to its end already; resolves when that end is on disk. */
  async stop(live: LiveJob, { state, problem }: Stop = cancelled()): Promise<void> {
    if (!live.ending) {
      if (live.pack) this.packs.drop(live.pack.owner, [live.pack.number]);
      else this.#parts.transport.cancel(live.record.id);
      live.ending = this.#end(live, async () => this.#without(live, state, problem));
    }
    await live.ending;
  }

  /** A job on the floor that has not ended `leftMs` from now expires; null lets it be. */
  expireIn(live: LiveJob, leftMs: number | null): void {
    if (leftMs === null || this.floor.get(live.record.id) !== live) return;
    const expire = (): void => void this.stop(live, expired(live.record.timeoutMs!));
    if (leftMs > 0) this.deadlines.add(live, leftMs, expire);
    else expire();
  }

  #without(live: LiveJob, state: 'failed' | Stop['state'], problem: JobEnd['problem']): Ending {
    const { attempts } = live;
    return {
      end: { ...NO_RESULT, state, finishedMs: this.#parts.clock.nowMs(), problem, attempts },
      bytes: null,
    };
  }

  async #settle(live: LiveJob): Promise<Ending> {
    const { record, kind, attempts } = live;
    try {
      const inputs = await this.#inputsOf(live);
      const chunks = live.tables.map((tables) => tables!);
      const { digest, summary, bytes } = settle(kind, record.spec, chunks, inputs);
      const finishedMs = this.#parts.clock.nowMs();
      const end = { state: 'done', finishedMs, problem: null, digest, summary, attempts } as const;
      return { end, bytes, keep: (kept) => this.#parts.cache.set(record.key, kept) };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const { problem } = error instanceof MmsError ? error : new MmsError('E_JOB', `The result: ${detail}`);
      return this.#without(live, 'failed', problem);
    }
  }

  async #inputsOf({ record }: LiveJob): Promise<Record<string, InputData>> {
    const inputs: Record<string, InputData> = {};
    for (const [name, digest] of Object.entries(record.inputs)) {
      const data = await this.#parts.store.get(digest);
      if (!data)
        throw new MmsError('E_DATA', `Input ${name} (${digest}) is no longer in the store. Submit again.`);
      inputs[name] = data;
    }
    return inputs;
  }

  /** The one way to an end: commit, then tell. If the commit fails the job stays unfinished on disk (G8). */
  async #end(live: LiveJob, decide: () => Promise<Ending>): Promise<void> {
    const { record, startedMs } = live;
    const { clock, store } = this.#parts;
    const { end: told, bytes, keep } = await decide();
    const finishedMs = notBefore(startedMs ?? record.createdMs, told.finishedMs);
    const end = { ...told, finishedMs };
    try {
      await store.finish(record.id, end, bytes, startedMs, keep);
    } catch {
      return this.release(live);
    }
    live.state = advance(live.state, end.state);
    const ranS = startedMs === null ? null : (clock.monotonicMs() - live.startedAtMs) / 1e3;
    const view = this.noteEnded({ record, state: end.state, startedMs, end }, ranS);
    if (live.batchId !== null) this.onMemberEnd(live.batchId, view);
    this.release(live);
  }

  /** Tells the end of a job whose end is on disk; `ranS` is null when this process did not see it run. */
  noteEnded(stored: Ports.StoredJob & { readonly end: JobEnd }, ranS: number | null = null): JobView {
    const view = this.viewOfStored(stored);
    this.#ended.set(view.id, view);
    this.tell.ended(stored.record, stored.end, ranS);
    this.watchers.state(view, true);
    return view;
  }

  /** The store has these no longer. */
  forget(removed: Removal['removed']): void {
    for (const { id, batchJobs } of removed) {
      this.#ended.delete(id);
      for (let number = 0; number < (batchJobs ?? 0); number++) this.#ended.delete(memberId(id, number));
    }
  }

  /** Takes a job off the floor; the next of its followers looks for the result or leads. */
  release(live: LiveJob): void {
    this.deadlines.drop(live);
    for (const follower of this.floor.remove(live)) this.floor.add(follower);
    const next = this.floor.leader(live.record.key);
    if (next) void next.accepted.then(() => this.resume(next)).catch(() => this.release(next));
    this.#offer();
    this.wakeDrain();
  }

  /** Something ended that a drain may wait for. */
  wakeDrain(): void {
    if (this.#wakeDrain && !this.#busy()) this.#wakeDrain();
  }

  /** Stops offering, waits for what runs; what is queued or outlasts graceMs stays unfinished on disk. */
  async drain(graceMs: number): Promise<void> {
    const { transport } = this.#parts;
    this.#offering = false;
    this.deadlines.stop();
    for (const live of this.floor.all()) {
      if (live.state === 'queued' && !live.ending) transport.cancel(live.record.id);
    }
    this.packs.stop(false);
    if (!this.#busy()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#wakeDrain = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    for (const live of this.floor.all()) if (!live.ending) transport.cancel(live.record.id);
    this.packs.stop(true);
  }

  #busy(): boolean {
    if (this.packs.size() > 0) return true;
    for (const live of this.floor.all()) if (live.ending || live.state === 'running') return true;
    return false;
  }
}

function sizeOf({ kind, record }: LiveJob): JobSize {
  const cost = kind.cost(record.spec);
  return { units: record.units, nsPerUnit: cost.stepsPerUnit * cost.nsPerStep, cost };
}

/** Live jobs of one kind and priority, as they travel together. */
function orderOf(lives: readonly LiveJob[], owner: PackOwner): PackOrder {
  const specs: unknown[] = [];
  const numbers = new Map<unknown, number>();
  const specOf = lives.map((live, number) => {
    live.pack = { owner, number };
    const { spec } = live.record;
    let at = numbers.get(spec);
    if (at === undefined) {
      numbers.set(spec, (at = specs.length));
      specs.push(spec);
    }
    return at;
  });
  const [{ kind, record }] = lives as [LiveJob, ...LiveJob[]];
  return {
    owner,
    kind,
    priority: record.priority,
    jobs: lives.map((_, number) => number),
    specs,
    specOf: (job) => specOf[job]!,
    seedOf: (job) => lives[job]!.record.seed,
    clientOf: (job) => lives[job]!.client,
    costOf: (job) => lives[job]!.record.units * lives[job]!.nsPerUnit,
  };
}
