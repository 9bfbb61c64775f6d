/** The decoders of src/wire under fuzzing: messages of nodes and of the router, results. */
import fc from 'fast-check';
import { encode, WireError } from '../../src/wire/codec.js';
import {
  decodeNodeMessage,
  decodeRouterMessage,
  encodeMessage,
  PROTOCOL,
  type NodeMessage,
  type RouterMessage,
} from '../../src/wire/messages.js';
import { decodeResult, encodeResult, encodeTables } from '../../src/wire/result.js';
import { tablesArb } from '../support/wire-arbitraries.js';
import { damage } from './bytes.js';
import { Broken, LARGE_SHARE, refusesWith, type Decoder } from './decoder.js';
import type { Random } from './random.js';
import { damageTree } from './trees.js';

/** MessagePack words: containers that claim much, nests, codes that nobody sends. */
const TOKENS = [
  [0xdd, 0x7f, 0xff, 0xff, 0xff],
  [0xdd, 0, 1, 0, 0],
  [0xdf, 0xff, 0xff, 0xff, 0xff],
  [0xdc, 0xff, 0xff],
  [0xde, 0, 3],
  [0xdb, 0xff, 0xff, 0xff, 0xff],
  [0xc6, 0, 0, 4, 0],
  [0xd9, 200],
  [0x91],
  [0x81, 0xa1, 0x61],
  [0xc1],
  [0xd4, 1, 0],
  [0xc7, 0, 0xff],
  [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
  [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xa9, ...Buffer.from('__proto__')],
].map((bytes) => Uint8Array.from(bytes));

const tables = fc.sample(tablesArb, { seed: 1, numRuns: 60 }).map((list) => encodeTables(list));
const ref = { jobId: '01ARZ3NDEKTSV4RRFFQ69G5FAV', chunk: 3, attempt: 1 };
const hash = '5f'.repeat(32);

const FROM_NODE: readonly object[] = [
  {
    type: 'hello',
    protocol: PROTOCOL,
    version: '1.0.0',
    node: 'a',
    session: 1,
    host: 'h',
    threads: 2,
    kinds: ['paths'],
    kept: [{ jobId: 'job', chunk: 3, from: 0, to: 8 }],
  },
  ...Array.from({ length: 4 }, () => ({ type: 'done', epoch: 1, ...ref, computeNs: 1e6, hash, tables: [] })),
  { type: 'fail', epoch: 1, ...ref, why: 'crash', problem: null },
  { type: 'fail', epoch: 1, ...ref, why: 'error', problem: { code: 'E_JOB', detail: 'it broke' } },
  { type: 'beat', epoch: 1, seen: 4, held: [ref, { ...ref, chunk: 4 }], kept: 0, draining: false },
  { type: 'progress', epoch: 1, items: [{ ...ref, done: 0.25 }] },
  { type: 'need', epoch: 1, digest: hash },
  { type: 'bye', epoch: 1 },
];

const item = {
  ...ref,
  kind: 'paths',
  spec: { paths: 9 },
  seed: 7,
  from: 0,
  to: 9,
  limitMs: 1000,
  inputs: { y: hash },
};
const packed = { ...item, spec: null, pack: { specs: [{ a: 1 }], specOf: [0, 0, 0], seeds: [1, 2, 3] } };
const FROM_ROUTER: readonly object[] = [
  { type: 'ready', session: 1, epoch: 1 },
  { type: 'reject', reason: 'no' },
  { type: 'again' },
  ...Array.from({ length: 3 }, () => ({ type: 'work', epoch: 1, seq: 1, items: [item, packed] })),
  { type: 'cancel', epoch: 1, items: [ref] },
  { type: 'beat', epoch: 1 },
  ...Array.from({ length: 3 }, () => ({ type: 'input', digest: hash, tables: [] })),
  { type: 'input', digest: hash, tables: null },
  { type: 'bye' },
];

/** Frames as one byte string: each after its length in four bytes. */
function pack(frames: readonly Uint8Array[]): Uint8Array {
  const parts = frames.flatMap((frame) => [Uint8Array.from(lengthOf(frame.length)), frame]);
  return new Uint8Array(Buffer.concat(parts));
}

function lengthOf(n: number): number[] {
  return [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24];
}

/** Frames of any bytes: a length beyond the end takes what is there. */
function unpack(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : 0;
    frames.push(bytes.subarray(Math.min(at + 4, bytes.length), Math.min(at + 4 + length, bytes.length)));
    at += 4 + length;
  }
  return frames;
}

function encodeTree(tree: unknown): Uint8Array {
  try {
    return encode(tree);
  } catch {
    // Deeper than the encoder goes: the nest itself is the input.
    return new Uint8Array(40).fill(0x91);
  }
}

