/**
 * The hall's sweeps. One is accepted as a row; its jobs are made part by part, as batches, a window ahead of
 * what ends, so that a million cells take no more memory than their counts. Ends are heard from the batches,
 * and a restart reads from the store which parts there are.
 */
import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { batchIdOf } from '../../contract/batch.js';
import { MmsError } from '../../contract/problem.js';
import type { SubmitRequest } from '../../contract/ports.js';
import { partKeyOf, type StoredSweep, type SweepRecord } from '../../contract/stored-sweep.js';
import {
  SWEEP_BATCH_JOBS,
  type SubmitSweepRequest,
  type SweepRow,
  type Sweeps,
  type SweepView,
} from '../../contract/sweep.js';
import type { Batches, MemberEnds } from '../batches.js';
import { checkSweep } from '../check-sweep.js';
import { canonicalJson } from '../key.js';
import { notBefore } from '../lifecycle.js';
import type { HallParts } from '../parts.js';
import * as refuse from '../refusals.js';
import { createWatchers } from '../watchers.js';
import { LiveSweep, type NextPart } from './live-sweep.js';
import { readRows } from './rows.js';
import { viewOfSweep } from './views.js';

/** Jobs of one sweep that wait or run; the next part is made when there are fewer. */
const WINDOW_JOBS = 2 * SWEEP_BATCH_JOBS;
/** Share of the queue's limit that all sweeps together may fill; one part is always allowed. */
const QUEUE_SHARE = 0.5;
/** Sweeps that have not finished. */
const MAX_OPEN_SWEEPS = 100;
const NOTHING = { running: 0, jobsPerS: null };

/** What the hall decides for all that comes in. */
export interface Gates {
  /** Throws when nothing may come in. */
  requireOpen(): void;
  /** Throws when something else has this key. */
  requireFreeKey(idempotencyKey: string): Promise<void>;
  /** One at a time for each key. */
  inTurn<T>(idempotencyKey: string, act: () => Promise<T>): Promise<T>;
}

export class HallSweeps implements Sweeps {
  readonly #parts: HallParts;
  readonly #batches: Batches;
  readonly #gates: Gates;
  readonly #watchers;
  readonly #live = new Map<string, LiveSweep>();
  /** Whose batch it is. */
  readonly #owners = new Map<string, LiveSweep>();
  /** On their way to the disk. */
  #opening = 0;
  #isFeeding = false;
  #isOver = false;

  constructor(parts: HallParts, batches: Batches, gates: Gates) {
    this.#parts = parts;
    this.#batches = batches;
    this.#gates = gates;
    this.#watchers = createWatchers<SweepView>(parts.clock);
    batches.onEnded = (batchId, end) => this.#ended(batchId, end);
  }

  // ---- the way in

