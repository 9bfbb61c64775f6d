/** The hall's batches: admission of all or none, what a client may see of them, their way to their ends. */
import { batchIdOf, memberId, memberOf, type BatchView } from '../contract/batch.js';
import type { JobState, JobView } from '../contract/job.js';
import type { Kind } from '../contract/kind.js';
import type * as Ports from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { askedInVain, recordOf, type Asked } from './asked.js';
import { viewOfBatch, type LiveBatch, type Member } from './live-batch.js';
import type { LiveBatches } from './live-batches.js';
import { createLiveJob } from './live.js';
import { isSmall, isWhole } from './packs.js';
import {
  DEFAULT_PRIORITY,
  hashOfRequests,
  plainKeyOf,
  prepare,
  readQuestion,
  type Question,
} from './question.js';
import * as refuse from './refusals.js';
import type { SpecDesk } from './spec-desk.js';
import { createWatchers } from './watchers.js';
import type { HallParts } from './parts.js';
import type { Works } from './works.js';

/** Neighbours that ended alike. */
export interface MemberEnds {
  readonly first: number;
  readonly jobs: number;
  readonly state: JobState;
  readonly attempts: number;
}

/** What the hall decides for all that comes in. */
interface Gates {
  /** Throws when no job may come in. */
  requireOpen(): void;
  /** Throws when not so many may. */
  requireRoom(jobs: number): void;
  /** Throws when something else has this key. */
  requireFreeKey(idempotencyKey: string): Promise<void>;
}

interface Own {
  readonly id?: string;
  /** It is a part of a sweep: a job that is refused fails alone, and all others travel whole. */
  readonly isPart?: boolean;
}

export class Batches {
  readonly watchers;
  /** Hears of every job of a batch whose end is on disk. */
  onEnded: (batchId: string, end: MemberEnds) => void = () => undefined;
  readonly #parts: HallParts;
  readonly #works: Works;
  readonly #desk: SpecDesk;
  readonly #live: LiveBatches;

  constructor(parts: HallParts, works: Works, desk: SpecDesk, live: LiveBatches) {
    this.#parts = parts;
    this.#works = works;
    this.#desk = desk;
    this.#live = live;
    this.watchers = createWatchers<BatchView>(parts.clock);
    live.onChange = (batch) => this.#tell(batch);
    live.onEnded = (batch, end) => this.onEnded(batch.record.id, end);
  }

  // ---- the way in

