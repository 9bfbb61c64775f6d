/** Rows of whole paths: those that a job keeps, and the few that a picture shows. */
import type { Table } from '../../contract/columns.js';
import { exp } from '../../core/math/exp.js';
import type { Process } from '../../core/price/processes/process.js';
import { SimdNormals } from '../../core/price/simd/normals.js';
import { PICTURE } from '../../core/rng/names.js';
import { SAMPLE_PATHS, SAMPLE_STEPS, sampleTimes } from './layout.js';
import { openProcess } from './models/open.js';
import { sourceOf } from './sampler.js';
import type { PathsSpec } from './spec.js';

/** Columns path, series, timeYr, price of so many paths at every fixing that `times` names. */
export class PathRows {
  private readonly process: Process;
  private readonly horizonYr: number;
  private readonly times: readonly number[];
  private rows = 0;
  private readonly path: Int32Array;
  private readonly series: Int32Array;
  private readonly timeYr: Float64Array;
  private readonly price: Float64Array;

  constructor(spec: PathsSpec, process: Process, paths: number, times?: readonly number[]) {
    this.process = process;
    this.horizonYr = spec.horizonYr;
    this.times = times ?? (paths > 0 ? Array.from({ length: process.steps + 1 }, (_, j) => j) : []);
    const rows = paths * process.start.length * this.times.length;
    this.path = new Int32Array(rows);
    this.series = new Int32Array(rows);
    this.timeYr = new Float64Array(rows);
    this.price = new Float64Array(rows);
  }

  /** Takes `count` paths from `first` on as Process.walk wrote them. */
  add(states: Float64Array, first: number, count: number): void {
    const { process, times, horizonYr } = this;
    const { steps, start, scale } = process;
    for (let path = 0; path < count; path++) {
      for (let s = 0; s < start.length; s++) {
        const from = (path * start.length + s) * (steps + 1);
        for (const step of times) {
          const state = states[from + step]!;
          this.path[this.rows] = first + path;
          this.series[this.rows] = s;
          this.timeYr[this.rows] = (horizonYr * step) / steps;
          this.price[this.rows] = scale === 'log' ? start[s]! * exp(state) : state;
          this.rows++;
        }
      }
    }
  }

  table(name: string): Table {
    return { name, rows: this.rows, columns: [this.path, this.series, this.timeYr, this.price] };
  }
}

/**
 * The first paths of a stepped job, thinned; of an exact one paths of 200 steps with normals of their own,
 * which no number of the result depends on. Empty but for the first chunk.
 */
export function samplePaths(spec: PathsSpec, seed: number, isFirst: boolean): Table {
  const isExact = spec.sampling === 'exact';
  const count = isFirst ? Math.min(SAMPLE_PATHS, spec.paths) : 0;
  const process = openProcess(spec.model, spec.horizonYr, isExact ? SAMPLE_STEPS : spec.steps);
  const rows = new PathRows(spec, process, count, isFirst ? sampleTimes(spec.sampling, spec.steps) : []);
  const { factors, steps, start } = process;
  const normals = new Float64Array(factors * steps);
  const states = new Float64Array(start.length * (steps + 1));
  const source = isExact ? new SimdNormals(seed, 'f64', PICTURE) : sourceOf(spec, seed);
  for (let path = 0; path < count; path++) {
    source.fill(path, 1, factors * steps, normals);
    process.walk(normals, 1, states);
    rows.add(states, path, 1);
  }
  return rows.table('samplePaths');
}
