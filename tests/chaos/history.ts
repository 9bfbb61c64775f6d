/** Judges what clients lived through against the invariants I1 to I8. */
import type { JobState } from '../../src/contract/job.js';
import { digestTables } from '../../src/wire/digest.js';
import { rowsOf, TABLE, type ChaosSpec } from './kind/spec.js';

/** One job that a client wants, and how it must end: 'done', or failed with a problem code. */
export interface Wish {
  readonly spec: Partial<ChaosSpec>;
  readonly seed: number;
  readonly ends?: string;
}

/** What became of a wish on the client's side. */
export interface Entry {
  readonly wish: Wish;
  /** Idempotency-Key of all its tries; '' when they had none. */
  readonly key: string;
  tries: number;
  /** Null until a 202 or 200 came. */
  id: string | null;
}

/** A job as the service showed it. */
export interface Seen {
  readonly id: string;
  readonly seed: number;
  readonly state: JobState;
  readonly digest: string | null;
  readonly attempts: number;
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly createdMs: number;
  readonly startedMs: number | null;
  readonly finishedMs: number | null;
}

export interface History {
  readonly entries: readonly Entry[];
  /** Everything the store lists at the end. */
  readonly listed: readonly Seen[];
  /** Views seen on the way, in any order. */
  readonly sampled: readonly Seen[];
  /** Lines of the kind's log, where the row keeps one. */
  readonly log?: readonly string[];
  /** How often a chunk may start. */
  readonly maxStarts?: number;
}

const TERMINAL: readonly string[] = ['done', 'failed', 'cancelled', 'expired'];
const digests = new Map<string, string>();

/** The digest that a wish must give, computed here. */
export function digestOf({ spec, seed }: Wish): string {
  const { units = 1, rowsPerUnit = 1 } = spec;
  const name = `${seed} ${units} ${rowsPerUnit}`;
  let digest = digests.get(name);
  if (digest === undefined) {
    digest = digestTables([TABLE], [rowsOf({ rowsPerUnit }, seed, 0, units)]);
    digests.set(name, digest);
  }
  return digest;
}

/** One sentence per broken invariant, at most `most`; none when all held. */
export function faultsOf(history: History, most = 5): string[] {
  const faults = [...faultsOfEnds(history), ...faultsOfSamples(history), ...faultsOfStarts(history)];
  return faults.length <= most ? faults : [...faults.slice(0, most), `and ${faults.length - most} more`];
}

function faultsOfEnds({ entries, listed }: History): string[] {
  const byId = new Map<string, Seen>();
  const faults: string[] = [];
  for (const job of listed) {
    if (byId.has(job.id)) faults.push(`I2 ${job.id} is listed twice`);
    byId.set(job.id, job);
  }
  const wanted = new Set<string>();
  /** Wishes that were repeated without a key: every try whose answer did not come may be a job. */
  const repeated = new Map<number, { readonly wish: Wish; left: number }>();
  for (const { id, wish, key, tries } of entries) {
    if (key === '' && tries > 1) repeated.set(wish.seed, { wish, left: tries - 1 });
    if (id === null) {
      faults.push(`I6 ${key || `seed ${wish.seed}`} was never acknowledged`);
      continue;
    }
    if (wanted.has(id)) faults.push(`I2 ${id} answers two wishes`);
    wanted.add(id);
    const job = byId.get(id);
    if (!job) faults.push(`I1 ${id} was acknowledged and is lost`);
    else faults.push(...faultsOfEnd(job, wish));
  }
  for (const job of listed) {
    if (wanted.has(job.id)) continue;
    const more = repeated.get(job.seed);
    if (more && more.left-- > 0) faults.push(...faultsOfEnd(job, more.wish));
    else faults.push(`I8 ${job.id} was accepted twice for one wish`);
  }
  return faults;
}

function faultsOfEnd(
  { id, state, digest, problem, createdMs, startedMs, finishedMs }: Seen,
  wish: Wish,
): string[] {
  const { ends = 'done' } = wish;
  if (!TERMINAL.includes(state)) return [`I6 ${id} is still ${state}`];
  const came = state === 'failed' ? (problem?.code ?? 'failed') : state;
  if (came !== ends) return [`I5 ${id} ended as ${came} instead of ${ends}: ${problem?.detail ?? ''}`];
  if (state === 'done' && digest !== digestOf(wish)) return [`I3 ${id} has digest ${digest}`];
  const inOrder = createdMs <= (startedMs ?? createdMs) && (startedMs ?? createdMs) <= (finishedMs ?? NaN);
  return inOrder ? [] : [`I2 ${id} has times out of order: ${createdMs}, ${startedMs}, ${finishedMs}`];
}

/** A state that was once terminal must be the one at the end. */
function faultsOfSamples({ listed, sampled }: History): string[] {
  const byId = new Map(listed.map((job) => [job.id, job]));
  return sampled.flatMap((early) => {
    const last = byId.get(early.id);
    if (!TERMINAL.includes(early.state) || !last) return [];
    const same = last.state === early.state && last.digest === early.digest;
    return same ? [] : [`I2 ${early.id} was ${early.state} and became ${last.state}`];
  });
}

function faultsOfStarts({ log = [], maxStarts = Infinity }: History): string[] {
  const starts = startsOf(log);
  return [...starts].flatMap(([chunk, count]) =>
    count <= maxStarts ? [] : [`I4 chunk ${chunk} started ${count} times, more than ${maxStarts}`],
  );
}

/** Starts of each chunk, by seed and first unit. */
export function startsOf(log: readonly string[]): Map<string, number> {
  const starts = new Map<string, number>();
  for (const line of log) {
    const [what, seed, from] = line.split(' ');
    if (what === 'start') starts.set(`${seed}/${from}`, (starts.get(`${seed}/${from}`) ?? 0) + 1);
  }
  return starts;
}

/** I8: what the metrics of one process counted, held against each other; '' when they agree. */
export function faultOfCounts(metrics: ReadonlyMap<string, number>): string {
  const of = (name: string): number => metrics.get(name) ?? 0;
  const accepted = of('mms_jobs_accepted_total');
  const known = of('mms_jobs_finished_total') + of('mms_queue_depth') + of('mms_jobs_running');
  return accepted === known ? '' : `I8 ${accepted} jobs were accepted, ${known} are known`;
}
