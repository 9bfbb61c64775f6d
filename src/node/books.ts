/** Watched runs: each is drawn again in a thread of its own, so that no other one waits for a viewer. */
import { Worker } from 'node:worker_threads';
import type { BookFrame } from '../contract/kind.js';
import type { Books } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { CONTROL_SLOTS, SLOT_CANCEL } from './thread-task.js';
import type { BookThreadData } from './book-thread.js';
import { built } from './built.js';

/** Megabytes of V8's heap that a watched run may have; its book is outside of it, and small. */
const HEAP_MB = 128;

/** `max` runs at once. */
export function createBooks(max: number): Books {
  const open = new Set<() => void>();
  return {
    watch(request, listener) {
      if (open.size >= max) {
        throw new MmsError('E_BUSY', `${max} books are watched, which is the limit of this service.`);
      }
      const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SLOTS));
      const module = built(`../kinds/${request.kind}/watch.js`, import.meta.url).href;
      const workerData: BookThreadData = { ...request, module, control };
      const thread = new Worker(built('./book-thread.js', import.meta.url), {
        workerData,
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      });
      const stop = (): void => {
        if (!open.delete(stop)) return;
        Atomics.store(control, SLOT_CANCEL, 1);
        Atomics.notify(control, SLOT_CANCEL);
        void thread.terminate();
      };
      open.add(stop);
      const end = (fault: string | null): void => {
        if (!open.delete(stop)) return;
        listener.end(fault);
      };
      thread.on('message', (frame: BookFrame) => open.has(stop) && listener.frame(frame));
      thread.once('error', (error: Error) => end(error.message));
      thread.once('exit', () => end(null));
      return stop;
    },
    isFull: () => open.size >= max,
    close() {
      for (const stop of open) stop();
    },
  };
}
