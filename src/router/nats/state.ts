/** What the ledger remembers, what can happen to it, and what it can ask of the world. */
import type { Table } from '../../contract/columns.js';
import type { Chunk } from '../../contract/ports.js';
import type { Problem } from '../../contract/problem.js';
import type { NodeMessage, RouterMessage } from '../../wire/messages.js';
import type { Band, ChunkSubject } from '../../wire/nats/names.js';
import type { Backlog } from '../backlog.js';
import { createBacklog } from '../backlog.js';
import type { Node } from '../roster.js';
import type { OpenChunk } from '../state.js';
import type { HallEffect } from '../tell-hall.js';

/** After a start the service offers anew what it had; only then is unknown work nobody's. */
const SETTLE_MS = 60_000;

/** What the streams hold, by chunk key. */
export interface Contents {
  readonly work: ReadonlyMap<string, ChunkSubject>;
  readonly ends: ReadonlyMap<string, ChunkSubject>;
}

export interface Entry extends OpenChunk {
  /** When it was put into the queue; null while it waits here. */
  outMs: number | null;
  /** Times that it was put in; a name of its own for each, or the queue would take it for a repetition. */
  sends: number;
  /** A node has begun it. */
  begun: boolean;
  missed: number;
  /** chunkDigest of the chunk; null until somebody asks. */
  digest: string | null;
}

export interface LedgerState {
  readonly version: string;
  readonly leaseMs: number;
  readonly settledMs: number;
  nextEpoch: number;
  readonly nodes: Map<string, Node>;
  /** Nodes that nobody could reach, since when: dead, or about to reconnect. */
  readonly gone: Map<string, number>;
  readonly open: Map<string, Entry>;
  readonly jobs: Map<string, Set<string>>;
  /** Open chunks that are not in the queue yet. */
  readonly waiting: Readonly<Record<Band, Backlog>>;
  accepted: Map<string, string>;
  acceptedBefore: Map<string, string>;
  /** Open chunks in each class of the queue. */
  readonly out: Record<Band, number>;
  /** Once the offers after the start are over, work of nobody was looked for. */
  swept: boolean;
  /** False while this side is cut off: silence then says nothing of the nodes. */
  up: boolean;
  lastTickMs: number;
}

export type End =
  | {
      readonly how: 'done';
      readonly tables: readonly Table[];
      readonly hash: string;
      readonly computeNs: number;
    }
  | { readonly how: 'failed'; readonly problem: Problem };

export type LedgerEvent = { readonly nowMs: number } & (
  | {
      readonly type: 'offer';
      readonly chunks: readonly Chunk[];
      /** What an earlier service left in the streams. */
      readonly kept: Contents;
    }
  | { readonly type: 'cancel'; readonly jobId: string }
  | { readonly type: 'message'; readonly peer: string; readonly message: NodeMessage }
  | ({ readonly type: 'ended'; readonly end: End } & ChunkSubject)
  | { readonly type: 'unreachable'; readonly peer: string }
  | { readonly type: 'audit'; readonly askedMs: number; readonly contents: Contents }
  | { readonly type: 'link'; readonly up: boolean }
  | { readonly type: 'tick' }
);

export type LedgerEffect =
  | HallEffect
  | { readonly type: 'put'; readonly entry: Entry }
  /** Takes the chunk, or all chunks of the job, out of the queue. */
  | { readonly type: 'remove'; readonly jobId: string; readonly chunk: number | null }
  | { readonly type: 'cancelled'; readonly jobId: string }
  | { readonly type: 'say'; readonly peer: string; readonly message: RouterMessage }
  | { readonly type: 'sayInput'; readonly peer: string; readonly digest: string };

export interface LedgerOptions {
  readonly version: string;
  readonly leaseMs: number;
  readonly firstEpoch: number;
}

export function createLedger({ version, leaseMs, firstEpoch }: LedgerOptions, nowMs: number): LedgerState {
  return {
    version,
    leaseMs,
    settledMs: nowMs + SETTLE_MS,
    nextEpoch: firstEpoch,
    nodes: new Map(),
    gone: new Map(),
    open: new Map(),
    jobs: new Map(),
    waiting: { high: createBacklog(), normal: createBacklog(), low: createBacklog() },
    accepted: new Map(),
    acceptedBefore: new Map(),
    out: { high: 0, normal: 0, low: 0 },
    swept: false,
    up: true,
    lastTickMs: nowMs,
  };
}
