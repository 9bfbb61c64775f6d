/** A batch between acceptance and the end of its last job: each job's state, and what packs tell of it. */
import {
  memberId,
  memberRecord,
  type BatchEnd,
  type BatchRecord,
  type BatchView,
} from '../contract/batch.js';
import type { JobEnd, JobState } from '../contract/job.js';
import type { Kind } from '../contract/kind.js';
import type { StoredJob } from '../contract/ports.js';
import type { Problem } from '../contract/problem.js';
import type { PackedEnds } from '../wire/pack.js';
import { notBefore } from './lifecycle.js';
import type { PackOrder, PackOwner } from './packs.js';
import type { CheckedSpec } from './spec-desk.js';

/** A job of a batch as it was asked. */
export interface Member {
  readonly kind: Kind;
  readonly checked: CheckedSpec;
  /** Travels in packs; another one is a live job of its own. */
  readonly small: boolean;
  /** Whose share of the queue it takes; null for nobody's. */
  readonly client: string | null;
}

/** What of an end the batch itself remembers. */
export interface EndedJobs {
  readonly first: number;
  readonly jobs: number;
  readonly state: JobState;
  readonly finishedMs: number;
}

export interface BatchEvents {
  changed(batch: LiveBatch, jobs: readonly number[]): void;
  /** Ends to be stored; `batch.ended` is to be called for each when they are. */
  ending(batch: LiveBatch, ends: readonly BatchEnd[]): void;
  nowMs(): number;
  monotonicMs(): number;
}

export class LiveBatch implements PackOwner {
  readonly record: BatchRecord;
  readonly members: readonly Member[];
  readonly acceptedAtMs: number;
  readonly states: JobState[];
  /** Jobs without an end on disk. */
  open: number;
  /** Settles when all ends so far are on disk, or never will be. */
  stored: Promise<void> = Promise.resolve();
  readonly #startedMs: (number | null)[];
  /** Monotonic, for the running time. */
  readonly #startedAtMs: Float64Array;
  readonly #attempts: Uint16Array;
  /** 1 once a job is on its way to its end. */
  readonly #ending: Uint8Array;
  readonly #events: BatchEvents;
  #finishedMs = 0;

  constructor(record: BatchRecord, members: readonly Member[], events: BatchEvents) {
    this.record = record;
    this.members = members;
    this.acceptedAtMs = events.monotonicMs();
    this.open = members.length;
    this.states = members.map(() => 'queued');
    this.#startedMs = members.map(() => null);
    this.#startedAtMs = new Float64Array(members.length);
    this.#attempts = new Uint16Array(members.length);
    this.#ending = new Uint8Array(members.length);
    this.#events = events;
  }