  async submit(request: SubmitSweepRequest): Promise<SweepView> {
    const { idempotencyKey } = request;
    if (idempotencyKey === undefined) return this.#accept(request, null);
    const { client: _client, idempotencyKey: _key, requestHash: given, ...asked } = request;
    const requestHash = given ?? hash('sha256', canonicalJson(asked), 'hex');
    return this.#gates.inTurn(idempotencyKey, async () => {
      const earlier = await this.#parts.store.sweepByIdempotencyKey(idempotencyKey);
      if (!earlier) {
        await this.#gates.requireFreeKey(idempotencyKey);
        return this.#accept(request, requestHash);
      }
      if (earlier.record.requestHash !== requestHash) throw refuse.otherBody(idempotencyKey);
      return this.#viewNow(earlier);
    });
  }

  async #accept(request: SubmitSweepRequest, requestHash: string | null): Promise<SweepView> {
    const { clock, kinds, newId, store } = this.#parts;
    this.#gates.requireOpen();
    const plan = await checkSweep(request, kinds);
    this.#gates.requireOpen();
    if (this.#live.size + this.#opening >= MAX_OPEN_SWEEPS) throw refuse.sweepsFull(MAX_OPEN_SWEEPS);
    const record: SweepRecord = {
      id: newId(),
      createdMs: clock.nowMs(),
      idempotencyKey: request.idempotencyKey ?? null,
      requestHash,
      plan,
      partJobs: SWEEP_BATCH_JOBS,
    };
    const given = { nowMs: clock.monotonicMs(), client: request.client ?? null, isNew: true };
    const live = new LiveSweep(record, { state: 'running', round: 0 }, given);
    this.#opening++;
    try {
      await store.acceptSweep(record);
    } catch (error) {
      throw refuse.storeFailed(error);
    } finally {
      this.#opening--;
    }
    this.#live.set(record.id, live);
    const view = this.#viewOf(live);
    this.#feed();
    return view;
  }

  // ---- what a client may see

  async view(id: string): Promise<SweepView | null> {
    const live = this.#live.get(id);
    if (live) return this.#viewOf(live);
    const stored = await this.#parts.store.loadSweep(id);
    return stored && this.#viewNow(stored);
  }

  async list(filter: Parameters<Sweeps['list']>[0]): Promise<readonly SweepView[]> {
    return (await this.#parts.store.listSweeps(filter)).map((stored) => this.#viewNow(stored));
  }

  async rows(id: string, page: { from: number; limit: number }): Promise<readonly SweepRow[]> {
    const { store } = this.#parts;
    const live = this.#live.get(id);
    if (live) return readRows(store, live.record, live.standing(), page);
    const { record, mark } = await this.#stored(id);
    return readRows(store, record, { round: mark.round, isRunning: false }, page);
  }

  watch(id: string, listener: (view: SweepView) => void): () => void {
    return this.#watchers.add(id, listener);
  }

  #viewOf(live: LiveSweep): SweepView {
    const { clock, transport } = this.#parts;
    let running = 0;
    for (const [id, jobs] of live.openBatches()) running += this.#batches.running(id, jobs);
    return live.view(running, transport.capacity(), clock.monotonicMs());
  }

  #viewNow({ record, mark }: StoredSweep): SweepView {
    const live = this.#live.get(record.id);
    if (live) return this.#viewOf(live);
    return viewOfSweep(record, mark, mark.counts!, { ...NOTHING, threads: this.#parts.transport.capacity() });
  }

  async #stored(id: string): Promise<StoredSweep> {
    const stored = await this.#parts.store.loadSweep(id);
    if (stored) return stored;
    throw refuse.unknownSweep(id);
  }

  // ---- making parts

  /** Makes parts while there is room, the sweep with the fewest jobs ahead first. */
  #feed(): void {
    if (this.#isFeeding || this.#isOver) return;
    this.#isFeeding = true;
    void this.#feedAll().finally(() => {
      this.#isFeeding = false;
      // What had its place meanwhile.
      if (!this.#isOver && this.#hungriest()) this.#feed();
    });
  }

  async #feedAll(): Promise<void> {
    for (let live = this.#hungriest(); live && !this.#isOver; live = this.#hungriest()) {
      live.making = this.#make(live);
      await live.making;
      live.making = null;
      this.#look(live);
    }
  }

  #hungriest(): LiveSweep | null {
    let found: LiveSweep | null = null;
    let least = WINDOW_JOBS - SWEEP_BATCH_JOBS + 1;
    let all = 0;
    for (const live of this.#live.values()) {
      const ahead = live.ahead();
      all += ahead;
      if (live.making || !live.hasMore() || ahead >= least) continue;
      found = live;
      least = ahead;
    }
    const room = QUEUE_SHARE * this.#parts.limits.maxQueuedJobs - SWEEP_BATCH_JOBS;
    return all === 0 || all <= room ? found : null;
  }

  async #make(live: LiveSweep): Promise<void> {
    const { newId, store } = this.#parts;
    const id = batchIdOf(newId());
    const next = await live.takeNext(store);
    try {
      if (next && !live.isCancelled) {
        live.opened(id, next);
        this.#owners.set(id, live);
        const request = {
          jobs: this.#jobsOf(live, next),
          idempotencyKey: partKeyOf(live.record.id, next.part, live.round),
          requestHash: live.record.id,
          // A share of its own: what a client asks for beside its sweeps does not wait behind them.
          client: `${live.client ?? ''} sweeps`,
        };
        const gates = {
          requireOpen: () => this.#gates.requireOpen(),
          requireRoom: () => undefined,
          requireFreeKey: async () => undefined,
        };
        await this.#batches.submit(request, gates, { id, isPart: true });
        // It was cancelled when the batch was not there yet.
        if (live.isCancelled) await this.#cancelParts(live);
      }
    } catch (error) {
      this.#owners.delete(id);
      live.dropped(id, next!);
      // The store failed or the service stops: a restart goes on. Anything else would come again.
      const isPassing = error instanceof MmsError && error.problem.retryable;
      if (isPassing) this.#isOver = true;
      else await this.#cancelLive(live);
    }
  }

  #jobsOf({ record, cells }: LiveSweep, { part, jobs }: NextPart): SubmitRequest[] {
    const { kind, repeats, priority } = record.plan;
    let number = -1;
    let cell = cells.at(0);
    return jobs.map((place) => {
      const job = part * record.partJobs + place;
      if (Math.floor(job / repeats) !== number) cell = cells.at((number = Math.floor(job / repeats)));
      return { kind, spec: cell.spec, seed: cell.seedOf(job % repeats), priority };
    });
  }

  // ---- ends

  #ended(batchId: string, end: MemberEnds): void {
    const live = this.#owners.get(batchId);
    if (!live) return;
    live.ended(batchId, end, this.#parts.clock.monotonicMs());
    if (!live.isOpen(batchId)) this.#owners.delete(batchId);
    this.#watchers.progress(live.record.id, () => this.#viewOf(live));
    this.#look(live);
  }

  /** Ends a sweep of which nothing is left to do, or has more of it made. */
  #look(live: LiveSweep): void {
    if (live.making || live.finishing) return;
    if (live.hasMore() || live.ahead() > 0) this.#feed();
    else live.finishing = this.#finish(live);
  }

  /** If the commit fails the sweep stays unfinished on disk (G8), and a restart finishes it. */
  async #finish(live: LiveSweep): Promise<void> {
    const { clock, store } = this.#parts;
    const { record, round, isCancelled } = live;
    try {
      const counts = isCancelled ? await this.#countAgain(live) : live.tally.counts();
      const isWhole = counts.done === record.plan.cells * record.plan.repeats;
      const state = isWhole ? 'done' : isCancelled ? 'cancelled' : 'partial';
      const mark = { state, round, finishedMs: notBefore(record.createdMs, clock.nowMs()), counts } as const;
      await store.markSweep(record.id, mark);
      this.#live.delete(record.id);
      this.#watchers.state(this.#viewNow({ record, mark }), true);
      this.#feed();
    } catch (error) {
      if (this.#parts.store.fault() === null) throw error;
    }
  }

  /** What a cancelled sweep has not made counts as cancelled, or as what it was before it was asked again. */
  async #countAgain({ record, round }: LiveSweep) {
    const { clock, store } = this.#parts;
    const told = new LiveSweep(record, { state: 'cancelled', round }, { nowMs: clock.monotonicMs() });
    await told.read(store, nextTurn);
    return told.tally.counts();
  }

  // ---- the way out

  async cancel(id: string): Promise<SweepView> {
    const live = this.#live.get(id);
    if (!live || live.finishing) {
      await live?.finishing;
      const { mark } = await this.#stored(id);
      throw refuse.sweepEnded(id, mark.state);
    }
    await this.#cancelLive(live);
    await live.making;
    this.#look(live);
    await this.#live.get(id)?.finishing;
    const fault = this.#parts.store.fault();
    if (fault !== null) throw refuse.storeFailed(fault);
    return (await this.view(id))!;
  }

  /** That it is cancelled is on disk before its jobs are: a restart does not go on with it. */
  async #cancelLive(live: LiveSweep): Promise<void> {
    if (!live.isCancelled) {
      live.isCancelled = true;
      const mark = { state: 'cancelled', round: live.round, finishedMs: null, counts: null } as const;
      await this.#parts.store.markSweep(live.record.id, mark).catch((error: unknown) => {
        throw refuse.storeFailed(error);
      });
    }
    await this.#cancelParts(live);
  }

  async #cancelParts(live: LiveSweep): Promise<void> {
    for (const [batchId] of live.openBatches()) {
      await this.#batches.cancel(batchId).catch((error: unknown) => {
        // All of it may have ended meanwhile, or it is not on disk yet and ends when it is.
        if (!(error instanceof MmsError) || this.#parts.store.fault() !== null) throw error;
      });
    }
  }

  async retryFailed(id: string): Promise<SweepView> {
    const { clock, store } = this.#parts;
    this.#gates.requireOpen();
    if (this.#live.has(id)) throw refuse.sweepRunning(id);
    const { record, mark } = await this.#stored(id);
    if (mark.counts!.failed + mark.counts!.cancelled === 0) throw refuse.nothingToRetry(id);
    if (this.#live.has(id)) throw refuse.sweepRunning(id);
    const next = { state: 'running', round: mark.round + 1, finishedMs: null, counts: null } as const;
    const live = new LiveSweep(record, next, { nowMs: clock.monotonicMs() });
    this.#live.set(id, live);
    live.making = live.read(store, nextTurn).then(() => store.markSweep(id, next));
    try {
      await live.making;
    } catch (error) {
      this.#live.delete(id);
      throw refuse.storeFailed(error);
    }
    live.making = null;
    this.#look(live);
    return this.#viewOf(live);
  }

  // ---- restarts

  /** Reads how the sweeps of a former process stand: before their jobs are taken up. */
  async recover(): Promise<void> {
    const { clock, store } = this.#parts;
    for (const { record, mark } of await store.openSweeps()) {
      const live = new LiveSweep(record, mark, { nowMs: clock.monotonicMs() });
      await live.read(store, nextTurn);
      this.#live.set(record.id, live);
      for (const [batchId] of live.openBatches()) this.#owners.set(batchId, live);
    }
  }

  /** Goes on with them: after their jobs were taken up. */
  async start(): Promise<void> {
    for (const live of [...this.#live.values()]) {
      if (live.isCancelled) await this.#cancelParts(live);
      this.#look(live);
    }
  }

  /** Makes no more parts. */
  stop(): void {
    this.#isOver = true;
  }
}
