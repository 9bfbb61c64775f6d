/**
 * Chunks that wait for a node: higher priority first, and inside one priority the jobs take turns chunk by
 * chunk, so that a large job cannot starve a small one. Taking a chunk is O(1) while every waiting kind
 * has a free node.
 */

/** What the backlog must know of a chunk; `key` is unique among open chunks. */
export interface Waiting {
  readonly key: string;
  readonly jobId: string;
  readonly kind: string;
  readonly priority: number;
}

export interface Backlog {
  readonly size: number;
  push(chunk: Waiting): void;
  /** Before the other chunks of its job: work that was lost goes first. */
  pushFront(chunk: Waiting): void;
  /** The next chunk whose kind `canRun` accepts, or null. */
  take(canRun: (kind: string) => boolean): Waiting | null;
  dropJob(jobId: string): void;
  /** Removes one waiting chunk, which costs a walk over its job; false when it does not wait. */
  drop(chunk: Waiting): boolean;
}

interface JobQueue {
  readonly jobId: string;
  readonly kind: string;
  readonly priority: number;
  chunks: Waiting[];
  /** Chunks before this index are taken. */
  head: number;
}

export function createBacklog(): Backlog {
  const jobs = new Map<string, JobQueue>();
  /** Priorities that have waiting jobs, highest first; each lists its jobs in the order of their turns. */
  const bands: { readonly priority: number; readonly turns: JobQueue[] }[] = [];
  let size = 0;

  function queueOf({ jobId, kind, priority }: Waiting): JobQueue {
    const known = jobs.get(jobId);
    if (known) return known;
    const queue: JobQueue = { jobId, kind, priority, chunks: [], head: 0 };
    jobs.set(jobId, queue);
    let at = bands.findIndex((band) => band.priority <= priority);
    if (at < 0) at = bands.length;
    if (bands[at]?.priority !== priority) bands.splice(at, 0, { priority, turns: [] });
    bands[at]!.turns.push(queue);
    return queue;
  }

  function forget(queue: JobQueue): void {
    jobs.delete(queue.jobId);
    const at = bands.findIndex((band) => band.priority === queue.priority);
    const { turns } = bands[at]!;
    turns.splice(turns.indexOf(queue), 1);
    if (turns.length === 0) bands.splice(at, 1);
  }

  function takeFrom(turns: JobQueue[], canRun: (kind: string) => boolean): Waiting | null {
    const turn = turns.findIndex((queue) => canRun(queue.kind));
    if (turn < 0) return null;
    const queue = turns[turn]!;
    const chunk = queue.chunks[queue.head++]!;
    size--;
    if (queue.head === queue.chunks.length) forget(queue);
    else turns.push(...turns.splice(turn, 1));
    return chunk;
  }

  return {
    get size() {
      return size;
    },
    push(chunk) {
      queueOf(chunk).chunks.push(chunk);
      size++;
    },
    pushFront(chunk) {
      const queue = queueOf(chunk);
      if (queue.head > 0) queue.chunks[--queue.head] = chunk;
      else queue.chunks.unshift(chunk);
      size++;
    },
    take(canRun) {
      for (const { turns } of bands) {
        const chunk = takeFrom(turns, canRun);
        if (chunk) return chunk;
      }
      return null;
    },
    dropJob(jobId) {
      const queue = jobs.get(jobId);
      if (!queue) return;
      size -= queue.chunks.length - queue.head;
      forget(queue);
    },
    drop(chunk) {
      const queue = jobs.get(chunk.jobId);
      const at = queue ? queue.chunks.findIndex((c, i) => i >= queue.head && c.key === chunk.key) : -1;
      if (!queue || at < 0) return false;
      queue.chunks.splice(at, 1);
      size--;
      if (queue.head === queue.chunks.length) forget(queue);
      return true;
    },
  };
}
