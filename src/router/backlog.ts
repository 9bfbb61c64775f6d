/**
 * Chunks that wait for a node, shared by estimated compute time: between priorities by weight, inside one
 * priority equally between clients, and the jobs of one client take turns chunk by chunk. Nobody starves:
 * while both wait, two clients of one priority never lie further apart than one chunk of each.
 *
 * Both shares are self-clocked fair queueing (Golestani 1994): whoever would be furthest behind after its
 * next chunk goes first, and a newcomer begins where the last one that was served has come to, so that it
 * neither pays for others nor is owed for the time in which it asked for nothing. Work that was lost is
 * given back to its client's account, which lets it go soon. Taking a chunk looks at every client that
 * waits; adding one costs O(1). A client all of whose kinds no free node knows catches up later.
 */
import type { Chunk } from '../contract/ports.js';

/** What the backlog must know of a chunk; `key` is unique among open chunks. */
export interface Waiting {
  readonly key: string;
  readonly chunk: Pick<Chunk, 'jobId' | 'kind' | 'priority' | 'costNs' | 'client'>;
}

export interface Backlog {
  readonly size: number;
  push(chunk: Waiting): void;
  /** Before the other chunks of its job and the other jobs of its client, without being charged again. */
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
  readonly client: Client;
  chunks: Waiting[];
  /** Chunks before this index are taken. */
  head: number;
}

/** The waiting jobs of one client in one priority, in the order of their turns. */
interface Client {
  readonly name: string;
  readonly band: Band;
  /** What it was given, in the band's time. */
  givenNs: number;
  turns: JobQueue[];
  /** Turns before this index are over. */
  head: number;
}

/** The waiting clients of one priority. */
interface Band {
  readonly priority: number;
  readonly weight: number;
  readonly clients: Map<string, Client>;
  /** What it was given by its weight, in the backlog's time. */
  givenNs: number;
  /** What the client had been given that was served last: where newcomers begin. */
  clockNs: number;
}

interface Choice {
  readonly client: Client;
  readonly turn: number;
  readonly costNs: number;
  /** Where the client would come to. */
  readonly endNs: number;
}

/** Turns that are over are forgotten when they are so many, and half of all. */
const OLD_TURNS = 1024;

/**
 * Compute time that a priority gets beside others that wait: twice that of the priority below. So 9 goes
 * before 5 sixteen times out of seventeen, and of ten full bands the lowest still gets a thousandth.
 */
export function weightOf(priority: number): number {
  return 2 ** priority;
}

export function createBacklog(): Backlog {
  return new FairBacklog();
}

