/**
 * Sweeps: one question asked over values of its spec. The request, what a client sees, and the port.
 *
 * The jobs of a sweep are numbered: cell c, repeat r is number c * repeats + r, and that number alone
 * decides what is asked (spec by src/core/sweep/design.ts, seed by src/core/sweep/seeds.ts). They are
 * submitted as batches of SWEEP_BATCH_JOBS neighbours, batch b under the idempotency key sweepBatchKey(id,
 * b), so that after any restart the same batch is found again and no job can be there twice.
 */
import type { SweepAxisPlan, SweepDesignName } from '../core/sweep/design.js';
import type { JobState } from './job.js';
import type { Metric } from './kind.js';
import type { Problem } from './problem.js';

export const MAX_SWEEP_CELLS = 1_000_000;
/** Cells times repeats. */
export const MAX_SWEEP_JOBS = 10_000_000;
export const MAX_SWEEP_AXES = 16;
export const MAX_SWEEP_REPEATS = 10_000;
/** Jobs that are submitted together: a batch of one key. */
export const SWEEP_BATCH_JOBS = 1_000;

/** Ends included. `n` points on a grid; none where a design draws. `log` takes ends above 0. */
export interface SweepRange {
  readonly from: number;
  readonly to: number;
  readonly n?: number;
  readonly scale?: 'linear' | 'log';
  /** Whole numbers only: points of a grid are rounded, draws are even over them. */
  readonly integer?: boolean;
}

/** Values as they stand in the spec, objects such as {"type": "fixed"} included; or a range of numbers. */
export type SweepAxis = readonly unknown[] | SweepRange;

/** What a sweep ranks by: a metric of the kind's summary, and which end of it is best. */
export interface SweepMetric {
  /** Null: the first metric of the first result. */
  readonly name: string | null;
  readonly sense: 'max' | 'min';
}

/** What a client asks; src/contract/sweep-schema.ts is the same as JSON Schema. */
export interface SweepRequest {
  readonly kind: string;
  /** The base: a sound spec by itself; each axis replaces a value of it. */
  readonly spec?: unknown;
  /** Integer 0..2^53-1. */
  readonly seed?: number;
  /**
   * By dotted path into the spec: strategy.gamma, limits.maxLoss, payoffs.0.strike, strategy.type,
   * strategy; or `seed`, the seed itself. In the order of a grid: the last axis runs quickest.
   */
  readonly axes: Readonly<Record<string, SweepAxis>>;
  readonly design?: SweepDesignName;
  /** Of a random or latin-hypercube design. */
  readonly cells?: number;
  /** Jobs per cell, each with another seed. */
  readonly repeats?: number;
  /**
   * By default repeat r has the same seed in every cell, so that differences are the cells' and not
   * chance's.
   */
  readonly commonRandomNumbers?: boolean;
  readonly metric?: { readonly name: string; readonly sense?: 'max' | 'min' };
  /** A line for people. */
  readonly name?: string;
  readonly priority?: number;
}

export interface SubmitSweepRequest extends SweepRequest {
  readonly client?: string;
  readonly idempotencyKey?: string;
  readonly requestHash?: string;
}

/**
 * A checked request: what a service stores, and enough to compute every job of the sweep. Plain JSON; the
 * axes are a list, so that their order outlives any sorting of keys. Made by src/jobs/check-sweep.ts.
 */
export interface SweepPlan {
  readonly kind: string;
  /** Canonical: defaults filled in. */
  readonly spec: unknown;
  readonly seed: number;
  readonly design: SweepDesignName;
  readonly axes: readonly SweepAxisPlan[];
  readonly cells: number;
  readonly repeats: number;
  readonly commonRandomNumbers: boolean;
  readonly metric: SweepMetric;
  readonly name: string | null;
  readonly priority: number;
}

/**
 * running -> done (every job is done), partial (all have ended, some failed) or cancelled. `retryFailed`
 * takes partial and cancelled back to running.
 */
export type SweepState = 'running' | 'done' | 'partial' | 'cancelled';

