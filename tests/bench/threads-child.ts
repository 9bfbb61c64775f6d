/**
 * One thread and two on the same work, whenever a line comes in: answers "nanoseconds of wall time a step
 * with one thread, with two, digest". The work is geometric Brownian motion with single draws in blocks of
 * 2,048 paths, reduced to a sum a block; the sums must not depend on the number of threads.
 */
import { createInterface } from 'node:readline';
import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { gbmColumns, type GbmSteps, SimdGbm } from '../../src/core/price/simd/gbm.js';
import { BLOCK_PATHS, digest } from './paths-cases.js';

const STEPS = 252;
const BLOCKS = 196;
const steps: GbmSteps = { driftPerStep: 0.03 / STEPS, sdPerStep: 0.2 / Math.sqrt(STEPS), steps: STEPS };

/** Blocks first, first + by, ...: the sums of terminal and maximum of each into `sums`. */
interface Share {
  readonly first: number;
  readonly by: number;
}

function serve(port: MessagePort, sums: Float64Array): void {
  const columns = gbmColumns(BLOCK_PATHS);
  const sampler = new SimdGbm(1, 'f32-draws');
  port.on('message', ({ first, by }: Share) => {
    for (let block = first; block < BLOCKS; block += by) {
      sampler.reduce(steps, 'maximum', block * BLOCK_PATHS, BLOCK_PATHS, columns);
      let sum = 0;
      for (let i = 0; i < BLOCK_PATHS; i++) sum += columns.terminal[i]! + columns.maximum[i]!;
      sums[block] = sum;
    }
    port.postMessage(0);
  });
}

/** The wall time of the whole work by some of the threads, and the hash of its sums. */
async function timed(workers: readonly Worker[], sums: Float64Array): Promise<[ns: number, digest: string]> {
  sums.fill(0);
  const start = process.hrtime.bigint();
  await Promise.all(
    workers.map((worker, first) => {
      const done = new Promise((resolve) => worker.once('message', resolve));
      worker.postMessage({ first, by: workers.length } satisfies Share);
      return done;
    }),
  );
  const ns = Number(process.hrtime.bigint() - start);
  return [ns / (BLOCKS * BLOCK_PATHS * STEPS), digest(...sums)];
}

if (isMainThread) {
  const sums = new Float64Array(new SharedArrayBuffer(8 * BLOCKS));
  const workers = [0, 1].map(() => new Worker(new URL(import.meta.url), { workerData: sums }));
  for await (const _line of createInterface({ input: process.stdin })) {
    const [one, digest] = await timed(workers.slice(0, 1), sums);
    const [two, other] = await timed(workers, sums);
    if (digest !== other) throw new Error(`one thread gives ${digest}, two give ${other}`);
    process.stdout.write(`${one} ${two} ${digest}\n`);
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
} else {
  serve(parentPort!, workerData as Float64Array);
}
