/** The batches that live: stored in one breath, launched, their ends stored and told, each job counted. */
import { memberOf, type BatchEnd, type BatchRecord } from '../contract/batch.js';
import type { JobView } from '../contract/job.js';
import { decodeResult } from '../wire/result.js';
import type { Asked } from './asked.js';
import { cancelled, expired, timeoutsOf, type Stop } from './deadlines.js';
import { joinEnds, LiveBatch, type BatchEvents } from './live-batch.js';
import * as refuse from './refusals.js';
import type { HallParts } from './parts.js';
import type { Works } from './works.js';

export class LiveBatches implements BatchEvents {
  readonly #parts: HallParts;
  readonly #works: Works;
  readonly #live = new Map<string, LiveBatch>();
  readonly #clients = new Map<string, number>();
  #small = 0;
  #running = 0;
  /** Hears of jobs that started or ended. */
  onChange: (batch: LiveBatch) => void = () => undefined;
  /** Hears of small jobs of a batch whose end is on disk. */
  onEnded: (batch: LiveBatch, end: BatchEnd) => void = () => undefined;
  /** The same of jobs that came one by one. */
  onGatheredEnded: (batch: LiveBatch, end: BatchEnd) => void = () => undefined;

  constructor(parts: HallParts, works: Works) {
    this.#parts = parts;
    this.#works = works;
  }

  get(id: string): LiveBatch | undefined {
    return this.#live.get(id);
  }

  nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  monotonicMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  // ---- how many there are

  /** Small jobs that have not ended, those on their way in too; the others are on the floor. */
  size(): number {
    return this.#small;
  }

  /** Those of one client. */
  sizeOf(client: string): number {
    return this.#clients.get(client) ?? 0;
  }

  /** Small jobs that a thread has. */
  running(): number {
    return this.#running;
  }

  /** When the oldest small job that has not started was accepted, by the monotonic clock; else Infinity. */
  oldestAtMs(): number {
    for (const batch of this.#live.values())
      if (batch.states.some((state, job) => state === 'queued' && batch.holds(job)))
        return batch.acceptedAtMs;
    return Infinity;
  }

  /** Counts `jobs` small jobs on their way in; fewer than 0 have left. */
  take(client: string | null, jobs: number): void {
    this.#small += jobs;
    if (client === null) return;
    const left = this.sizeOf(client) + jobs;
    if (left > 0) this.#clients.set(client, left);
    else this.#clients.delete(client);
  }

  /** Counts `jobs` neighbours as having left. */
  #leave({ members }: LiveBatch, first: number, jobs: number): void {
    for (let from = first; from < first + jobs;) {
      const { client } = members[from]!;
      let to = from + 1;
      while (to < first + jobs && members[to]!.client === client) to++;
      this.take(client, from - to);
      from = to;
    }
  }

  // ---- the way in

  /**
   * Stores jobs whose small ones were taken, and has those computed that have no result in `found`. Resolves
   * once they are on disk; `reqId` is that of the one request that asked. Throws MmsError E_STORE; then none
   * of them was ever there.
   */
  async admit(
    record: BatchRecord,
    asked: readonly Asked[],
    found: ReadonlyMap<number, Uint8Array>,
    reqId: string | null,
  ): Promise<LiveBatch> {
    const { store } = this.#parts;
    const members = asked.map(({ member }) => member);
    const batch = new LiveBatch(record, members, this);
    const ends = batch.endsOf([...found.keys()], 'done', null, (job) => found.get(job)!);
    for (const [job, { refused }] of asked.entries())
      if (refused) ends.push(...batch.endsOf([job], 'failed', refused));
    this.#live.set(record.id, batch);
    // In one breath: the store keeps an input only while a live record needs it.
    const writes = asked.flatMap(({ inputs }) => inputs.map(({ data }) => store.put(data)));
    writes.push(store.acceptBatch(record));
    if (ends.length > 0) writes.push(store.finishBatch(record.id, joinEnds(ends)));
    // Work is pure, so it may begin while the record is being synced, and nobody hears of it before.
    for (const order of batch.orders()) this.#works.offerPacks(order);
    for (const [timeoutMs, jobs] of timeoutsOf(record, batch.idle()))
      this.#works.deadlines.add(batch, timeoutMs, () => this.#expire(batch, jobs, timeoutMs));
    try {
      await Promise.all(writes);
    } catch (error) {
      this.#forget(batch);
      throw refuse.storeFailed(error);
    }
    this.#works.tell.allAccepted(record, members, reqId);
    this.#noteEnded(batch, ends);
    return batch;
  }

