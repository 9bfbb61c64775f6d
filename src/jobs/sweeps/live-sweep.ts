/** A sweep that has not finished: which parts are open, how its jobs stand, what is to be made next. */
import type { SweepRecord, SweepMark } from '../../contract/stored-sweep.js';
import type { SweepView } from '../../contract/sweep.js';
import type { MemberEnds } from '../batches.js';
import { Cells } from './cells.js';
import { partsOf, readPart, type Standing } from './ledger.js';
import type { JobStore } from '../../contract/ports.js';
import { Rate } from './rate.js';
import { codeOf, OPEN, Tally } from './tally.js';
import { viewOfSweep } from './views.js';

/** Parts that are read in one go. */
const READ_PARTS = 20;

interface OpenPart {
  /** Number of the part's first job. */
  readonly from: number;
  /** Place in the part of each of its batch's jobs. */
  readonly jobs: readonly number[];
  open: number;
}

/** A part that is to be made. */
export interface NextPart {
  readonly part: number;
  /** Places in the part. */
  readonly jobs: readonly number[];
}

export class LiveSweep {
  readonly record: SweepRecord;
  readonly cells: Cells;
  readonly client: string | null;
  /** What it was when it was taken up, and whether it was cancelled since. */
  readonly round: number;
  isCancelled: boolean;
  /** Set once its end is on its way to the disk. */
  finishing: Promise<void> | null = null;
  /** Settles when no part of it is being made. */
  making: Promise<void> | null = null;
  readonly tally: Tally;
  readonly #parts = new Map<string, OpenPart>();
  readonly #rate: Rate;
  /** The first part that may have to be made. */
  #next = 0;
  /** Parts are asked for in the store only where there may be any. */
  readonly #isNew: boolean;

  constructor(
    record: SweepRecord,
    { state, round }: Pick<SweepMark, 'state' | 'round'>,
    { nowMs, client = null, isNew = false }: { nowMs: number; client?: string | null; isNew?: boolean },
  ) {
    this.record = record;
    this.client = client;
    this.round = round;
    this.isCancelled = state === 'cancelled';
    this.cells = new Cells(record.plan);
    this.tally = new Tally(record.plan.cells, record.plan.repeats);
    this.#rate = new Rate(nowMs);
    this.#isNew = isNew;
  }

  standing(): Standing {
    return { round: this.round, isRunning: !this.isCancelled };
  }

  /** Reads from the store how its jobs stand. `turn` lets others go first. */
  async read(store: JobStore, turn: () => Promise<void>): Promise<void> {
    const { record } = this;
    let isBehind = true;
    for (let part = 0; part < partsOf(record); part++) {
      if (part % READ_PARTS === READ_PARTS - 1) await turn();
      const { codes, rounds, missing } = await readPart(store, record, part, this.standing());
      const from = part * record.partJobs;
      codes.forEach((code, place) => code !== OPEN && this.tally.end(from + place, code));
      const last = rounds.at(-1);
      const open = last ? last.batch.jobs - last.batch.ends.reduce((sum, end) => sum + end.jobs, 0) : 0;
      if (last && open > 0) this.#parts.set(last.batch.id, { from, jobs: last.jobs, open });
      if (missing) isBehind = false;
      if (isBehind) this.#next = part + 1;
      // Parts are made in order, so in the first round none comes after one that is missing.
      if (missing && this.round === 0) return;
    }
  }

  /** Jobs that were made and have no end. */
  ahead(): number {
    let jobs = 0;
    for (const { open } of this.#parts.values()) jobs += open;
    return jobs;
  }

  /** The batches that have open jobs: id and number of all its jobs. */
  openBatches(): [id: string, jobs: number][] {
    return [...this.#parts].map(([id, { jobs }]) => [id, jobs.length]);
  }

  isOpen(batchId: string): boolean {
    return this.#parts.has(batchId);
  }

  hasMore(): boolean {
    return !this.isCancelled && this.#next < partsOf(this.record);
  }

  /** The next part to be made; null when all are there. */
  async takeNext(store: JobStore): Promise<NextPart | null> {
    while (this.hasMore()) {
      const part = this.#next++;
      const { partJobs } = this.record;
      if (this.#isNew) {
        const last = this.record.plan.cells * this.record.plan.repeats - part * partJobs;
        return { part, jobs: Array.from({ length: Math.min(partJobs, last) }, (_, place) => place) };
      }
      const { missing } = await readPart(store, this.record, part, this.standing());
      if (missing) return { part, jobs: missing };
    }
    return null;
  }

  /** A part is about to be made as a batch of this id. */
  opened(batchId: string, { part, jobs }: NextPart): void {
    this.#parts.set(batchId, { from: part * this.record.partJobs, jobs, open: jobs.length });
  }

  /** It was not made. */
  dropped(batchId: string, { part }: NextPart): void {
    this.#parts.delete(batchId);
    this.#next = Math.min(this.#next, part);
  }

  /** Jobs of a batch of it have ended. */
  ended(batchId: string, end: MemberEnds, nowMs: number): void {
    const part = this.#parts.get(batchId);
    if (!part) return;
    const code = codeOf(end);
    for (let i = end.first; i < end.first + end.jobs; i++) this.tally.end(part.from + part.jobs[i]!, code);
    part.open -= end.jobs;
    if (part.open === 0) this.#parts.delete(batchId);
    this.#rate.note(nowMs, end.jobs);
  }

  view(running: number, threads: number, nowMs: number): SweepView {
    // A cancelled one too, until its last job has ended.
    const mark = { state: 'running', finishedMs: null } as const;
    const jobsPerS = this.#rate.perS(nowMs);
    return viewOfSweep(this.record, mark, this.tally.counts(), { running, threads, jobsPerS });
  }
}
