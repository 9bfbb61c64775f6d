/** The hall: every job comes in here, is committed before it is answered, and is shown to whoever asks. */
import { memberOf, type BatchView } from '../contract/batch.js';
import type { JobView } from '../contract/job.js';
import type * as Ports from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { askedSmall, Batches, isSmallQuestion } from './batches.js';
import { checkSpec } from './check-spec.js';
import { Gatherer } from './gatherer.js';
import { LiveBatches } from './live-batches.js';
import { checkCost } from './limits.js';
import { askAgain, deadLetters } from './dead-letters.js';
import { later, leftMs } from './deadlines.js';
import { notBefore } from './lifecycle.js';
import { createLiveJob } from './live.js';
import { keyOf, prepare, readQuestion, type Question } from './question.js';
import * as refuse from './refusals.js';
import { verify, type FoundResult } from './results.js';
import { startRetention } from './retention.js';
import { createSpecDesk, type SpecDesk } from './spec-desk.js';
import { createTurns } from './turns.js';
import type { HallParts } from './parts.js';
import { HallSweeps } from './sweeps/sweeps.js';
import { Works } from './works.js';

export type { HallParts } from './parts.js';

/** Opens the hall: jobs that a former process accepted and did not end are taken up before it resolves. */
export async function createHall(parts: HallParts): Promise<Ports.Hall> {
  const hall = new JobHall(parts);
  await hall.sweeps.recover();
  await hall.recover();
  await hall.sweeps.start();
  hall.startRetention();
  return hall;
}

/** Jobs that are looked at in one go for those in a live state. */
const OPEN_PAGE = 1_000;

class JobHall implements Ports.Hall {
  readonly sweeps: HallSweeps;
  readonly #parts: HallParts;
  readonly #works: Works;
  readonly #small: LiveBatches;
  readonly #batches: Batches;
  readonly #gatherer: Gatherer;
  readonly #desk: SpecDesk;
  /** So that of two requests with one idempotency key only one is new. */
  readonly #inTurn = createTurns();
  #accepting = true;
  #stopRetention: () => void = () => undefined;

