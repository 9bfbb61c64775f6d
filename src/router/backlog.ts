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
  /** Before the other chunks of its job, and before other jobs if it waits alone: lost work goes first. */
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
  readonly band: Band;
  chunks: Waiting[];
  /** Chunks before this index are taken. */
  head: number;
}

/** The jobs of one priority in the order of their turns. */
interface Band {
  readonly priority: number;
  turns: JobQueue[];
  /** Turns before this index are over. */
  head: number;
}

/** Turns that are over are forgotten when they are so many, and half of all. */
const OLD_TURNS = 1024;

export function createBacklog(): Backlog {
  const jobs = new Map<string, JobQueue>();
  const bands: Band[] = []; // highest first
  let size = 0;

  function queueOf({ jobId, kind, priority }: Waiting, isFirst: boolean): JobQueue {
    const known = jobs.get(jobId);
    if (known) return known;
    const queue: JobQueue = { jobId, kind, band: bandOf(bands, priority), chunks: [], head: 0 };
    jobs.set(jobId, queue);
    addTurn(queue, isFirst);
    return queue;
  }

  function forget(queue: JobQueue): void {
    const { turns, head } = queue.band;
    jobs.delete(queue.jobId);
    turns.splice(turns.indexOf(queue, head), 1);
  }

  function takeFrom(band: Band, canRun: (kind: string) => boolean): Waiting | null {
    for (let turn = band.head; turn < band.turns.length; turn++) {
      const queue = band.turns[turn]!;
      if (!canRun(queue.kind)) continue;
      endTurn(band, turn);
      const chunk = queue.chunks[queue.head++]!;
      size--;
      if (queue.head === queue.chunks.length) jobs.delete(queue.jobId);
      else band.turns.push(queue);
      return chunk;
    }
    return null;
  }

  return {
    get size() {
      return size;
    },
    push(chunk) {
      queueOf(chunk, false).chunks.push(chunk);
      size++;
    },
    pushFront(chunk) {
      const queue = queueOf(chunk, true);
      if (queue.head > 0) queue.chunks[--queue.head] = chunk;
      else queue.chunks.unshift(chunk);
      size++;
    },
    take(canRun) {
      for (const band of bands) {
        const chunk = takeFrom(band, canRun);
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

function bandOf(bands: Band[], priority: number): Band {
  let at = bands.findIndex((band) => band.priority <= priority);
  if (at < 0) at = bands.length;
  if (bands[at]?.priority !== priority) bands.splice(at, 0, { priority, turns: [], head: 0 });
  return bands[at]!;
}

function addTurn(queue: JobQueue, isFirst: boolean): void {
  const { band } = queue;
  if (!isFirst) band.turns.push(queue);
  else if (band.head > 0) band.turns[--band.head] = queue;
  else band.turns.unshift(queue);
}

/** Takes a turn out of the order. */
function endTurn(band: Band, turn: number): void {
  if (turn > band.head) return void band.turns.splice(turn, 1);
  band.head++;
  if (band.head < OLD_TURNS || 2 * band.head < band.turns.length) return;
  band.turns = band.turns.slice(band.head);
  band.head = 0;
}
