/**
 * The words that router and nodes say to each other. A message is one MessagePack header frame, and where
 * it carries tables, one raw frame per column after it. Whatever arrives is rebuilt field by field: an
 * unknown type, a wrong shape or a missing frame is a WireError, which the receiver counts and drops.
 */
import type { Table } from '../contract/columns.js';
import type { Pack } from '../contract/ports.js';
import { MmsError, PROBLEMS } from '../contract/problem.js';
import type { Problem, ProblemCode } from '../contract/problem.js';
import { decode, encode, MAX_HEADER_BYTES, WireError } from './codec.js';
import { asArray, asCount, asFinite, asFlag, asOneOf, asRecord, asText, word } from './fields.js';
import { checkTableHeaders, decodeTables, encodeTables } from './frames.js';
import { HASH } from './hash.js';

/** Raised by any change of these messages; a node of another protocol is rejected with this number. */
export const PROTOCOL = 5;
/** Largest frame either side takes; libzmq drops the peer that sends a larger one. */
export const MAX_FRAME_BYTES = 256 * 1024 * 1024;
/** Both sides say something at least this often. */
export const BEAT_MS = 500;
/** A peer that was silent for this many beats is lost. */
export const MISSED_BEATS = 3;

/** Nodes send no specs, so their headers are small; a larger one would only keep the router busy. */
const MAX_NODE_HEADER_BYTES = 4 * 1024 * 1024;
const MAX_ITEMS = 8192;
const KIND_NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** One attempt at one chunk; `attempt` counts dispatches from 1. */
export interface ChunkRef {
  readonly jobId: string;
  readonly chunk: number;
  readonly attempt: number;
}

export interface WorkItem extends ChunkRef {
  readonly kind: string;
  readonly spec: unknown;
  /** Name of a large spec, to be asked for like an input (src/wire/shared-spec.ts); `spec` is null then. */
  readonly specDigest?: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Milliseconds that its thread may compute. */
  readonly limitMs: number;
  readonly inputs: Readonly<Record<string, string>>;
  /** Whole jobs instead of units of one; `spec` is null then. */
  readonly pack?: Pack;
}

/** A chunk that a node goes on with although its router is gone. */
export interface KeptRange {
  readonly jobId: string;
  readonly chunk: number;
  readonly from: number;
  readonly to: number;
}

export interface Hello {
  readonly type: 'hello';
  readonly protocol: number;
  /** Engine version; results of two versions must not be mixed. */
  readonly version: string;
  readonly node: string;
  /** Counts the node's attempts to join; a repeated HELLO of one session gets the same epoch. */
  readonly session: number;
  readonly host: string;
  readonly threads: number;
  readonly kinds: readonly string[];
  /** What it goes on with for nobody; it may be asked for it. */
  readonly kept: readonly KeptRange[];
}

/**
 * 'error' is the kind's own final failure, 'crash' a lost thread, 'stopped' work handed back or cancelled.
 */
export type FailWhy = 'error' | 'crash' | 'stopped';
const FAIL_WHYS: readonly FailWhy[] = ['error', 'crash', 'stopped'];

export type NodeMessage =
  | Hello
  | ({
      readonly type: 'done';
      readonly epoch: number;
      readonly computeNs: number;
      /** hashTables of `tables`, taken by the thread that computed them. */
      readonly hash: string;
      readonly tables: readonly Table[];
    } & ChunkRef)
  | ({
      readonly type: 'fail';
      readonly epoch: number;
      readonly why: FailWhy;
      readonly problem: Problem | null;
    } & ChunkRef)
  | {
      readonly type: 'beat';
      readonly epoch: number;
      /** Number of the last WORK message that arrived. */
      readonly seen: number;
      /** Everything the node still owes an answer for; what is missing here was lost. */
      readonly held: readonly ChunkRef[];
      /** Tasks in its threads that nobody asked for. */
      readonly kept: number;
      /** The node wants no more work. */
      readonly draining: boolean;
    }
  | {
      readonly type: 'progress';
      readonly epoch: number;
      readonly items: readonly (ChunkRef & { readonly done: number })[];
    }
  | { readonly type: 'need'; readonly epoch: number; readonly digest: string }
  | { readonly type: 'bye'; readonly epoch: number };