  constructor(parts: HallParts) {
    this.#parts = parts;
    this.#works = new Works(parts);
    this.#desk = createSpecDesk(parts.limits);
    this.#small = new LiveBatches(parts, this.#works);
    this.#batches = new Batches(parts, this.#works, this.#desk, this.#small);
    this.sweeps = new HallSweeps(parts, this.#batches, {
      requireOpen: () => this.#requireOpen(),
      requireFreeKey: (key) => this.#requireFreeKey(key, 'sweep'),
      inTurn: this.#inTurn,
    });
    this.#gatherer = new Gatherer(parts, this.#works, this.#small);
    this.#works.onMemberEnd = (batchId, view) => this.#batches.noteLarge(batchId, view);
  }

  async submit(request: Ports.SubmitRequest): Promise<Ports.Receipt> {
    const question = readQuestion(await this.#parts.kinds.get(request.kind), request, this.#desk);
    const { idempotencyKey, requestHash } = question;
    if (idempotencyKey === null)
      return isSmallQuestion(question) ? this.#gather(question) : this.#admit(question);
    return this.#inTurn(idempotencyKey, async () => {
      const earlier = await this.#parts.store.byIdempotencyKey(idempotencyKey);
      if (!earlier) {
        await this.#requireFreeKey(idempotencyKey, 'job');
        return this.#admit(question);
      }
      if (earlier.record.requestHash !== requestHash) throw refuse.otherBody(idempotencyKey);
      const job = this.#works.view(earlier.record.id) ?? this.#works.viewOfStored(earlier);
      return { job, how: job.state === 'done' ? 'cached' : 'joined' };
    });
  }

  /** One idempotency key names a job, a batch or a sweep. */
  async #requireFreeKey(key: string, asked: 'job' | 'batch' | 'sweep'): Promise<void> {
    const { store } = this.#parts;
    const owner =
      (asked !== 'job' && (await store.byIdempotencyKey(key))) ||
      (asked !== 'batch' && (await store.batchByIdempotencyKey(key))) ||
      (asked !== 'sweep' && (await store.sweepByIdempotencyKey(key)));
    if (owner) throw refuse.otherBody(key);
  }

  async submitBatch(request: Ports.SubmitBatchRequest): Promise<BatchView> {
    const { idempotencyKey } = request;
    const submit = (): Promise<BatchView> =>
      this.#batches.submit(request, {
        requireOpen: () => this.#requireOpen(),
        requireFreeKey: (key) => this.#requireFreeKey(key, 'batch'),
        requireRoom: (jobs) => this.#requireRoom(request.client ?? null, jobs),
      });
    return idempotencyKey === undefined ? submit() : this.#inTurn(idempotencyKey, submit);
  }

  batch(id: string): Promise<BatchView | null> {
    return this.#batches.view(id);
  }

  cancelBatch(id: string): Promise<BatchView> {
    return this.#batches.cancel(id);
  }

  watchBatch(id: string, listener: (view: BatchView) => void): () => void {
    return this.#batches.watchers.add(id, listener);
  }

  /** A small job that no key names: it is stored and carried with those that come at the same time. */
  async #gather(question: Question): Promise<Ports.Receipt> {
    this.#requireOpen();
    const { kind, checked, client } = question;
    const { engineVersion, store } = this.#parts;
    const asked = askedSmall(question, { kind, checked, small: true, client }, engineVersion);
    const { key } = asked;
    const mayJoin = question.timeoutMs === null;
    let leader = mayJoin ? this.#leader(key) : null;
    let found: FoundResult | null = null;
    if (!leader && store.mayHoldResult(key)) {
      found = await this.#works.results.find(kind, key);
      this.#requireOpen();
      leader = mayJoin ? this.#leader(key) : null;
    }
    if (found) leader = null;
    // From #leader to submit nothing may wait: two equal questions must not both lead.
    if (!leader) this.#requireRoom(client);
    const job = await (leader ?? this.#gatherer.submit(asked, found?.bytes ?? null));
    if (typeof job !== 'string') return { job, how: 'new' };
    const view = await this.status(job);
    // It has ended, and was removed before it was asked for: the question is as new as ever.
    return view ? { job: view, how: found ? 'cached' : 'joined' } : this.#gather(question);
  }

  /** The id of the job that computes this key, once it is on disk. */
  #leader(key: string): Promise<string> | null {
    const live = this.#works.floor.leader(key);
    // A job with a deadline may end without a result: nobody is told to wait for it.
    if (!live || live.record.timeoutMs !== undefined) return this.#gatherer.leader(key);
    return live.accepted.then(() => live.record.id, rethrow);
  }

  async #admit(question: Question): Promise<Ports.Receipt> {
    this.#requireOpen();
    const { clock, newId, store } = this.#parts;
    const { kind } = question;
    const prepared = await prepare(question, { ...this.#parts, id: newId(), nowMs: clock.nowMs() });
    const { record, size, inputs } = prepared;
    const { floor, results } = this.#works;
    const found = floor.leader(record.key) ? null : await results.find(kind, record.key);
    this.#requireOpen();
    if (found) return { job: await this.#acceptDone(record, found, question.reqId), how: 'cached' };
    // From here to the end of floor.add nothing may wait: two equal questions must not both lead.
    const leader = floor.leader(record.key);
    const mayJoin = question.idempotencyKey === null && question.timeoutMs === null;
    if (leader && mayJoin && leader.record.timeoutMs === undefined) {
      const job = await this.status((await this.#leader(record.key))!);
      return job ? { job, how: 'joined' } : this.#admit(question);
    }
    this.#requireRoom(question.client);
    const live = createLiveJob(record, kind, size.nsPerUnit, clock.monotonicMs(), question.client);
    floor.add(live);
    this.#works.expireIn(live, question.timeoutMs);
    // Inputs and record go to the store in one breath: it keeps an input only while a live record needs it.
    live.accepted = Promise.all([...inputs.map(({ data }) => store.put(data)), store.accept(record)]);
    // Work is pure, so it may begin while the record is being synced, and nobody hears of it before; inputs
    // are taken from the store, so these must be there first.
    if (inputs.length === 0) this.#works.launch(live);
    const job = this.#works.viewOf(live);
    try {
      await live.accepted;
    } catch (error) {
      // A job that has reached its end meanwhile is released by that.
      if (!live.ending) {
        this.#parts.transport.cancel(record.id);
        this.#works.release(live);
      }
      throw refuse.storeFailed(error);
    }
    this.#works.tell.accepted(record, question.reqId);
    if (inputs.length > 0) this.#works.launch(live);
    return { job, how: leader ? 'joined' : 'new' };
  }

  /** Records a job whose result is there already: accepted and done in one commit. */
  async #acceptDone(
    record: Ports.StoredJob['record'],
    found: FoundResult,
    reqId: string | null,
  ): Promise<JobView> {
    const { store } = this.#parts;
    const { end, bytes } = this.#works.cachedEnding(found);
    await Promise.all([store.accept(record), store.finish(record.id, end, bytes)]).catch(rethrow);
    this.#works.tell.accepted(record, reqId);
    return this.#works.noteEnded({ record, state: end.state, startedMs: null, end });
  }

  /** The whole queue is the service's limit (503), a client's share of it the client's own (429). */
  #requireRoom(client: string | null, jobs = 1): void {
    const { maxQueuedJobs, maxClientShare } = this.#parts.limits;
    const { floor } = this.#works;
    if (floor.size() + this.#small.size() + jobs > maxQueuedJobs) throw refuse.queueFull(maxQueuedJobs);
    const share = Math.ceil(maxQueuedJobs * maxClientShare);
    if (client === null) return;
    if (floor.sizeOf(client) + this.#small.sizeOf(client) + jobs > share) throw refuse.shareFull(share);
  }

  #requireOpen(): void {
    if (!this.#accepting) throw refuse.draining();
    const fault = this.#parts.store.fault();
    if (fault !== null) throw refuse.storeFailed(fault);
  }

  /** Takes up what a former process left: its inputs come from the store, so the files may be gone. */
  async recover(): Promise<void> {
    const { clock, store } = this.#parts;
    for (const stored of await store.unfinished()) {
      const { record, startedMs } = stored;
      try {
        await this.#takeUp(stored);
      } catch (error) {
        if (store.fault() !== null || this.#works.floor.get(record.id)) throw error;
        const detail = `Accepted by an earlier version and no longer possible: ${(error as Error).message}`;
        const { problem } = error instanceof MmsError ? error : new MmsError('E_INTERNAL', detail);
        const finishedMs = notBefore(startedMs ?? record.createdMs, clock.nowMs());
        const end = {
          state: 'failed',
          finishedMs,
          problem,
          digest: null,
          summary: null,
          attempts: 0,
        } as const;
        await store.finish(record.id, end, null);
        const view = this.#works.noteEnded({ record, state: 'failed', startedMs, end });
        if (stored.batchId !== undefined) this.#batches.noteLarge(stored.batchId, view);
      }
    }
  }

  /** After what a former process left was taken up. */
  startRetention(): void {
    const { retain } = this.#parts;
    if (!retain) return;
    this.#stopRetention = startRetention({
      ...this.#parts,
      later: this.#parts.later ?? later,
      rules: retain,
      forget: (removed) => this.#works.forget(removed),
    });
  }

  async #takeUp({ record, state, startedMs, batchId }: Ports.StoredJob): Promise<void> {
    const { clock, engineVersion, kinds, limits, store } = this.#parts;
    const kind = await kinds.get(record.kind);
    const spec = checkSpec(kind, record.spec);
    const { units, nsPerUnit } = checkCost(kind, spec, limits);
    // Another version computes other bytes: the job gets the key of the version that computes it.
    const key = keyOf(kind, spec, record.seed, record.inputs, engineVersion);
    const current = { ...record, kindVersion: kind.version, spec, units, key };
    if (key !== record.key) await store.accept(current);
    const live = createLiveJob(current, kind, nsPerUnit, clock.monotonicMs(), null, batchId ?? null);
    live.state = state;
    live.startedMs = startedMs;
    if (state === 'running') this.#works.floor.noteRunning();
    this.#works.floor.add(live);
    this.#works.expireIn(live, leftMs(record, clock.nowMs()));
    await this.#works.resume(live);
  }

  async cancel(id: string): Promise<JobView> {
    const { floor } = this.#works;
    const live = floor.get(id);
    if (live) await this.#works.stop(live);
    else await this.#small.cancelJob(id);
    const view = await this.status(id);
    if (!view) throw refuse.unknownJob(id);
    if (view.state === 'cancelled') return view;
    const fault = this.#parts.store.fault();
    if (fault !== null) throw refuse.storeFailed(fault);
    if (view.state === 'queued' || view.state === 'running') throw refuse.draining();
    throw refuse.alreadyEnded(view);
  }

  status(id: string): JobView | Promise<JobView | null> {
    const view = this.#works.view(id) ?? this.#small.jobView(id);
    if (view) return view;
    return this.#parts.store.load(id).then((stored) => stored && this.#works.viewOfStored(stored));
  }

  async result(id: string): Promise<Ports.JobResult> {
    const view = await this.status(id);
    if (!view) throw refuse.unknownJob(id);
    if (view.state !== 'done') throw refuse.noResult(view);
    const kind = await this.#parts.kinds.get(view.kind);
    const packed = memberOf(id) && (await this.#parts.store.resultOf(id));
    const found = packed ? verify(kind, packed) : (await this.#works.results.find(kind, view.key))?.result;
    if (!found || found.digest !== view.digest) throw refuse.corruptResult(id);
    return found;
  }

  async list(filter: Parameters<Ports.Hall['list']>[0]): Promise<readonly JobView[]> {
    const { state, limit } = filter;
    const isOpen = state === 'queued' || state === 'running';
    if (!isOpen) return (await this.#parts.store.list(filter)).map((job) => this.#viewNow(job));
    // Which of those that have not ended run is known here alone.
    const found: JobView[] = [];
    let { before } = filter;
    for (;;) {
      const asked = { ...filter, state: 'open', limit: OPEN_PAGE } as const;
      const page = await this.#parts.store.list({ ...asked, ...(before !== undefined && { before }) });
      for (const view of page.map((job) => this.#viewNow(job))) if (view.state === state) found.push(view);
      if (found.length >= limit || page.length < OPEN_PAGE) return found.slice(0, limit);
      before = page.at(-1)!.record.id;
    }
  }

  async deadLetters(filter: Parameters<Ports.Hall['deadLetters']>[0]): Promise<readonly JobView[]> {
    return (await deadLetters(this.#parts.store, filter)).map((job) => this.#works.viewOfStored(job));
  }

  async requeue(id: string, client?: string): Promise<Ports.Receipt> {
    const question = await askAgain(this.#parts.store, id);
    return this.submit(client === undefined ? question : { ...question, client });
  }

  #viewNow(job: Ports.StoredJob): JobView {
    const { id } = job.record;
    const live = job.end ? undefined : this.#works.floor.get(id);
    if (live) return this.#works.viewOf(live);
    return (job.end ? null : this.#small.jobView(id)) ?? this.#works.viewOfStored(job);
  }

  watch(id: string, listener: (view: JobView) => void): () => void {
    return this.#works.watchers.add(id, listener);
  }

  stats(): Ports.HallStats {
    const { cache, limits, store } = this.#parts;
    const { floor } = this.#works;
    const packed = this.#small.running();
    const parts: Record<string, string | null> = { store: store.fault(), cache: cache.degraded() };
    const degraded: Record<string, string> = {};
    for (const [part, why] of Object.entries(parts)) if (why !== null) degraded[part] = why;
    return {
      accepting: this.#accepting && parts['store'] === null,
      queued: floor.queued() + this.#small.size() - packed,
      running: floor.size() - floor.queued() + packed,
      queueLimit: limits.maxQueuedJobs,
      degraded,
    };
  }

  oldestWaitMs(): number {
    let oldestAtMs = Infinity;
    for (const { state, acceptedAtMs } of this.#works.floor.all())
      if (state === 'queued') oldestAtMs = Math.min(oldestAtMs, acceptedAtMs);
    oldestAtMs = Math.min(oldestAtMs, this.#small.oldestAtMs());
    return oldestAtMs === Infinity ? 0 : this.#parts.clock.monotonicMs() - oldestAtMs;
  }

  async drain(graceMs: number): Promise<void> {
    this.#accepting = false;
    this.#stopRetention();
    this.sweeps.stop();
    this.#gatherer.flush();
    await this.#works.drain(graceMs);
  }
}

function rethrow(error: unknown): never {
  throw refuse.storeFailed(error);
}
