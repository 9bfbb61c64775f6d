/**
 * What operators hear of jobs: counters, and one line of the log for each change of state. Jobs that travel
 * together are told together: a line names the first of them and how many they are, so that a full log costs
 * a small job nothing. A start is for debugging only: the end tells how long the job ran.
 */
import { memberId, type BatchEnd, type BatchRecord } from '../contract/batch.js';
import type { JobEnd, JobRecord } from '../contract/job.js';
import type { Journal, Meter } from '../contract/ports.js';
import type { LiveJob } from './live.js';
import type { LiveBatch, Member } from './live-batch.js';

const SILENT: Journal = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export class Tell {
  readonly #meter: Meter;
  readonly #journal: Journal;

  constructor({ meter, journal = SILENT }: { readonly meter: Meter; readonly journal?: Journal }) {
    this.#meter = meter;
    this.#journal = journal;
  }

  accepted({ id, kind, units }: JobRecord, reqId: string | null): void {
    this.#meter.count('mms_jobs_accepted_total', { kind });
    this.#journal.info({ jobId: id, kind, units, ...(reqId !== null && { reqId }) }, 'job accepted');
  }

  /** `reqId` is null where the jobs are of several requests. */
  allAccepted({ id }: BatchRecord, members: readonly Member[], reqId: string | null): void {
    const kinds = countBy(members);
    for (const [kind, jobs] of kinds) this.#meter.count('mms_jobs_accepted_total', { kind }, jobs);
    const facts = { jobId: memberId(id, 0), jobs: members.length, kind: [...kinds.keys()].join(' ') };
    this.#journal.info({ ...facts, ...(reqId !== null && { reqId }) }, 'job accepted');
  }

  /** `jobs` jobs that waited for the same time; the first is `jobId`. */
  started(jobId: string, jobs: number, waitedS: number): void {
    this.#meter.observe('mms_job_queue_seconds', waitedS, {}, jobs);
    this.#journal.debug({ jobId, jobs, waitedS: rounded(waitedS) }, 'job started');
  }

  /** A chunk came back. What a node says of its own time is checked by nobody. */
  computed(kind: string, computeNs: number): void {
    this.#meter.count('mms_compute_seconds_total', { kind }, Math.max(0, computeNs) / 1e9);
  }

  /** Counts the steps of one chunk of a job, by its kind's estimate: the chunks of a job are near equal. */
  stepped(live: LiveJob): void {
    const { kind, record, chunks } = live;
    live.stepsPerChunk ??= (kind.cost(record.spec).stepsPerUnit * record.units) / chunks;
    this.#meter.count('mms_sim_steps_total', { kind: kind.name }, live.stepsPerChunk);
  }

  /** The end of a job is on disk; `ranS` is null when it never started. */
  ended({ id, kind }: JobRecord, end: JobEnd, ranS: number | null): void {
    this.#count(kind, end, 1, ranS);
    this.#log(end, { jobId: id, kind, attempts: end.attempts, ...ran(ranS) });
  }

  /** Counts the end of neighbours of a batch, which is on disk. */
  memberEnds({ members }: LiveBatch, end: BatchEnd, ranS: number | null): void {
    const { first, jobs, state, attempts } = end;
    const own = members.slice(first, first + jobs);
    for (const [kind, n] of countBy(own)) this.#count(kind, end, n, ranS);
    if (state === 'done' && attempts > 0) this.#countSteps(own);
  }

  /** One line for all that ended alike. */
  logEnds({ record }: LiveBatch, ends: readonly BatchEnd[]): void {
    const alike = new Map<string, { readonly end: BatchEnd; jobs: number }>();
    for (const end of ends) {
      const name = `${end.state} ${end.problem?.code}`;
      const known = alike.get(name);
      if (known) known.jobs += end.jobs;
      else alike.set(name, { end, jobs: end.jobs });
    }
    for (const { end, jobs } of alike.values())
      this.#log(end, { jobId: memberId(record.id, end.first), jobs, attempts: end.attempts });
  }

  #count(kind: string, { state, problem }: Ended, jobs: number, ranS: number | null): void {
    this.#meter.count('mms_jobs_finished_total', { kind, outcome: state }, jobs);
    if (state === 'failed' && problem)
      this.#meter.count('mms_jobs_failed_total', { kind, code: problem.code }, jobs);
    if (ranS !== null) this.#meter.observe('mms_job_run_seconds', ranS, { kind }, jobs);
  }

  /** Neighbours are of few kinds and mostly of one. */
  #countSteps(members: readonly Member[]): void {
    let sum = 0;
    members.forEach(({ kind, checked }, job) => {
      const { units, cost } = checked.size();
      sum += units * cost.stepsPerUnit;
      if (members[job + 1]?.kind === kind) return;
      this.#meter.count('mms_sim_steps_total', { kind: kind.name }, sum);
      sum = 0;
    });
  }

  #log({ state, problem }: Ended, facts: object): void {
    if (state !== 'failed' || !problem) return this.#journal.info(facts, `job ${state}`);
    const { code, detail } = problem;
    this.#journal.warn({ ...facts, code, detail: detail.slice(0, MAX_DETAIL) }, 'job failed');
  }
}

type Ended = Pick<JobEnd, 'state' | 'problem'>;

/** A strategy's own error may be as long as it likes; a line of the log has an end. */
const MAX_DETAIL = 300;

function ran(ranS: number | null): { ranS?: number } {
  return ranS === null ? {} : { ranS: rounded(ranS) };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

function countBy(members: readonly Member[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of members) counts.set(kind.name, (counts.get(kind.name) ?? 0) + 1);
  return counts;
}
