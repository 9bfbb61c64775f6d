/** Damage to bytes that knows nothing of their format: flips, splices, truncations, foreign tokens. */
import type { Random } from './random.js';

/** Lengths and signs at which readers of binary numbers go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** `tokens` are words of the format, inserted or written over; the given bytes are not changed. */
export function damage(
  random: Random,
  bytes: Uint8Array,
  other: Uint8Array,
  tokens: readonly Uint8Array[],
): Uint8Array {
  let out = new Uint8Array(bytes);
  for (let hits = random.few(8); hits > 0; hits--) out = hit(random, out, other, tokens);
  return out;
}

type Hit = (random: Random, bytes: Uint8Array<ArrayBuffer>, other: Uint8Array) => Uint8Array<ArrayBuffer>;

const HITS: readonly Hit[] = [
  (random, bytes) => flip(bytes, random.below(bytes.length), 1 << random.below(8)),
  (random, bytes) => flip(bytes, random.below(bytes.length), random.below(256)),
  (random, bytes) => bytes.slice(0, random.below(bytes.length + 1)),
  (random, bytes) => cut(random, bytes, new Uint8Array(0)),
  (random, bytes, other) => cut(random, bytes, part(random, other)),
  (random, bytes) => insert(random, bytes, part(random, bytes)),
  (random, bytes) =>
    insert(
      random,
      bytes,
      Uint8Array.from({ length: random.few(8) }, () => random.below(256)),
    ),
  (random, bytes) => insert(random, bytes, new Uint8Array(random.few(10) ** 3).fill(random.below(256))),
  (random, bytes) => edge(random, bytes),
];

function hit(
  random: Random,
  bytes: Uint8Array<ArrayBuffer>,
  other: Uint8Array,
  tokens: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  if (tokens.length > 0 && random.chance(0.3)) {
    const token = random.pick(tokens);
    const repeated = random.chance(0.1) ? repeat(token, 1 << random.below(11)) : token;
    return random.chance(0.5) ? insert(random, bytes, repeated) : over(random, bytes, repeated);
  }
  return bytes.length === 0 ? part(random, other) : random.pick(HITS)(random, bytes, other);
}

function flip(bytes: Uint8Array<ArrayBuffer>, at: number, mask: number): Uint8Array<ArrayBuffer> {
  bytes[at]! ^= mask;
  return bytes;
}

function part(random: Random, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const from = random.below(bytes.length);
  return bytes.slice(from, from + 1 + random.below(Math.min(64, bytes.length - from)));
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of parts) {
    out.set(one, at);
    at += one.length;
  }
  return out;
}

/** Puts `what` in the place of up to 64 bytes. */
function cut(random: Random, bytes: Uint8Array, what: Uint8Array): Uint8Array<ArrayBuffer> {
  const from = random.below(bytes.length);
  return join(bytes.subarray(0, from), what, bytes.subarray(from + random.below(64)));
}

function insert(random: Random, bytes: Uint8Array, what: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = random.below(bytes.length + 1);
  return join(bytes.subarray(0, at), what, bytes.subarray(at));
}

function over(random: Random, bytes: Uint8Array, what: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = random.below(bytes.length + 1);
  return join(bytes.subarray(0, at), what, bytes.subarray(at + what.length));
}

/** Writes an edge as 1, 2 or 4 bytes, in either order. */
function edge(random: Random, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const width = random.pick([1, 2, 4]);
  if (bytes.length < width) return bytes;
  const view = new DataView(bytes.buffer, random.below(bytes.length - width + 1), width);
  const value = random.pick(EDGES);
  if (width === 1) view.setUint8(0, value & 0xff);
  else if (width === 2) view.setUint16(0, value & 0xffff, random.chance(0.5));
  else view.setUint32(0, value, random.chance(0.5));
  return bytes;
}

function repeat(token: Uint8Array, times: number): Uint8Array<ArrayBuffer> {
  return join(...Array<Uint8Array>(times).fill(token));
}
