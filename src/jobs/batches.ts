/** The hall's batches: admission of all or none, what a client may see of them, their way to their ends. */
import {
  batchIdOf,
  memberId,
  memberOf,
  type BatchEnd,
  type BatchRecord,
  type BatchView,
} from '../contract/batch.js';
import type { JobRecord, JobState, JobView } from '../contract/job.js';
import type { Kind } from '../contract/kind.js';
import type * as Ports from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { cancelled, expired, timeoutsOf, type Stop } from './deadlines.js';
import { joinEnds, LiveBatch, viewOfBatch, type BatchEvents, type Member } from './live-batch.js';
import { createLiveJob } from './live.js';
import { isSmall } from './packs.js';
import {
  hashOfRequests,
  plainKeyOf,
  prepare,
  readQuestion,
  type InputPart,
  type Question,
} from './question.js';
import * as refuse from './refusals.js';
import type { SpecDesk } from './spec-desk.js';
import { createWatchers } from './watchers.js';
import type { HallParts } from './parts.js';
import type { Works } from './works.js';

/** A job on its way in: its question, its key, and what was read for it. */
interface Asked {
  readonly question: Question;
  readonly member: Member;
  readonly key: string;
  readonly record: JobRecord | null;
  readonly inputs: readonly InputPart[];
}

export class Batches implements BatchEvents {
  readonly watchers;
  readonly #parts: HallParts;
  readonly #works: Works;
  readonly #desk: SpecDesk;
  readonly #live = new Map<string, LiveBatch>();
  readonly #clients = new Map<string, number>();
  #small = 0;
  #running = 0;

  constructor(parts: HallParts, works: Works, desk: SpecDesk) {
    this.#parts = parts;
    this.#works = works;
    this.#desk = desk;
    this.watchers = createWatchers<BatchView>(parts.clock);
  }

  nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  /** Small jobs of batches that have not ended; the others are on the floor. */
  size(): number {
    return this.#small;
  }

  /** Those of one client. */
  sizeOf(client: string): number {
    return this.#clients.get(client) ?? 0;
  }

