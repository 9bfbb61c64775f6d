/**
 * What the router remembers, what can happen to it, what it can ask of the world, and which chunks are
 * open.
 */
import type { Table } from '../contract/columns.js';
import type { Chunk, NodeView } from '../contract/ports.js';
import type { Problem } from '../contract/problem.js';
import type { NodeMessage, RouterMessage } from '../wire/messages.js';
import type { SharedSpec } from '../wire/shared-spec.js';
import type { Backlog } from './backlog.js';
import { createBacklog } from './backlog.js';
import type { Node } from './roster.js';
import { chunkKey } from './roster.js';

export interface OpenChunk {
  readonly key: string;
  readonly jobId: string;
  readonly kind: string;
  readonly priority: number;
  readonly chunk: Chunk;
  /** Number of the last dispatch; 0 before the first. */
  attempt: number;
  /** Losses with their thread or node, whatever caused them; two make a suspect, which runs alone. */
  falls: number;
  /** Falls that only this chunk can have caused: it was alone when its thread or node died. */
  crashes: number;
  /** All attempts that were lost. */
  losses: number;
  /** Peer that has the current attempt; null while the chunk waits or rests. */
  peer: string | null;
}

export interface RouterState {
  readonly version: string;
  readonly firstEpoch: number;
  nextEpoch: number;
  readonly nodes: Map<string, Node>;
  readonly open: Map<string, OpenChunk>;
  /** Open chunk keys of each job. */
  readonly jobs: Map<string, Set<string>>;
  readonly backlog: Backlog;
  /** Hashes of the answers that were accepted last, by chunk key, in two bounded generations. */
  accepted: Map<string, string>;
  acceptedBefore: Map<string, string>;
  /** Waiting chunks that must run alone. */
  readonly suspects: Set<string>;
  /** When each chunk that was lost again may wait for a node anew. */
  readonly resting: Map<string, number>;
  /** Specs of jobs of several chunks by what they were offered as; null for those that are small. */
  readonly specs: WeakMap<object, SharedSpec | null>;
  lastTickMs: number;
  lastBeatMs: number;
}

export type RouterEvent = { readonly nowMs: number } & (
  | { readonly type: 'offer'; readonly chunks: readonly Chunk[] }
  | { readonly type: 'cancel'; readonly jobId: string }
  | { readonly type: 'message'; readonly peer: string; readonly message: NodeMessage }
  /** The socket says that nobody answers to this routing id. */
  | { readonly type: 'unreachable'; readonly peer: string }
  | { readonly type: 'inputMissing'; readonly digest: string }
  | { readonly type: 'tick' }
);

/** Which chunk was sent where, for the log. */
export interface Attempt {
  readonly jobId: string;
  readonly chunk: number;
  readonly attempt: number;
  readonly nodeId: string;
}

export type RouterEffect =
  | { readonly type: 'send'; readonly peer: string; readonly message: RouterMessage }
  | { readonly type: 'sendInput'; readonly peer: string; readonly digest: string }
  | { readonly type: 'started'; readonly jobId: string; readonly chunk: number }
  | { readonly type: 'progress'; readonly jobId: string; readonly chunk: number; readonly done: number }
  | {
      readonly type: 'done';
      readonly jobId: string;
      readonly chunk: number;
      readonly tables: readonly Table[];
      readonly attempts: number;
      readonly computeNs: number;
    }
  | {
      readonly type: 'failed';
      readonly jobId: string;
      readonly chunk: number;
      readonly problem: Problem;
      readonly attempts: number;
    }
  /** A chunk was sent: first, or again after a loss. */
  | { readonly type: 'attempt'; readonly reason: 'first' | 'again'; readonly of: Attempt }
  | { readonly type: 'dropped'; readonly reason: string }
  /** A second answer to a chunk differs from the accepted one: the same pure function gave two results. */
  | { readonly type: 'mismatch'; readonly jobId: string; readonly chunk: number };

/**
 * `firstEpoch` is random per process, so that an answer meant for an earlier router is never taken for one
 * to this.
 */
export function createState(version: string, firstEpoch: number, nowMs: number): RouterState {
  return {
    version,
    firstEpoch,
    nextEpoch: firstEpoch,
    nodes: new Map(),
    open: new Map(),
    jobs: new Map(),
    backlog: createBacklog(),
    accepted: new Map(),
    acceptedBefore: new Map(),
    suspects: new Set(),
    resting: new Map(),
    specs: new WeakMap(),
    lastTickMs: nowMs,
    lastBeatMs: nowMs,
  };
}

/** What the nodes are doing, for people and gauges. */
export function nodeViews(state: Pick<RouterState, 'nodes'>): NodeView[] {
  return [...state.nodes.values()].map((node) => ({
    id: node.id,
    host: node.host,
    threads: node.threads,
    busy: Math.min(node.threads, node.inFlight.size),
    version: node.version,
    state: node.draining ? 'draining' : 'ready',
    chunksDone: node.chunksDone,
  }));
}

/** Throws when the chunk is open already: the hall offers each chunk once. */
export function open(state: RouterState, chunk: Chunk): void {
  const { jobId, kind, priority } = chunk;
  const key = chunkKey(jobId, chunk.chunk);
  if (state.open.has(key)) throw new Error(`chunk ${key} is offered while it is open`);
  const entry: OpenChunk = {
    key,
    jobId,
    kind,
    priority,
    chunk,
    attempt: 0,
    falls: 0,
    crashes: 0,
    losses: 0,
    peer: null,
  };
  state.open.set(key, entry);
  const keys = state.jobs.get(jobId);
  if (keys) keys.add(key);
  else state.jobs.set(jobId, new Set([key]));
  state.backlog.push(entry);
}

/** Accepted hashes of one generation; two are kept: minutes of answers, in about 15 MB. */
const MAX_ACCEPTED = 32_768;

type Accepted = Pick<RouterState, 'accepted' | 'acceptedBefore'>;

/** Remembers the hash of an accepted answer; the oldest are forgotten together, which costs each nothing. */
export function accept(state: Accepted, key: string, hash: string): void {
  if (state.accepted.size >= MAX_ACCEPTED) {
    state.acceptedBefore = state.accepted;
    state.accepted = new Map();
  }
  state.accepted.set(key, hash);
}

/** The hash of the answer that was accepted for a chunk, while it is remembered. */
export function acceptedHash({ accepted, acceptedBefore }: Accepted, key: string): string | undefined {
  return accepted.get(key) ?? acceptedBefore.get(key);
}

/**
 * Ends a chunk: takes it out of every list; its in-flight entry stays with the node until the node
 * answers.
 */
export function shut(state: RouterState, entry: OpenChunk): void {
  state.open.delete(entry.key);
  const keys = state.jobs.get(entry.jobId);
  keys?.delete(entry.key);
  if (keys?.size === 0) state.jobs.delete(entry.jobId);
  if (entry.peer !== null || state.suspects.delete(entry.key) || state.resting.delete(entry.key)) return;
  state.backlog.drop(entry);
}
