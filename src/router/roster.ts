/**
 * The nodes that the router knows: who they are, what they can run, what each has in hand, and when it
 * last spoke.
 */
import type { Chunk } from '../contract/ports.js';
import type { ChunkRef, Hello, KeptRange } from '../wire/messages.js';
import { BEAT_MS, MISSED_BEATS, PROTOCOL } from '../wire/messages.js';

/**
 * Chunks per thread: one that runs and one that waits beside it, because an idle gap between chunks costs
 * 20 %.
 */
export const CREDITS_PER_THREAD = 2;
const MAX_NODES = 1024;

/** One dispatched attempt whose answer is outstanding. */
export interface InFlight extends ChunkRef {
  readonly key: string;
  /** Number of the WORK message that carried it. */
  readonly seq: number;
  readonly sentMs: number;
  /** The node has had nothing else in hand since this was sent: what befalls the node is its doing. */
  alone: boolean;
}

export interface Node {
  /** Routing id of its socket. */
  readonly peer: string;
  readonly id: string;
  readonly host: string;
  readonly version: string;
  readonly session: number;
  /** New with every session; messages of an older one are stale. */
  readonly epoch: number;
  readonly threads: number;
  readonly kinds: ReadonlySet<string>;
  /** By chunk key. */
  readonly inFlight: Map<string, InFlight>;
  /** When each input was last sent, so that a repeated NEED does not send a large table twice. */
  readonly inputsSentMs: Map<string, number>;
  seq: number;
  lastHeardMs: number;
  /**
   * It has spoken under its epoch. Until then it gets no work: a HELLO that was read late may be of a
   * process that is dead, and its chunk would be blamed.
   */
  confirmed: boolean;
  draining: boolean;
  /** What it goes on with for a router that is gone, by chunk key; if asked for here, it gets that first. */
  readonly kept: Map<string, KeptRange>;
  /** Tasks in its threads that are nobody's: while there are some, nothing is alone there. */
  strays: number;
  /** Chunk for which this node is being emptied: it gets nothing else until that chunk came back. */
  reservedFor: string | null;
  chunksDone: number;
}

export function createNode(peer: string, hello: Hello, epoch: number, nowMs: number): Node {
  const { node: id, host, version, session, threads } = hello;
  return {
    peer,
    id,
    host,
    version,
    session,
    epoch,
    threads,
    kinds: new Set(hello.kinds),
    inFlight: new Map(),
    inputsSentMs: new Map(),
    seq: 0,
    lastHeardMs: nowMs,
    confirmed: false,
    draining: false,
    kept: new Map(hello.kept.map((range) => [chunkKey(range.jobId, range.chunk), range])),
    strays: hello.kept.length,
    reservedFor: null,
    chunksDone: 0,
  };
}

/** Why this node may not join, as a sentence that says what to do; null when it may. */
export function refusal(hello: Hello, version: string, nodes: number): string | null {
  if (hello.protocol !== PROTOCOL) {
    return `Expected wire protocol ${PROTOCOL}; the node speaks ${hello.protocol}. Run the same MMS version on both sides.`;
  }
  if (hello.version !== version) {
    return `Expected engine version ${version}; the node runs ${hello.version}. Install MMS ${version} on the node.`;
  }
  if (hello.threads < 1)
    return 'Expected at least 1 thread; the node offers 0. Start it with --threads 1 or more.';
  if (nodes >= MAX_NODES) return `Expected at most ${MAX_NODES} nodes; stop one before adding another.`;
  return null;
}

export function freeCredits(node: Node): number {
  return node.draining || !node.confirmed ? 0 : node.threads * CREDITS_PER_THREAD - node.inFlight.size;
}

/** The node with the most free credits that knows the kind and is not reserved; the first of equals. */
export function freest(nodes: Iterable<Node>, kind: string): Node | null {
  let best: Node | null = null;
  for (const node of nodes) {
    if (node.reservedFor !== null || !node.kinds.has(kind) || freeCredits(node) <= 0) continue;
    if (!best || freeCredits(node) > freeCredits(best)) best = node;
  }
  return best;
}

/** The unreserved node that knows the kind and would be empty soonest. */
export function emptiest(nodes: Iterable<Node>, kind: string): Node | null {
  let best: Node | null = null;
  for (const node of nodes) {
    if (node.reservedFor !== null || node.draining || !node.confirmed || !node.kinds.has(kind)) continue;
    if (!best || tasksOf(node) < tasksOf(best)) best = node;
  }
  return best;
}

/** Tasks that it has, as far as is known. */
export function tasksOf(node: Node): number {
  return node.inFlight.size + node.strays;
}

export function isSilent(node: Node, nowMs: number): boolean {
  return nowMs - node.lastHeardMs > MISSED_BEATS * BEAT_MS;
}

/**
 * Attempts that were lost on the way, by what a beat tells: the node saw the WORK that carried them, or
 * had a lost peer's time to see it, and yet does not hold them.
 */
export function unheld(node: Node, seen: number, held: readonly ChunkRef[], nowMs: number): InFlight[] {
  const holds = new Set(held.map(refKey));
  return [...node.inFlight.values()].filter((flight) => {
    const arrived = flight.seq <= seen || nowMs - flight.sentMs > MISSED_BEATS * BEAT_MS;
    return arrived && !holds.has(refKey(flight));
  });
}

export function chunkKey(jobId: string, chunk: number): string {
  return `${jobId}/${chunk}`;
}

function refKey({ jobId, chunk, attempt }: ChunkRef): string {
  return `${jobId}/${chunk}#${attempt}`;
}

/** How a chunk is named to people. */
export function unitsOf({ kind, from, to }: Chunk): string {
  return `Units ${from}..${to - 1} of kind ${kind}`;
}
