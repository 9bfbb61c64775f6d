/** Event streams (text/event-stream) of jobs and sweeps: bounded in number, in memory and in life. */
import { Readable } from 'node:stream';
import { TERMINAL_STATES } from '../contract/job.js';
import type { JobView } from '../contract/job.js';
import type { Hall } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';

/** Beats at least this often, and twice as often as a silent connection is closed. */
const HEARTBEAT_MS = 15_000;

/** Whatever is followed: how it is asked and watched, and what its events are called. */
export interface Source<View> {
  now(id: string): View | null | Promise<View | null>;
  watch(id: string, listener: (view: View) => void): () => void;
  isOver(view: View): boolean;
  /**
   * Says what was told, so that any later process knows where a client stands: nothing is kept for those that
   * may come back.
   */
  eventId(view: View): string;
  /** What a client that last heard of the event `told` must hear before this view; null for nothing. */
  before(view: View, told: string | undefined): View | null;
}

export interface EventStreams {
  /**
   * A stream of 'status' events with the JSON that `show` gives, one now and one per change; it ends with the
   * terminal state. With the id of an event that the client had (Last-Event-ID) it goes on behind that one,
   * and with null there is nothing behind it: the client had the end.
   */
  open(job: JobView, show: (view: JobView) => string, lastId?: string): Readable | null;
  /** The same of anything else. */
  openOf<View extends { readonly id: string }>(
    source: Source<View>,
    view: View,
    show: (view: View) => string,
    lastId?: string,
  ): Readable | null;
  /** Open streams. */
  size(): number;
  closeAll(): void;
}

/** `max()` streams at once; one more throws E_BUSY. A connection that is silent for `stallS` is closed. */
export function createEventStreams(hall: Hall, max: () => number, stallS: number): EventStreams {
  const beatMs = Math.min(HEARTBEAT_MS, stallS * 500);
  const open = new Set<Readable>();
  const jobs: Source<JobView> = {
    now: (id) => hall.status(id),
    watch: (id, listener) => hall.watch(id, listener),
    isOver: ({ state }) => TERMINAL_STATES.includes(state),
    eventId: ({ state, progress }) => `${state}-${progress}`,
    before: (view, told) =>
      jobs.isOver(view) && told?.startsWith('queued-') && view.startedMs !== null ? begun(view) : null,
  };
  return {
    open(job, show, lastId) {
      return this.openOf(jobs, job, show, lastId);
    },
    openOf(source, view, show, lastId) {
      if (source.isOver(view) && lastId === source.eventId(view)) return null;
      if (open.size >= max())
        throw new MmsError('E_BUSY', `All ${max()} event streams are in use; poll instead.`);
      const stream = follow(source, view, show, lastId, beatMs);
      open.add(stream);
      stream.once('close', () => open.delete(stream));
      return stream;
    },
    size: () => open.size,
    closeAll() {
      for (const stream of open) stream.push(null);
    },
  };
}

/** Milliseconds after which a client shall connect anew when the stream breaks. */
const RECONNECT_MS = 1000;

/** The job as it was when it began to run: what is known only at its end is taken away. */
function begun(view: JobView): JobView {
  return {
    ...view,
    state: 'running',
    progress: 0,
    finishedMs: null,
    digest: null,
    summary: null,
    problem: null,
  };
}

function follow<View extends { readonly id: string }>(
  source: Source<View>,
  first: View,
  show: (view: View) => string,
  lastId: string | undefined,
  beatMs: number,
): Readable {
  let last = '';
  /** The event that the client heard last; a slow or broken connection may have kept one from it. */
  let told = lastId;
  let isFull = false;
  let hasEnded = false;
  /** The newest view that a slow reader had no room for; older ones are worth nothing. */
  let waiting: View | null = null;
  const stream = new Readable({
    read() {
      isFull = false;
      if (waiting) send(waiting);
    },
  });
  const send = (view: View): void => {
    if (hasEnded || stream.destroyed) return;
    waiting = isFull ? view : null;
    const data = show(view);
    if (isFull || data === last) return;
    last = data;
    const missed = source.before(view, told);
    if (missed) write(missed, show(missed));
    write(view, data);
    if (!source.isOver(view)) return;
    hasEnded = true;
    stream.push(null);
  };
  const write = (view: View, data: string): void => {
    told = source.eventId(view);
    isFull = !stream.push(`event: status\nid: ${told}\ndata: ${data}\n\n`);
  };
  stream.push(`retry: ${RECONNECT_MS}\n\n`);
  if (lastId === source.eventId(first)) last = show(first);
  else send(first);
  const unwatch = source.watch(first.id, send);
  // It may have changed between the question that gave `job` and the watch.
  Promise.resolve(source.now(first.id)).then(
    (view) => view && send(view),
    (error: Error) => stream.destroy(error),
  );
  // A comment line keeps proxies from closing a silent stream and shows a dead reader.
  const heartbeat = setInterval(() => {
    if (!isFull && !hasEnded) isFull = !stream.push(': alive\n\n');
  }, beatMs);
  stream.once('close', () => {
    clearInterval(heartbeat);
    unwatch();
  });
  return stream;
}

/** The view once it is terminal, or the newest one after `waitMs` or when `aborted` fires. */
export async function settled(
  hall: Hall,
  job: JobView,
  waitMs: number,
  aborted: AbortSignal,
): Promise<JobView> {
  if (waitMs <= 0 || TERMINAL_STATES.includes(job.state)) return job;
  return new Promise((resolve, reject) => {
    let newest = job;
    let unwatch = (): void => undefined;
    const done = (): void => {
      clearTimeout(timer);
      unwatch();
      aborted.removeEventListener('abort', done);
      resolve(newest);
    };
    const see = (view: JobView | null): void => {
      if (view) newest = view;
      if (TERMINAL_STATES.includes(newest.state)) done();
    };
    const timer = setTimeout(done, waitMs);
    unwatch = hall.watch(job.id, see);
    aborted.addEventListener('abort', done);
    // It may have ended between its submission and the watch.
    Promise.resolve(hall.status(job.id)).then(see, reject);
  });
}
