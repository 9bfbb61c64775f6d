/** What a node remembers, what can happen to it, and what it can ask of its world. */
import type { Table } from '../contract/columns.js';
import type { ChunkRef, NodeMessage, RouterMessage, WorkItem } from '../wire/messages.js';
import type { InputCache } from './inputs.js';
import { createKeptWork } from './kept.js';
import type { KeptWork } from './kept.js';
import type { PoolAnswer, PoolTask } from './pool.js';

/** One chunk that runs and one that waits, as a router gives them. */
const TASKS_PER_THREAD = 2;
/** ZeroMQ connects silently to an address where nobody listens; after this time a person is told. */
const UNANSWERED_MS = 3_000;

export interface Held {
  readonly id: string;
  /** Its task in the pool: `id`, or of an earlier epoch where it was begun for another router. */
  readonly taskId: string;
  readonly ref: ChunkRef;
  readonly item: WorkItem;
  /** Its inputs, and its spec where that is large, as far as they are here, by digest. */
  readonly tables: Map<string, readonly Table[]>;
  /** In the pool, or waiting for its spec or inputs. */
  running: boolean;
  /** Progress that the router knows. */
  told: number;
}

export interface AgentState {
  readonly hello: { readonly version: string; readonly node: string; readonly host: string };
  readonly threads: number;
  readonly kinds: readonly string[];
  readonly inputs: InputCache;
  /** 'leaving': all work is given back or done, and the router was told. */
  phase: 'joining' | 'ready' | 'leaving' | 'closed';
  draining: boolean;
  session: number;
  epoch: number;
  seen: number;
  /** By id. */
  readonly held: Map<string, Held>;
  readonly kept: KeptWork;
  /** Laid-down tasks that have not stopped yet. */
  readonly stopping: Set<string>;
  /** When each missing input or large spec was last asked for. */
  readonly askedMs: Map<string, number>;
  /** When to say that no router answers; Infinity once that was said or one answered. */
  complainMs: number;
  lastHeardMs: number;
  lastSaidMs: number;
  lastTickMs: number;
}

export type AgentEvent = { readonly nowMs: number } & (
  | { readonly type: 'message'; readonly message: RouterMessage }
  | { readonly type: 'answer'; readonly id: string; readonly answer: PoolAnswer }
  | { readonly type: 'tick'; readonly progress: readonly { readonly id: string; readonly done: number }[] }
  | { readonly type: 'drain' }
);

export type AgentEffect =
  | { readonly type: 'send'; readonly message: NodeMessage }
  | { readonly type: 'run'; readonly task: PoolTask }
  | { readonly type: 'cancel'; readonly id: string }
  | { readonly type: 'withdraw'; readonly id: string }
  | { readonly type: 'joined' }
  | { readonly type: 'lost' }
  /** Nobody has answered at the router's address so far; said once. */
  | { readonly type: 'unanswered' }
  /** The end: `reason` is null after a drain, otherwise why the router refused this node. */
  | { readonly type: 'closed'; readonly reason: string | null };

export interface AgentOptions {
  readonly version: string;
  readonly node: string;
  readonly host: string;
  readonly threads: number;
  readonly kinds: readonly string[];
  readonly inputs: InputCache;
}

export function createAgent({ version, node, host, ...options }: AgentOptions, nowMs: number): AgentState {
  return {
    ...options,
    hello: { version, node, host },
    phase: 'joining',
    draining: false,
    session: 1,
    epoch: 0,
    seen: 0,
    held: new Map(),
    kept: createKeptWork(options.threads * TASKS_PER_THREAD),
    stopping: new Set(),
    askedMs: new Map(),
    complainMs: nowMs + UNANSWERED_MS,
    lastHeardMs: nowMs,
    lastSaidMs: -Infinity,
    lastTickMs: nowMs,
  };
}
