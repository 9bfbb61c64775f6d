/** What a page or a terminal shows of a sweep: its rows folded into columns, the best cells, the failures. */
import { cellStateOf, type SweepRow, type SweepView } from '../contract/sweep.js';
import { metricByRepeat, sweepPages, type MetricDecl, type ReadRows } from '../contract/sweep-rows.js';
import { cellEstimate, TopCells, type RankedCell } from '../core/sweep/ranking.js';

/** Figures that are kept: cells times metrics. A sweep of more cells keeps fewer metrics, then no cells. */
const MAX_FIGURES = 200_000;
const TOP = 20;
const MAX_REASONS = 20;

/** By cell; NaN where there is none. */
export interface Figures {
  readonly decl: MetricDecl;
  readonly mean: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** 0 open, 1 done, 2 failed, 3 cancelled. */
export const CELL_STATES = ['open', 'done', 'failed', 'cancelled'] as const;

export interface RankedRow extends RankedCell {
  readonly values: readonly unknown[];
  readonly seeds: readonly number[];
}

export interface Reason {
  readonly text: string;
  readonly jobs: number;
  /** The first cell that it stopped. */
  readonly cell: number;
}

export interface SweepData {
  readonly view: SweepView;
  /** What was ranked by; null while no job has a result, or where no result has the metric of the plan. */
  readonly metric: MetricDecl | null;
  /** Names of all metrics that occur. */
  readonly names: readonly string[];
  /** The ranked metric is the first; empty for a sweep of too many cells. */
  readonly figures: readonly Figures[];
  readonly states: Uint8Array;
  /** Of designs that draw: the values of each cell, by axis. */
  readonly drawn: readonly (readonly unknown[])[] | null;
  readonly best: readonly RankedRow[];
  /** Why jobs failed, most frequent first. */
  readonly reasons: readonly Reason[];
}

/** Reads all rows, twice where the plan names no metric and nothing is known of it. */
export async function collectSweep(view: SweepView, read: ReadRows): Promise<SweepData> {
  const { plan } = view;
  const wanted = plan.metric.name ?? (await firstMetric(read));
  const kept = new Folded(view, wanted);
  for await (const rows of sweepPages(read)) for (const row of rows) kept.add(row);
  return kept.data();
}

async function firstMetric(read: ReadRows): Promise<string | null> {
  for await (const rows of sweepPages(read)) {
    for (const { jobs } of rows) {
      const found = jobs.find(({ metrics }) => metrics !== null && metrics.length > 0);
      if (found) return found.metrics![0]!.name;
    }
  }
  return null;
}

class Folded {
  readonly #view: SweepView;
  readonly #wanted: string | null;
  readonly #top: TopCells;
  readonly #figures = new Map<string, Figures>();
  readonly #names = new Set<string>();
  readonly #states: Uint8Array;
  readonly #drawn: unknown[][] | null;
  readonly #reasons = new Map<string, { jobs: number; cell: number }>();
  /** Values and seeds of cells that were ever among the best. */
  readonly #best = new Map<number, Pick<RankedRow, 'values' | 'seeds'>>();
  #metric: MetricDecl | null = null;

  constructor(view: SweepView, wanted: string | null) {
    const { cells, design, axes, metric } = view.plan;
    this.#view = view;
    this.#wanted = wanted;
    this.#top = new TopCells(metric.sense, TOP);
    this.#states = new Uint8Array(cells <= MAX_FIGURES ? cells : 0);
    this.#drawn = design === 'grid' || cells > MAX_FIGURES ? null : axes.map(() => []);
  }

  add(row: SweepRow): void {
    const { cell, values, jobs } = row;
    if (cell < this.#states.length) this.#states[cell] = CELL_STATES.indexOf(cellStateOf(row));
    this.#drawn?.forEach((list, axis) => (list[cell] = values[axis]));
    for (const { problem } of jobs) if (problem) this.#count(problem.detail, cell);
    for (const { metrics } of jobs) for (const metric of metrics ?? []) this.#know(metric);
    for (const { decl, mean, low, high } of this.#figures.values()) {
      const found = cellEstimate(metricByRepeat(row, decl.name));
      if (found === null) continue;
      mean[cell] = found.value;
      [low[cell], high[cell]] = found.interval ?? [NaN, NaN];
    }
    if (this.#wanted === null) return;
    this.#top.add({ cell, repeats: metricByRepeat(row, this.#wanted) });
    this.#best.set(cell, { values, seeds: jobs.map(({ seed }) => seed) });
    if (this.#best.size > 50 * TOP) this.#forget();
  }

  #count(text: string, cell: number): void {
    const known = this.#reasons.get(text);
    if (known) known.jobs++;
    else if (this.#reasons.size < 1_000) this.#reasons.set(text, { jobs: 1, cell });
  }

  #know({ name, unit, meaning }: MetricDecl): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    const decl = { name, unit, meaning };
    if (name === this.#wanted) this.#metric = decl;
    // One place is kept for the metric that is ranked.
    const { cells } = this.#view.plan;
    const places = Math.floor(MAX_FIGURES / cells) - (name === this.#wanted || this.#metric ? 0 : 1);
    if (this.#figures.size >= places) return;
    const column = (): Float32Array => new Float32Array(cells).fill(NaN);
    this.#figures.set(name, { decl, mean: column(), low: column(), high: column() });
  }

  #forget(): void {
    const kept = new Set(this.#top.ranked(false).map(({ cell }) => cell));
    for (const cell of this.#best.keys()) if (!kept.has(cell)) this.#best.delete(cell);
  }

  data(): SweepData {
    const figures = [...this.#figures.values()];
    const first = figures.filter(({ decl }) => decl.name === this.#wanted);
    const { commonRandomNumbers } = this.#view.plan;
    const reasons = [...this.#reasons].map(([text, found]) => ({ text, ...found }));
    return {
      view: this.#view,
      metric: this.#metric,
      names: [...this.#names],
      figures: [...first, ...figures.filter((figure) => !first.includes(figure))],
      states: this.#states,
      drawn: this.#drawn,
      best: this.#top
        .ranked(commonRandomNumbers)
        .map((ranked) => ({ ...ranked, ...this.#best.get(ranked.cell)! })),
      reasons: reasons.sort((a, b) => b.jobs - a.jobs).slice(0, MAX_REASONS),
    };
  }
}
