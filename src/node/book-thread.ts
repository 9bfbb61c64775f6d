/** The thread of one watched run: draws it, and holds each frame back until its time has come. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BookRequest } from '../contract/ports.js';
import type { Watch } from '../contract/kind.js';
import { SLOT_CANCEL } from './thread-task.js';

/** What books.ts gives the thread; `module` is the address of the kind's watch.js. */
export interface BookThreadData extends BookRequest {
  readonly module: string;
  readonly control: Int32Array;
}

const { module, control, kind: _, spec, seed, speed, framesPerS, levels } = workerData as BookThreadData;
const { watch } = (await import(module)) as { watch: Watch };
const gapMs = 1000 / framesPerS;
let dueMs = performance.now();

watch(
  { spec, seed, from: 0, to: 1, inputs: {}, control },
  {
    intervalNs: Math.round((speed / framesPerS) * 1e9),
    levels,
    show(frame) {
      // A run that is slower than its pace does not hurry afterwards: a frame is never sooner than the gap.
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) Atomics.wait(control, SLOT_CANCEL, 0, waitMs);
      dueMs = Math.max(dueMs, performance.now()) + gapMs;
      if (Atomics.load(control, SLOT_CANCEL) === 0) parentPort!.postMessage(frame);
    },
  },
);
