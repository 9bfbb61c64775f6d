/** What the jobs of a sweep ask: from the plan and a cell's number alone, whatever came before. */
import { SweepDesign } from '../../core/sweep/design.js';
import { repeatSeed } from '../../core/sweep/seeds.js';
import { SEED_AXIS, specWith, stepsOf } from '../../core/sweep/spec-values.js';
import type { SweepPlan } from '../../contract/sweep.js';

export interface Cell {
  /** One for each axis. */
  readonly values: readonly unknown[];
  readonly spec: unknown;
  seedOf(repeat: number): number;
}

export class Cells {
  readonly #plan: SweepPlan;
  readonly #design: SweepDesign;
  readonly #steps;
  readonly #seedAxis: number;

  constructor(plan: SweepPlan) {
    this.#plan = plan;
    this.#design = new SweepDesign(plan);
    const paths = plan.axes.map(({ path }) => path);
    this.#steps = stepsOf(paths);
    this.#seedAxis = paths.indexOf(SEED_AXIS);
  }

  at(cell: number): Cell {
    const { spec, seed, commonRandomNumbers } = this.#plan;
    const values = this.#design.values(cell);
    const base = this.#seedAxis < 0 ? seed : (values[this.#seedAxis] as number);
    return {
      values,
      spec: specWith(spec, this.#steps, values),
      seedOf: (repeat) => repeatSeed(base, cell, repeat, commonRandomNumbers),
    };
  }
}
