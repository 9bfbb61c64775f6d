/**
 * Runs one case of geometric Brownian motion, or normals, whenever a line comes in, and answers "nanoseconds
 * of processor time per unit, two means that other programs must find too, digest". Called as: node
 * paths-child.js maximum-f64|maximum-f32-draws|maximum-js|paths-f32-draws|exact|normals. Twins:
 * native-bench/paths.cpp, native-bench/quantlib.cpp, tests/bench/numpy/paths.py.
 */
import { createInterface } from 'node:readline';
import { exp } from '../../src/core/math/exp.js';
import { gbm } from '../../src/core/price/processes/brownian.js';
import { gbmColumns, type GbmSteps, SimdGbm } from '../../src/core/price/simd/gbm.js';
import { SimdNormals } from '../../src/core/price/simd/normals.js';
import { PRICE } from '../../src/core/rng/names.js';
import { Stream } from '../../src/core/rng/stream.js';
import { widenInlining } from '../../src/node/inlining.js';
import { BLOCK_PATHS, digest } from './paths-cases.js';

const SEED = 1;
const STEPS = 252;
const PATHS = 100_000;
const ROWS = 512;
const NORMALS = 16_777_216;
const law = { s0: 1, driftPerYr: 0.05, sigmaPerSqrtYr: 0.2 };
const steps: GbmSteps = { driftPerStep: 0.03 / STEPS, sdPerStep: 0.2 / Math.sqrt(STEPS), steps: STEPS };

/** What a pass found: units of work and the two means. */
type Found = [units: number, mean: number, other: number];

const columns = gbmColumns(BLOCK_PATHS);
const row = new Float64Array(STEPS);

/** Means of terminal price and maximum over blocks that write their logarithms to `columns`. */
function blocks(unitsPerPath: number, block: (index: number, count: number) => void): Found {
  let [terminal, maximum] = [0, 0];
  for (let index = 0; index * BLOCK_PATHS < PATHS; index++) {
    const count = Math.min(BLOCK_PATHS, PATHS - index * BLOCK_PATHS);
    block(index, count);
    let [blockTerminal, blockMaximum] = [0, 0];
    for (let i = 0; i < count; i++) {
      blockTerminal += exp(columns.terminal[i]!);
      blockMaximum += exp(columns.maximum[i]!);
    }
    terminal += blockTerminal;
    maximum += blockMaximum;
  }
  return [PATHS * unitsPerPath, (100 * terminal) / PATHS, (100 * maximum) / PATHS];
}

/** Steps in plain TypeScript, with the normals of the irregular consumers. */
function walkByZiggurat(stream: Stream, count: number): void {
  const { driftPerStep, sdPerStep } = steps;
  for (let path = 0; path < count; path++) {
    stream.fillNormals(row, STEPS);
    let y = 0;
    let maximum = 0;
    for (let j = 0; j < STEPS; j++) {
      y += driftPerStep + sdPerStep * row[j]!;
      if (y > maximum) maximum = y;
    }
    columns.terminal[path] = y;
    columns.maximum[path] = maximum;
  }
}

function maximumBy(sampler: SimdGbm): Found {
  return blocks(STEPS, (index, count) =>
    sampler.reduce(steps, 'maximum', index * BLOCK_PATHS, count, columns),
  );
}

/** Whole paths, ROWS at a time into the same memory; the means of the terminal and the half-way prices. */
function wholePaths(sampler: SimdGbm, out: Float64Array): Found {
  let [halfway, terminal] = [0, 0];
  for (let first = 0; first < PATHS; first += ROWS) {
    const count = Math.min(ROWS, PATHS - first);
    sampler.paths(steps, 100, first, count, out);
    for (let path = 0; path < count; path++) {
      halfway += out[path * STEPS + STEPS / 2 - 1]!;
      terminal += out[path * STEPS + STEPS - 1]!;
    }
  }
  return [PATHS * STEPS, terminal / PATHS, halfway / PATHS];
}

function prepare(name: string): () => Found {
  const stream = new Stream();
  const sampler = new SimdGbm(SEED, name.endsWith('f64') ? 'f64' : 'f32-draws');
  const rows = new Float64Array(ROWS * STEPS);
  const some = new Float64Array(4_096);
  const source = new SimdNormals(SEED);
  const few = new Float64Array(5 * BLOCK_PATHS);
  switch (name) {
    case 'maximum-f64':
    case 'maximum-f32-draws':
      return () => maximumBy(sampler);
    case 'maximum-js':
      return () =>
        blocks(STEPS, (index, count) => {
          walkByZiggurat(stream.key(SEED, index, PRICE), count);
        });
    case 'exact':
      return () =>
        blocks(1, (index, count) => {
          const { exact } = gbm(law, 1, 1);
          source.fill(index * BLOCK_PATHS, count, exact!.normals, few);
          exact!.sample(few, count, 0, [columns]);
        });
    case 'paths-f32-draws':
      return () => wholePaths(sampler, rows);
    case 'normals':
      return () => {
        stream.key(SEED, 0, PRICE);
        let [sum, squares] = [0, 0];
        for (let done = 0; done < NORMALS; done += some.length) {
          stream.fillNormals(some, some.length);
          for (let i = 0; i < some.length; i += 64) {
            sum += some[i]!;
            squares += some[i]! * some[i]!;
          }
        }
        return [NORMALS, (64 * sum) / NORMALS, (64 * squares) / NORMALS];
      };
    default:
      throw new Error(`${name}: expected a case that the head of this file names`);
  }
}

// As in the threads that compute.
widenInlining();
const run = prepare(process.argv[2]!);

for await (const _line of createInterface({ input: process.stdin })) {
  const start = process.cpuUsage();
  const [units, mean, other] = run();
  const { user, system } = process.cpuUsage(start);
  const ns = (1e3 * (user + system)) / units;
  process.stdout.write(`${ns} ${mean} ${other} ${digest(mean, other)}\n`);
}