  /** Nothing of it is on disk. */
  #forget(batch: LiveBatch): void {
    this.#live.delete(batch.record.id);
    this.#works.packs.dropAll(batch);
    this.#works.deadlines.drop(batch);
    batch.members.forEach((_, job) => {
      if (!batch.holds(job)) return;
      this.#leave(batch, job, 1);
      if (batch.states[job] === 'running') this.#running--;
    });
  }

  // ---- what a client may see

  /** A job of a live batch that has not ended; null for all others. */
  jobView(id: string): JobView | null {
    const place = memberOf(id);
    const batch = place && this.#live.get(place.batchId);
    return batch?.holds(place!.number) ? this.#works.viewOfStored(batch.jobAt(place!.number)) : null;
  }

  // ---- the way out

  /** Cancels one small job if nothing ends it yet; resolves when its end is on disk. */
  async cancelJob(id: string): Promise<void> {
    const place = memberOf(id);
    const batch = place && this.#live.get(place.batchId);
    if (!batch?.holds(place!.number)) return;
    this.#works.packs.drop(batch, [place!.number]);
    await this.stop(batch, [place!.number]);
  }

  /** Ends these small jobs, unless they are on their way to their ends; resolves when those are on disk. */
  async stop(
    batch: LiveBatch,
    jobs: readonly number[],
    { state, problem }: Stop = cancelled(),
  ): Promise<void> {
    this.ending(batch, batch.endsOf(jobs, state, problem));
    await batch.stored;
  }

  #expire(batch: LiveBatch, jobs: readonly number[], timeoutMs: number): void {
    const open = jobs.filter((job) => batch.holds(job));
    this.#works.packs.drop(batch, open);
    void this.stop(batch, open, expired(timeoutMs));
  }

  changed(batch: LiveBatch, jobs: readonly number[]): void {
    if (jobs.length === 0) return this.onChange(batch);
    this.#running += jobs.length;
    const waitedS = (this.monotonicMs() - batch.acceptedAtMs) / 1e3;
    this.#works.tell.started(batch.idAt(jobs[0]!), jobs.length, waitedS);
    const { watchers } = this.#works;
    for (const job of watchers.any() ? jobs : []) {
      if (watchers.has(batch.idAt(job))) watchers.state(this.#works.viewOfStored(batch.jobAt(job)), false);
    }
    this.onChange(batch);
  }

  ending(batch: LiveBatch, ends: readonly BatchEnd[]): void {
    if (ends.length === 0) return;
    const before = batch.stored;
    const now = this.#store(batch, ends);
    batch.stored = before.then(() => now);
  }

  /** If the commit fails the jobs stay unfinished on disk (G8), which a restart finishes. */
  async #store(batch: LiveBatch, ends: readonly BatchEnd[]): Promise<void> {
    try {
      await this.#parts.store.finishBatch(batch.record.id, joinEnds(ends));
    } catch {
      return;
    }
    this.#noteEnded(batch, ends);
  }

  #noteEnded(batch: LiveBatch, ends: readonly BatchEnd[]): void {
    if (ends.length === 0) return;
    const { tell, watchers } = this.#works;
    for (const end of ends) {
      const { first, jobs } = end;
      const ranS = batch.ranS(first);
      this.#running -= batch.ended(end);
      this.#leave(batch, first, jobs);
      tell.memberEnds(batch, end, ranS);
      if (batch.record.gathered) this.onGatheredEnded(batch, end);
      else this.onEnded(batch, end);
      if (watchers.any()) this.#tellEnds(batch, end);
    }
    tell.logEnds(batch, ends);
    this.noteChange(batch);
    this.#works.wakeDrain();
  }

  /** Jobs of it started or ended. */
  noteChange(batch: LiveBatch): void {
    if (batch.open === 0) {
      this.#live.delete(batch.record.id);
      this.#works.deadlines.drop(batch);
    }
    this.onChange(batch);
  }

  #tellEnds(batch: LiveBatch, { first, jobs, results, startedMs, ...rest }: BatchEnd): void {
    const { watchers } = this.#works;
    let at = 0;
    for (let i = 0; i < jobs; i++) {
      const from = at;
      at += results?.lengths[i] ?? 0;
      if (!watchers.has(batch.idAt(first + i))) continue;
      const made = results ? decodeResult(results.bytes.subarray(from, at)) : { digest: null, summary: null };
      const { state, finishedMs, attempts, problem } = rest;
      const end = { state, finishedMs, attempts, problem, digest: made.digest, summary: made.summary };
      const { record } = batch.jobAt(first + i);
      watchers.state(this.#works.viewOfStored({ record, state, startedMs, end }), true);
    }
  }
}
