/** Bench cases of random numbers and price paths: normals, and geometric Brownian motion in both ways. */
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { BLOCK_PATHS, gbmExact, gbmStepped } from '../../src/core/price/gbm.js';
import { emptyMoments, momentsOf } from '../../src/core/price/moments.js';
import { PRICE } from '../../src/core/rng/names.js';
import { Stream } from '../../src/core/rng/stream.js';
import type { BenchCase } from './cases.js';

const SEED = 1;
const STEPS = 252;
const law = { driftPerYr: 0.05, sigmaPerSqrtYr: 0.2, horizonYr: 1 };

/** Hex of the bits of some numbers: exact, so that a changed last bit shows. */
function digest(...values: number[]): string {
  return [...new BigUint64Array(Float64Array.from(values).buffer)].map((bits) => bits.toString(16)).join('-');
}

/** Blocks of paths, each from its own stream; the digest holds the sums over all blocks of both means. */
function blocks(
  paths: number,
  block: (stream: Stream, terminal: Float64Array, maximum: Float64Array) => void,
): string {
  const stream = new Stream();
  const terminal = new Float64Array(BLOCK_PATHS);
  const maximum = new Float64Array(BLOCK_PATHS);
  const moments = emptyMoments();
  let terminals = 0;
  let maxima = 0;
  for (let i = 0; i < paths / BLOCK_PATHS; i++) {
    block(stream.key(SEED, i, PRICE), terminal, maximum);
    momentsOf(terminal, BLOCK_PATHS, moments);
    terminals += moments.mean;
    momentsOf(maximum, BLOCK_PATHS, moments);
    maxima += moments.mean;
  }
  return digest(terminals, maxima);
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
    setup: (size) => ({
      count: size,
      run: () =>
        blocks(size, (stream, terminal, maximum) => gbmExact(stream, law, BLOCK_PATHS, terminal, maximum)),
    }),
  },
  {
    name: 'gbm-stepped',
    unit: 'steps',
    sizes: { smoke: BLOCK_PATHS, full: 40 * BLOCK_PATHS },
    setup(size) {
      const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SLOTS));
      return {
        count: size * STEPS,
        run: () =>
          blocks(size, (stream, terminal, maximum) =>
            gbmStepped(stream, law, STEPS, BLOCK_PATHS, terminal, maximum, control),
          ),
      };
    },
  },
];