/** What GET /v1/sweeps/:id and the CLI show. */
export interface SweepView {
  readonly id: string;
  readonly plan: SweepPlan;
  readonly state: SweepState;
  readonly jobs: {
    readonly total: number;
    readonly done: number;
    /** Failed or expired. */
    readonly failed: number;
    readonly cancelled: number;
    readonly running: number;
    /** Of `done`: results that were there already. */
    readonly cached: number;
  };
  /** Cells whose jobs are all done. */
  readonly cellsDone: number;
  /** Cells with a failed job. */
  readonly cellsFailed: number;
  /** 0..1: the share of jobs that have ended. */
  readonly progress: number;
  /**
   * Jobs that ended in a second, over the last 10 s or since the start; null before the first and at the
   * end.
   */
  readonly jobsPerS: number | null;
  /** Seconds until the last job ends at that rate; null where the rate is. */
  readonly etaS: number | null;
  /** Threads that could compute now. */
  readonly threads: number;
  readonly createdMs: number;
  readonly finishedMs: number | null;
}

/** One job of a cell: repeat r is entry r. */
export interface SweepJob {
  readonly seed: number;
  /** Null before it was submitted; GET /status/:id and mms status know it. */
  readonly id: string | null;
  readonly state: JobState;
  readonly problem: Problem | null;
  /** Of the job's summary; null unless done. */
  readonly metrics: readonly Metric[] | null;
}

export interface SweepRow {
  readonly cell: number;
  /** One for each axis of the plan. */
  readonly values: readonly unknown[];
  readonly jobs: readonly SweepJob[];
}

/** Sweeps as the HTTP side and the CLI see them. Every method may throw MmsError. */
export interface Sweeps {
  /** Resolves once the sweep is on disk. Throws E_SPEC with pointers such as /axes/strategy.gamma. */
  submit(request: SubmitSweepRequest): Promise<SweepView>;
  view(id: string): Promise<SweepView | null>;
  /** Newest first. */
  list(filter: {
    readonly state?: SweepState;
    readonly limit: number;
    readonly before?: string;
  }): Promise<readonly SweepView[]>;
  /**
   * Cells from..from+limit-1 in cell order, whatever has ended: an open job is in its row as queued. Fewer at
   * the end, none beyond it. Throws E_NOT_FOUND.
   */
  rows(id: string, page: { readonly from: number; readonly limit: number }): Promise<readonly SweepRow[]>;
  /** Cancels what has not ended. Throws E_CONFLICT when all has. */
  cancel(id: string): Promise<SweepView>;
  /**
   * Asks again what failed, expired or was cancelled, and nothing else. Throws E_CONFLICT where there is
   * none.
   */
  retryFailed(id: string): Promise<SweepView>;
  /**
   * Calls back on every change of state and at most 10 times a second on progress; returns the
   * unsubscriber.
   */
  watch(id: string, listener: (view: SweepView) => void): () => void;
}

/** The idempotency key of batch `batch` of a sweep; holds a space, which no key of a client does. */
export function sweepBatchKey(sweepId: string, batch: number): string {
  return `sweep ${sweepId} batch ${batch}`;
}

/**
 * Number of a job within its sweep; batch floor(number / SWEEP_BATCH_JOBS), entry number %
 * SWEEP_BATCH_JOBS.
 */
export function sweepJobNumber(plan: Pick<SweepPlan, 'repeats'>, cell: number, repeat: number): number {
  return cell * plan.repeats + repeat;
}

/** The one id of a cell: that of its sweep and its number, as in 01J...Z.17. */
export function sweepCellId(sweepId: string, cell: number): string {
  return `${sweepId}.${cell}`;
}

/** What has become of a cell: open until all its jobs have ended. */
export function cellStateOf({ jobs }: Pick<SweepRow, 'jobs'>): 'open' | 'done' | 'failed' | 'cancelled' {
  if (jobs.some(({ state }) => state === 'queued' || state === 'running')) return 'open';
  if (jobs.some(({ state }) => state === 'failed' || state === 'expired')) return 'failed';
  return jobs.some(({ state }) => state === 'cancelled') ? 'cancelled' : 'done';
}