  /** Small jobs that nothing ends yet. */
  idle(): number[] {
    return this.members.flatMap(({ small }, job) => (small && !this.#ending[job] ? [job] : []));
  }

  /** The idle jobs, by kind and priority. */
  orders(): PackOrder[] {
    const { groups, groupOf, seeds } = this.record;
    const jobs = new Map<string, number[]>();
    for (const job of this.idle()) {
      const { kind, priority } = groups[groupOf[job]!]!;
      const name = `${priority} ${kind}`;
      const known = jobs.get(name);
      if (known) known.push(job);
      else jobs.set(name, [job]);
    }
    return [...jobs.values()].map((own) => ({
      owner: this,
      kind: this.members[own[0]!]!.kind,
      priority: groups[groupOf[own[0]!]!]!.priority,
      jobs: own,
      specs: groups.map(({ spec }) => spec),
      specOf: (job) => groupOf[job]!,
      seedOf: (job) => seeds[job]!,
      costOf: (job) => costOf(this.members[job]!),
      clientOf: (job) => this.members[job]!.client,
    }));
  }

  packStarted(jobs: readonly number[]): void {
    const nowMs = notBefore(this.record.createdMs, this.#events.nowMs());
    const monotonicMs = this.#events.monotonicMs();
    const begun = jobs.filter((job) => this.states[job] === 'queued' && !this.#ending[job]);
    for (const job of begun) {
      this.states[job] = 'running';
      this.#startedMs[job] = nowMs;
      this.#startedAtMs[job] = monotonicMs;
    }
    this.#events.changed(this, begun);
  }

  packEnded(jobs: readonly number[], ends: PackedEnds, attempts: number): void {
    const { lengths, bytes, problems } = ends;
    if (problems.size === 0 && this.#areWhole(jobs)) {
      this.#attempts.fill(attempts, jobs[0]!, jobs[0]! + jobs.length);
      this.#ending.fill(1, jobs[0]!, jobs[0]! + jobs.length);
      const end = this.#end(jobs[0]!, 'done', null, { lengths, bytes });
      return this.#events.ending(this, [{ ...end, jobs: jobs.length }]);
    }
    const found: BatchEnd[] = [];
    let at = 0;
    jobs.forEach((job, i) => {
      const from = at;
      at += lengths[i]!;
      if (this.#ending[job]) return;
      this.#attempts[job] = Math.max(this.#attempts[job]!, attempts);
      const problem = problems.get(i) ?? null;
      const results = problem ? null : { lengths: lengths.slice(i, i + 1), bytes: bytes.slice(from, at) };
      found.push(this.#end(job, problem ? 'failed' : 'done', problem, results));
    });
    this.#events.ending(this, found);
  }

  /** Neighbours of which none ends otherwise, and which never travelled before: one end for all. */
  #areWhole(jobs: readonly number[]): boolean {
    const first = jobs[0]!;
    return jobs.every(
      (job, i) =>
        job === first + i &&
        this.#ending[job] === 0 &&
        this.#attempts[job] === 0 &&
        this.#startedMs[job] === this.#startedMs[first],
    );
  }

  packFailed(jobs: readonly number[], problem: Problem, attempts: number): void {
    const open = jobs.filter((job) => !this.#ending[job]);
    for (const job of open) this.#attempts[job] = Math.max(this.#attempts[job]!, attempts);
    this.#events.ending(
      this,
      open.map((job) => this.#end(job, 'failed', problem, null)),
    );
  }

  /** Ends of jobs that are to end now, or whose result was there; those on their way are left out. */
  endsOf(
    jobs: readonly number[],
    state: JobEnd['state'],
    problem: Problem | null,
    bytesOf: (job: number) => Uint8Array | null = () => null,
  ): BatchEnd[] {
    return jobs
      .filter((job) => !this.#ending[job])
      .map((job) => {
        const bytes = bytesOf(job);
        return this.#end(
          job,
          state,
          problem,
          bytes && { lengths: Uint32Array.of(bytes.byteLength), bytes: new Uint8Array(bytes) },
        );
      });
  }

  #end(
    first: number,
    state: JobEnd['state'],
    problem: Problem | null,
    results: BatchEnd['results'],
  ): BatchEnd {
    this.#ending[first] = 1;
    const attempts = this.#attempts[first]!;
    const startedMs = this.#startedMs[first]!;
    const finishedMs = notBefore(startedMs ?? this.record.createdMs, this.#events.nowMs());
    return { first, jobs: 1, state, startedMs, finishedMs, attempts, problem, results };
  }

  /** This end is on disk; how many of its jobs ran. */
  ended({ first, jobs, state, finishedMs }: EndedJobs): number {
    let ran = 0;
    for (let job = first; job < first + jobs; job++) if (this.states[job] === 'running') ran++;
    this.states.fill(state, first, first + jobs);
    this.open -= jobs;
    this.#finishedMs = Math.max(this.#finishedMs, finishedMs);
    return ran;
  }

  /** Seconds since a job started; null when it did not. */
  ranS(job: number): number | null {
    if (this.#startedMs[job] === null) return null;
    return (this.#events.monotonicMs() - this.#startedAtMs[job]!) / 1e3;
  }

  /** True while nothing but this object knows the job's state. */
  holds(job: number): boolean {
    const state = this.states[job];
    return this.members[job]?.small === true && (state === 'queued' || state === 'running');
  }

  jobAt(job: number): StoredJob {
    const record = memberRecord(this.record, job);
    return { record, state: this.states[job]!, startedMs: this.#startedMs[job]!, end: null };
  }

  idAt(job: number): string {
    return memberId(this.record.id, job);
  }

  /** `largeState` tells of large jobs that have not ended. */
  view(largeState: (job: number) => JobState): BatchView {
    const states = this.states.map((state, job) =>
      state === 'queued' && !this.members[job]!.small ? largeState(job) : state,
    );
    return viewOfBatch(this.record, states, this.open === 0 ? this.#finishedMs : null);
  }
}

export function viewOfBatch(
  { id, createdMs }: BatchRecord,
  states: readonly JobState[],
  finishedMs: number | null,
): BatchView {
  const counts = { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0, expired: 0 };
  for (const state of states) counts[state]++;
  const progress = 1 - (counts.queued + counts.running) / states.length;
  return { id, jobs: states.length, counts, progress, createdMs, finishedMs, states: [...states] };
}

/** Neighbours that ended alike as one end. */
export function joinEnds(ends: readonly BatchEnd[]): BatchEnd[] {
  const joined: BatchEnd[][] = [];
  for (const end of [...ends].sort((a, b) => a.first - b.first)) {
    const run = joined.at(-1);
    if (run && alike(run.at(-1)!, end)) run.push(end);
    else joined.push([end]);
  }
  return joined.map((run) => (run.length === 1 ? run[0]! : join(run)));
}

function alike(a: BatchEnd, b: BatchEnd): boolean {
  return (
    a.first + a.jobs === b.first &&
    a.state === b.state &&
    a.startedMs === b.startedMs &&
    a.attempts === b.attempts &&
    a.problem === b.problem
  );
}

function join(run: readonly BatchEnd[]): BatchEnd {
  const jobs = run.reduce((sum, end) => sum + end.jobs, 0);
  const finishedMs = Math.max(...run.map((end) => end.finishedMs));
  const parts = run.flatMap(({ results }) => (results ? [results] : []));
  if (parts.length === 0) return { ...run[0]!, jobs, finishedMs };
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part.bytes, at);
    at += part.bytes.byteLength;
  }
  const lengths = Uint32Array.from(parts.flatMap((part) => [...part.lengths]));
  return { ...run[0]!, jobs, finishedMs, results: { lengths, bytes } };
}

function costOf({ checked }: Member): number {
  const { units, nsPerUnit } = checked.size();
  return units * nsPerUnit;
}