function drawMessage(random: Random, samples: readonly object[]): Uint8Array {
  let tree: unknown = random.pick(samples);
  let frames: Uint8Array[] = [];
  if (Array.isArray((tree as { tables?: unknown }).tables)) {
    const { header, frames: columns } = random.pick(tables);
    tree = { ...(tree as object), tables: header };
    frames = [...columns];
  }
  if (random.chance(0.6)) tree = damageTree(random, tree, false);
  let head = encodeTree(tree);
  if (random.chance(0.4)) head = damage(random, head, encode(random.pick(samples)), TOKENS);
  if (random.chance(LARGE_SHARE)) head = large(random, head);
  if (frames.length > 0 && random.chance(0.15)) {
    const at = random.below(frames.length);
    frames[at] = damage(random, frames[at]!, head, TOKENS);
  }
  if (random.chance(0.05)) frames = random.chance(0.5) ? frames.slice(1) : [...frames, head];
  return pack([head, ...frames]);
}

/** A word a million times, or as many true elements as its header says. */
function large(random: Random, head: Uint8Array): Uint8Array {
  const token = random.pick([...TOKENS, Uint8Array.of(1), head]);
  const times = Math.floor((1 << (14 + random.below(7))) / token.length);
  const body = Buffer.concat(Array<Uint8Array>(times).fill(token));
  const claim = random.chance(0.5) ? Buffer.of(0xdd, ...lengthOf(times).reverse()) : Buffer.alloc(0);
  return Buffer.concat([claim, body]);
}

/** What was accepted is a message: written and read again it stays the same. */
function decodeTwice<M extends NodeMessage | RouterMessage>(
  bytes: Uint8Array,
  read: (frames: Uint8Array[]) => M,
): M {
  const message = read(unpack(bytes));
  const once = encodeMessage(message);
  const again = encodeMessage(read(once));
  if (Buffer.compare(Buffer.concat(once), Buffer.concat(again)) !== 0)
    throw new Broken(`a ${message.type} that was accepted does not survive its own encoding`);
  return message;
}

const isWireError = (error: unknown): boolean => error instanceof WireError;

export const NODE_MESSAGES: Decoder = {
  name: 'node',
  about: 'messages that nodes send (MessagePack header and column frames)',
  inputs: 2_000_000,
  draw: (random) => drawMessage(random, FROM_NODE),
  decode: (bytes) => decodeTwice(bytes, decodeNodeMessage),
  isRefusal: isWireError,
};

export const ROUTER_MESSAGES: Decoder = {
  name: 'router',
  about: 'messages that the router sends',
  inputs: 2_000_000,
  draw: (random) => drawMessage(random, FROM_ROUTER),
  decode: (bytes) => decodeTwice(bytes, decodeRouterMessage),
  isRefusal: isWireError,
};

const summary = {
  metrics: [
    { name: 'a', value: 1.5, standardError: null, unit: '1', meaning: 'm', interval: [1, 2] as const },
    { name: 'b', value: null, standardError: 0.1, unit: '1', meaning: 'm', flag: 'few' },
  ],
  notes: ['n'],
  documents: [{ name: 'd.yaml', text: 'a: 1' }],
};
const results = fc
  .sample(tablesArb, { seed: 2, numRuns: 60 })
  .map((list) => encodeResult({ digest: hash, tables: list, summary }));

/** A result whose header is another one: lengths and magic fit, the header was damaged by structure. */
function reheaded(random: Random): Uint8Array {
  const { header, frames } = random.pick(tables);
  const tree = damageTree(random, { digest: hash, tables: header, summary }, false);
  const head = encodeTree(tree);
  const pad = (n: number): Buffer => Buffer.alloc((8 - (n % 8)) % 8);
  const length = Buffer.alloc(8);
  length.writeUInt32LE(head.length);
  const magic = random.pick(results).subarray(0, 8);
  const columns = frames.flatMap((frame) => [frame, pad(frame.byteLength)]);
  return new Uint8Array(Buffer.concat([magic, length, head, pad(16 + head.length), ...columns]));
}

export const RESULTS: Decoder = {
  name: 'result',
  about: 'stored results (src/wire/result.ts)',
  inputs: 2_000_000,
  draw(random) {
    if (random.chance(0.4)) return reheaded(random);
    const bytes = damage(random, random.pick(results), random.pick(results), TOKENS);
    if (!random.chance(LARGE_SHARE)) return bytes;
    return new Uint8Array(Buffer.concat([bytes.subarray(0, 16), large(random, bytes)]));
  },
  decode(bytes) {
    const result = decodeResult(bytes);
    const once = encodeResult(result);
    if (Buffer.compare(once, encodeResult(decodeResult(once))) !== 0)
      throw new Broken('a result that was accepted does not survive its own encoding');
    for (const { rows, columns } of result.tables) {
      if (columns.some(({ length }) => length !== rows)) throw new Broken('a column has not its rows');
    }
    return result;
  },
  isRefusal: refusesWith('E_CORRUPT_RESULT'),
};