  #count({ client }: LiveBatch, jobs: number): void {
    this.#small += jobs;
    if (client === null) return;
    const left = this.sizeOf(client) + jobs;
    if (left > 0) this.#clients.set(client, left);
    else this.#clients.delete(client);
  }

  /** Small jobs that a thread has. */
  running(): number {
    return this.#running;
  }

  // ---- the way in

  /** `requireOpen` throws when no job may come in, `requireRoom` when not so many. */
  async submit(
    request: Ports.SubmitBatchRequest,
    { requireOpen, requireRoom }: { requireOpen: () => void; requireRoom: (jobs: number) => void },
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
      if (await store.byIdempotencyKey(idempotencyKey)) throw refuse.otherBody(idempotencyKey);
    }
    requireOpen();
    const id = batchIdOf(this.#parts.newId());
    const asked = await this.#ask(request.jobs, id);
    const found = await this.#findAll(asked);
    requireOpen();
    requireRoom(asked.length);
    const record = recordOf(id, this.nowMs(), idempotencyKey, requestHash, asked);
    return this.#admit(record, asked, found, request.client ?? null);
  }

  /** Checks every job; throws the faults of all that are refused as the first one is. */
  async #ask(jobs: readonly Ports.SubmitRequest[], batchId: string): Promise<Asked[]> {
    const kinds = new Map<string, Kind>();
    const refused: MmsError[] = [];
    const asked: Asked[] = [];
    for (const [number, job] of jobs.entries()) {
      try {
        let kind = kinds.get(job.kind);
        if (!kind) kinds.set(job.kind, (kind = await this.#parts.kinds.get(job.kind)));
        const question = readQuestion(kind, job, this.#desk);
        const { checked } = question;
        const small = isSmall(checked.size(), checked.refs.length);
        const member = { kind, checked, small };
        asked.push(
          small
            ? {
                question,
                member,
                key: plainKeyOf(question, this.#parts.engineVersion),
                record: null,
                inputs: [],
              }
            : await this.#askLarge(question, member, memberId(batchId, number)),
        );
      } catch (error) {
        if (!(error instanceof MmsError)) throw error;
        refused.push(refuse.atJob(error, number));
        if (refused.length >= refuse.MAX_FAULTS) break;
      }
    }
    if (refused.length > 0) throw refuse.allOf(refused);
    return asked;
  }

  async #askLarge(question: Question, member: Member, id: string): Promise<Asked> {
    const { record, inputs } = await prepare(question, { ...this.#parts, id, nowMs: this.nowMs() });
    return { question, member, key: record.key, record, inputs };
  }

  /** Results that are there already, of small jobs; the others look for themselves. */
  async #findAll(asked: readonly Asked[]): Promise<Map<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>();
    for (const [number, { member, key }] of asked.entries()) {
      if (!member.small || !this.#parts.store.mayHoldResult(key)) continue;
      const result = await this.#works.results.find(member.kind, key);
      if (result) found.set(number, result.bytes);
    }
    return found;
  }

  async #admit(
    record: BatchRecord,
    asked: readonly Asked[],
    found: ReadonlyMap<number, Uint8Array>,
    client: string | null,
  ): Promise<BatchView> {
    const { clock, meter, store } = this.#parts;
    const members = asked.map(({ member }) => member);
    const batch = new LiveBatch(record, members, clock.monotonicMs(), client, this);
    const small = batch.idle();
    const ends = batch.endsOf([...found.keys()], 'done', null, (job) => found.get(job)!);
    this.#live.set(record.id, batch);
    this.#count(batch, small.length);
    try {
      // In one breath: the store keeps an input only while a live record needs it.
      await Promise.all([
        ...asked.flatMap(({ inputs }) => inputs.map(({ data }) => store.put(data))),
        store.acceptBatch(record),
        ...(ends.length > 0 ? [store.finishBatch(record.id, joinEnds(ends))] : []),
      ]);
    } catch (error) {
      this.#live.delete(record.id);
      this.#count(batch, -small.length);
      throw refuse.storeFailed(error);
    }
    for (const [kind, jobs] of countBy(members, ({ kind }) => kind.name))
      meter.count('mms_jobs_accepted_total', { kind }, jobs);
    this.#noteEnded(batch, ends);
    this.#launch(batch, asked);
    return this.#viewOf(batch);
  }

  #launch(batch: LiveBatch, asked: readonly Asked[]): void {
    for (const order of batch.orders()) this.#works.offerPacks(order);
    const spentMs = this.#parts.clock.monotonicMs() - batch.acceptedAtMs;
    for (const [timeoutMs, jobs] of timeoutsOf(batch.record, batch.idle()))
      this.#works.deadlines.add(batch, timeoutMs - spentMs, () => this.#expire(batch, jobs, timeoutMs));
    for (const { question, record } of asked) {
      if (!record) continue;
      const { kind, checked } = question;
      const live = createLiveJob(
        record,
        kind,
        checked.size().nsPerUnit,
        batch.acceptedAtMs,
        batch.client,
        batch.record.id,
      );
      this.#works.floor.add(live);
      this.#works.expireIn(live, question.timeoutMs && question.timeoutMs - spentMs);
      void this.#works.resume(live);
    }
  }

  // ---- what a client may see

  async view(id: string): Promise<BatchView | null> {
    const live = this.#live.get(id);
    if (live) return this.#viewOf(live);
    const stored = await this.#parts.store.loadBatch(id);
    return stored && this.#viewOfStored(stored);
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

  /** A job of a live batch that has not ended; null for all others. */
  jobView(id: string): JobView | null {
    const place = memberOf(id);
    const batch = place && this.#live.get(place.batchId);
    return batch?.holds(place!.number) ? this.#works.viewOfStored(batch.jobAt(place!.number)) : null;
  }

  // ---- the way out

  /** Cancels one small job; false when there is none that could be. Resolves when its end is on disk. */
  async cancelJob(id: string): Promise<boolean> {
    const place = memberOf(id);
    const batch = place && this.#live.get(place.batchId);
    if (!batch?.holds(place!.number)) return false;
    this.#works.packs.drop(batch, [place!.number]);
    await this.#stop(batch, [place!.number], cancelled());
    return true;
  }

  async cancel(id: string): Promise<BatchView> {
    const before = await this.view(id);
    if (!before) throw new MmsError('E_NOT_FOUND', `No batch has the id ${id}.`);
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
      batch && this.#stop(batch, batch.idle(), cancelled()),
      ...large.map((live) => live && this.#works.stop(live)),
    ]);
    return (await this.view(id))!;
  }

  #expire(batch: LiveBatch, jobs: readonly number[], timeoutMs: number): void {
    const open = jobs.filter((job) => batch.holds(job));
    this.#works.packs.drop(batch, open);
    void this.#stop(batch, open, expired(timeoutMs));
  }

  async #stop(batch: LiveBatch, jobs: readonly number[], { state, problem }: Stop): Promise<void> {
    await this.#store(batch, batch.endsOf(jobs, state, problem));
  }

  changed(batch: LiveBatch, jobs: readonly number[]): void {
    const { clock, meter } = this.#parts;
    this.#running += jobs.length;
    const waitedS = (clock.monotonicMs() - batch.acceptedAtMs) / 1e3;
    for (const job of jobs) {
      meter.observe('mms_job_queue_seconds', waitedS);
      if (!this.#works.watchers.has(batch.idAt(job))) continue;
      this.#works.watchers.state(this.#works.viewOfStored(batch.jobAt(job)), false);
    }
    this.#tell(batch);
  }

  ending(batch: LiveBatch, ends: readonly BatchEnd[]): void {
    void this.#store(batch, ends);
  }

  /** If the commit fails the jobs stay unfinished on disk (G8), which a restart finishes. */
  async #store(batch: LiveBatch, ends: readonly BatchEnd[]): Promise<void> {
    if (ends.length === 0) return;
    try {
      await this.#parts.store.finishBatch(batch.record.id, joinEnds(ends));
    } catch {
      return;
    }
    this.#noteEnded(batch, ends);
  }

  #noteEnded(batch: LiveBatch, ends: readonly BatchEnd[]): void {
    if (ends.length === 0) return;
    this.#running -= batch.ended(ends);
    for (const end of ends) {
      this.#count(batch, -end.jobs);
      const kinds = batch.members.slice(end.first, end.first + end.jobs);
      for (const [kind, jobs] of countBy(kinds, (member) => member.kind.name))
        this.#parts.meter.count('mms_jobs_finished_total', { kind, outcome: end.state }, jobs);
      for (let job = end.first; job < end.first + end.jobs; job++) this.#tellEnd(batch.idAt(job));
    }
    this.#tell(batch);
    this.#works.wakeDrain();
  }

  /** A job of a batch that was a live job of its own has ended. */
  noteLarge(batchId: string, { id, state, finishedMs }: JobView): void {
    const batch = this.#live.get(batchId);
    if (!batch) {
      if (this.watchers.has(batchId))
        void this.view(batchId).then((view) => view && this.watchers.state(view, view.finishedMs !== null));
      return;
    }
    batch.ended([{ first: memberOf(id)!.number, jobs: 1, state, finishedMs: finishedMs ?? this.nowMs() }]);
    this.#tell(batch);
  }

  #tell(batch: LiveBatch): void {
    const { id } = batch.record;
    if (batch.open === 0) {
      this.#live.delete(id);
      this.#works.deadlines.drop(batch);
    }
    if (this.watchers.has(id)) this.watchers.state(this.#viewOf(batch), batch.open === 0);
  }

  #tellEnd(id: string): void {
    if (!this.#works.watchers.has(id)) return;
    void this.#parts.store
      .load(id)
      .then((stored) => stored && this.#works.watchers.state(this.#works.viewOfStored(stored), true));
  }
}

function recordOf(
  id: string,
  createdMs: number,
  idempotencyKey: string | null,
  requestHash: string | null,
  asked: readonly Asked[],
): BatchRecord {
  const groups: BatchRecord['groups'][number][] = [];
  const numbers = new Map<unknown, Map<string, number>>();
  const groupOf = asked.map(({ question, record }) => {
    const { kind, checked, priority, timeoutMs } = question;
    const terms = `${priority} ${timeoutMs}`;
    let own = numbers.get(checked);
    if (!own) numbers.set(checked, (own = new Map()));
    const known = record ? undefined : own.get(terms);
    if (known !== undefined) return known;
    const { spec } = checked;
    const inputs = record?.inputs ?? {};
    const { units } = checked.size();
    const given = { kind: kind.name, kindVersion: kind.version, spec, inputs, units, priority };
    groups.push(timeoutMs === null ? given : { ...given, timeoutMs });
    if (!record) own.set(terms, groups.length - 1);
    return groups.length - 1;
  });
  const seeds = asked.map(({ question }) => question.seed);
  return {
    id,
    createdMs,
    idempotencyKey,
    requestHash,
    groups,
    groupOf,
    seeds,
    keys: asked.map(({ key }) => key),
  };
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return counts;
}
