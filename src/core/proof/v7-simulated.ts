/**
 * The simulated half of V7: paths as kind `paths` draws them, their moments, and what options on them pay.
 */
import {
  controlledMean,
  emptyPairs,
  groupedMean,
  pairMomentsOf,
  type Controlled,
  type PairMoments,
} from '../price/control-variate.js';
import {
  emptyMoments,
  meanErrorOf,
  mergeMoments,
  momentsOf,
  sdErrorOf,
  sdOf,
  skewnessOf,
  type Moments,
} from '../price/moments.js';
import type { NormalSource } from '../price/normal-source.js';
import { pricesOfLogs, SeriesStats, statsOfLogs } from '../price/path-stats.js';
import { payoffValues, type Payoff } from '../price/payoffs.js';
import type { Process } from '../price/processes/process.js';
import { SimdNormals } from '../price/simd/normals.js';
import type { Bench } from './check.js';

/** Paths of a block; of Sobol points, a randomisation. */
export const BLOCK = 1_024;

/** Independent normals of an experiment, and the path number at which it begins. */
export function normalsOf(bench: Bench): readonly [NormalSource, firstPath: number] {
  return [new SimdNormals(bench.seed), bench.streamUnit(0)];
}

/** Moments of a quantity, block by block; errors of its shape come from the scatter of the blocks. */
export class LawSample {
  readonly all = emptyMoments();
  private readonly skewness: number[] = [];
  private readonly kurtosis: number[] = [];

  add(values: Float64Array): void {
    const block = emptyMoments();
    momentsOf(values, BLOCK, block);
    mergeMoments(this.all, block);
    this.skewness.push(skewnessOf(block));
    this.kurtosis.push(excessKurtosisOf(block));
  }

  /** Value and standard error of mean, standard deviation, skewness and excess kurtosis. */
  rows(): readonly (readonly [value: number, error: number])[] {
    const { all } = this;
    return [
      [all.mean, meanErrorOf(all)],
      [sdOf(all), sdErrorOf(all)],
      [skewnessOf(all), scatterOf(this.skewness)],
      [excessKurtosisOf(all), scatterOf(this.kurtosis)],
    ];
  }
}

function excessKurtosisOf(m: Moments): number {
  return (m.m4 * m.count) / (m.m2 * m.m2) - 3;
}

/** Standard error of the mean of a few numbers. */
function scatterOf(values: readonly number[]): number {
  const m = emptyMoments();
  momentsOf(Float64Array.from(values), values.length, m);
  return meanErrorOf(m);
}

/**
 * An option whose mean payoff is estimated, block by block, with the discounted `control` where there is
 * one.
 */
export class PayoffSample {
  private readonly payoff: Payoff;
  private readonly control: Payoff | 'terminal' | null;
  private readonly groups: PairMoments[] = [];
  private readonly y = new Float64Array(BLOCK);
  private readonly x = new Float64Array(BLOCK);

  constructor(payoff: Payoff, control: Payoff | 'terminal' | null = null) {
    this.payoff = payoff;
    this.control = control;
  }

  add(stats: SeriesStats, discount: number): void {
    payoffValues(this.payoff, stats, BLOCK, discount, this.y);
    if (this.control === 'terminal') this.x.set(stats.terminal);
    else if (this.control !== null) payoffValues(this.control, stats, BLOCK, discount, this.x);
    const group = emptyPairs();
    pairMomentsOf(this.y, this.x, BLOCK, group);
    this.groups.push(group);
  }

  plain(): Controlled {
    return groupedMean(this.groups);
  }

  controlled(expectedControl: number): Controlled {
    return controlledMean(this.groups, expectedControl);
  }

  /** Standard error that the mean would have if all paths were independent. */
  plainError(): number {
    let [squares, count] = [0, 0];
    for (const group of this.groups) {
      squares += group.m2Y;
      count += group.count;
    }
    return Math.sqrt(squares / count / count);
  }
}

/** Draws `blocks` blocks of paths and hands each over: what is kept of the paths, and ln(S_T / S_0). */
export function drawBlocks(
  bench: Bench,
  model: Process,
  [source, firstPath]: readonly [NormalSource, firstPath: number],
  how: 'exact' | 'stepped',
  blocks: number,
  take: (stats: SeriesStats, logs: Float64Array) => void,
): void {
  const { exact, steps, factors, start } = model;
  const perPath = how === 'exact' ? exact!.normals : steps * factors;
  const normals = new Float64Array(BLOCK * perPath);
  const states = new Float64Array(how === 'exact' ? 0 : BLOCK * (steps + 1));
  const stats = new SeriesStats(BLOCK);
  const logs = new Float64Array(BLOCK);
  for (let block = 0; block < blocks && !bench.stopped(); block++) {
    source.fill(firstPath + block * BLOCK, BLOCK, perPath, normals);
    if (how === 'exact') {
      exact!.sample(normals, BLOCK, 0, [stats]);
      logs.set(stats.terminal);
      for (const column of [stats.terminal, stats.maximum, stats.minimum]) {
        pricesOfLogs(column, 0, BLOCK, start[0]);
      }
    } else {
      model.walk(normals, BLOCK, states);
      statsOfLogs(states, BLOCK, steps, start[0], 0, stats);
      for (let i = 0; i < BLOCK; i++) logs[i] = states[i * (steps + 1) + steps];
    }
    take(stats, logs);
  }
}
