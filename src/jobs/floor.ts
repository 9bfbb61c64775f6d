/** The hall's floor: the jobs that live, who leads and who follows under one key, which may be offered. */
import type { LiveJob } from './live.js';

/** Chunks in the transport at once; further jobs wait here, so that a full queue costs little memory. */
const MAX_OFFERED_CHUNKS = 65_536;

export interface Floor {
  get(id: string): LiveJob | undefined;
  all(): Iterable<LiveJob>;
  size(): number;
  /** Jobs of one client on the floor. */
  sizeOf(client: string): number;
  /** Jobs on the floor that have not started. */
  queued(): number;
  /** A job on the floor started (its startedMs is set now). */
  noteRunning(): void;
  /** The live job that computes this key. */
  leader(key: string): LiveJob | undefined;
  /** Adds a job. The first of a key leads it; later ones of the same key follow: they wait for its result. */
  add(live: LiveJob): void;
  /** Lets a leader's chunks wait for the transport. */
  enqueue(live: LiveJob): void;
  /** The jobs to offer now, in the order of enqueue; they count as offered from here on. */
  takeOffers(): LiveJob[];
  /** One chunk of an offered job came back. */
  chunkBack(): void;
  /** Takes a job off the floor; returns the followers that must look for a result or a new leader. */
  remove(live: LiveJob): readonly LiveJob[];
}

export function createFloor(): Floor {
  const live = new Map<string, LiveJob>();
  const leaders = new Map<string, LiveJob>();
  const followers = new Map<string, LiveJob[]>();
  const clients = new Map<string, number>();
  let waiting: LiveJob[] = [];
  let offeredChunks = 0;
  let running = 0;
  return {
    get: (id) => live.get(id),
    all: () => live.values(),
    size: () => live.size,
    sizeOf: (client) => clients.get(client) ?? 0,
    queued: () => live.size - running,
    noteRunning: () => void running++,
    leader: (key) => leaders.get(key),
    add(job) {
      const { id, key } = job.record;
      if (job.client !== null && !live.has(id)) clients.set(job.client, (clients.get(job.client) ?? 0) + 1);
      live.set(id, job);
      if (!leaders.has(key)) leaders.set(key, job);
      else if (leaders.get(key) !== job) followers.set(key, [...(followers.get(key) ?? []), job]);
    },
    enqueue: (job) => void waiting.push(job),
    takeOffers() {
      const taken: LiveJob[] = [];
      for (const job of waiting) {
        if (offeredChunks > 0 && offeredChunks + job.openChunks > MAX_OFFERED_CHUNKS) break;
        offeredChunks += job.openChunks;
        job.offered = true;
        taken.push(job);
      }
      waiting = waiting.slice(taken.length);
      return taken;
    },
    chunkBack: () => void offeredChunks--,
    remove(job) {
      const { id, key } = job.record;
      if (!live.delete(id)) return [];
      if (job.client !== null) {
        const left = clients.get(job.client)! - 1;
        if (left > 0) clients.set(job.client, left);
        else clients.delete(job.client);
      }
      if (job.startedMs !== null) running--;
      if (job.offered) offeredChunks -= job.openChunks;
      else if (!job.pack) waiting = waiting.filter((other) => other !== job);
      const behind = followers.get(key) ?? [];
      if (leaders.get(key) === job) {
        leaders.delete(key);
        followers.delete(key);
        return behind.filter((other) => live.has(other.record.id));
      }
      followers.set(
        key,
        behind.filter((other) => other !== job),
      );
      return [];
    },
  };
}
