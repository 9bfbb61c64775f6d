/** Bench cases of random numbers and price paths: normals, and geometric Brownian motion in both ways. */
import { emptyMoments, momentsOf } from '../../src/core/price/moments.js';
import { SeriesStats, statsOfLogs } from '../../src/core/price/path-stats.js';
import { gbm } from '../../src/core/price/processes/brownian.js';
import { PRICE } from '../../src/core/rng/names.js';
import { Stream } from '../../src/core/rng/stream.js';
import type { BenchCase } from './cases.js';
import { gbmColumns, SimdGbm } from '../../src/core/price/simd/gbm.js';
import { type Precision, SimdNormals } from '../../src/core/price/simd/normals.js';

const SEED = 1;
const STEPS = 252;
export const BLOCK_PATHS = 2_048;
const law = { s0: 1, driftPerYr: 0.05, sigmaPerSqrtYr: 0.2 };

/** Hex of the bits of some numbers: exact, so that a changed last bit shows. */
export function digest(...values: number[]): string {
  return [...new BigUint64Array(Float64Array.from(values).buffer)].map((bits) => bits.toString(16)).join('-');
}

/** Blocks of paths; the digest holds the sums over all blocks of both means. */
function blocks(
  paths: number,
  perPath: number,
  block: (normals: Float64Array, out: SeriesStats) => void,
): string {
  const source = new SimdNormals(SEED);
  const normals = new Float64Array(BLOCK_PATHS * perPath);
  const out = new SeriesStats(BLOCK_PATHS);
  const moments = emptyMoments();
  let terminals = 0;
  let maxima = 0;
  for (let first = 0; first < paths; first += BLOCK_PATHS) {
    source.fill(first, BLOCK_PATHS, perPath, normals);
    block(normals, out);
    momentsOf(out.terminal, BLOCK_PATHS, moments);
    terminals += moments.mean;
    momentsOf(out.maximum, BLOCK_PATHS, moments);
    maxima += moments.mean;
  }
  return digest(terminals, maxima);
}

/** The batch kernels in one precision. */
function simdCases(precision: Precision): BenchCase[] {
  const steps = { driftPerStep: 0.03 / STEPS, sdPerStep: 0.2 / Math.sqrt(STEPS), steps: STEPS };
  const sums = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  return [
    {
      name: `simd-normals-${precision}`,
      unit: 'normals',
      sizes: { smoke: 8_192, full: 4_194_304 },
      setup(size) {
        const out = new Float64Array(8_192);
        const source = new SimdNormals(SEED, precision);
        return {
          count: size,
          run() {
            let sum = 0;
            for (let done = 0; done < size; done += out.length) {
              source.fill(done / 256, out.length / 256, 256, out);
              sum += out[0]! + out[out.length - 1]!;
            }
            return digest(sum);
          },
        };
      },
    },
    {
      name: `simd-gbm-sums-${precision}`,
      unit: 'steps',
      sizes: { smoke: BLOCK_PATHS, full: 10 * BLOCK_PATHS },
      setup(size) {
        const columns = gbmColumns(size);
        const sampler = new SimdGbm(SEED, precision);
        return {
          count: size * STEPS,
          run() {
            sampler.reduce(steps, 'sums', 0, size, columns);
            return digest(...Object.values(columns).map(sums));
          },
        };
      },
    },
    {
      name: `simd-gbm-paths-${precision}`,
      unit: 'steps',
      sizes: { smoke: 64, full: 5 * BLOCK_PATHS },
      setup(size) {
        const out = new Float64Array(size * STEPS);
        const sampler = new SimdGbm(SEED, precision);
        return {
          count: size * STEPS,
          run() {
            sampler.paths(steps, 100, 0, size, out);
            return digest(sums(out));
          },
        };
      },
    },
  ];
}

export const pathsCases: readonly BenchCase[] = [
  {
    name: 'rng-normals',
    unit: 'normals',
    sizes: { smoke: 8_192, full: 16_777_216 },
    setup(size) {
      const out = new Float64Array(4_096);
      const stream = new Stream();
      return {
        count: size,
        run() {
          stream.key(SEED, 0, PRICE);
          let sum = 0;
          for (let done = 0; done < size; done += out.length) {
            stream.fillNormals(out, out.length);
            sum += out[0]! + out[out.length - 1]!;
          }
          return digest(sum);
        },
      };
    },
  },
  {
    name: 'gbm-exact',
    unit: 'paths',
    sizes: { smoke: 2 * BLOCK_PATHS, full: 500 * BLOCK_PATHS },
    setup(size) {
      const { exact } = gbm(law, 1, 1);
      return {
        count: size,
        run: () =>
          blocks(size, exact!.normals, (normals, out) => exact!.sample(normals, BLOCK_PATHS, 0, [out])),
      };
    },
  },
  {
    name: 'gbm-stepped',
    unit: 'steps',
    sizes: { smoke: BLOCK_PATHS, full: 40 * BLOCK_PATHS },
    setup(size) {
      const process = gbm(law, 1, STEPS);
      const states = new Float64Array(BLOCK_PATHS * (STEPS + 1));
      return {
        count: size * STEPS,
        run: () =>
          blocks(size, STEPS, (normals, out) => {
            process.walk(normals, BLOCK_PATHS, states);
            statsOfLogs(states, BLOCK_PATHS, STEPS, 1, 0, out);
          }),
      };
    },
  },
  ...(['f64', 'f32-draws'] as const).flatMap(simdCases),
];
