/** Runs units of price paths, block by block, each to moments, sums and counts whose size does not grow. */
import type { Table } from '../../contract/columns.js';
import type { ChunkTask } from '../../contract/kind.js';
import { CONTROL_PROGRESS } from '../../core/control.js';
import { log } from '../../core/math/log.js';
import { emptyPairs, mergePairs, pairMomentsOf, type PairMoments } from '../../core/price/control-variate.js';
import { addToHistogram, BINS } from '../../core/price/histogram.js';
import { emptyMoments, mergeMoments, momentsOf, type Moments } from '../../core/price/moments.js';
import type { TerminalLaw } from '../../core/price/processes/process.js';
import { Estimator } from './estimates.js';
import { BLOCK_PATHS, estimandsOf, layoutOf, quantitiesOf, type Quantity } from './layout.js';
import { PathRows, samplePaths } from './path-rows.js';
import { openSampler, type BlockSampler } from './sampler.js';
import type { PathsSpec } from './spec.js';
import { COUNTS_PARTIAL, MOMENTS_PARTIAL, SUMS_PARTIAL } from './tables.js';

/** Units from..to-1; null when told to stop. */
export function run({ spec, seed, from, to, control }: ChunkTask<PathsSpec>): Table[] | null {
  const { paths, unitPaths } = layoutOf(spec);
  const blockPaths = Math.min(BLOCK_PATHS, unitPaths);
  const sampler = openSampler(spec, seed);
  const end = Math.min(paths, to * unitPaths);
  const first = from * unitPaths;
  const rows = new PathRows(spec, sampler.process, spec.wholePaths ? end - first : 0);
  const keep = spec.wholePaths ? rows.add.bind(rows) : null;
  const units = new UnitRows(spec, sampler, to - from);
  for (let block = first; block < end; block += blockPaths) {
    const count = Math.min(blockPaths, end - block);
    if (!sampler.draw(block, count, control, keep)) return null;
    units.add(count);
    if ((block - first + blockPaths) % unitPaths === 0 || block + count === end) units.close();
    Atomics.store(control, CONTROL_PROGRESS, Math.floor(((block + count - first) / (end - first)) * 10_000));
  }
  return [...units.tables(), samplePaths(spec, seed, from === 0), rows.table('paths')];
}

const NO_CONTROL = new Float64Array(BLOCK_PATHS);

/** Sums of one unit at a time, and the rows of those that are done. */
class UnitRows {
  private readonly spec: PathsSpec;
  private readonly sampler: BlockSampler;
  private readonly quantities: readonly Quantity[];
  private readonly estimators: readonly Estimator[];
  private readonly laws: readonly TerminalLaw[];
  /** By (series, quantity). */
  private readonly moments: Moments[];
  /** By (series, quantity), then by estimate: means over observations, which are pairs where paths are. */
  private readonly sums: PairMoments[];
  private readonly counts: Uint32Array;
  private readonly momentRows: Float64Array[];
  private readonly sumRows: Float64Array[];
  private unit = 0;
  private readonly values = new Float64Array(BLOCK_PATHS);
  private readonly scratch = emptyMoments();
  private readonly scratchSums = emptyPairs();

  constructor(spec: PathsSpec, sampler: BlockSampler, units: number) {
    const { process } = sampler;
    this.spec = spec;
    this.sampler = sampler;
    this.laws = process.laws;
    this.quantities = quantitiesOf(spec, process);
    this.estimators = estimandsOf(spec).map((one) => new Estimator(spec, process, one, BLOCK_PATHS));
    const measured = process.start.length * this.quantities.length;
    this.moments = Array.from({ length: measured }, emptyMoments);
    this.sums = Array.from({ length: measured + this.estimators.length }, emptyPairs);
    this.counts = new Uint32Array(units * process.start.length * BINS);
    this.momentRows = Array.from({ length: 7 }, () => new Float64Array(units * measured));
    this.sumRows = Array.from({ length: 6 }, () => new Float64Array(units * this.sums.length));
  }

  /** Adds the block that the sampler holds. */
  add(count: number): void {
    const { stats, greeks } = this.sampler;
    let at = 0;
    stats.forEach((one, series) => {
      this.addCounts(one.terminal, count, series);
      for (const quantity of this.quantities) {
        momentsOf(one[quantity], count, this.scratch);
        mergeMoments(this.moments[at]!, this.scratch);
        this.addMean(this.sums[at]!, one[quantity], count);
        at++;
      }
    });
    const last = stats.at(-1)!;
    for (const estimator of this.estimators) {
      estimator.values(last, greeks, count, this.values);
      this.addSums(this.sums[at]!, estimator.controls(last, count), count);
      at++;
    }
  }

  /** Adds what `scratch` holds of a quantity, or the means of its pairs. */
  private addMean(to: PairMoments, quantity: Float64Array, count: number): void {
    if (this.spec.antithetic) {
      this.values.set(quantity);
      this.addSums(to, null, count);
      return;
    }
    const { mean, m2 } = this.scratch;
    mergePairs(to, { count, meanY: mean, meanX: 0, m2Y: m2, m2X: 0, mXY: 0 });
  }

  /** Adds `values` and their controls as observations. */
  private addSums(to: PairMoments, controls: Float64Array | null, count: number): void {
    const { antithetic } = this.spec;
    if (antithetic) {
      pairUp(this.values, count);
      if (controls !== null) pairUp(controls, count);
    }
    pairMomentsOf(this.values, controls ?? NO_CONTROL, antithetic ? count / 2 : count, this.scratchSums);
    mergePairs(to, this.scratchSums);
  }

  private addCounts(terminal: Float64Array, count: number, series: number): void {
    const { process } = this.sampler;
    const { stateMean, stateSd } = this.laws[series]!;
    const { values } = this;
    if (process.scale === 'log') {
      const start = process.start[series]!;
      for (let i = 0; i < count; i++) values[i] = log(terminal[i]! / start);
    } else for (let i = 0; i < count; i++) values[i] = terminal[i]!;
    const from = (this.unit * this.laws.length + series) * BINS;
    addToHistogram(values, count, stateMean, stateSd || 1, this.counts.subarray(from, from + BINS));
  }

  /** Writes the rows of the unit and begins the next one. */
  close(): void {
    this.moments.forEach((m, i) => {
      const row = this.unit * this.moments.length + i;
      [m.count, m.mean, m.m2, m.m3, m.m4, m.min, m.max].forEach((x, c) => (this.momentRows[c]![row] = x));
      Object.assign(m, emptyMoments());
    });
    this.sums.forEach((s, i) => {
      const row = this.unit * this.sums.length + i;
      [s.count, s.meanY, s.meanX, s.m2Y, s.m2X, s.mXY].forEach((x, c) => (this.sumRows[c]![row] = x));
      Object.assign(s, emptyPairs());
    });
    this.unit++;
  }

  tables(): Table[] {
    const { momentRows, sumRows, counts } = this;
    return [
      { name: MOMENTS_PARTIAL, rows: momentRows[0]!.length, columns: momentRows },
      { name: SUMS_PARTIAL, rows: sumRows[0]!.length, columns: sumRows },
      { name: COUNTS_PARTIAL, rows: counts.length, columns: [counts] },
    ];
  }
}

/** Replaces pairs by their means. */
function pairUp(values: Float64Array, count: number): void {
  for (let i = 0; i < count / 2; i++) values[i] = 0.5 * (values[2 * i]! + values[2 * i + 1]!);
}
