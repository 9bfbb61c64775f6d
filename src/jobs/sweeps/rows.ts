/** The rows of a sweep's result, in the order of its cells, from what the store has now. */
import { memberId } from '../../contract/batch.js';
import type { JobStore, StoredJob } from '../../contract/ports.js';
import type { SweepRecord } from '../../contract/stored-sweep.js';
import type { SweepJob, SweepRow } from '../../contract/sweep.js';
import { Cells } from './cells.js';
import { readPart, type PartState, type Standing } from './ledger.js';

type Known = Omit<SweepJob, 'seed'>;

/** Cells from..from+limit-1, fewer at the end. One part is read at a time. */
export async function readRows(
  store: JobStore,
  record: SweepRecord,
  standing: Standing,
  { from, limit }: { from: number; limit: number },
): Promise<SweepRow[]> {
  const { plan, partJobs } = record;
  const cells = new Cells(plan);
  const rows: SweepRow[] = [];
  let part = -1;
  let known: readonly Known[] = [];
  const to = Math.min(plan.cells, from + limit);
  for (let cell = from; cell < to; cell++) {
    const { values, seedOf } = cells.at(cell);
    const jobs: SweepJob[] = [];
    for (let repeat = 0; repeat < plan.repeats; repeat++) {
      const job = cell * plan.repeats + repeat;
      const wanted = Math.floor(job / partJobs);
      if (wanted !== part) {
        known = await readJobs(store, await readPart(store, record, wanted, standing), standing);
        part = wanted;
      }
      jobs.push({ seed: seedOf(repeat), ...known[job - part * partJobs]! });
    }
    rows.push({ cell, values, jobs });
  }
  return rows;
}

/** Each job of a part as its last round has it. */
async function readJobs(
  store: JobStore,
  { codes, rounds, missing }: PartState,
  { isRunning }: Standing,
): Promise<Known[]> {
  const unmade = {
    id: null,
    state: isRunning ? 'queued' : 'cancelled',
    problem: null,
    metrics: null,
  } as const;
  const known: Known[] = Array.from(codes, () => unmade);
  for (const { jobs, batch } of rounds) {
    const stored = await store.batchJobs(batch.id);
    jobs.forEach((place, i) => (known[place] = knownOf(memberId(batch.id, i), stored[i])));
  }
  for (const place of missing ?? []) known[place] = unmade;
  return known;
}

/** An open job is queued here: whether it runs changes nothing of its row. */
function knownOf(id: string, job: StoredJob | undefined): Known {
  const end = job?.end;
  if (!end) return { id, state: 'queued', problem: null, metrics: null };
  const { state, problem, summary } = end;
  return { id, state, problem, metrics: state === 'done' ? (summary?.metrics ?? null) : null };
}
