/**
 * Walks by two bare threads of one process, as nothing but their kernel: for every line "units steps" it
 * answers "milliseconds digest". The threads take the next units from a shared counter, a few at a time, so
 * that neither waits for the other at the end.
 */
import { createInterface } from 'node:readline';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { digestTables } from '../../../src/wire/digest.js';
import { type Columns, walk } from './kernel.js';
import walkKind from './kinds/walk/index.js';

const THREADS = 2;
const MAX_UNITS = 1_000_000;

interface Work {
  readonly seed: number;
  readonly units: number;
  readonly steps: number;
  readonly columns: Columns;
  readonly next: Int32Array;
}

function compute({ seed, units, steps, columns, next }: Work): void {
  const share = Math.max(1, Math.floor(units / 200));
  const never = (): boolean => false;
  for (let from = Atomics.add(next, 0, share); from < units; from = Atomics.add(next, 0, share)) {
    const to = Math.min(units, from + share);
    for (let unit = from; unit < to; unit++) walk(seed, unit, steps, columns, unit, never);
  }
}

if (isMainThread) {
  const workers = Array.from({ length: THREADS }, () => new Worker(new URL(import.meta.url), { workerData }));
  const shared = (): Float64Array => new Float64Array(new SharedArrayBuffer(8 * MAX_UNITS));
  const all: Columns = [shared(), shared(), shared(), shared()];
  for await (const line of createInterface({ input: process.stdin })) {
    const [seed, units, steps] = line.split(' ').map(Number) as [number, number, number];
    const columns = all.map((column) => column.subarray(0, units)) as unknown as Columns;
    const work: Work = { seed, units, steps, columns, next: new Int32Array(new SharedArrayBuffer(4)) };
    const start = performance.now();
    await Promise.all(
      workers.map((worker) => {
        const done = new Promise((resolve) => worker.once('message', resolve));
        worker.postMessage(work);
        return done;
      }),
    );
    const ms = performance.now() - start;
    const own = columns.map((column) => column.slice()) as unknown as Columns;
    const digest = digestTables(walkKind.tables, [{ name: 'walks', rows: units, columns: own }]);
    process.stdout.write(`${ms} ${digest}\n`);
  }
  process.exit(0);
} else {
  parentPort!.on('message', (work: Work) => {
    compute(work);
    parentPort!.postMessage(0);
  });
}