class FairBacklog implements Backlog {
  readonly #jobs = new Map<string, JobQueue>();
  readonly #bands: Band[] = []; // highest first
  /** What the priority had been given that was served last: where newcomers begin. */
  #clockNs = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(chunk: Waiting): void {
    this.#queueOf(chunk, false).chunks.push(chunk);
    this.#size++;
  }

  pushFront(chunk: Waiting): void {
    const queue = this.#queueOf(chunk, true);
    if (queue.head > 0) queue.chunks[--queue.head] = chunk;
    else queue.chunks.unshift(chunk);
    this.#size++;
    const { client } = queue;
    client.givenNs -= costOf(chunk);
    client.band.givenNs -= costOf(chunk) / client.band.weight;
  }

  take(canRun: (kind: string) => boolean): Waiting | null {
    let best: Choice | null = null;
    let bestNs = Infinity;
    for (const band of this.#bands) {
      const choice = choose(band, canRun);
      if (!choice) continue;
      const endNs = band.givenNs + choice.costNs / band.weight;
      if (endNs >= bestNs) continue;
      best = choice;
      bestNs = endNs;
    }
    return best && this.#give(best);
  }

  dropJob(jobId: string): void {
    const queue = this.#jobs.get(jobId);
    if (!queue) return;
    this.#size -= queue.chunks.length - queue.head;
    endTurn(queue.client, queue.client.turns.indexOf(queue, queue.client.head));
    this.#forget(queue);
  }

  drop({ key, chunk: { jobId } }: Waiting): boolean {
    const queue = this.#jobs.get(jobId);
    const at = queue ? queue.chunks.findIndex((c, i) => i >= queue.head && c.key === key) : -1;
    if (!queue || at < 0) return false;
    if (queue.chunks.length - queue.head === 1) this.dropJob(jobId);
    else {
      queue.chunks.splice(at, 1);
      this.#size--;
    }
    return true;
  }

  #queueOf({ chunk: { jobId, kind, priority, client: name = '' } }: Waiting, isFirst: boolean): JobQueue {
    const known = this.#jobs.get(jobId);
    if (known) return known;
    const client = clientOf(bandOf(this.#bands, priority, this.#clockNs), name);
    const queue = { jobId, kind, client, chunks: [], head: 0 };
    this.#jobs.set(jobId, queue);
    addTurn(queue, isFirst);
    return queue;
  }

  #give({ client, turn, costNs, endNs }: Choice): Waiting {
    const queue = client.turns[turn]!;
    const { band } = client;
    client.givenNs = endNs;
    band.clockNs = Math.max(band.clockNs, endNs);
    band.givenNs += costNs / band.weight;
    this.#clockNs = Math.max(this.#clockNs, band.givenNs);
    endTurn(client, turn);
    const chunk = queue.chunks[queue.head++]!;
    this.#size--;
    if (queue.head < queue.chunks.length) client.turns.push(queue);
    else this.#forget(queue);
    return chunk;
  }

  /** A job whose turn is over and that has no chunks left. */
  #forget({ jobId, client }: JobQueue): void {
    this.#jobs.delete(jobId);
    const { band } = client;
    if (client.head < client.turns.length) return;
    band.clients.delete(client.name);
    if (band.clients.size === 0) this.#bands.splice(this.#bands.indexOf(band), 1);
  }
}

/** An estimate of nought would let its client take all. */
function costOf({ chunk: { costNs } }: Waiting): number {
  return Math.max(1, costNs);
}

/** What would go next of one priority: of the client that would be furthest behind. */
function choose(band: Band, canRun: (kind: string) => boolean): Choice | null {
  let best: Choice | null = null;
  for (const client of band.clients.values()) {
    const { turns } = client;
    let turn = client.head;
    while (turn < turns.length && !canRun(turns[turn]!.kind)) turn++;
    const queue = turns[turn];
    if (!queue) continue;
    const costNs = costOf(queue.chunks[queue.head]!);
    const endNs = client.givenNs + costNs;
    if (!best || endNs < best.endNs) best = { client, turn, costNs, endNs };
  }
  return best;
}

function bandOf(bands: Band[], priority: number, clockNs: number): Band {
  let at = bands.findIndex((band) => band.priority <= priority);
  if (at < 0) at = bands.length;
  if (bands[at]?.priority !== priority) {
    const weight = weightOf(priority);
    bands.splice(at, 0, { priority, weight, clients: new Map(), givenNs: clockNs, clockNs: 0 });
  }
  return bands[at]!;
}

function clientOf(band: Band, name: string): Client {
  let client = band.clients.get(name);
  if (client) return client;
  client = { name, band, givenNs: band.clockNs, turns: [], head: 0 };
  band.clients.set(name, client);
  return client;
}

function addTurn(queue: JobQueue, isFirst: boolean): void {
  const { client } = queue;
  if (!isFirst) client.turns.push(queue);
  else if (client.head > 0) client.turns[--client.head] = queue;
  else client.turns.unshift(queue);
}

/** Takes a turn out of the order. */
function endTurn(client: Client, turn: number): void {
  if (turn > client.head) return void client.turns.splice(turn, 1);
  client.head++;
  if (client.head < OLD_TURNS || 2 * client.head < client.turns.length) return;
  client.turns = client.turns.slice(client.head);
  client.head = 0;
}
