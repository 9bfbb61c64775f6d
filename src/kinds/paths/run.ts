/** Runs blocks of price paths: each block from its own stream to one row of moments and its histogram. */
import type { Table } from '../../contract/columns.js';
import type { ChunkTask } from '../../contract/kind.js';
import { CONTROL_CANCEL, CONTROL_PROGRESS } from '../../core/control.js';
import { exp } from '../../core/math/exp.js';
import {
  BLOCK_PATHS,
  gbmBridge,
  gbmExact,
  gbmPath,
  gbmStepped,
  logMean,
  logSd,
} from '../../core/price/gbm.js';
import { addToHistogram, BINS, binEdge } from '../../core/price/log-histogram.js';
import { emptyMoments, momentsOf, type Moments } from '../../core/price/moments.js';
import { PICTURE, PRICE } from '../../core/rng/names.js';
import { Stream } from '../../core/rng/stream.js';
import type { PathsSpec } from './spec.js';
import { MOMENT_COLUMNS, QUANTITIES, SAMPLE_PATHS, sampleTimes } from './tables.js';

/** Blocks from..to-1; null when told to stop. */
export function run({ spec, seed, from, to, control }: ChunkTask<PathsSpec>): Table[] | null {
  const blocks = new BlockRows(to - from);
  const histogram = new HistogramRows(to - from);
  const logTerminal = new Float64Array(BLOCK_PATHS);
  const logMaximum = new Float64Array(BLOCK_PATHS);
  const stream = new Stream();
  for (let block = from; block < to; block++) {
    if (Atomics.load(control, CONTROL_CANCEL) !== 0) return null;
    const count = Math.min(BLOCK_PATHS, spec.paths - block * BLOCK_PATHS);
    stream.key(seed, block, PRICE);
    if (spec.sampling === 'exact') gbmExact(stream, spec, count, logTerminal, logMaximum);
    else if (!gbmStepped(stream, spec, spec.steps, count, logTerminal, logMaximum, control)) return null;
    blocks.add(block, count, spec.s0, logTerminal, logMaximum);
    histogram.add(block, count, spec, logTerminal);
    Atomics.store(control, CONTROL_PROGRESS, Math.floor(((block + 1 - from) / (to - from)) * 10_000));
  }
  return [blocks.table(), histogram.table(), samplePaths(spec, seed, from === 0)];
}

/** One row a block: the moments of terminal price and maximum. */
class BlockRows {
  private rows = 0;
  private readonly block: Int32Array;
  private readonly paths: Int32Array;
  private readonly moments: Float64Array[];
  private readonly prices = new Float64Array(BLOCK_PATHS);
  private readonly scratch = emptyMoments();

  constructor(capacity: number) {
    this.block = new Int32Array(capacity);
    this.paths = new Int32Array(capacity);
    this.moments = QUANTITIES.flatMap(() => MOMENT_COLUMNS.map(() => new Float64Array(capacity)));
  }

  add(block: number, count: number, s0: number, logTerminal: Float64Array, logMaximum: Float64Array): void {
    this.block[this.rows] = block;
    this.paths[this.rows] = count;
    [logTerminal, logMaximum].forEach((logs, quantity) => {
      for (let i = 0; i < count; i++) this.prices[i] = s0 * exp(logs[i]!);
      momentsOf(this.prices, count, this.scratch);
      this.write(quantity, this.scratch);
    });
    this.rows++;
  }

  private write(quantity: number, { mean, m2, m3, m4, min, max }: Moments): void {
    const at = quantity * MOMENT_COLUMNS.length;
    [mean, m2, m3, m4, min, max].forEach((value, i) => (this.moments[at + i]![this.rows] = value));
  }

  table(): Table {
    return { name: 'blocks', rows: this.rows, columns: [this.block, this.paths, ...this.moments] };
  }
}

/** One row for every bin of a block that is not empty. */
class HistogramRows {
  private rows = 0;
  private readonly block: Int32Array;
  private readonly bin: Int32Array;
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private readonly paths: Int32Array;
  private readonly counts = new Int32Array(BINS);

  constructor(blocks: number) {
    this.block = new Int32Array(blocks * BINS);
    this.bin = new Int32Array(blocks * BINS);
    this.low = new Float64Array(blocks * BINS);
    this.high = new Float64Array(blocks * BINS);
    this.paths = new Int32Array(blocks * BINS);
  }

  add(block: number, count: number, spec: PathsSpec, logTerminal: Float64Array): void {
    const mean = logMean(spec);
    const sd = logSd(spec);
    this.counts.fill(0);
    addToHistogram(logTerminal, count, mean, sd, this.counts);
    for (let bin = 0; bin < BINS; bin++) {
      if (this.counts[bin] === 0) continue;
      this.block[this.rows] = block;
      this.bin[this.rows] = bin;
      this.low[this.rows] = spec.s0 * exp(binEdge(bin, mean, sd));
      this.high[this.rows] = spec.s0 * exp(binEdge(bin + 1, mean, sd));
      this.paths[this.rows] = this.counts[bin]!;
      this.rows++;
    }
  }

  table(): Table {
    const columns = [this.block, this.bin, this.low, this.high, this.paths];
    return { name: 'terminalHistogram', rows: this.rows, columns: columns.map((c) => c.slice(0, this.rows)) };
  }
}

/**
 * The first paths of the first block, for the picture. Stepped paths are drawn once more from the block's
 * stream, thinned; exact ones are bridges to their terminal price, drawn from a stream of their own. Empty
 * for every other block.
 */
function samplePaths(spec: PathsSpec, seed: number, isFirst: boolean): Table {
  const times = isFirst ? sampleTimes(spec.sampling, spec.steps) : [];
  const count = Math.min(SAMPLE_PATHS, spec.paths);
  const rows = count * times.length;
  const path = new Int32Array(rows);
  const time = new Float64Array(rows);
  const price = new Float64Array(rows);
  const steps = times.at(-1) ?? 0;
  const logs = new Float64Array(steps + 1);
  const draw = isFirst ? pathDrawer(spec, seed, count) : null;
  let row = 0;
  for (let p = 0; draw && p < count; p++) {
    draw(p, steps, logs);
    for (const step of times) {
      path[row] = p;
      time[row] = (spec.horizonYr * step) / steps;
      price[row] = spec.s0 * exp(logs[step]!);
      row++;
    }
  }
  return { name: 'samplePaths', rows, columns: [path, time, price] };
}

type PathDrawer = (path: number, steps: number, logs: Float64Array) => void;

function pathDrawer(spec: PathsSpec, seed: number, count: number): PathDrawer {
  const stream = new Stream(seed, 0, PRICE);
  if (spec.sampling === 'stepped') return (_path, steps, logs) => gbmPath(stream, spec, steps, logs);
  const terminal = new Float64Array(count);
  gbmExact(stream, spec, count, terminal, new Float64Array(count));
  stream.key(seed, 0, PICTURE);
  return (path, steps, logs) => gbmBridge(stream, spec, terminal[path]!, steps, logs);
}
