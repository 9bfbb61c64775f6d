/**
 * From a plan to its cells: grid, random, Latin hypercube. Cell i is computed alone, from the plan and i.
 *
 * Grid: mixed-radix digits of i, the last axis the lowest digit. Random: the values of cell i are uniforms
 * of stream (seed, i, SWEEP_VALUES), one for each axis in order. Latin hypercube (McKay, Beckman & Conover
 * 1979, Technometrics 21(2), section 2): each axis is cut into as many strata of equal share as there are
 * cells; cell i lies in stratum p(i) at a uniform place, p a permutation drawn for each axis by Fisher and
 * Yates from stream (seed, axis, SWEEP_STRATA). Cost of a cell O(axes); a Latin hypercube keeps 4 bytes for
 * each cell and axis, made once in O(cells), the others keep nothing.
 */
import { SWEEP_STRATA, SWEEP_VALUES } from '../rng/names.js';
import { WordStream } from '../rng/words.js';
import { valueAt, type AxisRange } from './axis.js';

export type SweepDesignName = 'grid' | 'random' | 'latin-hypercube';

/** An axis of a checked sweep: values in order (always so on a grid), or a range to draw from. */
export interface SweepAxisPlan {
  /** Dotted path into the spec; `seed` is the seed of the job. */
  readonly path: string;
  readonly values: readonly unknown[] | null;
  /** Null where there are values. */
  readonly range: AxisRange | null;
}

export interface SweepDesignPlan {
  readonly design: SweepDesignName;
  readonly axes: readonly SweepAxisPlan[];
  readonly cells: number;
  readonly seed: number;
}

/** Cells of a grid: the product of its axes' points. */
export function gridCells(axes: readonly SweepAxisPlan[]): number {
  return axes.reduce((product, { values }) => product * (values?.length ?? 0), 1);
}

export class SweepDesign {
  readonly #plan: SweepDesignPlan;
  readonly #stream = new WordStream();
  /** Of a Latin hypercube: the stratum of each cell, by axis; made when first asked for. */
  readonly #strata: Int32Array[] = [];

  constructor(plan: SweepDesignPlan) {
    this.#plan = plan;
  }

  /** The values of a cell 0..cells-1, one for each axis in order. */
  values(cell: number): unknown[] {
    const { axes, design } = this.#plan;
    if (design === 'grid') return this.points(cell).map((point, i) => axes[i].values![point]);
    this.#stream.key(this.#plan.seed, cell, SWEEP_VALUES);
    return axes.map(({ values, range }, axis) => {
      const u = this.#place(cell, axis, this.#stream.uniform());
      return range ? valueAt(range, u) : values![Math.floor(u * values!.length)];
    });
  }

  /** Of a grid: the number of the value on each axis. */
  points(cell: number): number[] {
    const { axes } = this.#plan;
    const points = new Array<number>(axes.length);
    let rest = cell;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const n = axes[axis].values!.length;
      points[axis] = rest % n;
      rest = Math.floor(rest / n);
    }
    return points;
  }

  /** In [0, 1): the draw itself, or its place inside the cell's stratum. */
  #place(cell: number, axis: number, u: number): number {
    const { cells, design } = this.#plan;
    if (design === 'random') return u;
    this.#strata[axis] ??= drawStrata(this.#plan.seed, axis, cells);
    const place = (this.#strata[axis][cell] + u) / cells;
    return place < 1 ? place : 1 - 1.1102230246251565e-16;
  }
}

function drawStrata(seed: number, axis: number, cells: number): Int32Array {
  const stream = new WordStream().key(seed, axis, SWEEP_STRATA);
  const strata = Int32Array.from({ length: cells }, (_, i) => i);
  for (let i = cells - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    const kept = strata[i];
    strata[i] = strata[j];
    strata[j] = kept;
  }
  return strata;
}