  async submit(
    request: Ports.SubmitBatchRequest,
    { requireOpen, requireRoom, requireFreeKey }: Gates,
    { id = batchIdOf(this.#parts.newId()), isPart = false }: Own = {},
  ): Promise<BatchView> {
    const { store } = this.#parts;
    const { idempotencyKey = null } = request;
    const requestHash =
      idempotencyKey === null ? null : (request.requestHash ?? hashOfRequests(request.jobs));
    if (idempotencyKey !== null) {
      const earlier = await store.batchByIdempotencyKey(idempotencyKey);
      if (earlier) {
        if (earlier.record.requestHash !== requestHash) throw refuse.otherBody(idempotencyKey);
        return this.#viewOfStored(earlier);
      }
      await requireFreeKey(idempotencyKey);
    }
    requireOpen();
    const client = request.client ?? null;
    const asked = await this.#ask(request.jobs, id, client, isPart);
    const found = await this.#findAll(asked);
    requireOpen();
    requireRoom(asked.length);
    this.#live.take(client, asked.filter(({ member }) => member.small).length);
    const createdMs = this.#parts.clock.nowMs();
    const head = { id, createdMs, idempotencyKey, requestHash, gathered: false };
    const batch = await this.#live.admit(recordOf(head, asked), asked, found, request.reqId ?? null);
    this.#launchLarge(batch, asked);
    if (found.size === asked.length) return this.#viewOf(batch);
    // As it was accepted, whatever has ended meanwhile.
    const states = asked.map(({ refused }, job) => (refused ? 'failed' : found.has(job) ? 'done' : 'queued'));
    return viewOfBatch(batch.record, states, null);
  }

  /** Checks every job; throws the faults of all that are refused as the first one is. */
  async #ask(
    jobs: readonly Ports.SubmitRequest[],
    batchId: string,
    client: string | null,
    isPart: boolean,
  ): Promise<Asked[]> {
    const kinds = new Map<string, Kind>();
    const refused: MmsError[] = [];
    const asked: Asked[] = [];
    for (const [number, job] of jobs.entries()) {
      let kind = kinds.get(job.kind);
      try {
        if (!kind) kinds.set(job.kind, (kind = await this.#parts.kinds.get(job.kind)));
        const question = readQuestion(kind, job, this.#desk);
        const small = isPart ? isWholeQuestion(question) : isSmallQuestion(question);
        const member = { kind, checked: question.checked, small, client };
        asked.push(
          small
            ? askedSmall(question, member, this.#parts.engineVersion)
            : await this.#askLarge(question, member, memberId(batchId, number)),
        );
      } catch (error) {
        if (!(error instanceof MmsError)) throw error;
        if (kind && isPart) {
          const { spec, seed = 0, priority = DEFAULT_PRIORITY } = job;
          const { engineVersion } = this.#parts;
          const why = { refused: error.problem, client, engineVersion };
          asked.push(askedInVain({ kind, spec, seed, priority }, why));
          continue;
        }
        refused.push(refuse.atJob(error, number));
        if (refused.length >= refuse.MAX_FAULTS) break;
      }
    }
    if (refused.length > 0) throw refuse.allOf(refused);
    return asked;
  }

  async #askLarge(question: Question, member: Member, id: string): Promise<Asked> {
    const { record, inputs } = await prepare(question, {
      ...this.#parts,
      id,
      nowMs: this.#parts.clock.nowMs(),
    });
    return { question, member, key: record.key, record, inputs };
  }

  /** Results that are there already, of small jobs; the others look for themselves. */
  async #findAll(asked: readonly Asked[]): Promise<Map<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>();
    for (const [number, { member, key, refused }] of asked.entries()) {
      if (refused || !member.small || !this.#parts.store.mayHoldResult(key)) continue;
      const result = await this.#works.results.find(member.kind, key);
      if (result) found.set(number, result.bytes);
    }
    return found;
  }

  /** Jobs that live on their own; their inputs are on disk by now. */
  #launchLarge(batch: LiveBatch, asked: readonly Asked[]): void {
    const spentMs = this.#parts.clock.monotonicMs() - batch.acceptedAtMs;
    for (const { question, member, record } of asked) {
      if (!record) continue;
      const { kind, checked } = question;
      const { nsPerUnit } = checked.size();
      const { acceptedAtMs } = batch;
      const live = createLiveJob(record, kind, nsPerUnit, acceptedAtMs, member.client, batch.record.id);
      this.#works.floor.add(live);
      this.#works.expireIn(live, question.timeoutMs && question.timeoutMs - spentMs);
      void this.#works.resume(live);
    }
  }

  // ---- what a client may see

  /** Null also for jobs that were only gathered. */
  async view(id: string): Promise<BatchView | null> {
    const live = this.#live.get(id);
    if (live) return live.record.gathered ? null : this.#viewOf(live);
    const stored = await this.#parts.store.loadBatch(id);
    return stored && !stored.record.gathered ? this.#viewOfStored(stored) : null;
  }

  /** Large jobs are on the floor, which knows whether they run. */
  #viewOf(batch: LiveBatch): BatchView {
    return batch.view((job) => this.#works.floor.get(batch.idAt(job))?.state ?? 'queued');
  }

  /** After a restart the jobs of a batch are on the floor as any other. */
  #viewOfStored({ record, states, finishedMs }: Ports.StoredBatch): BatchView {
    const live = this.#live.get(record.id);
    if (live) return this.#viewOf(live);
    const now = (end: JobState | null, job: number): JobState =>
      end ?? this.#works.floor.get(memberId(record.id, job))?.state ?? 'queued';
    return viewOfBatch(record, states.map(now), finishedMs);
  }

  /** Jobs of it that a thread has, without a look at the store. */
  running(id: string, jobs: number): number {
    const batch = this.#live.get(id);
    let running = 0;
    for (let job = 0; job < jobs; job++) {
      const isSmall = batch?.members[job]!.small === true;
      const state = isSmall ? batch!.states[job] : this.#works.floor.get(memberId(id, job))?.state;
      if (state === 'running') running++;
    }
    return running;
  }

  // ---- the way out

  async cancel(id: string): Promise<BatchView> {
    const before = await this.view(id);
    if (!before) throw refuse.unknownBatch(id);
    const batch = this.#live.get(id);
    if (batch) this.#works.packs.dropAll(batch);
    const large = before.states.map((_, job) => this.#works.floor.get(memberId(id, job)));
    const open = before.counts.queued + before.counts.running;
    if (open === 0 && before.counts.cancelled === 0)
      throw new MmsError(
        'E_CONFLICT',
        `Expected a batch with queued or running jobs; all of ${id} have ended.`,
      );
    await Promise.all([
      batch && this.#live.stop(batch, batch.idle()),
      ...large.map((live) => live && this.#works.stop(live)),
    ]);
    const after = (await this.view(id))!;
    const fault = this.#parts.store.fault();
    if (fault !== null && after.counts.queued + after.counts.running > 0) throw refuse.storeFailed(fault);
    return after;
  }

  /** A job of a batch that was a live job of its own has ended. */
  noteLarge(batchId: string, view: JobView): void {
    const { id, state, finishedMs, attempts } = view;
    this.onEnded(batchId, { first: memberOf(id)!.number, jobs: 1, state, attempts });
    const batch = this.#live.get(batchId);
    if (!batch) {
      if (this.watchers.has(batchId))
        void this.view(batchId).then((view) => view && this.watchers.state(view, view.finishedMs !== null));
      return;
    }
    const first = memberOf(id)!.number;
    batch.ended({ first, jobs: 1, state, finishedMs: finishedMs ?? this.#parts.clock.nowMs() });
    this.#live.noteChange(batch);
  }

  #tell(batch: LiveBatch): void {
    if (this.watchers.has(batch.record.id)) this.watchers.state(this.#viewOf(batch), batch.open === 0);
  }
}

/** True for a job that may stand and travel with others. */
export function isSmallQuestion({ checked }: Question): boolean {
  return isSmall(checked.size(), checked.refs.length);
}

function isWholeQuestion({ checked }: Question): boolean {
  return isWhole(checked.size(), checked.refs.length);
}

/** A small job with its key. */
export function askedSmall(question: Question, member: Member, engineVersion: string): Asked {
  return { question, member, key: plainKeyOf(question, engineVersion), record: null, inputs: [] };
}