export type RouterMessage =
  | { readonly type: 'ready'; readonly session: number; readonly epoch: number }
  | { readonly type: 'reject'; readonly reason: string }
  /** Your epoch is not known here: say HELLO again. */
  | { readonly type: 'again' }
  | {
      readonly type: 'work';
      readonly epoch: number;
      readonly seq: number;
      readonly items: readonly WorkItem[];
    }
  | { readonly type: 'cancel'; readonly epoch: number; readonly items: readonly ChunkRef[] }
  | { readonly type: 'beat'; readonly epoch: number }
  /** The tables of an input or a large spec, or null when the store no longer has them. */
  | { readonly type: 'input'; readonly digest: string; readonly tables: readonly Table[] | null }
  | { readonly type: 'bye' };

/**
 * Frames of a message. Column frames are views: the columns must not change until the socket has sent
 * them.
 */
export function encodeMessage(message: NodeMessage | RouterMessage): Uint8Array[] {
  if (!('tables' in message) || message.tables === null) return [encode(message)];
  const { header, frames } = encodeTables(message.tables);
  return [encode({ ...message, tables: header }), ...frames];
}

export function decodeNodeMessage(frames: readonly Uint8Array[]): NodeMessage {
  return decodeWith(NODE_CHECKS, frames, MAX_NODE_HEADER_BYTES);
}

export function decodeRouterMessage(frames: readonly Uint8Array[]): RouterMessage {
  return decodeWith(ROUTER_CHECKS, frames, MAX_HEADER_BYTES);
}

type Fields = Readonly<Record<string, unknown>>;
type Check<M> = (fields: Fields, columns: readonly Uint8Array[]) => M;
type Checks<M extends { type: string }> = { readonly [T in M['type']]: Check<Extract<M, { type: T }>> };

function decodeWith<M extends { type: string }>(
  checks: Checks<M>,
  frames: readonly Uint8Array[],
  maxBytes: number,
): M {
  const [head, ...columns] = frames;
  if (!head) throw new WireError('frames', 'expected a header frame; got none');
  const fields = asRecord(decode(head, maxBytes), 'header');
  const { type } = fields;
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) {
    throw new WireError('type', `expected one of ${Object.keys(checks).join(', ')}; got ${word(type)}`);
  }
  if (columns.length > 0 && !Array.isArray(fields.tables)) {
    throw new WireError('frames', `expected no column frames with ${type}; got ${columns.length}`);
  }
  const check: Check<M> = checks[type as M['type']];
  return check(fields, columns);
}

const NODE_CHECKS: Checks<NodeMessage> = {
  hello: asHello,
  done: (f, columns) => ({
    type: 'done',
    epoch: asCount(f.epoch, 'epoch'),
    ...asRef(f),
    computeNs: asFinite(f.computeNs, 'computeNs'),
    hash: asHash(f.hash),
    tables: decodeTables(checkTableHeaders(f.tables), columns),
  }),
  fail: (f) => ({
    type: 'fail',
    epoch: asCount(f.epoch, 'epoch'),
    ...asRef(f),
    why: asOneOf(f.why, 'why', FAIL_WHYS),
    problem: f.problem === null ? null : asProblem(f.problem),
  }),
  beat: (f) => ({
    type: 'beat',
    epoch: asCount(f.epoch, 'epoch'),
    seen: asCount(f.seen, 'seen'),
    held: asArray(f.held, 'held', MAX_ITEMS).map(asRef),
    kept: asCount(f.kept, 'kept', MAX_ITEMS),
    draining: asFlag(f.draining, 'draining'),
  }),
  progress: (f) => ({
    type: 'progress',
    epoch: asCount(f.epoch, 'epoch'),
    items: asArray(f.items, 'items', MAX_ITEMS).map((item) => ({
      ...asRef(item),
      done: Math.min(1, Math.max(0, asFinite(asRecord(item, 'item').done, 'done'))),
    })),
  }),
  need: (f) => ({ type: 'need', epoch: asCount(f.epoch, 'epoch'), digest: asText(f.digest, 'digest', 128) }),
  bye: (f) => ({ type: 'bye', epoch: asCount(f.epoch, 'epoch') }),
};

const ROUTER_CHECKS: Checks<RouterMessage> = {
  ready: (f) => ({ type: 'ready', session: asCount(f.session, 'session'), epoch: asCount(f.epoch, 'epoch') }),
  reject: (f) => ({ type: 'reject', reason: asText(f.reason, 'reason', 1000) }),
  again: () => ({ type: 'again' }),
  work: (f) => ({
    type: 'work',
    epoch: asCount(f.epoch, 'epoch'),
    seq: asCount(f.seq, 'seq'),
    items: asArray(f.items, 'items', MAX_ITEMS).map(asWorkItem),
  }),
  cancel: (f) => ({
    type: 'cancel',
    epoch: asCount(f.epoch, 'epoch'),
    items: asArray(f.items, 'items', MAX_ITEMS).map(asRef),
  }),
  beat: (f) => ({ type: 'beat', epoch: asCount(f.epoch, 'epoch') }),
  input: (f, columns) => ({
    type: 'input',
    digest: asText(f.digest, 'digest', 128),
    tables: f.tables === null ? null : decodeTables(checkTableHeaders(f.tables), columns),
  }),
  bye: () => ({ type: 'bye' }),
};

/**
 * Of another protocol only the number is read: its other fields may have any shape, and it must still get
 * a REJECT.
 */
function asHello(f: Fields): Hello {
  const protocol = asCount(f.protocol, 'protocol');
  if (protocol !== PROTOCOL) {
    return {
      type: 'hello',
      protocol,
      version: '',
      node: '',
      session: 0,
      host: '',
      threads: 0,
      kinds: [],
      kept: [],
    };
  }
  return {
    type: 'hello',
    protocol,
    version: asText(f.version, 'version', 64),
    node: asText(f.node, 'node', 128),
    session: asCount(f.session, 'session'),
    host: asText(f.host, 'host', 256),
    threads: asCount(f.threads, 'threads', 4096),
    kinds: asArray(f.kinds, 'kinds', 1024).map(asKind),
    kept: asArray(f.kept, 'kept', MAX_ITEMS).map(asKept),
  };
}

function asKept(value: unknown): KeptRange {
  const range = asRecord(value, 'kept chunk');
  return {
    jobId: asText(range.jobId, 'jobId', 64),
    chunk: asCount(range.chunk, 'chunk'),
    from: asCount(range.from, 'from'),
    to: asCount(range.to, 'to'),
  };
}

function asKind(value: unknown): string {
  const kind = asText(value, 'kind', 64);
  if (!KIND_NAME.test(kind))
    throw new WireError('shape', 'kind: expected lower-case letters, digits and hyphens');
  return kind;
}

function asHash(value: unknown): string {
  const hash = asText(value, 'hash', 64);
  if (!HASH.test(hash)) throw new WireError('shape', 'hash: expected 64 hexadecimal digits');
  return hash;
}

function asRef(value: unknown): ChunkRef {
  const ref = asRecord(value, 'chunk');
  return {
    jobId: asText(ref.jobId, 'jobId', 64),
    chunk: asCount(ref.chunk, 'chunk'),
    attempt: asCount(ref.attempt, 'attempt'),
  };
}

function asWorkItem(value: unknown): WorkItem {
  const item = asRecord(value, 'work item');
  const inputs = Object.entries(asRecord(item.inputs, 'inputs'));
  return {
    ...asRef(item),
    kind: asKind(item.kind),
    spec: item.spec,
    ...(item.specDigest !== undefined && { specDigest: asText(item.specDigest, 'specDigest', 128) }),
    seed: asCount(item.seed, 'seed'),
    from: asCount(item.from, 'from'),
    to: asCount(item.to, 'to'),
    limitMs: asFinite(item.limitMs, 'limitMs'),
    inputs: Object.fromEntries(inputs.map(([name, digest]) => [name, asText(digest, 'digest', 128)])),
    ...(item.pack !== undefined && { pack: asPack(item.pack) }),
  };
}

function asPack(value: unknown): Pack {
  const pack = asRecord(value, 'pack');
  const specs = asArray(pack.specs, 'pack specs', MAX_ITEMS);
  const numbers = (name: 'specOf' | 'seeds', max?: number): number[] =>
    asArray(pack[name], `pack ${name}`, MAX_ITEMS).map((item) => asCount(item, `pack ${name}`, max));
  const specOf = numbers('specOf', specs.length - 1);
  const seeds = numbers('seeds');
  if (specOf.length !== seeds.length)
    throw new WireError('shape', `pack: expected ${specOf.length} seeds; got ${seeds.length}`);
  return { specs, specOf, seeds };
}

/** Title, status and type come from the catalogue here, never from the peer. */
function asProblem(value: unknown): Problem {
  const { code, detail } = asRecord(value, 'problem');
  const known = asOneOf(code, 'problem code', Object.keys(PROBLEMS) as ProblemCode[]);
  return new MmsError(known, asText(detail, 'problem detail', 4000)).problem;
}
